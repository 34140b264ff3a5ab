"""The language itself: every operator, function and kind of value over the wire, and statements that are none."""

import time

import pytest
from botocore.exceptions import ClientError
from support.expect import constraint, fails, invalid
from support.statements import execute, item_of, items, put
from support.tables import b, l, m, n, ns, s, ss

MALFORMED = "Statement wasn't well formed, can't be processed: "
ITEM = {"text": s("hello"), "num": n(5), "bin": b(b"hello"), "yes": {"BOOL": True}, "nil": {"NULL": True}, "list": l(s("x"), n(1), m(k=s("v"))),
        "map": m(k=n(2), deep=m(els=l(n(7)))), "strings": ss("a", "b"), "numbers": ns("1", "2.5"), "bins": {"BS": [b"he", b"hello"]},
        "it's": s("it's"), "with space": n(1), "size": n(9)}


@pytest.fixture(scope="module")
def one(module_table, db):
    """A table with one item of every type."""
    name = module_table(range=("sk", "N"))
    put(db, name, "k", **ITEM)
    return name


def holds(db, table, condition, *parameters):
    return bool(items(db, f"""SELECT pk FROM "{table}" WHERE pk = 'k' AND sk = 1 AND ({condition})""", *parameters))


@pytest.mark.parametrize("condition", [
    "text = 'hello'", "'hello' = text", "num=5", "num = 5.00", "num = 50e-1", "num = +5", "-5 < num", "num <> 4", "num != 4", "num < 5.1",
    "num <= 5", "num > .5", "num >= 5.", "yes = TRUE", "yes = true", "nil = NULL", "nil IS NULL", "text IS NOT NULL", "absent IS MISSING",
    "map.absent IS MISSING", "text IS NOT MISSING", "num BETWEEN 4 AND 6", "num NOT BETWEEN 6 AND 7", "num IN (4, 5)", "num IN [4, 5]",
    "num NOT IN [4, 6]", "text IN ['x', 'hello']", "\"list\"[0] = 'x'", "\"list\"[2].k = 'v'", "map.deep.els[0] = 7", "map.\"k\" = 2",
    "\"with space\" = 1", "\"it's\" = 'it''s'", "\"size\" = 9", "\"list\" = ['x', 1, {'k': 'v'}]", "map = {'deep': {'els': [7]}, 'k': 2}",
    "strings = <<'b', 'a'>>", "numbers = <<2.50, 1>>", "begins_with(text, 'he')", "BEGINS_WITH(text, 'he')", "contains(text, 'ell')",
    "contains(strings, 'a')", "contains(numbers, 2.5)", "contains(\"list\", 'x')", "attribute_type(num, 'N')", "size(text) = 5",
    "SIZE(\"list\") = 3", "size(strings) > 1", "3 > size(map)", "size(bin) BETWEEN 5 AND 5", "num = 5 AND text = 'hello'",
    "num = 4 OR text = 'hello'", "num = 4 AND yes = false OR nil IS NULL", "NOT num = 4", "NOT (num = 4 OR text = 'x')", "((num)) = (5)",
    "(((num = 5)))", "num = 5 -- really\n", "num /* the number */ = 5", "num\n\t=\r\n5",
])
def test_conditions_hold(db, one, condition):
    assert holds(db, one, condition)
    assert not holds(db, one, f"NOT ({condition})")


@pytest.mark.parametrize("condition", [
    "absent = 1", "absent <> 1", "absent < 1", "num = '5'", "num < 'z'", "text BETWEEN 1 AND 9", "contains(num, 5)", "begins_with(num, '5')",
    "size(num) = 1", "absent IS NULL", "nil IS MISSING", "num IN ['5']", "strings = ['a', 'b']", "\"list\"[9] = 1", "map.k.x = 1", "Text = 'hello'",
])
def test_conditions_do_not_hold(db, one, condition):
    assert not holds(db, one, condition)


