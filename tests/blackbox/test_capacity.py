"""Consumed capacity and item collection metrics, by the arithmetic of the notes, section 4, "Capacity"."""

import pytest
from support.expect import fails, invalid
from support.tables import fill, index, n, s
from test_put_get import same


def table_of(answer):
    capacity = answer["ConsumedCapacity"]
    return capacity[0] if isinstance(capacity, list) else capacity


def units(answer):
    return table_of(answer)["CapacityUnits"]


def put(db, table, size, key="a", **more):
    """An item of exactly `size` bytes: pk (2 + key) and x (1 + value)."""
    value = "x" * (size - 2 - len(key) - 1)
    return db.call("PutItem", TableName=table, Item={"pk": s(key), "x": s(value)}, ReturnConsumedCapacity="TOTAL", **more)


@pytest.mark.parametrize("size,writes,reads", [
    (10, 1, 1), (1024, 1, 1), (1025, 2, 1), (2048, 2, 1), (4096, 4, 1), (4097, 5, 2), (8192, 8, 2), (8193, 9, 3),
    (100_000, 98, 25), (409_600, 400, 100),
])
def test_steps(db, make_table, size, writes, reads):
    table = make_table()
    answer = put(db, table, size)
    assert table_of(answer) == {"TableName": table, "CapacityUnits": writes}
    key = {"pk": s("a")}
    for consistent, factor in ((True, 1), (False, 0.5)):
        answer = db.call("GetItem", TableName=table, Key=key, ConsistentRead=consistent, ReturnConsumedCapacity="TOTAL")
        assert table_of(answer) == {"TableName": table, "CapacityUnits": reads * factor}
    answer = db.call("GetItem", TableName=table, Key=key, ProjectionExpression="pk", ReturnConsumedCapacity="TOTAL")
    assert units(answer) == reads * 0.5
    answer = db.call("DeleteItem", TableName=table, Key=key, ReturnConsumedCapacity="TOTAL")
    assert units(answer) == writes


def test_the_larger_image_counts(db, make_table):
    table = make_table()
    put(db, table, 5000)
    assert units(put(db, table, 100)) == 5
    assert units(put(db, table, 3000)) == 3
    answer = db.call("UpdateItem", TableName=table, Key={"pk": s("a")}, UpdateExpression="SET x = :x",
                     ExpressionAttributeValues={":x": s("y")}, ReturnConsumedCapacity="TOTAL")
    assert units(answer) == 3


def test_absent_items_cost_the_minimum(db, make_table):
    table = make_table()
    key = {"pk": s("absent")}
    assert units(db.call("GetItem", TableName=table, Key=key, ReturnConsumedCapacity="TOTAL")) == 0.5
    assert units(db.call("DeleteItem", TableName=table, Key=key, ReturnConsumedCapacity="TOTAL")) == 1
    assert units(db.call("Scan", TableName=table, ReturnConsumedCapacity="TOTAL")) == 0.5
    answer = db.call("Query", TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": s("a")},
                     ReturnConsumedCapacity="TOTAL", ConsistentRead=True)
    assert units(answer) == 1


def test_none_is_the_default(db, hash_table):
    assert "ConsumedCapacity" not in db.call("GetItem", TableName=hash_table, Key={"pk": s("a")})
    assert "ConsumedCapacity" not in db.call("GetItem", TableName=hash_table, Key={"pk": s("a")},
                                             ReturnConsumedCapacity="NONE")


def test_queries_and_scans_round_once(db, make_table):
    table = make_table(range=("sk", "N"))
    # 2 + 1, 2 + 2 and 1 + 1992 bytes: 2,000 each from sk 10 on.
    fill(db, table, [{"pk": s("p"), "sk": n(i), "x": s("x" * 1992)} for i in range(10, 20)])
    query = dict(TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": s("p")},
                 ReturnConsumedCapacity="TOTAL")
    assert units(db.call("Query", **query)) == 2.5
    assert units(db.call("Query", ConsistentRead=True, **query)) == 5
    assert units(db.call("Query", Limit=1, **query)) == 0.5
    assert units(db.call("Query", ProjectionExpression="sk", **query)) == 2.5
    assert units(db.call("Query", FilterExpression="attribute_not_exists(x)", **query)) == 2.5
    assert units(db.call("Query", Select="COUNT", **query)) == 2.5
    assert units(db.call("Scan", TableName=table, ReturnConsumedCapacity="TOTAL")) == 2.5
    assert units(db.call("Scan", TableName=table, ConsistentRead=True, ReturnConsumedCapacity="TOTAL")) == 5


