"""Global and local secondary indexes: what they hold, how they follow the table, how they are queried."""

import json
import random

import pytest
from support.expect import invalid
from support.tables import all_items, b, fill, index, n, pages, s
from support.wire import ApiError


@pytest.fixture(scope="module")
def table(db, module_table):
    """Every projection of both kinds of index; g and l are index keys, x and y plain."""
    name = module_table(
        range=("sk", "S"), attributes={"g": "S", "h": "N", "l": "N"},
        gsis=[index("g-all", "g", "h"), index("g-keys", "g", projection="KEYS_ONLY"),
              index("g-some", "g", "sk", projection="INCLUDE", include=["x"])],
        lsis=[index("l-all", "pk", "l"), index("l-keys", "pk", "l", projection="KEYS_ONLY"),
              index("l-some", "pk", "l", projection="INCLUDE", include=["x"])])
    fill(db, name, [{"pk": s("p"), "sk": s(f"s{i}"), "g": s("g"), "h": n(9 - i), "l": n((i * 7) % 10), "x": s(f"x{i}"),
                     "y": s(f"y{i}")} for i in range(10)])
    fill(db, name, [{"pk": s("p"), "sk": s("sparse")}, {"pk": s("p"), "sk": s("half"), "g": s("g")}])
    return name


def query(db, table, name, condition, values, **more):
    return db.call("Query", TableName=table, IndexName=name, KeyConditionExpression=condition,
                   ExpressionAttributeValues=values, **more)


PROJECTED = {"g-all": set("g h l x y".split()) | {"pk", "sk"}, "g-keys": {"g", "pk", "sk"}, "g-some": {"g", "pk", "sk", "x"},
             "l-all": set("g h l x y".split()) | {"pk", "sk"}, "l-keys": {"pk", "sk", "l"},
             "l-some": {"pk", "sk", "l", "x"}}


@pytest.mark.parametrize("name", PROJECTED)
def test_what_an_entry_holds(db, table, name):
    key, value = ("g", s("g")) if name[0] == "g" else ("pk", s("p"))
    items = query(db, table, name, f"{key} = :v", {":v": value})["Items"]
    full = [i for i in items if i["sk"]["S"] not in ("sparse", "half")]
    assert len(full) == 10 and all(set(i) == PROJECTED[name] for i in full)
    partial = {i["sk"]["S"] for i in items} - {i["sk"]["S"] for i in full}
    assert partial == ({"half"} if name in ("g-keys", "g-some") else set())
    scanned = all_items(db, "Scan", TableName=table, IndexName=name)
    assert len(scanned) == len(items) and all(i in items for i in scanned)


def test_order_is_the_index_sort_key(db, table):
    items = query(db, table, "g-all", "g = :v", {":v": s("g")})["Items"]
    assert [int(i["h"]["N"]) for i in items] == list(range(10))
    items = query(db, table, "l-all", "pk = :v", {":v": s("p")}, ScanIndexForward=False)["Items"]
    assert [int(i["l"]["N"]) for i in items] == list(range(9, -1, -1))


def test_conditions_on_the_index_sort_key(db, table):
    items = query(db, table, "g-all", "g = :v AND h BETWEEN :a AND :b", {":v": s("g"), ":a": n(2), ":b": n(4)})["Items"]
    assert [i["h"]["N"] for i in items] == ["2", "3", "4"]
    items = query(db, table, "l-keys", "pk = :v AND l < :a", {":v": s("p"), ":a": n(3)}, ConsistentRead=True)["Items"]
    assert [i["l"]["N"] for i in items] == ["0", "1", "2"]


def test_local_index_fetches_what_it_lacks(db, table):
    items = query(db, table, "l-keys", "pk = :v", {":v": s("p")}, ProjectionExpression="sk, y")["Items"]
    assert len(items) == 10 and all(i["y"] == s("y" + i["sk"]["S"][1:]) for i in items)
    items = query(db, table, "l-some", "pk = :v", {":v": s("p")}, Select="ALL_ATTRIBUTES")["Items"]
    assert all(set(i) == PROJECTED["l-all"] for i in items)
    items = query(db, table, "l-keys", "pk = :v", {":v": s("p"), ":y": s("y3")}, FilterExpression="y = :y")["Items"]
    assert [i["sk"]["S"] for i in items] in ([], ["s3"])