@pytest.mark.parametrize("condition,parameters", [
    ("bin = ?", [b(b"hello")]),
    ("begins_with(bin, ?)", [b(b"he")]),
    ("bins = <<?, ?>>", [b(b"he"), b(b"hello")]),
    ("bins = ?", [{"BS": [b"he", b"hello"]}]),
    ("contains(bins, ?)", [b(b"he")]),
    ("map = ? AND \"list\" = ?", [m(k=n(2), deep=m(els=l(n("7.0")))), ITEM["list"]]),
    ("num BETWEEN ? AND ?", [n(4), n("5.5")]),
    ("num IN [?, ?]", [n(1), n("5.0")]),
    ("nil = ? AND yes = ?", [{"NULL": True}, {"BOOL": True}]),
    ("\"list\" = [?, 1, {'k': ?}]", [s("x"), s("v")]),
    ("attribute_type(num, ?)", [s("N")]),
    ("size(text) = ?", [n(5)]),
    ("text = '?' OR text = ?", [s("hello")]),
])
def test_parameters_stand_for_values(db, one, condition, parameters):
    assert holds(db, one, condition, *parameters)


@pytest.mark.parametrize("literal,expected", [
    ("''", s("")), ("'it''s \"so\" \\n ?'", s("it's \"so\" \\n ?")), ("'ä漢🎉'", s("ä漢🎉")), ("0", n(0)), ("-0.0", n(0)), ("1.50", n("1.5")),
    ("1e125", n("1" + "0" * 125)), ("-1E-130", n("-0." + "0" * 129 + "1")), ("12345678901234567890123456789012345678", n("12345678901234567890123456789012345678")),
    ("[]", l()), ("{}", m()), ("[[], [{}], {'a': []}]", l(l(), l(m()), m(a=l()))), ("<<'x'>>", ss("x")), ("<<1, -1>>", ns("-1", "1")),
    ("FALSE", {"BOOL": False}), ("Null", {"NULL": True}), ("{'a': 1, 'a': 2}", m(a=n(2))), ("{'it''s': {'a b': 1}}", m(**{"it's": m(**{"a b": n(1)})})),
])
def test_literals_are_stored_as_they_are(db, one, request, literal, expected):
    pk = request.node.name
    execute(db, f"""INSERT INTO "{one}" VALUE {{'pk': ?, 'sk': 1, 'v': {literal}}}""", s(pk))
    stored = item_of(db, one, pk)["v"]
    if "NS" in expected:
        assert sorted(stored["NS"]) == sorted(expected["NS"])
    else:
        assert stored == expected
    assert items(db, f"""SELECT v FROM "{one}" WHERE pk = ? AND sk = 1 AND v = {literal}""", s(pk)) == [{"v": stored}]


@pytest.mark.parametrize("actions,parameters,expected", [
    ("SET a = 1", [], {"a": n(1)}),
    ("set a=1, \"b c\" = ? SET d = <<1>>", [s("x")], {"a": n(1), "b c": s("x"), "d": ns("1")}),
    ("SET num = num + 1", [], {"num": n(6)}),
    ("SET num = num - ?", [n("0.5")], {"num": n("4.5")}),
    ("SET num = 10-num", [], {"num": n(5)}),
    ("SET \"list\" = list_append(\"list\", [2, ?])", [s("y")], {"list": l(s("x"), n(1), m(k=s("v")), n(2), s("y"))}),
    ("SET \"list\" = list_append(['first'], \"list\")", [], {"list": l(s("first"), s("x"), n(1), m(k=s("v")))}),
    ("SET strings = set_add(strings, <<'c', 'a'>>)", [], {"strings": ss("a", "b", "c")}),
    ("SET strings = set_delete(strings, <<'a'>>)", [], {"strings": ss("b")}),
    ("SET strings = set_delete(strings, <<'a', 'b'>>)", [], {}),
    ("SET fresh = set_add(fresh, ?)", [ns("3")], {"fresh": ns("3")}),
    ("SET map.deep.els[0] = 8, \"list\"[1] = NULL", [], {"map": m(deep=m(els=l(n(8)))), "list": l({"NULL": True})}),
    ("SET a = map.k, b = text", [], {"a": n(2), "b": s("hello")}),
    ("SET a = 1 REMOVE text, num REMOVE map.k", [], {"a": n(1)}),
    ("REMOVE \"list\"[0]", [], {"list": l(n(1))}),
])
def test_what_set_and_remove_write(db, one, request, actions, parameters, expected):
    pk = request.node.name
    put(db, one, pk, **ITEM)
    answer = execute(db, f"""UPDATE "{one}" {actions} WHERE pk = ? AND sk = 1 RETURNING MODIFIED NEW *""", *parameters, s(pk))
    assert answer["Items"] == ([expected] if expected else [])


