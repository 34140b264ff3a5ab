"""UpdateItem with update expressions: the four clauses, functions, paths, return values, what is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from support.expect import invalid
from support.tables import b, l, m, n, ns, s, ss
from support.wire import Wire
from test_put_get import same

BASE = {"num": n(5), "str": s("x"), "lst": l(n(1), n(2), n(3)), "obj": m(a=n(1), b=m(c=s("deep"))), "ss": ss("a", "b"),
        "ns": ns(1, 2), "bs": {"BS": [b"p", b"q"]}, "nul": {"NULL": True}}

_count = iter(range(10**6))


@pytest.fixture()
def item(db, hash_table):
    """The key of a fresh copy of BASE."""
    key = {"pk": s(f"u{next(_count)}")}
    db.call("PutItem", TableName=hash_table, Item={**key, **BASE})
    return key


def update(db, table, key, expression, values=None, names=None, **more):
    parameters = dict(TableName=table, Key=key, UpdateExpression=expression, **more)
    if values:
        parameters["ExpressionAttributeValues"] = values
    if names:
        parameters["ExpressionAttributeNames"] = names
    return db.call("UpdateItem", **parameters)


CHANGES = [
    # expression, values, attributes that differ from BASE afterwards (None: gone)
    ("SET num = :v", n(6), {"num": n(6)}),
    ("SET fresh = :v, str = :v", l(), {"fresh": l(), "str": l()}),
    ("set num = num + :v", n("0.5"), {"num": n("5.5")}),
    ("SET num = num - :v", n(7), {"num": n(-2)}),
    ("SET num = :v - num", n(7), {"num": n(2)}),
    ("SET num = num + num, str = num", None, {"num": n(10), "str": n(5)}),
    ("SET str = num, num = str", None, {"num": s("x"), "str": n(5)}),
    ("SET fresh = if_not_exists(fresh, :v)", n(1), {"fresh": n(1)}),
    ("SET num = if_not_exists(num, :v)", n(1), {}),
    ("SET num = if_not_exists(num, :v) + :v", n(1), {"num": n(6)}),
    ("SET fresh = if_not_exists(fresh, num) + :v", n(1), {"fresh": n(6)}),
    ("SET fresh = if_not_exists(absent1, if_not_exists(absent2, :v))", n(1), {"fresh": n(1)}),
    ("SET lst = list_append(lst, :v)", l(n(4)), {"lst": l(n(1), n(2), n(3), n(4))}),
    ("SET lst = list_append(:v, lst)", l(n(0)), {"lst": l(n(0), n(1), n(2), n(3))}),
    ("SET lst = list_append(lst, lst)", None, {"lst": l(n(1), n(2), n(3), n(1), n(2), n(3))}),
    ("SET fresh = list_append(if_not_exists(fresh, :v), :v)", l(n(1)), {"fresh": l(n(1), n(1))}),
    ("SET lst[1] = :v", s("b"), {"lst": l(n(1), s("b"), n(3))}),
    ("SET lst[9] = :v", s("b"), {"lst": l(n(1), n(2), n(3), s("b"))}),
    ("SET lst[5] = :v, lst[4] = lst[0]", s("b"), {"lst": l(n(1), n(2), n(3), n(1), s("b"))}),
    ("SET obj.b.d = :v", n(9), {"obj": m(a=n(1), b=m(c=s("deep"), d=n(9)))}),
    ("SET obj.a = obj.b", None, {"obj": m(a=m(c=s("deep")), b=m(c=s("deep")))}),
    ("SET obj.#s = :v", n(9), {"obj": m(a=n(1), b=m(c=s("deep")), **{"s p": n(9)})}),
    ("REMOVE str", None, {"str": None}),
    ("REMOVE str, num, absent1", None, {"str": None, "num": None}),
    ("REMOVE lst[0]", None, {"lst": l(n(2), n(3))}),
    ("REMOVE lst[0], lst[2]", None, {"lst": l(n(2))}),
    ("REMOVE lst[1], lst[7]", None, {"lst": l(n(1), n(3))}),
    ("REMOVE obj.b.c", None, {"obj": m(a=n(1), b=m())}),
    ("ADD num :v", n("-1.5"), {"num": n("3.5")}),
    ("ADD fresh :v", n(3), {"fresh": n(3)}),
    ("ADD ss :v", ss("b", "c"), {"ss": ss("a", "b", "c")}),
    ("ADD ns :v", ns("1.0", 3), {"ns": ns(1, 2, 3)}),
    ("ADD bs :v", {"BS": [b"r"]}, {"bs": {"BS": [b"p", b"q", b"r"]}}),
    ("ADD fresh :v", ss("a"), {"fresh": ss("a")}),
    ("ADD obj.a :v", n(2), {"obj": m(a=n(3), b=m(c=s("deep")))}),
    ("DELETE ss :v", ss("b", "z"), {"ss": ss("a")}),
    ("DELETE ss :v", ss("a", "b"), {"ss": None}),
    ("DELETE ns :v", ns("2.0"), {"ns": ns(1)}),
    ("DELETE absent1 :v", ss("a"), {}),
    ("SET num = :v REMOVE str ADD fresh :v", n(1), {"num": n(1), "str": None, "fresh": n(1)}),
    ("REMOVE str SET fresh = str", None, {"str": None, "fresh": s("x")}),
    ("DELETE ss :v SET fresh = ss", ss("a"), {"ss": ss("b"), "fresh": ss("a", "b")}),
    ("SET num=num+:v,fresh=:v", n(1), {"num": n(6), "fresh": n(1)}),
    ("SET fresh = (num + :v)", n(1), {"fresh": n(6)}),
]


@pytest.mark.parametrize("expression,value,changed", CHANGES)
def test_changes(db, hash_table, item, expression, value, changed):
    update(db, hash_table, item, expression, {":v": value} if value else None,
           {"#s": "s p"} if "#s" in expression else None)
    expected = {k: v for k, v in {**item, **BASE, **changed}.items() if v is not None}
    found = db.call("GetItem", TableName=hash_table, Key=item)["Item"]
    assert same(found, expected), found


def test_upserts(db, hash_table):
    for name, expression, values, expected in [
        ("set", "SET a = :v", {":v": n(1)}, {"a": n(1)}),
        ("add", "ADD a :v", {":v": n(1)}, {"a": n(1)}),
        ("remove", "REMOVE a", None, None),
        ("delete", "DELETE a :v", {":v": ss("x")}, None),
    ]:
        key = {"pk": s("upsert-" + name)}
        update(db, hash_table, key, expression, values)
        found = db.call("GetItem", TableName=hash_table, Key=key)
        assert found == ({"Item": {**key, **expected}} if expected else {}), name
    key = {"pk": s("upsert-nothing")}
    db.call("UpdateItem", TableName=hash_table, Key=key)
    assert db.call("GetItem", TableName=hash_table, Key=key) == {"Item": key}


def test_return_values(db, hash_table, item):
    def change(value, kind):
        return update(db, hash_table, item, "SET num = :v, obj.a = :v REMOVE str", {":v": n(value)}, ReturnValues=kind)

    assert change(1, "NONE") == {}
    old = change(2, "ALL_OLD")["Attributes"]
    assert old["num"] == n(1) and old["pk"] == item["pk"] and "str" not in old and "lst" in old
    new = change(3, "ALL_NEW")["Attributes"]
    assert new["num"] == n(3) and new["obj"] == m(a=n(3), b=m(c=s("deep"))) and "lst" in new
    assert change(4, "UPDATED_OLD")["Attributes"] == {"num": n(3), "obj": m(a=n(3))}
    assert change(5, "UPDATED_NEW")["Attributes"] == {"num": n(5), "obj": m(a=n(5))}


def test_return_values_of_a_new_item(db, hash_table):
    for kind, expected in [("ALL_OLD", {}), ("UPDATED_OLD", {}), ("UPDATED_NEW", {"Attributes": {"a": n(1)}})]:
        key = {"pk": s("rv-" + kind)}
        assert update(db, hash_table, key, "SET a = :v", {":v": n(1)}, ReturnValues=kind) == expected
    key = {"pk": s("rv-ALL_NEW")}
    assert update(db, hash_table, key, "SET a = :v", {":v": n(1)}, ReturnValues="ALL_NEW") == {
        "Attributes": {**key, "a": n(1)}}


def test_updated_values_of_lists(db, hash_table, item):
    answer = update(db, hash_table, item, "SET lst[1] = :v", {":v": n(9)}, ReturnValues="UPDATED_NEW")
    assert answer["Attributes"] == {"lst": l(n(9))}
    answer = update(db, hash_table, item, "REMOVE str", ReturnValues="UPDATED_OLD")
    assert answer["Attributes"] == {"str": s("x")}
    answer = update(db, hash_table, item, "REMOVE num", ReturnValues="UPDATED_NEW")
    assert answer == {}


def test_numbers_are_exact(db, hash_table, item):
    update(db, hash_table, item, "SET num = :v", {":v": n("0." + "1" * 37 + "1")})
    update(db, hash_table, item, "SET num = num + num")
    assert db.call("GetItem", TableName=hash_table, Key=item)["Item"]["num"] == n("0." + "2" * 38)
    for a, op, c, expected in [("1e125", "-", "9e124", "1" + "0" * 124), ("0.1", "+", "0.2", "0.3"),
                               ("1", "-", "1", "0"), ("99999999999999999999999999999999999999", "+", "1", "1" + "0" * 38),
                               ("-1e-130", "+", "1e-130", "0")]:
        update(db, hash_table, item, "SET num = :v", {":v": n(a)})
        update(db, hash_table, item, f"SET num = num {op} :v", {":v": n(c)})
        assert db.call("GetItem", TableName=hash_table, Key=item)["Item"]["num"] == n(expected)


def test_overflow(db, hash_table, item):
    big = "9e125"
    with invalid(matching="Number overflow. Attempting to store a number with magnitude larger than supported range"):
        update(db, hash_table, item, "SET num = :v + :v", {":v": n(big)})


INVALID = "Invalid UpdateExpression: "
PARSE_ERRORS = [
    ("", None, INVALID + "The expression can not be empty;"),
    ("num = :v", {":v": n(1)}, INVALID + 'Syntax error; token: "num", near: "num ="'),
    ("SET num", None, INVALID + 'Syntax error; token: "<EOF>", near: "num"'),
    ("SET num = :v,", {":v": n(1)}, INVALID + 'Syntax error; token: "<EOF>", near: ","'),
    ("SET num = :v SET str = :v", {":v": n(1)},
     INVALID + 'The "SET" section can only be used once in an update expression;'),
    ("REMOVE num REMOVE str", None, INVALID + 'The "REMOVE" section can only be used once in an update expression;'),
    ("SET num = :v", None,
     INVALID + "An expression attribute value used in expression is not defined; attribute value: :v"),
    ("SET #n = :v", {":v": n(1)},
     INVALID + "An expression attribute name used in the document path is not defined; attribute name: #n"),
    ("SET name = :v", {":v": n(1)}, INVALID + "Attribute name is a reserved keyword; reserved keyword: name"),
    ("SET num = :v, num = :v", {":v": n(1)},
     INVALID + "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [num], "
     "path two: [num]"),
    ("SET obj.a = :v REMOVE obj", {":v": n(1)},
     INVALID + "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: "
     "[obj, a], path two: [obj]"),
    ("SET lst[0] = :v, lst.a = :v", {":v": n(1)},
     INVALID + "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: "
     "[lst, [0]], path two: [lst, a]"),
    ("SET num = foo(num)", None, INVALID + "Invalid function name; function: foo"),
    ("SET num = attribute_exists(num)", None,
     INVALID + "The function is not allowed in an update expression; function: attribute_exists"),
    ("SET num = size(num)", None, INVALID + "The function is not allowed in an update expression; function: size"),
    ("SET num = if_not_exists(num)", None,
     INVALID + "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of "
     "operands: 1"),
    ("SET num = if_not_exists(:v, :v)", {":v": n(1)},
     INVALID + "Operator or function requires a document path; operator or function: if_not_exists"),
    ("SET num = num + :v", {":v": s("1")},
     INVALID + "Incorrect operand type for operator or function; operator or function: +, operand type: S"),
    ("SET num = list_append(lst, :v)", {":v": n(1)},
     INVALID + "Incorrect operand type for operator or function; operator or function: list_append, operand type: N"),
    ("ADD num :v", {":v": s("1")},
     INVALID + "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: "
     "ALLOWED_FOR_ADD_OPERAND"),
    ("DELETE ss :v", {":v": n(1)},
     INVALID + "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: "
     "ALLOWED_FOR_DELETE_OPERAND"),
]


@pytest.mark.parametrize("expression,values,text", PARSE_ERRORS)
def test_parse_errors(db, hash_table, expression, values, text):
    with invalid() as caught:
        update(db.raw, hash_table, {"pk": s("parse")}, expression, values)
    assert _unspaced(caught.error.message) in (_unspaced(text), _unspaced(text).partition(", typeSet")[0])
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("parse")}) == {}


def _unspaced(text):
    return text.removeprefix("1 validation error detected: ").replace(' "', '"').replace('" ', '"')


RUN_ERRORS = [
    ("SET num = absent1", None, "The provided expression refers to an attribute that does not exist in the item"),
    ("SET num = absent1 + :v", n(1), "The provided expression refers to an attribute that does not exist in the item"),
    ("SET num = str + :v", n(1), "An operand in the update expression has an incorrect data type"),
    ("SET lst = list_append(num, :v)", l(), "An operand in the update expression has an incorrect data type"),
    ("ADD str :v", n(1), "An operand in the update expression has an incorrect data type"),
    ("ADD ss :v", ns(1), "An operand in the update expression has an incorrect data type"),
    ("DELETE ss :v", ns(1), "An operand in the update expression has an incorrect data type"),
    ("SET absent1.a = :v", n(1), "The document path provided in the update expression is invalid for update"),
    ("SET num.a = :v", n(1), "The document path provided in the update expression is invalid for update"),
    ("SET obj[0] = :v", n(1), "The document path provided in the update expression is invalid for update"),
    ("SET lst.a = :v", n(1), "The document path provided in the update expression is invalid for update"),
    ("REMOVE absent1.a", None, "The document path provided in the update expression is invalid for update"),
    ("SET pk = :v", s("x"), "One or more parameter values were invalid: Cannot update attribute pk. This attribute is "
                            "part of the key"),
    ("REMOVE pk", None, "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part "
                        "of the key"),
    ("ADD pk :v", n(1), "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part "
                        "of the key"),
]


@pytest.mark.parametrize("expression,value,text", RUN_ERRORS)
def test_errors_at_the_item(db, hash_table, item, expression, value, text):
    with invalid(text):
        update(db, hash_table, item, expression, {":v": value} if value else None)
    assert same(db.call("GetItem", TableName=hash_table, Key=item)["Item"], {**item, **BASE})


def test_binary_keys_and_values(db, make_table):
    name = make_table(hash=("pk", "B"))
    update(db, name, {"pk": b(b"\x00")}, "SET x = :v", {":v": b(b"\xff\x00")})
    assert db.call("GetItem", TableName=name, Key={"pk": b(b"\x00")})["Item"]["x"] == b(b"\xff\x00")


def test_counter(db, hash_table):
    key = {"pk": s("counter")}
    for i in range(1, 51):
        answer = update(db, hash_table, key, "ADD c :v", {":v": n(1)}, ReturnValues="UPDATED_NEW")
        assert answer == {"Attributes": {"c": n(i)}}


def test_counter_from_many_connections(endpoint, hash_table, db):
    def add(_):
        wire = Wire(endpoint)
        for _ in range(25):
            wire.call("UpdateItem", TableName=hash_table, Key={"pk": s("shared")}, UpdateExpression="ADD c :v",
                      ExpressionAttributeValues={":v": n(1)})
        wire.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("shared")}, ConsistentRead=True)["Item"]["c"] == n(200)