def test_global_index_does_not(db, table):
    with invalid(matching="One or more parameter values were invalid: Global secondary index g-keys does not project"):
        query(db, table, "g-keys", "g = :v", {":v": s("g")}, ProjectionExpression="sk, y")
    with invalid("One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global "
                 "secondary index g-keys because its projection type is not ALL"):
        query(db, table, "g-keys", "g = :v", {":v": s("g")}, Select="ALL_ATTRIBUTES")
    items = query(db, table, "g-all", "g = :v", {":v": s("g")}, Select="ALL_ATTRIBUTES")["Items"]
    assert len(items) == 10


def test_projected_attributes(db, table):
    items = query(db, table, "g-some", "g = :v", {":v": s("g")}, Select="ALL_PROJECTED_ATTRIBUTES")["Items"]
    assert {"g", "pk", "sk", "x"} in [set(i) for i in items]
    items = query(db, table, "g-some", "g = :v", {":v": s("g")}, ProjectionExpression="x")["Items"]
    assert all(set(i) <= {"x"} for i in items)


def test_no_consistent_reads(db, table):
    with invalid("Consistent reads are not supported on global secondary indexes"):
        query(db, table, "g-all", "g = :v", {":v": s("g")}, ConsistentRead=True)
    with invalid("Consistent reads are not supported on global secondary indexes"):
        db.call("Scan", TableName=table, IndexName="g-all", ConsistentRead=True)
    assert db.call("Scan", TableName=table, IndexName="l-all", ConsistentRead=True)["Count"] == 10


@pytest.mark.parametrize("name,key,value", [("g-all", "g", "g"), ("g-keys", "g", "g"), ("l-all", "pk", "p")])
@pytest.mark.parametrize("forward", [True, False])
def test_paging(db, table, name, key, value, forward):
    once = query(db, table, name, f"{key} = :v", {":v": s(value)}, ScanIndexForward=forward)["Items"]
    paged, cursors = [], []
    for page in pages(db, "Query", TableName=table, IndexName=name, KeyConditionExpression=f"{key} = :v", Limit=3,
                      ExpressionAttributeValues={":v": s(value)}, ScanIndexForward=forward):
        paged += page["Items"]
        cursors.append(page.get("LastEvaluatedKey"))
    assert paged == once
    expected = {"pk", "sk"} | {"g-all": {"g", "h"}, "g-keys": {"g"}, "l-all": {"l"}}[name]
    assert all(set(c) == expected for c in cursors if c)


def test_many_entries_under_one_index_key(db, make_table):
    table = make_table(attributes={"g": "S", "h": "N"}, gsis=[index("by-g", "g", "h")])
    fill(db, table, [{"pk": s(f"{i:03}"), "g": s("same"), "h": n(1)} for i in range(120)])
    for limit in (1, 7, 50):
        for forward in (True, False):
            found = all_items(db, "Query", TableName=table, IndexName="by-g", KeyConditionExpression="g = :g",
                              ExpressionAttributeValues={":g": s("same")}, Limit=limit, ScanIndexForward=forward)
            assert len(found) == len({i["pk"]["S"] for i in found}) == 120
    found = all_items(db, "Scan", TableName=table, IndexName="by-g", Limit=11)
    assert len({i["pk"]["S"] for i in found}) == len(found) == 120


def test_pages_of_one_megabyte_count_projected_bytes(db, make_table):
    table = make_table(attributes={"g": "S"}, gsis=[index("all", "g"), index("keys", "g", projection="KEYS_ONLY")])
    fill(db, table, [{"pk": s(str(i)), "g": s("g"), "x": s("x" * 100_000)} for i in range(22)])
    condition = dict(KeyConditionExpression="g = :g", ExpressionAttributeValues={":g": s("g")}, Select="COUNT")
    assert len(list(pages(db, "Query", TableName=table, IndexName="all", **condition))) >= 2
    assert len(list(pages(db, "Query", TableName=table, IndexName="keys", **condition))) == 1