@pytest.mark.parametrize("condition,text", [
    ("", "Unexpected term"), ("a", "Unexpected term"), ("a =", "Unexpected term"), ("= 1", "Unexpected operator"), ("a = 1 AND", "Unexpected term"),
    ("a = 1 OR OR b = 2", "Unexpected keyword"), ("NOT", "Unexpected term"), ("a = 1 b = 2", "Unexpected token after expression"),
    ("(a = 1", "Expected )"), ("a = 1)", "Unexpected token after expression"), ("a BETWEEN 1", "Expected AND"), ("a IN 1", "Unexpected term"),
    ("a IN ()", "Unexpected term"), ("a IN (1", "Expected )"), ("a IS 1", "Unexpected term"), ("a + 1 = 2", "Unexpected operator"),
    ("size(a)", "Unexpected term"), ("contains(a", "Expected )"), ("a = [1", "Expected ]"), ("a = <<1", "Expected >>"), ("a = {'x' 1}", "Expected :"),
    ("a = {x: 1}", "Unexpected term"), ("value = 1", "Unexpected keyword"), ("a..b = 1", "Expected identifier for simple path"),
    ("a[x] = 1", None), ("a = 'x", None), ("\"a = 1", None), ("a = `1`", None), ("a = #x", None), ("a = :v", None), ("a = @x", None), ("a = 1 /*", None),
])
def test_broken_conditions(db, one, condition, text):
    with fails("ValidationException", None if text is None else MALFORMED + text):
        execute(db, f'SELECT * FROM "{one}" WHERE {condition}')


@pytest.mark.parametrize("statement", [
    "", " ", ";", "x", "SELEC * FROM tab", "SELECT", "SELECT *", "SELECT FROM tab", "SELECT * FROM", "SELECT * FROM 'tab'", "SELECT * FROM ?", "SELECT * tab",
    "SELECT *, a FROM tab", "SELECT a b FROM tab", "SELECT a AS b FROM tab", "SELECT COUNT(*) FROM tab", "SELECT 1 FROM tab", "SELECT a[-1] FROM tab",
    "SELECT DISTINCT a FROM tab", "SELECT * FROM tab, tab2", "SELECT * FROM tab t", "SELECT * FROM my-tab", "SELECT * FROM tab LIMIT 1",
    "SELECT * FROM tab WHERE a LIKE 'x%'", "SELECT * FROM tab WHERE a = 1 GROUP BY a", "SELECT * FROM tab ORDER a", "SELECT * FROM tab ORDER BY",
    "SELECT * FROM tab ORDER BY a.b", "SELECT * FROM tab; SELECT * FROM tab", "INSERT tab VALUE {'a': 1}", "INSERT INTO tab {'a': 1}",
    "INSERT INTO tab VALUES ({'a': 1})", "INSERT INTO tab VALUE {'a': 1}, {'b': 2}", "INSERT INTO tab VALUE {\"a\": 1}", "INSERT INTO tab VALUE {'a': b}",
    "INSERT INTO tab VALUE ['a']", "INSERT INTO tab VALUE {'a': 1", "INSERT INTO tab (a) VALUES (1)", "INSERT INTO tab VALUE {'a': 1} RETURNING ALL OLD *",
    "UPDATE tab", "UPDATE tab SET", "UPDATE tab SET a", "UPDATE tab SET a = ", "UPDATE tab SET a == 1", "UPDATE tab SET a = 1 + 2 + 3 WHERE b = 1",
    "UPDATE tab ADD a 1 WHERE b = 1", "UPDATE tab REMOVE WHERE b = 1", "UPDATE tab SET a = 1 WHERE b = 1 RETURNING a",
    "UPDATE tab SET a = 1 WHERE b = 1 RETURNING UPDATED NEW *", "DELETE tab WHERE a = 1", "DELETE FROM tab WHERE a = 1 RETURNING ALL NEW *",
    "DELETE FROM tab WHERE a = 1 RETURNING MODIFIED OLD *", "DROP TABLE tab", "CREATE TABLE tab", "EXISTS", "EXISTS(SELECT * FROM tab", "\0", "SELECT\0* FROM tab",
])
def test_statements_that_are_none(db, statement):
    # Before any table is looked up: there is no such table.
    with fails("ValidationException"):
        execute(db, statement)


