"""ProjectionExpression on GetItem, Query, Scan and BatchGetItem."""

import pytest
from support.expect import invalid
from support.tables import l, m, n, s

ITEM = {"pk": s("p"), "a": n(1), "b": m(x=n(1), y=m(z=n(2), w=n(3))), "c": l(n(0), m(q=n(1), r=n(2)), l(n(5), n(6))),
        "with space": n(9), "a.b": n(7)}


@pytest.fixture(scope="module")
def table(db, module_table):
    name = module_table()
    db.call("PutItem", TableName=name, Item=ITEM)
    return name


CASES = [
    ("a", None, {"a": n(1)}),
    ("pk, a", None, {"pk": s("p"), "a": n(1)}),
    ("nothing", None, {}),
    ("a, nothing", None, {"a": n(1)}),
    ("b.x", None, {"b": m(x=n(1))}),
    ("b.x, b.y.z", None, {"b": m(x=n(1), y=m(z=n(2)))}),
    ("b.y", None, {"b": m(y=m(z=n(2), w=n(3)))}),
    ("b.nothing", None, {}),
    ("b.x.y", None, {}),
    ("c[0]", None, {"c": l(n(0))}),
    ("c[2][1]", None, {"c": l(l(n(6)))}),
    ("c[0], c[2][1]", None, {"c": l(n(0), l(n(6)))}),
    ("c[2][1], c[1].r, c[0]", None, {"c": l(n(0), m(r=n(2)), l(n(6)))}),
    ("c[9]", None, {}),
    ("c[1].q", None, {"c": l(m(q=n(1)))}),
    ("#s", {"#s": "with space"}, {"with space": n(9)}),
    ("#d", {"#d": "a.b"}, {"a.b": n(7)}),
    ("#b.#y.z", {"#b": "b", "#y": "y"}, {"b": m(y=m(z=n(2)))}),
    (" a ,b.x ", None, {"a": n(1), "b": m(x=n(1))}),
]


@pytest.mark.parametrize("expression,names,expected", CASES, ids=[c[0] for c in CASES])
def test_projection(db, table, expression, names, expected):
    more = {"ProjectionExpression": expression, **({"ExpressionAttributeNames": names} if names else {})}
    key = {"pk": s("p")}
    assert db.call("GetItem", TableName=table, Key=key, **more) == {"Item": expected}
    assert db.call("Scan", TableName=table, **more)["Items"] == [expected]
    assert db.call("Query", TableName=table, KeyConditionExpression="pk = :p",
                   ExpressionAttributeValues={":p": s("p")}, **more)["Items"] == [expected]
    assert db.call("BatchGetItem", RequestItems={table: {"Keys": [key], **more}})["Responses"] == {table: [expected]}


INVALID = "Invalid ProjectionExpression: "
ERRORS = [
    ("", INVALID + "The expression can not be empty;"),
    ("a,", INVALID + 'Syntax error; token: "<EOF>", near: ","'),
    ("a b", INVALID + 'Syntax error; token: "b", near: "a b"'),
    ("c[-1]", INVALID + 'Syntax error; token: "-", near: "[-1"'),
    ("c[a]", INVALID + 'Syntax error; token: "a", near: "[a]"'),
    ("a.", INVALID + 'Syntax error; token: "<EOF>", near: "."'),
    (":v", INVALID + 'Syntax error; token: ":v", near: ":v"'),
    ("name", INVALID + "Attribute name is a reserved keyword; reserved keyword: name"),
    ("#n", INVALID + "An expression attribute name used in the document path is not defined; attribute name: #n"),
    ("a, a", INVALID + "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: "
     "[a], path two: [a]"),
    ("b.x, b", INVALID + "Two document paths overlap with each other; must remove or rewrite one of these paths; path "
     "one: [b, x], path two: [b]"),
    ("c[0], c.a", INVALID + "Two document paths conflict with each other; must remove or rewrite one of these paths; "
     "path one: [c, [0]], path two: [c, a]"),
]


@pytest.mark.parametrize("expression,text", ERRORS, ids=[e[0] or "empty" for e in ERRORS])
def test_errors(db, table, expression, text):
    with invalid(text):
        db.call("GetItem", TableName=table, Key={"pk": s("p")}, ProjectionExpression=expression)


def test_unused_names(db, table):
    with invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}"):
        db.call("GetItem", TableName=table, Key={"pk": s("p")}, ProjectionExpression="#a",
                ExpressionAttributeNames={"#a": "a", "#b": "b"})
    with invalid("ExpressionAttributeNames can only be specified when using expressions"):
        db.call("GetItem", TableName=table, Key={"pk": s("p")}, ExpressionAttributeNames={"#a": "a"})