def entries(db, table, name):
    return ordered(all_items(db, "Scan", TableName=table, IndexName=name))


def ordered(items):
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def test_an_entry_follows_its_item(db, make_table):
    table = make_table(attributes={"g": "S"}, gsis=[index("by-g", "g", projection="INCLUDE", include=["x"])])
    key = {"pk": s("a")}

    def update(expression, **values):
        db.call("UpdateItem", TableName=table, Key=key, UpdateExpression=expression,
                **({"ExpressionAttributeValues": {f":{k}": v for k, v in values.items()}} if values else {}))
        return entries(db, table, "by-g")

    db.call("PutItem", TableName=table, Item={**key, "x": n(1)})
    assert entries(db, table, "by-g") == []
    assert update("SET g = :g", g=s("1")) == [{**key, "g": s("1"), "x": n(1)}]
    assert update("SET g = :g", g=s("2")) == [{**key, "g": s("2"), "x": n(1)}]
    assert update("SET x = :x, y = :x", x=n(2)) == [{**key, "g": s("2"), "x": n(2)}]
    assert update("REMOVE x") == [{**key, "g": s("2")}]
    assert update("REMOVE g") == []
    assert update("SET g = :g", g=s("3")) == [{**key, "g": s("3")}]
    db.call("PutItem", TableName=table, Item={**key, "g": s("4"), "x": n(9), "z": n(1)})
    assert entries(db, table, "by-g") == [{**key, "g": s("4"), "x": n(9)}]
    db.call("DeleteItem", TableName=table, Key=key)
    assert entries(db, table, "by-g") == []


def test_random_changes_agree_with_the_table(db, make_table):
    table = make_table(range=("sk", "N"), attributes={"g": "S", "l": "N"},
                       gsis=[index("by-g", "g", "l"), index("keys", "l", projection="KEYS_ONLY")],
                       lsis=[index("by-l", "pk", "l")])
    chance = random.Random(20261120)
    for _ in range(400):
        key = {"pk": s(chance.choice("ab")), "sk": n(chance.randrange(10))}
        kind = chance.randrange(4)
        extra = {name: value for name, value in [("g", s(chance.choice("xyz"))), ("l", n(chance.randrange(5))),
                                                 ("v", n(chance.random()))] if chance.random() < 0.7}
        if kind == 0:
            db.call("DeleteItem", TableName=table, Key=key)
        elif kind == 1 and extra:
            db.call("UpdateItem", TableName=table, Key=key, AttributeUpdates={
                k: {"Value": v} if chance.random() < 0.7 else {"Action": "DELETE"} for k, v in extra.items()})
        else:
            db.call("PutItem", TableName=table, Item={**key, **extra})
    items = all_items(db, "Scan", TableName=table)
    assert entries(db, table, "by-g") == ordered(i for i in items if "g" in i and "l" in i)
    assert entries(db, table, "by-l") == ordered(i for i in items if "l" in i)
    assert entries(db, table, "keys") == ordered({k: i[k] for k in ("pk", "sk", "l")} for i in items if "l" in i)


def test_wrong_types_of_index_keys(db, make_table):
    table = make_table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    text = "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"
    with invalid(text):
        db.call("PutItem", TableName=table, Item={"pk": s("a"), "g": n(1)})
    with invalid(text):  # before the condition, which does not hold
        db.call("PutItem", TableName=table, Item={"pk": s("a"), "g": n(1)}, ConditionExpression="attribute_exists(pk)")
    with invalid(matching="Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g|"
                          "The update expression attempted to update the secondary index key to unsupported type"):
        db.call("UpdateItem", TableName=table, Key={"pk": s("a")}, UpdateExpression="SET g = :v",
                ExpressionAttributeValues={":v": n(1)})
    with invalid(matching="Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"):
        db.call("BatchWriteItem", RequestItems={table: [{"PutRequest": {"Item": {"pk": s("a"), "g": n(1)}}}]})
    assert db.call("Scan", TableName=table)["Count"] == 0