@pytest.mark.parametrize("statement,text", [
    ("SELECT * FROM tab WHERE foo(a)", "Invalid function name; function: foo"),
    ("SELECT * FROM tab WHERE attribute_exists(a)", "Invalid function name; function: attribute_exists"),
    ("UPDATE tab SET a = foo(a, 1) WHERE b = 1", "Invalid function name; function: foo"),
    ("UPDATE tab SET a = if_not_exists(a, 1) WHERE b = 1", "Invalid function name; function: if_not_exists"),
    ("SELECT * FROM tab WHERE begins_with(a)",
     "Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1"),
    ("SELECT * FROM tab WHERE begins_with(a, 1)",
     "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"),
    ("SELECT * FROM tab WHERE a > [1]", "Incorrect operand type for operator or function; operator: >, operand type: L"),
    ("SELECT * FROM tab WHERE attribute_type(a, 'Q')",
     "Invalid attribute type name found; type: Q, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"),
    ("UPDATE tab SET a = 'x' + 1 WHERE b = 1", "Incorrect operand type for operator or function; operator or function: +, operand type: S"),
    ("UPDATE tab SET a = list_append(a, 1) WHERE b = 1",
     "Incorrect operand type for operator or function; operator or function: list_append, operand type: N"),
    ("INSERT INTO tab VALUE {'a': 1e126}",
     "Number overflow. Attempting to store a number with magnitude larger than supported range"),
    ("INSERT INTO tab VALUE {'a': 123456789012345678901234567890123456789}", "Attempting to store more than 38 significant digits in a Number"),
    ("INSERT INTO tab VALUE {'a': <<1, 1.0>>}", "Input collection contains duplicates"),
    ("SELECT COUNT(*) FROM tab", "Unexpected path component at 1:8:5"),
    ("DELETE FROM tab WHERE a = 1 RETURNING ALL NEW *",
     "Invalid returning clause: RETURNING ALL NEW *. Only RETURNING ALL OLD * is allowed in DELETE statements."),
    ("INSERT INTO abcd.\"by-g\" VALUE {'a': 1}",
     "FROM clause may only contain a single table name in data manipulation statements at 1:13:4"),
])
def test_what_is_wrong_with_well_formed_statements(db, statement, text):
    with invalid(text):
        execute(db, statement)


@pytest.mark.parametrize("statement,parameters", [
    ("SELECT * FROM tab WHERE a = ?", []), ("SELECT * FROM tab WHERE a = ?", [n(1), n(2)]), ("SELECT * FROM tab WHERE a = '?'", [n(1)]),
    ("SELECT * FROM tab WHERE a = 1 -- ?", [n(1)]), ("SELECT * FROM tab WHERE a IN [?, ?]", [n(1)]), ("INSERT INTO tab VALUE {'a': [?, {'b': ?}]}", [n(1)]),
    ("UPDATE tab SET a = ? WHERE b = ?", [n(1)] * 3), ("DELETE FROM tab WHERE a = ?", []), ("SELECT * FROM tab", [n(1)]),
])
def test_parameters_too_few_and_too_many(db, statement, parameters):
    with invalid("Number of parameters in request and statement don't match."):
        execute(db, statement, *parameters)


def test_parameters_must_be_values(db, one):
    statement = f'SELECT * FROM "{one}" WHERE pk = ?'
    for bad, kind in (({"N": "x"}, "ValidationException"), ({}, "ValidationException"), ({"SS": []}, "ValidationException"),
                      ({"S": 1}, "SerializationException"), ("a", "SerializationException")):
        with fails(kind):
            db.call("ExecuteStatement", Statement=statement, Parameters=[bad])
    with constraint("parameters", "Member must have length greater than or equal to 1"):
        db.call("ExecuteStatement", Statement=statement, Parameters=[])


def refused_quickly(db, statement):
    """The error, which comes at once: no parser may take its time over nonsense."""
    start = time.monotonic()
    with fails("ValidationException") as caught:
        execute(db, statement)
    assert time.monotonic() - start < 5
    return caught.error.message


