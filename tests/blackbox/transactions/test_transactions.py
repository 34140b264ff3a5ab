"""TransactWriteItems and TransactGetItems: all or nothing, what they do, cost and tell a stream."""

from support.expect import constraint, fails, invalid
from support.streams import Streams, stream_table
from support.tables import l, n, s
from support.transactions import (CONDITION, NONE, TOO_LARGE, check, delete, get, item_of, key, put, read, refused,
                                  update, write)


def test_all_four_actions_over_two_tables(db, table, hash_table, pk):
    db.call("PutItem", TableName=table, Item={**key(pk, 2), "n": n(5)})
    db.call("PutItem", TableName=table, Item=key(pk, 3))
    answer = write(db, put(table, {**key(pk), "g": s("x")}), update(table, key(pk, 2), "ADD n :one", {":one": n(1)}),
                   delete(table, key(pk, 3)), check(table, key(pk, 4), "attribute_not_exists(pk)"),
                   put(hash_table, {"pk": pk, "x": n(1)}))
    assert answer == {}
    assert read(db, get(table, key(pk)), get(table, key(pk, 2)), get(table, key(pk, 3)), get(hash_table, {"pk": pk})) == {
        "Responses": [{"Item": {**key(pk), "g": s("x")}}, {"Item": {**key(pk, 2), "n": n(6)}}, {},
                      {"Item": {"pk": pk, "x": n(1)}}]}


def test_nothing_of_it_if_one_condition_fails(db, table, hash_table, pk):
    old = {**key(pk), "n": n(1), "g": s("before")}
    db.call("PutItem", TableName=table, Item=old)
    reasons = refused(
        write, db, put(table, {**key(pk), "g": s("after")}), put(table, key(pk, 2), ConditionExpression="attribute_exists(pk)"),
        check(hash_table, {"pk": pk}, "attribute_exists(pk)"), delete(table, key(pk, 3)),
        update(table, key(pk, 4), "SET x = :v", {":v": n(1)}, ConditionExpression="attribute_exists(pk)"))
    failed = ("ConditionalCheckFailed", CONDITION)
    assert reasons == [NONE, failed, failed, NONE, failed]
    assert item_of(db, table, key(pk)) == old
    assert item_of(db, table, key(pk, 2)) is None
    query = db.call("Query", TableName=table, IndexName="by-g", KeyConditionExpression="g = :g",
                    ExpressionAttributeValues={":g": s("after")})
    assert query["Count"] == 0


def test_the_item_that_a_condition_met(db, table, pk):
    old = {**key(pk), "n": n(1)}
    db.call("PutItem", TableName=table, Item=old)
    wanted = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    unless = {"ConditionExpression": "attribute_not_exists(pk)"}
    failed = ("ConditionalCheckFailed", CONDITION)
    for action in (put(table, key(pk), **unless, **wanted), delete(table, key(pk), **unless, **wanted),
                   update(table, key(pk), "SET n = :v", {":v": n(2)}, **unless, **wanted),
                   check(table, key(pk), "attribute_not_exists(pk)", **wanted)):
        assert refused(write, db, delete(table, key(pk, 2)), action) == [NONE, (*failed, old)]
    assert refused(write, db, put(table, key(pk), **unless)) == [failed]
    assert refused(write, db, check(table, key(pk, 9), "attribute_exists(pk)", **wanted)) == [failed], "there is no item"


def test_conditions_see_the_state_before(db, table, pk):
    write(db, put(table, {**key(pk), "n": n(1)}), put(table, {**key(pk, 2), "n": n(2)}))
    write(db, update(table, key(pk), "SET n = :v", {":v": n(9), ":one": n(1)}, ConditionExpression="n = :one"),
          update(table, key(pk, 2), "SET n = n + n", ConditionExpression="attribute_exists(n)"))
    assert item_of(db, table, key(pk, 2))["n"] == n(4)


