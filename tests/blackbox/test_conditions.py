"""Condition expressions, as PutItem evaluates them, and what a failed one returns."""

import pytest
from support.expect import fails, invalid
from support.tables import b, l, m, n, ns, s, ss
from support.wire import ApiError

FAILED = "ConditionalCheckFailedException"
ITEM = {
    "pk": s("item"), "str": s("hello"), "num": n(5), "bin": b(b"abc"), "t": {"BOOL": True}, "f": {"BOOL": False},
    "nul": {"NULL": True}, "list": l(n(1), s("two"), l(n(3))), "map": m(a=n(1), b=m(c=s("deep"))),
    "ss": ss("x", "y"), "ns": ns(1, 2), "bs": {"BS": [b"p", b"q"]}, "blank": s(""), "sp ace": n(1), "size": n(10),
}


@pytest.fixture(scope="module")
def table(db, module_table):
    name = module_table()
    db.call("PutItem", TableName=name, Item=ITEM)
    return name


def check(db, table, expression, values=None, names=None, key="item"):
    """Whether the condition holds for the item; asked by an update that changes nothing."""
    parameters = {"ConditionExpression": expression}
    if values:
        parameters["ExpressionAttributeValues"] = values
    if names:
        parameters["ExpressionAttributeNames"] = names
    try:
        if key == "item":
            db.call("PutItem", TableName=table, Item=ITEM, **parameters)
        else:
            db.call("DeleteItem", TableName=table, Key={"pk": s(key)}, **parameters)
        return True
    except ApiError as error:
        if error.type != FAILED:
            raise
        assert error.message == "The conditional request failed"
        return False


V = ":v"
TRUE = [
    ("str = :v", s("hello")), ("num = :v", n("5.0")), ("bin = :v", b(b"abc")), ("t = :v", {"BOOL": True}),
    ("nul = :v", {"NULL": True}), ("#list = :v", l(n(1), s("two"), l(n(3)))), ("#map = :v", m(b=m(c=s("deep")), a=n(1))),
    ("ss = :v", ss("y", "x")), ("ns = :v", ns("2.0", 1)), ("bs = :v", {"BS": [b"q", b"p"]}), ("blank = :v", s("")),
    ("str <> :v", s("hellO")), ("str <> :v", n(5)), ("absent1 <> :v", s("x")),
    ("num < :v", n(6)), ("num <= :v", n(5)), ("num > :v", n("4.9")), ("num >= :v", n(5)), ("str < :v", s("hellp")),
    ("bin > :v", b(b"abb")), ("bin < :v", b(b"abd")), (":v < str", s("a")),
    ("attribute_exists(str) AND num = :v", n(5)),
    ("#list[0] = :v", n(1)), ("#list[2][0] = :v", n(3)), ("#map.b.c = :v", s("deep")), ("#map.a = :v", n(1)),
    ("contains(str, :v)", s("ell")), ("contains(ss, :v)", s("x")), ("contains(ns, :v)", n("1.0")),
    ("contains(#list, :v)", s("two")), ("contains(bin, :v)", b(b"bc")), ("contains(bs, :v)", b(b"q")),
    ("begins_with(str, :v)", s("he")), ("begins_with(bin, :v)", b(b"ab")), ("begins_with(str, :v)", s("")),
    ("attribute_type(str, :v)", s("S")), ("attribute_type(ns, :v)", s("NS")), ("attribute_type(nul, :v)", s("NULL")),
    ("attribute_type(#list, :v)", s("L")), ("attribute_type(#map, :v)", s("M")), ("attribute_type(t, :v)", s("BOOL")),
    ("size(str) = :v", n(5)), ("size(bin) = :v", n(3)), ("size(#list) = :v", n(3)), ("size(#map) = :v", n(2)),
    ("size(ss) = :v", n(2)), (":v = size(blank)", n(0)),
    ("num IN (:v)", n(5)), ("num BETWEEN :v AND :v", n(5)), (":v BETWEEN num AND num", n(5)),
    ("NOT num = :v", n(6)), ("NOT (num = :v)", n(6)), ("num = :v OR absent1 = :v", n(5)),
    ("NOT num = :v AND str > bin OR t <> f", n(1)), ("NOT contains(str, :v)", s("z")),
    ("num = :v and NOT attribute_not_exists(pk)", n(5)),
]
FALSE = [
    ("str = :v", s("Hello")), ("str = :v", n(5)), ("absent1 = :v", s("x")), ("absent1 < :v", s("x")),
    ("str <> :v", s("hello")), ("num < :v", n(5)), ("num < :v", s("9")), ("ss = :v", ss("x")), ("ns <> :v", ns(2, 1)),
    ("#list[9] = :v", n(1)), ("#map.zzz = :v", n(1)), ("str.x = :v", n(1)), ("#list.a = :v", n(1)), ("#map[0] = :v", n(1)),
    ("contains(str, :v)", s("ELL")), ("contains(ns, :v)", s("1")), ("contains(absent1, :v)", s("x")),
    ("contains(num, :v)", n(5)), ("begins_with(num, :v)", s("5")), ("begins_with(str, :v)", s("HE")),
    ("attribute_type(str, :v)", s("N")), ("attribute_type(absent1, :v)", s("S")), ("size(num) = :v", n(1)),
    ("size(absent1) = :v", n(0)), ("num IN (:v, :v)", n(6)), ("num BETWEEN :v AND :v", n(6)),
    ("NOT absent1 <> :v", s("x")), ("attribute_not_exists(str) AND num = :v", n(5)),
    ("num = :v AND (str <> num AND f = t)", n(5)),
]


