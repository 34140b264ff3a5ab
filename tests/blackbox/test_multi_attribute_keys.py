"""Global indexes with up to four hash and four range attributes (2025-11). Debian's boto3 refuses them: raw HTTP."""

import itertools

import pytest
from support.expect import invalid
from support.tables import definitions, fill, n, s, table_request, wait_active


def multi_index(name, hashes, ranges, projection="ALL"):
    return {"IndexName": name, "Projection": {"ProjectionType": projection},
            "KeySchema": [{"AttributeName": a, "KeyType": "HASH"} for a in hashes]
            + [{"AttributeName": a, "KeyType": "RANGE"} for a in ranges]}


@pytest.fixture(scope="module")
def table(db, module_table):
    name = module_table(attributes={"a": "S", "b": "N", "x": "S", "y": "N", "z": "S"},
                        gsis=[multi_index("multi", "ab", "xyz")])
    items = []
    for i, (a, b, x, y, z) in enumerate(itertools.product("pq", (1, 2), "xy", (1, 10, 9), "st")):
        items.append({"pk": s(f"{i:02}"), "a": s(a), "b": n(b), "x": s(x), "y": n(y), "z": s(z)})
    items += [{"pk": s("no-b"), "a": s("p"), "x": s("x"), "y": n(1), "z": s("s")},
              {"pk": s("no-z"), "a": s("p"), "b": n(1), "x": s("x"), "y": n(1)}]
    fill(db, name, items)
    return name


def query(db, table, condition, values, **more):
    return db.call("Query", TableName=table, IndexName="multi", KeyConditionExpression=condition,
                   ExpressionAttributeValues=values, **more)


P1 = {":a": s("p"), ":b": n(1)}


def rows(answer):
    return [(i["x"]["S"], int(i["y"]["N"]), i["z"]["S"]) for i in answer["Items"]]


ALL = sorted(itertools.product("xy", (1, 9, 10), "st"))


def test_is_described(db, table):
    gsi, = wait_active(db, table)["GlobalSecondaryIndexes"]
    assert gsi["KeySchema"] == multi_index("multi", "ab", "xyz")["KeySchema"]


def test_all_hash_attributes(db, table):
    assert rows(query(db, table, "a = :a AND b = :b", P1)) == ALL
    assert rows(query(db, table, "b = :b AND a = :a", P1, ScanIndexForward=False)) == ALL[::-1]


@pytest.mark.parametrize("condition,values,holds", [
    ("x = :x", {":x": s("y")}, lambda r: r[0] == "y"),
    ("x > :x", {":x": s("x")}, lambda r: r[0] > "x"),
    ("x = :x AND y = :y", {":x": s("x"), ":y": n(9)}, lambda r: r[:2] == ("x", 9)),
    ("x = :x AND y > :y", {":x": s("x"), ":y": n(1)}, lambda r: r[0] == "x" and r[1] > 1),
    ("x = :x AND y BETWEEN :y AND :w", {":x": s("x"), ":y": n(2), ":w": n(9)}, lambda r: r[0] == "x" and r[1] == 9),
    ("x = :x AND y = :y AND z = :z", {":x": s("x"), ":y": n(9), ":z": s("t")}, lambda r: r == ("x", 9, "t")),
    ("x = :x AND y = :y AND begins_with(z, :z)", {":x": s("x"), ":y": n(9), ":z": s("s")}, lambda r: r == ("x", 9, "s")),
])
@pytest.mark.parametrize("forward", [True, False])
def test_range_conditions(db, table, condition, values, holds, forward):
    expected = [r for r in ALL if holds(r)]
    answer = query(db, table, f"a = :a AND b = :b AND {condition}", {**P1, **values}, ScanIndexForward=forward)
    assert rows(answer) == (expected if forward else expected[::-1])


@pytest.mark.parametrize("condition,values", [
    ("a = :a", {":a": s("p")}),
    ("a = :a AND b > :b", P1),
    ("a = :a AND b = :b AND y = :y", {**P1, ":y": n(1)}),
    ("a = :a AND b = :b AND x > :x AND y = :y", {**P1, ":x": s("a"), ":y": n(1)}),
    ("a = :a AND b = :b AND x = :x AND z = :z", {**P1, ":x": s("a"), ":z": s("s")}),
])
def test_conditions_that_skip(db, table, condition, values):
    with invalid():
        query(db, table, condition, values)


@pytest.mark.parametrize("limit", [1, 5])
def test_paging(db, table, limit):
    found, more = [], {}
    while True:
        page = query(db, table, "a = :a AND b = :b", P1, Limit=limit, **more)
        found += rows(page)
        if "LastEvaluatedKey" not in page:
            break
        assert set(page["LastEvaluatedKey"]) == {"pk", "a", "b", "x", "y", "z"}
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
    assert found == ALL


def test_sparse_when_any_attribute_is_missing(db, table):
    keys = {i["pk"]["S"] for i in db.call("Scan", TableName=table, IndexName="multi")["Items"]}
    assert len(keys) == 48 and not {"no-b", "no-z"} & keys


def test_types_are_checked(db, table):
    with invalid(matching="Type mismatch for Index Key b Expected: N Actual: S IndexName: multi"):
        db.call("PutItem", TableName=table, Item={"pk": s("wrong"), "b": s("1")})


def test_four_and_four(db, make_table):
    names = [f"h{i}" for i in range(4)] + [f"r{i}" for i in range(4)]
    name = make_table(attributes={k: "S" for k in names}, gsis=[multi_index("big", names[:4], names[4:], "KEYS_ONLY")])
    db.call("PutItem", TableName=name, Item={"pk": s("a"), **{k: s(k) for k in names}, "more": s("x")})
    condition = " AND ".join(f"{k} = :{k}" for k in names)
    answer = db.call("Query", TableName=name, IndexName="big", KeyConditionExpression=condition,
                     ExpressionAttributeValues={f":{k}": s(k) for k in names})
    assert answer["Items"] == [{"pk": s("a"), **{k: s(k) for k in names}}]


def test_on_a_filled_table(db, make_table):
    name = make_table()
    fill(db, name, [{"pk": s(str(i)), "a": s("a"), "b": n(i % 2), "x": n(i)} for i in range(20)])
    db.call("UpdateTable", TableName=name, AttributeDefinitions=definitions({"pk": "S", "a": "S", "b": "N", "x": "N"}),
            GlobalSecondaryIndexUpdates=[{"Create": multi_index("late", "ab", "x")}])
    wait_active(db, name)
    answer = db.call("Query", TableName=name, IndexName="late", KeyConditionExpression="a = :a AND b = :b AND x >= :x",
                     ExpressionAttributeValues={":a": s("a"), ":b": n(1), ":x": n(10)})
    assert [i["x"]["N"] for i in answer["Items"]] == ["11", "13", "15", "17", "19"]


@pytest.mark.parametrize("hashes,ranges", [("abcde", ""), ("a", "bcdef"), ("", "a")])
def test_too_many(db, hashes, ranges):
    request = table_request(attributes={k: "S" for k in hashes + ranges}, gsis=[multi_index("bad", hashes, ranges)])
    with invalid():
        db.raw.call("CreateTable", **request)


def test_table_keys_stay_single(db):
    request = table_request()
    request["KeySchema"] = multi_index("-", ["pk", "a"], ["b"])["KeySchema"]
    request["AttributeDefinitions"] = definitions({"pk": "S", "a": "S", "b": "S"})
    with invalid():
        db.raw.call("CreateTable", **request)