def test_only_checks(db, table, pk):
    assert write(db, check(table, key(pk), "attribute_not_exists(pk)")) == {}
    assert refused(write, db, check(table, key(pk), "attribute_exists(pk)")) == [("ConditionalCheckFailed", CONDITION)]


def test_indexes_follow(db, table, pk):
    write(db, *[put(table, {**key(pk, i), "g": pk, "l": s(str(i))}) for i in range(10)])
    write(db, *[update(table, key(pk, i), "REMOVE g") for i in range(0, 10, 2)], *[delete(table, key(pk, i)) for i in (1, 3)])
    by_g = db.call("Query", TableName=table, IndexName="by-g", KeyConditionExpression="g = :g",
                   ExpressionAttributeValues={":g": pk})
    assert sorted(i["sk"]["N"] for i in by_g["Items"]) == ["5", "7", "9"]
    by_l = db.call("Query", TableName=table, IndexName="by-l", KeyConditionExpression="pk = :p",
                   ExpressionAttributeValues={":p": pk})
    assert [i["sk"]["N"] for i in by_l["Items"]] == ["0", "2", "4", "5", "6", "7", "8", "9"]


def test_hundred_and_no_more(db, table, pk):
    items = [put(table, key(pk, i)) for i in range(101)]
    with constraint("TransactItems", "Member must have length less than or equal to 100"):
        write(db, *items)
    assert write(db, *items[:100]) == {}
    gets = [get(table, key(pk, i)) for i in range(101)]
    with constraint("TransactItems", "Member must have length less than or equal to 100"):
        read(db, *gets)
    assert [r["Item"]["sk"]["N"] for r in read(db, *gets[:100])["Responses"]] == [str(i) for i in range(100)]


def test_sizes(db, table, pk):
    big = s("x" * 410_000)
    with invalid("Item size has exceeded the maximum allowed size"):
        write(db, put(table, {**key(pk), "b": big}))
    assert refused(write, db, update(table, key(pk), "SET b = :b", {":b": big})) == [
        ("ValidationError", "Item size to update has exceeded the maximum allowed size")]
    large = [{**key(pk, i), "b": s("x" * 400_000)} for i in range(11)]
    with invalid(TOO_LARGE):
        write(db, *[put(table, item) for item in large])
    assert write(db, *[put(table, item) for item in large[:10]]) == {}
    assert len(read(db, *[get(table, key(pk, i)) for i in range(10)])["Responses"]) == 10
    db.call("PutItem", TableName=table, Item=large[10])
    with invalid(TOO_LARGE):
        read(db, *[get(table, key(pk, i)) for i in range(11)])
    with invalid(TOO_LARGE):
        write(db, *[update(table, key(pk, i), "SET c = :c", {":c": n(1)}) for i in range(11)])
    assert write(db, *[delete(table, key(pk, i)) for i in range(11)]) == {}, "what goes does not count"


def test_an_update_is_measured_by_its_result(db, table, pk):
    # 409,600 bytes in all: pk and its value, sk and its value, the name b.
    room = 409_600 - (2 + len(pk["S"])) - (2 + 2) - 1
    assert write(db, update(table, key(pk), "SET b = :b", {":b": s("x" * room)})) == {}
    assert refused(write, db, update(table, key(pk, 2), "SET b = :b", {":b": s("x" * (room + 1))})) == [
        ("ValidationError", "Item size to update has exceeded the maximum allowed size")]


def test_projections(db, table, pk):
    db.call("PutItem", TableName=table, Item={**key(pk), "a": l(n(1), n(2)), "b": n(3)})
    answer = read(db, get(table, key(pk), ProjectionExpression="#a[1], b", ExpressionAttributeNames={"#a": "a"}),
                  get(table, key(pk, 2), ProjectionExpression="b"))
    assert answer == {"Responses": [{"Item": {"a": l(n(2)), "b": n(3)}}, {}]}
    db.call("PutItem", TableName=table, Item=key(pk, 3))
    assert db.raw.send("TransactGetItems", {"TransactItems": [get(table, key(pk, 3), ProjectionExpression="zzz")]}) == {
        "Responses": [{"Item": {}}]}