def _names(expression):
    wanted = {"#list": "list", "#map": "map"}
    return {k: v for k, v in wanted.items() if k in expression} or None


@pytest.mark.parametrize("expression,value", TRUE)
def test_true(db, table, expression, value):
    assert check(db, table, expression, {V: value}, _names(expression))


@pytest.mark.parametrize("expression,value", FALSE)
def test_false(db, table, expression, value):
    assert not check(db, table, expression, {V: value}, _names(expression))


def test_existence(db, table):
    assert check(db, table, "attribute_exists(pk)")
    assert check(db, table, "attribute_exists(#m.b.c) AND attribute_exists(#l[2][0])", names={"#m": "map", "#l": "list"})
    assert not check(db, table, "attribute_exists(#m.x)", names={"#m": "map"})
    assert check(db, table, "attribute_not_exists(absent1)")
    assert check(db, table, "attribute_not_exists(pk)", key="absent")
    assert not check(db, table, "attribute_exists(pk)", key="absent")
    assert check(db, table, "a = b OR NOT a = b", key="absent")
    assert not check(db, table, "a = b", key="absent")


def test_names_stand_for_anything(db, table):
    assert check(db, table, "#a < :v", {":v": n(2)}, {"#a": "sp ace"})
    assert check(db, table, "#size = :v", {":v": n(10)}, {"#size": "size"})


def test_precedence(db, table):
    true, false = "str <> bin", "str = bin"
    assert check(db, table, f"{true} OR {false} AND {false}")
    assert not check(db, table, f"({true} OR {false}) AND {false}")
    assert not check(db, table, f"NOT {true} OR {false}")
    assert check(db, table, f"NOT ({true} AND {false})")


def test_case_of_keywords(db, table):
    assert check(db, table, "str <> bin aNd NoT num iN (:v) oR num beTween :v And :v", {":v": n(1)})
    with invalid(matching="Invalid function name; function: SIZE"):
        check(db, table, "SIZE(str) = :v", {":v": n(5)})


def test_old_item_of_a_failed_condition(db, table):
    condition = dict(ConditionExpression="num = :v", ExpressionAttributeValues={":v": n(6)},
                     ReturnValuesOnConditionCheckFailure="ALL_OLD")
    for operation, members in (("PutItem", {"Item": ITEM}), ("DeleteItem", {"Key": {"pk": s("item")}}),
                               ("UpdateItem", {"Key": {"pk": s("item")}})):
        with fails(FAILED, "The conditional request failed") as caught:
            db.raw.call(operation, TableName=table, **members, **condition)
        old = caught.error.body["Item"]
        assert old.keys() == ITEM.keys() and old["num"] == n(5)
        with fails(FAILED) as caught:
            db.raw.call(operation, TableName=table, **members,
                        **dict(condition, ReturnValuesOnConditionCheckFailure="NONE"))
        assert "Item" not in caught.error.body
    with fails(FAILED) as caught:
        db.raw.call("DeleteItem", TableName=table, Key={"pk": s("absent")}, **condition)
    assert "Item" not in caught.error.body


def test_condition_on_delete_and_update(db, table):
    db.call("PutItem", TableName=table, Item={"pk": s("d"), "a": n(1)})
    condition = dict(ConditionExpression="a = :v", ExpressionAttributeValues={":v": n(2)})
    with fails(FAILED):
        db.call("DeleteItem", TableName=table, Key={"pk": s("d")}, **condition)
    with fails(FAILED):
        db.call("UpdateItem", TableName=table, Key={"pk": s("d")}, UpdateExpression="SET a = :v", **condition)
    assert db.call("GetItem", TableName=table, Key={"pk": s("d")})["Item"]["a"] == n(1)
    with fails(FAILED):
        db.call("UpdateItem", TableName=table, Key={"pk": s("upsert")}, UpdateExpression="SET a = :v",
                ConditionExpression="attribute_exists(pk)", ExpressionAttributeValues={":v": n(2)})
    assert db.call("GetItem", TableName=table, Key={"pk": s("upsert")}) == {}