@pytest.mark.parametrize("unit", ["(", "x", "' ", "SELECT ", "<<", "[", "{'a':", "NOT ", "?", "\n", "-", "/*"])
def test_statements_of_a_megabyte(db, unit):
    message = refused_quickly(db, (unit * (1 << 20))[:1 << 20])
    assert "8192" in message


def test_length_is_counted_in_characters(db, one):
    def of_length(length, character):
        head = f"""SELECT * FROM "{one}" WHERE pk = 'k' AND sk = 1 AND text = '"""
        return head + character * (length - len(head) - 1) + "'"

    for character in "x", "ä", "🎉":
        assert items(db, of_length(8192, character)) == []
        assert "8192" in refused_quickly(db, of_length(8193, character))


@pytest.mark.parametrize("opening,middle,closing,count", [
    ("(", "", "", 4000), ("(", "a = 1", "", 4000), ("", "a = 1", ")", 4000), ("a = (", "", "", 1500), ("[", "", "", 4000), ("a = [", "", "", 1500),
    ("a = " + "[" * 33, "1", "]" * 33, 1), ("a = " + "<<" * 4000, "", "", 1), ("a = " + "{'a':" * 1600, "", "", 1), ("NOT ", "a = 1", "", 2000),
    ("NOT (", "a = 1", ")", 1300), ("a.", "a = 1", "", 4000), ("", "a", "[0]", 2600), ("size(", "a", ")", 1300), ("a = 1 AND ", "a = 1", "", 800),
    ("a = 1 OR (", "a = 1", ")", 600), ("-", "a = 1", "", 8000), ("+", "a = 1", "", 8000), ("a IN (", "1", ")", 1100),
])
def test_deep_nesting_is_an_error(db, opening, middle, closing, count):
    refused_quickly(db, f"SELECT * FROM tab WHERE {opening * count}{middle}{closing * count}")


def test_as_deep_as_items_may_be(db, one):
    deep = "[" * 31 + "1" + "]" * 31
    execute(db, f"""INSERT INTO "{one}" VALUE {{'pk': 'deep', 'sk': 1, 'v': {deep}}}""")
    assert len(items(db, f"""SELECT * FROM "{one}" WHERE pk = 'deep' AND sk = 1 AND v = {deep}""")) == 1
    many = "(" * 3900
    assert len(items(db, f"""SELECT * FROM "{one}" WHERE {many}pk = 'deep'{')' * 3900} AND sk = 1""")) == 1


def test_faults_are_told_in_order(db):
    """Syntax, then the number of parameters, then operands, then the table."""
    with invalid(matching="^" + MALFORMED):
        execute(db, "SELECT * FROM tab WHERE foo(a) AND b = ? AND", n(1), n(2))
    with invalid("Number of parameters in request and statement don't match."):
        execute(db, "SELECT * FROM tab WHERE foo(a) AND b = ?", n(1), n(2))
    with invalid("Invalid function name; function: foo"):
        execute(db, "SELECT * FROM tab WHERE foo(a) AND b = ?", n(1))
    with fails("ResourceNotFoundException"):
        execute(db, "SELECT * FROM tab WHERE a = ?", n(1))


def test_boto3(boto, one):
    boto.execute_statement(Statement=f"""INSERT INTO "{one}" VALUE {{'pk': 'boto', 'sk': ?, 'v': ?}}""",
                           Parameters=[{"N": "1"}, {"M": {"b": {"B": b"bytes"}}}])
    answer = boto.execute_statement(Statement=f"""SELECT v.b, sk FROM "{one}" WHERE pk = 'boto' AND sk = 1""")
    assert answer["Items"] == [{"b": {"B": b"bytes"}, "sk": {"N": "1"}}]
    with pytest.raises(ClientError) as caught:
        boto.execute_statement(Statement="SELECT")
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    assert caught.value.response["Error"]["Message"].startswith(MALFORMED)


def test_the_raw_form_of_an_error(raw):
    reply = raw.post("ExecuteStatement", {"Statement": "SELECT"})
    assert reply.status == 400
    assert reply.json["__type"] == "com.amazon.coral.validate#ValidationException"
    assert reply.json["message"].startswith(MALFORMED)