def test_capacity_of_writes_is_double_on_the_table(db, table, pk):
    item = {**key(pk), "g": s("x"), "l": s("y"), "pad": s("x" * 1500)}
    (capacity,) = write(db, put(table, item), ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert capacity == {
        "TableName": table, "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0, "Table": {"CapacityUnits": 4.0, "WriteCapacityUnits": 4.0},
        "GlobalSecondaryIndexes": {"by-g": {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}},
        "LocalSecondaryIndexes": {"by-l": {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}}}
    (capacity,) = write(db, update(table, key(pk), "REMOVE g, l"), ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert capacity["Table"]["CapacityUnits"] == 4.0 and capacity["CapacityUnits"] == 8.0
    (capacity,) = write(db, put(table, {**item, "g": s("x")}), check(table, key(pk, 9), "attribute_not_exists(pk)"),
                        delete(table, key(pk, 8)), ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    assert capacity == {"TableName": table, "CapacityUnits": 12.0, "WriteCapacityUnits": 12.0}


def test_capacity_of_reads_is_double(db, table, hash_table, pk):
    db.call("PutItem", TableName=table, Item={**key(pk), "pad": s("x" * 5000)})
    answer = read(db, get(table, key(pk)), get(table, key(pk, 2)), get(hash_table, {"pk": pk}), ReturnConsumedCapacity="INDEXES")
    assert answer["ConsumedCapacity"] == [
        {"TableName": table, "CapacityUnits": 6.0, "ReadCapacityUnits": 6.0, "Table": {"CapacityUnits": 6.0, "ReadCapacityUnits": 6.0}},
        {"TableName": hash_table, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0,
         "Table": {"CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}}]


def test_cancelled_ones_tell_no_capacity(db, table, pk):
    with fails("TransactionCanceledException") as caught:
        write(db, check(table, key(pk), "attribute_exists(pk)"), ReturnConsumedCapacity="TOTAL")
    assert "ConsumedCapacity" not in caught.error.body


def test_item_collection_metrics(db, table, hash_table, pk):
    answer = write(db, put(table, key(pk)), delete(table, key(pk, 2)), put(hash_table, {"pk": pk}),
                   check(table, {"pk": s("other"), "sk": n(1)}, "attribute_not_exists(pk)"), ReturnItemCollectionMetrics="SIZE")
    assert answer == {"ItemCollectionMetrics": {table: [{"ItemCollectionKey": {"pk": pk}, "SizeEstimateRangeGB": [0.0, 1.0]}]}}


def test_a_transaction_stands_together_in_the_stream(endpoint, db, make_table):
    name, arn = stream_table(db)
    make_table.own(name)
    write(db, *[put(name, {"pk": s(str(i)), "v": n(i)}) for i in range(8)])
    refused(write, db, put(name, {"pk": s("9")}), check(name, {"pk": s("absent")}, "attribute_exists(pk)"))
    write(db, delete(name, {"pk": s("3")}), update(name, {"pk": s("4")}, "SET v = :v", {":v": n(4)}),
          update(name, {"pk": s("5")}, "SET v = :v", {":v": n(50)}), check(name, {"pk": s("6")}, "attribute_exists(pk)"))
    records = Streams(endpoint).drain_all(arn)
    assert [(r["eventName"], r["dynamodb"]["Keys"]["pk"]["S"]) for r in records] == [
        *[("INSERT", str(i)) for i in range(8)], ("REMOVE", "3"), ("MODIFY", "5")], "what changes nothing is not told"
    times = [r["dynamodb"]["ApproximateCreationDateTime"] for r in records]
    assert len(set(times[:8])) == 1 and len(set(times[8:])) == 1