INVALID = "Invalid ConditionExpression: "
SYNTAX = INVALID + "Syntax error; "
ERRORS = [
    ("", None, INVALID + "The expression can not be empty;"),
    ("a", None, SYNTAX + 'token: "<EOF>", near: "a"'),
    ("a =", None, SYNTAX + 'token: "<EOF>", near: "="'),
    ("a = :v b", {":v": n(1)}, SYNTAX + 'token: "b", near: ":v b"'),
    ("a == :v", {":v": n(1)}, SYNTAX + 'token: "=", near: "== :v"'),
    ("(a = :v", {":v": n(1)}, SYNTAX + 'token: "<EOF>", near: ":v"'),
    ("a = :v)", {":v": n(1)}, SYNTAX + 'token: ")", near: ":v)"'),
    ("a = 5", None, SYNTAX + 'token: "5", near: "= 5"'),
    ("a = ?", None, SYNTAX + 'token: "?", near: "= ?"'),
    ("a = :v", None, INVALID + "An expression attribute value used in expression is not defined; attribute value: :v"),
    ("#a = :v", {":v": n(1)},
     INVALID + "An expression attribute name used in the document path is not defined; attribute name: #a"),
    ("name = :v", {":v": n(1)},
     INVALID + "Attribute name is a reserved keyword; reserved keyword: name"),
    ("a.Status = :v", {":v": n(1)},
     INVALID + "Attribute name is a reserved keyword; reserved keyword: Status"),
    ("foo(a)", None, INVALID + "Invalid function name; function: foo"),
    ("attribute_exists(a, b)", None,
     INVALID + "Incorrect number of operands for operator or function; operator or function: attribute_exists, number "
     "of operands: 2"),
    ("begins_with(a)", None,
     INVALID + "Incorrect number of operands for operator or function; operator or function: begins_with, number of "
     "operands: 1"),
    ("attribute_exists(:v)", {":v": n(1)},
     INVALID + "Operator or function requires a document path; operator or function: attribute_exists"),
    ("size(a)", None,
     INVALID + "The function is not allowed to be used this way in an expression; function: size"),
    ("attribute_exists(a) = :v", {":v": n(1)},
     INVALID + "The function is not allowed to be used this way in an expression; function: attribute_exists"),
    ("if_not_exists(a, b)", None,
     INVALID + "The function is not allowed in a condition expression; function: if_not_exists"),
    ("begins_with(a, :v)", {":v": n(1)},
     INVALID + "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
    ("attribute_type(a, :v)", {":v": s("Q")},
     INVALID + "Invalid attribute type name found; type: Q, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"),
    ("attribute_type(a, :v)", {":v": n(1)},
     INVALID + "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: N"),
    ("a < :v", {":v": {"BOOL": True}},
     INVALID + "Incorrect operand type for operator or function; operator: <, operand type: BOOL"),
    ("a > :v", {":v": l()},
     INVALID + "Incorrect operand type for operator or function; operator: >, operand type: L"),
    ("a BETWEEN :v AND :w", {":v": n(2), ":w": n(1)},
     INVALID + "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
     "operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}"),
    ("a BETWEEN :v AND :w", {":v": n(2), ":w": s("1")},
     INVALID + "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
     "AttributeValue: {N:2}, upper bound operand: AttributeValue: {S:1}"),
    ("a = a", None,
     INVALID + "The first operand must be distinct from the remaining operands for this operator or function; operator: "
     "=, first operand: [a]"),
    ("((a = :v))", {":v": n(1)}, INVALID + "The expression has redundant parentheses;"),
    ("size(:v) = :v", {":v": n(1)},
     INVALID + "Incorrect operand type for operator or function; operator or function: size, operand type: N"),
]


@pytest.mark.parametrize("expression,values,text", ERRORS)
def test_errors(db, table, expression, values, text):
    with invalid(text):
        db.raw.call("PutItem", TableName=table, Item=ITEM, ConditionExpression=expression,
                    **({"ExpressionAttributeValues": values} if values else {}))


def test_unused_and_malformed_substitutions(db, table):
    def put(**members):
        return db.raw.call("PutItem", TableName=table, Item=ITEM, **members)

    condition = "attribute_exists(pk)"
    with invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"):
        put(ConditionExpression=condition, ExpressionAttributeValues={":v": n(1)})
    with invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}"):
        put(ConditionExpression=condition, ExpressionAttributeNames={"#n": "x"})
    with invalid("ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"):
        put(ExpressionAttributeValues={":v": n(1)})
    with invalid("ExpressionAttributeNames can only be specified when using expressions"):
        put(ExpressionAttributeNames={"#n": "x"})
    with invalid("ExpressionAttributeValues must not be empty"):
        put(ConditionExpression=condition, ExpressionAttributeValues={})
    with invalid("ExpressionAttributeNames must not be empty"):
        put(ConditionExpression=condition, ExpressionAttributeNames={})
    with invalid('ExpressionAttributeNames contains invalid key: Syntax error; key: "n"'):
        put(ConditionExpression="n = n", ExpressionAttributeNames={"n": "x"})
    with invalid('ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'):
        put(ConditionExpression=condition, ExpressionAttributeValues={"v": n(1)})
    with invalid(matching="ExpressionAttributeValues contains invalid value: .*"):
        put(ConditionExpression="a = :v", ExpressionAttributeValues={":v": n("x")})


def test_syntax_comes_before_the_table(db):
    with invalid(matching="Syntax error"):
        db.call("PutItem", TableName="no-such", Item=ITEM, ConditionExpression="a = = b")