@pytest.fixture(scope="module")
def indexed(module_table):
    return module_table(range=("sk", "S"), attributes={"g": "S", "l": "S"},
                        gsis=[index("g-all", "g"), index("g-keys", "g", projection="KEYS_ONLY")],
                        lsis=[index("l-all", "pk", "l")])


def indexes(answer):
    capacity = table_of(answer)
    found = {"table": capacity["Table"]["CapacityUnits"]}
    for arm in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        found.update({name: one["CapacityUnits"] for name, one in capacity.get(arm, {}).items()})
    assert capacity["CapacityUnits"] == sum(found.values())
    return found


def test_index_arms_of_writes(db, indexed):
    key = {"pk": s("arms"), "sk": s("a")}
    more = dict(TableName=indexed, ReturnConsumedCapacity="INDEXES")

    def update(expression, **values):
        names = {f":{k}": v for k, v in values.items()}
        return indexes(db.call("UpdateItem", Key=key, UpdateExpression=expression, **more,
                               **({"ExpressionAttributeValues": names} if names else {})))

    assert indexes(db.call("PutItem", Item=key, **more)) == {"table": 1}
    assert update("SET g = :g", g=s("1")) == {"table": 1, "g-all": 1, "g-keys": 1}
    assert update("SET g = :g", g=s("2")) == {"table": 1, "g-all": 2, "g-keys": 2}
    assert update("SET x = :x", x=s("1")) == {"table": 1, "g-all": 1}
    assert update("SET x = :x", x=s("1")) == {"table": 1}
    assert update("SET l = :l", l=s("1")) == {"table": 1, "g-all": 1, "l-all": 1}
    assert update("REMOVE l") == {"table": 1, "g-all": 1, "l-all": 1}
    assert update("REMOVE g") == {"table": 1, "g-all": 1, "g-keys": 1}
    assert indexes(db.call("PutItem", Item={**key, "g": s("1"), "l": s("1"), "x": s("x" * 3000)}, **more)) == {
        "table": 3, "g-all": 3, "g-keys": 1, "l-all": 3}
    assert indexes(db.call("DeleteItem", Key=key, **more)) == {"table": 3, "g-all": 3, "g-keys": 1, "l-all": 3}
    total = db.call("PutItem", TableName=indexed, Item={**key, "g": s("1")}, ReturnConsumedCapacity="TOTAL")
    assert table_of(total) == {"TableName": indexed, "CapacityUnits": 3}


def test_index_arms_of_reads(db, indexed):
    fill(db, indexed, [{"pk": s("reads"), "sk": s(str(i)), "g": s("reads"), "l": s(str(i)), "x": s("x" * 1000)}
                       for i in range(10)])

    def query(name, key, **more):
        return db.call("Query", TableName=indexed, IndexName=name, KeyConditionExpression=f"{key} = :v",
                       ExpressionAttributeValues={":v": s("reads")}, **more)

    assert indexes(query("g-all", "g", ReturnConsumedCapacity="INDEXES")) == {"table": 0, "g-all": 1.5}
    assert indexes(query("g-keys", "g", ReturnConsumedCapacity="INDEXES")) == {"table": 0, "g-keys": 0.5}
    assert indexes(query("l-all", "pk", ReturnConsumedCapacity="INDEXES", ConsistentRead=True)) == {
        "table": 0, "l-all": 3}
    assert table_of(query("g-all", "g", ReturnConsumedCapacity="TOTAL")) == {"TableName": indexed, "CapacityUnits": 1.5}
    answer = db.call("GetItem", TableName=indexed, Key={"pk": s("reads"), "sk": s("1")}, ReturnConsumedCapacity="INDEXES")
    assert indexes(answer) == {"table": 0.5}


