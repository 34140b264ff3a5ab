"""SELECT by ExecuteStatement: what is read, in which order and at which cost."""

import pytest
from support import tables
from support.expect import constraint, fails, invalid
from support.statements import all_items, execute, items, keys
from support.tables import l, m, n, s, ss

MALFORMED = "^Statement wasn't well formed, can't be processed: "
NOT_THERE = "^Requested resource not found"


def test_by_key_is_a_get(db, letters):
    answer = execute(db, f"""SELECT * FROM "{letters}" WHERE pk = 'a' AND sk = 2""", ReturnConsumedCapacity="INDEXES")
    assert answer["Items"] == [db.call("GetItem", TableName=letters, Key={"pk": s("a"), "sk": n(2)})["Item"]]
    assert answer["ConsumedCapacity"] == {"TableName": letters, "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}}
    answer = execute(db, f"""SELECT * FROM "{letters}" WHERE sk = ? AND pk = ?""", n(2), s("a"), ConsistentRead=True, Limit=1,
                     ReturnConsumedCapacity="TOTAL")
    assert keys(answer["Items"]) == ["a2"] and "NextToken" not in answer
    assert answer["ConsumedCapacity"] == {"TableName": letters, "CapacityUnits": 1.0}


def test_by_key_of_nothing(db, letters):
    answer = execute(db, f"""SELECT * FROM "{letters}" WHERE pk = 'a' AND sk = 99""", ReturnConsumedCapacity="TOTAL")
    assert answer == {"Items": [], "ConsumedCapacity": {"TableName": letters, "CapacityUnits": 0.5}}


def test_by_key_and_more(db, letters):
    assert keys(items(db, f"""SELECT * FROM "{letters}" WHERE pk = 'a' AND sk = 2 AND num > 10""")) == ["a2"]
    assert items(db, f"""SELECT * FROM "{letters}" WHERE pk = 'a' AND sk = 2 AND num > 20""") == []
    assert items(db, f"""SELECT * FROM "{letters}" WHERE pk = 'a' AND sk = 2 AND sk = 3""") == []


def test_the_same_statement_again_and_again(db, make_table):
    """With other values, values that do not fit, and when its table has become another."""
    name = tables.unique_name()
    make_table(name=name, range=("sk", "N"))
    tables.fill(db, name, [{"pk": s("a"), "sk": n(i), "x": n(i)} for i in range(20)])
    statement = f'SELECT pk, x FROM "{name}" WHERE sk = ? AND pk = ?'
    for i in range(40):
        found = items(db, statement, n(i), s("a"), ConsistentRead=i % 2 == 0)
        assert found == ([{"pk": s("a"), "x": n(i)}] if i < 20 else [])
    with invalid("The provided key element does not match the schema"):
        execute(db, statement, s("a"), n(1))
    with invalid("Number of parameters in request and statement don't match."):
        execute(db, statement, n(1))
    with invalid("Invalid NextToken"):
        execute(db, statement, n(1), s("a"), NextToken="abcd")
    assert execute(db, statement, n(1), s("a"), ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"] == {
        "TableName": name, "CapacityUnits": 0.5}
    db.call("DeleteTable", TableName=name)
    tables.wait_gone(db, name)
    with fails("ResourceNotFoundException"):
        execute(db, statement, n(1), s("a"))
    make_table(name=name)  # now pk alone is the key, and sk an attribute
    db.call("PutItem", TableName=name, Item={"pk": s("a"), "sk": n(1), "x": n(7)})
    assert items(db, statement, n(1), s("a")) == [{"pk": s("a"), "x": n(7)}]
    assert items(db, statement, n(2), s("a")) == []


def test_columns_and_paths(db, letters):
    where = "WHERE pk = 'a' AND sk = 3"
    assert items(db, f'SELECT pk, num FROM "{letters}" {where}') == [{"pk": s("a"), "num": n(30)}]
    assert items(db, f'SELECT map.els[1], map.nest.deep, text FROM "{letters}" {where}') == [
        {"els[1]": s("end"), "deep": n(3), "text": s("a3")}]
    assert items(db, f'SELECT absent, map.els[7] FROM "{letters}" {where}') == [{}]


@pytest.mark.parametrize("where,expected", [
    ("pk = 'a'", ["a1", "a2", "a3", "a4"]),
    ("pk = 'a' AND sk > 2", ["a3", "a4"]),
    ("pk = 'a' AND sk >= 2 AND sk < 4", ["a2", "a3"]),
    ("pk = 'a' AND sk > 1 AND sk > 3", ["a4"]),
    ("pk = 'a' AND sk < 3 AND sk > 3", []),
    ("pk = 'a' AND 3 <= sk", ["a3", "a4"]),
    ("pk = 'a' AND sk BETWEEN 2 AND 3", ["a2", "a3"]),
    ("pk = 'a' AND sk IN [1, 4, 7]", ["a1", "a4"]),
    ("pk = 'a' AND (sk = 1 OR sk = 4)", ["a1", "a4"]),
    ("pk = 'a' AND NOT sk = 1", ["a2", "a3", "a4"]),
    ("pk = 'a' AND pk = 'b'", []),
    ("pk IN ['b', 'a', 'b'] AND sk = 1", ["b1", "a1"]),
    ("pk IN ('c', 'a') AND sk < 3", ["c1", "a1", "a2"]),
    ("pk = 'c' OR pk = 'nobody'", ["c1"]),
    ("pk = 'a' AND num = 20", ["a2"]),
    ("pk = 'a' AND num <> 20", ["a1", "a3", "a4"]),
    ("pk = 'a' AND text = 'a3'", ["a3"]),
    ("pk = 'a' AND begins_with(text, 'a')", ["a1", "a2", "a3", "a4"]),
    ("pk = 'a' AND contains(\"set\", 'q2')", ["a2"]),
    ("pk = 'a' AND attribute_type(num, 'S')", []),
    ("pk = 'a' AND size(text) = 2 AND sk = 1", ["a1"]),
    ("pk = 'a' AND map.nest.deep = 4", ["a4"]),
    ("pk = 'a' AND map.els[0] > 2", ["a3", "a4"]),
    ("pk = 'a' AND num IS MISSING", []),
    ("pk = 'a' AND absent IS MISSING AND sk = 1", ["a1"]),
    ("pk = 'a' AND num IS NOT MISSING AND sk = 1", ["a1"]),
    ("pk = 'a' AND (num = 10 OR text = 'a4') AND NOT g = 'y'", ["a1"]),
])
def test_where_with_the_hash_key(db, letters, where, expected):
    assert keys(items(db, f'SELECT * FROM "{letters}" WHERE {where}')) == expected


@pytest.mark.parametrize("where,expected", [
    ("sk = 1", ["a1", "b1", "c1"]),
    ("pk > 'b'", ["c1"]),
    ("num = 40", ["a4", "b4"]),
    ("pk = 'c' OR num = 20", ["a2", "b2", "c1"]),
    ("pk <> 'a' AND sk = 2", ["b2"]),
    ("text IN ['a1', 'b3', 'none']", ["a1", "b3"]),
])
def test_where_without_the_hash_key_is_a_scan(db, letters, where, expected):
    answer = execute(db, f'SELECT * FROM "{letters}" WHERE {where}', ReturnConsumedCapacity="TOTAL")
    assert sorted(keys(answer["Items"])) == expected
    everything = execute(db, f'SELECT * FROM "{letters}"', ReturnConsumedCapacity="TOTAL")
    assert len(everything["Items"]) == 9
    assert answer["ConsumedCapacity"] == everything["ConsumedCapacity"]


def test_several_hash_keys_cost_as_several_queries(db, letters):
    answer = execute(db, f"""SELECT * FROM "{letters}" WHERE pk IN ['a', 'b', 'nobody']""", ReturnConsumedCapacity="TOTAL")
    assert keys(answer["Items"]) == ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"]
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 1.5


def test_more_than_fifty_hash_keys(db, letters):
    values = ", ".join(f"'k{i}'" for i in range(51))
    with invalid(matching="50"):
        execute(db, f'SELECT * FROM "{letters}" WHERE pk IN [{values}]')
    assert items(db, f'SELECT * FROM "{letters}" WHERE pk IN [{values.rpartition(",")[0]}]') == []


# Order.


@pytest.mark.parametrize("rest,expected", [
    ("pk = 'a' ORDER BY sk DESC", ["a4", "a3", "a2", "a1"]),
    ("pk = 'a' ORDER BY sk ASC", ["a1", "a2", "a3", "a4"]),
    ("pk = 'a' ORDER BY pk DESC", ["a1", "a2", "a3", "a4"]),
    ("pk = 'a' AND sk > 1 AND num < 40 ORDER BY sk DESC", ["a3", "a2"]),
    ("pk IN ['b', 'c', 'a'] AND sk < 3 ORDER BY pk", ["a1", "a2", "b1", "b2", "c1"]),
    ("pk IN ['b', 'c', 'a'] AND sk < 3 ORDER BY pk DESC", ["c1", "b1", "b2", "a1", "a2"]),
    ("pk IN ['b', 'c', 'a'] AND sk < 3 ORDER BY pk DESC, sk DESC", ["c1", "b2", "b1", "a2", "a1"]),
    ("pk IN ['b', 'a', 'c'] ORDER BY sk, pk", ["a1", "b1", "c1", "a2", "b2", "a3", "b3", "a4", "b4"]),
    ("pk IN ['b', 'a', 'c'] AND sk > 1 ORDER BY sk DESC, pk ASC", ["a4", "b4", "a3", "b3", "a2", "b2"]),
])
@pytest.mark.parametrize("limit", [None, 1, 2, 3])
def test_order(db, letters, rest, expected, limit):
    more = {"Limit": limit} if limit else {}
    assert keys(all_items(db, f'SELECT * FROM "{letters}" WHERE {rest}', **more)) == expected


@pytest.mark.parametrize("rest,text", [
    ("ORDER BY sk", "Must have WHERE clause in the statement when using ORDER BY clause."),
    ("WHERE sk = 1 ORDER BY sk", "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."),
    ("WHERE pk = 'a' OR num = 10 ORDER BY sk",
     "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."),
    ("WHERE pk = 'a' ORDER BY num", "Variable reference num in ORDER BY clause must be part of the primary key"),
])
def test_order_that_cannot_be(db, letters, rest, text):
    with invalid(text):
        execute(db, f'SELECT * FROM "{letters}" {rest}')


# Indexes.


def test_global_index(db, letters):
    answer = execute(db, f"""SELECT * FROM "{letters}"."by-g" WHERE g = 'x' AND sk = 3""", ReturnConsumedCapacity="INDEXES")
    assert sorted(keys(answer["Items"])) == ["a3", "b3"]
    assert answer["Items"][0].keys() == {"pk", "sk", "g"}
    assert answer["ConsumedCapacity"] == {
        "TableName": letters, "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.0},
        "GlobalSecondaryIndexes": {"by-g": {"CapacityUnits": 0.5}}}
    assert len(items(db, f'SELECT pk FROM "{letters}"."by-g"')) == 9
    found = all_items(db, f"""SELECT * FROM "{letters}"."by-g" WHERE g IN ['x', 'y'] ORDER BY sk DESC""", Limit=2)
    assert [int(item["sk"]["N"]) for item in found] == [4, 4, 3, 3, 2, 2, 1, 1, 1]


def test_local_index(db, letters):
    found = items(db, f"""SELECT * FROM "{letters}"."by-l" WHERE pk = 'a' ORDER BY l""")
    assert keys(found) == ["a4", "a3", "a2", "a1"]
    assert items(db, f"""SELECT num FROM "{letters}"."by-l" WHERE pk = 'a' AND l = 'l8'""", ConsistentRead=True) == [{"num": n(10)}]


def test_what_an_index_cannot(db, letters):
    with invalid("The table does not have the specified index"):
        execute(db, f"""SELECT * FROM "{letters}"."none" WHERE g = 'x'""")
    with invalid("Strongly consistent read is not supported on Global Secondary Indexes"):
        execute(db, f"""SELECT * FROM "{letters}"."by-g" WHERE g = 'x'""", ConsistentRead=True)
    with invalid("One or more parameter values were invalid: Global secondary index by-g does not project [num]"):
        execute(db, f"""SELECT num FROM "{letters}"."by-g" WHERE g = 'x'""")
    with invalid("One or more parameter values were invalid: Secondary index by-l does not project one or more filter attributes: [num]"):
        execute(db, f"""SELECT num FROM "{letters}"."by-l" WHERE pk = 'a' AND num = 10""")
    with invalid("One or more parameter values were invalid: Secondary index by-g does not project one or more filter attributes: [num]"):
        execute(db, f"""SELECT pk FROM "{letters}"."by-g" WHERE g = 'x' AND num = 10""")


def test_multi_attribute_keys(db, make_table):
    schema = [{"AttributeName": a, "KeyType": t} for a, t in (("a", "HASH"), ("b", "HASH"), ("c", "RANGE"), ("d", "RANGE"))]
    name = make_table(attributes={"a": "S", "b": "S", "c": "N", "d": "N"}, gsis=[
        {"IndexName": "multi", "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}])
    tables.fill(db, name, [{"pk": s(f"{a}{b}{c}{d}"), "a": s(a), "b": s(b), "c": n(c), "d": n(d)}
                           for a in "xy" for b in "uv" for c in (1, 2) for d in (1, 2)])

    def found(rest, **more):
        return [item["pk"]["S"] for item in all_items(db, f'SELECT pk FROM "{name}"."multi" WHERE {rest}', **more)]

    assert found("a = 'x' AND b = 'u' AND c = 1") == ["xu11", "xu12"]
    assert found("a = 'x' AND b = 'u' AND c = 1 AND d > 1") == ["xu12"]
    assert found("a = 'x' AND b IN ['v', 'u'] AND c > 1 ORDER BY c DESC", Limit=1) == ["xv22", "xv21", "xu22", "xu21"]
    assert sorted(found("a = 'x' AND c = 1")) == ["xu11", "xu12", "xv11", "xv12"]


# Faults.


def test_tables_that_are_not_there(db):
    with fails("ResourceNotFoundException", matching=NOT_THERE):
        execute(db, "SELECT * FROM \"no-such-table\" WHERE pk = 'a'")


def test_tables_by_arn(db, letters):
    arn = db.call("DescribeTable", TableName=letters)["Table"]["TableArn"]
    assert keys(items(db, f"""SELECT * FROM "{arn}" WHERE pk = 'c'""")) == ["c1"]


@pytest.mark.parametrize("statement", [
    "SELECT", "SELECT * FROM", "FOO", "SELECT * FROM \"%s\" WHERE", "SELECT * FROM \"%s\" WHERE pk = ", "SELECT * FROM \"%s\" WHERE pk == 'a'",
    "SELECT * FROM \"%s\" WHERE (pk = 'a'", "SELECT * FROM \"%s\" WHERE pk = 'a", "(((((",
])
def test_statements_that_are_none(db, letters, statement):
    with invalid(matching=MALFORMED):
        execute(db, statement.replace("%s", letters))


@pytest.mark.parametrize("parameters", [[], [s("a"), s("b")]])
def test_number_of_parameters(db, letters, parameters):
    with invalid("Number of parameters in request and statement don't match."):
        execute(db, f'SELECT * FROM "{letters}" WHERE pk = ?', *parameters)


def test_parameters_of_every_kind(db, letters):
    for value in (s("a"), n(1), {"B": b"x"}, {"BOOL": True}, {"NULL": True}, l(n(1)), m(a=n(1)), ss("a"), {"NS": ["1"]}, {"BS": [b"a"]}):
        assert items(db, f"""SELECT * FROM "{letters}" WHERE pk = 'a' AND absent = ?""", value) == []
    with constraint("parameters", "Member must have length greater than or equal to 1"):
        execute(db, f'SELECT * FROM "{letters}"', Parameters=[])
    with fails("SerializationException"):
        db.call("ExecuteStatement", Statement=f'SELECT * FROM "{letters}" WHERE pk = ?', Parameters=[{"S": 1}])
    with fails("ValidationException"):
        execute(db, f'SELECT * FROM "{letters}" WHERE pk = ?', {"N": "x"})


@pytest.mark.parametrize("where", ["pk = 1", "pk = 1 AND sk = 1", "pk = 'a' AND sk = 'x'", "pk = 'a' AND sk > 'x'", "pk = '' AND sk = 1"])
def test_key_values_that_do_not_fit(db, letters, where):
    with fails("ValidationException"):
        execute(db, f'SELECT * FROM "{letters}" WHERE {where}')


def test_shapes(db, raw, letters):
    with constraint("statement", "Member must not be null"):
        raw.call("ExecuteStatement")
    with constraint("statement", "Member must have length greater than or equal to 1"):
        raw.call("ExecuteStatement", Statement="")
    with constraint("statement", "Member must have length less than or equal to 8192"):
        raw.call("ExecuteStatement", Statement="SELECT * FROM t " + "(" * (1 << 20))
    with constraint("limit", "Member must have value greater than or equal to 1"):
        raw.call("ExecuteStatement", Statement=f'SELECT * FROM "{letters}"', Limit=0)


def test_exists_is_for_transactions(db, letters):
    with fails("ValidationException"):
        execute(db, f"""EXISTS(SELECT * FROM "{letters}" WHERE pk = 'a' AND sk = 1)""")