@pytest.mark.parametrize("kind,value", [("S", ""), ("B", b"")])
def test_empty_index_keys(db, make_table, kind, value):
    table = make_table(range=("sk", "S"), attributes={"g": kind, "l": kind}, gsis=[index("by-g", "g")],
                       lsis=[index("by-l", "pk", "l")])
    what = "string" if kind == "S" else "binary"
    for name, attribute in (("by-g", "g"), ("by-l", "l")):
        text = (f"One or more parameter values are not valid. A value specified for a secondary index key is not supported. "
                f"The AttributeValue for a key attribute cannot contain an empty {what} value. IndexName: {name}, "
                f"IndexKey: {attribute}")
        with invalid(text):
            db.call("PutItem", TableName=table, Item={"pk": s("a"), "sk": s("b"), attribute: {kind: value}})
        with invalid(matching="secondary index key"):
            db.call("UpdateItem", TableName=table, Key={"pk": s("a"), "sk": s("b")}, UpdateExpression=f"SET {attribute} = :v",
                    ExpressionAttributeValues={":v": {kind: value}})
    assert db.call("Scan", TableName=table)["Count"] == 0


def test_size_of_index_keys(db, make_table):
    table = make_table(attributes={"g": "S", "h": "S"}, gsis=[index("by-g", "g", "h")])
    db.call("PutItem", TableName=table, Item={"pk": s("a"), "g": s("x" * 2048), "h": s("y" * 1024)})
    assert db.call("Scan", TableName=table, IndexName="by-g")["Count"] == 1
    for item in ({"g": s("x" * 2049), "h": s("y")}, {"g": s("x"), "h": s("y" * 1025)}):
        with invalid(matching="(?i)size.*exceeded the maximum size limit|Aggregated size of all range keys"):
            db.call("PutItem", TableName=table, Item={"pk": s("a"), **item})


def test_binary_and_number_index_keys(db, make_table):
    table = make_table(attributes={"g": "N", "h": "B"}, gsis=[index("by-g", "g", "h")])
    fill(db, table, [{"pk": s(str(i)), "g": n("1.0"), "h": b(bytes([255 - i]))} for i in range(20)])
    items = query(db, table, "by-g", "g = :g AND h > :h", {":g": n(1), ":h": b(b"\xf9")})["Items"]
    assert [i["pk"]["S"] for i in items] == ["5", "4", "3", "2", "1", "0"]


def test_start_keys_of_an_index(db, table):
    with invalid(matching="The provided starting key is invalid|Exclusive Start Key must have same size"):
        query(db, table, "g-all", "g = :v", {":v": s("g")}, ExclusiveStartKey={"pk": s("p"), "sk": s("s1")})
    start = {"pk": s("p"), "sk": s("s4"), "g": s("g"), "h": n(5)}
    items = query(db, table, "g-all", "g = :v", {":v": s("g")}, ExclusiveStartKey=start)["Items"]
    assert [i["h"]["N"] for i in items] == ["6", "7", "8", "9"]


def test_missing_key_condition_of_an_index(db, table):
    with invalid(matching="Query condition missed key schema element: g"):
        query(db, table, "g-all", "pk = :v", {":v": s("p")})


def test_filter_on_index_keys(db, table):
    with invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: h"):
        query(db, table, "g-all", "g = :v", {":v": s("g"), ":h": n(1)}, FilterExpression="h = :h")
    items = query(db, table, "g-all", "g = :v", {":v": s("g"), ":s": s("s3")}, FilterExpression="sk = :s")["Items"]
    assert [i["sk"]["S"] for i in items] == ["s3"]


def test_unprojected_attributes_of_a_scan(db, table):
    with pytest.raises(ApiError) as caught:
        db.call("Scan", TableName=table, IndexName="g-keys", ProjectionExpression="y")
    assert "does not project" in caught.value.message