def test_local_index_charges_what_it_fetches(db, make_table):
    table = make_table(range=("sk", "S"), attributes={"l": "S"}, lsis=[index("keys", "pk", "l", projection="KEYS_ONLY")])
    fill(db, table, [{"pk": s("p"), "sk": s(str(i)), "l": s(str(i)), "x": s("x" * 1000)} for i in range(4)])
    answer = db.call("Query", TableName=table, IndexName="keys", KeyConditionExpression="pk = :v", Select="ALL_ATTRIBUTES",
                     ExpressionAttributeValues={":v": s("p")}, ReturnConsumedCapacity="INDEXES")
    assert indexes(answer) == {"table": 2, "keys": 0.5}


def test_failed_conditions_cost_a_write(db, make_table):
    table = make_table()
    with fails("ConditionalCheckFailedException"):
        put(db, table, 100, ConditionExpression="attribute_exists(pk)")


def test_batches(db, make_table):
    first, second = make_table(), make_table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    answer = db.call("BatchWriteItem", ReturnConsumedCapacity="INDEXES", RequestItems={
        first: [{"PutRequest": {"Item": {"pk": s(str(i)), "x": s("x" * 1500)}}} for i in range(3)],
        second: [{"PutRequest": {"Item": {"pk": s("a"), "g": s("g")}}}, {"DeleteRequest": {"Key": {"pk": s("z")}}}]})
    found = {c["TableName"]: c for c in answer["ConsumedCapacity"]}
    assert found[first]["CapacityUnits"] == 6 and found[first]["Table"]["CapacityUnits"] == 6
    assert found[second]["CapacityUnits"] == 3
    assert found[second]["GlobalSecondaryIndexes"]["by-g"]["CapacityUnits"] == 1
    answer = db.call("BatchGetItem", ReturnConsumedCapacity="TOTAL", RequestItems={
        first: {"Keys": [{"pk": s(str(i))} for i in range(4)]},
        second: {"Keys": [{"pk": s("a")}], "ConsistentRead": True}})
    found = {c["TableName"]: c["CapacityUnits"] for c in answer["ConsumedCapacity"]}
    assert found == {first: 2.0, second: 1.0}


def test_item_collection_metrics(db, make_table):
    plain = make_table()
    answer = db.call("PutItem", TableName=plain, Item={"pk": s("a")}, ReturnItemCollectionMetrics="SIZE")
    assert answer == {}
    table = make_table(range=("sk", "S"), attributes={"l": "S"}, lsis=[index("by-l", "pk", "l")])
    item = {"pk": s("a"), "sk": s("b"), "l": s("c")}
    for operation, members in (("PutItem", {"Item": item}), ("UpdateItem", {"Key": {"pk": s("a"), "sk": s("b")}}),
                               ("DeleteItem", {"Key": {"pk": s("a"), "sk": s("b")}})):
        metrics = db.call(operation, TableName=table, ReturnItemCollectionMetrics="SIZE", **members)[
            "ItemCollectionMetrics"]
        assert metrics["ItemCollectionKey"] == {"pk": s("a")}
        low, high = metrics["SizeEstimateRangeGB"]
        assert 0 <= low <= high <= 1
        assert "ItemCollectionMetrics" not in db.call(operation, TableName=table, **members)
    answer = db.call("BatchWriteItem", RequestItems={table: [{"PutRequest": {"Item": item}}]},
                     ReturnItemCollectionMetrics="SIZE")
    assert same(answer["ItemCollectionMetrics"][table][0]["ItemCollectionKey"], {"pk": s("a")})


def test_unknown_value(db, hash_table):
    with invalid(matching=r"Member must satisfy enum value set: \["):
        db.call("Scan", TableName=hash_table, ReturnConsumedCapacity="ALL")
