"""DynamoDB Streams: tables that have one, and its records."""

import re
import threading
import time

import pytest
from support.client import Db
from support.expect import fails, invalid
from support.streams import names, stream_table
from support.tables import b, definitions, key_schema, l, m, n, ns, s, ss, table_request, unique_name, wait_active, wait_gone

VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")


# --- Tables and their streams ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_create_table_with_a_stream(db, streams, make_stream, view):
    name, arn = make_stream(view, range=("sk", "N"))
    table = db.call("DescribeTable", TableName=name)["Table"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": view}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", table["LatestStreamLabel"])
    assert table["LatestStreamArn"] == arn == f"{table['TableArn']}/stream/{table['LatestStreamLabel']}"
    described = streams.describe(arn)
    assert abs(described.pop("CreationRequestDateTime") - time.time()) < 60
    (shard,) = described.pop("Shards")
    assert described == {"StreamArn": arn, "StreamLabel": table["LatestStreamLabel"], "StreamStatus": "ENABLED",
                         "StreamViewType": view, "TableName": name, "KeySchema": table["KeySchema"]}
    assert re.fullmatch(r"shardId-\d{20}-[0-9a-f]{8}", shard["ShardId"])
    assert "ParentShardId" not in shard
    assert re.fullmatch(r"\d{21,40}", shard["SequenceNumberRange"]["StartingSequenceNumber"])
    assert "EndingSequenceNumber" not in shard["SequenceNumberRange"]


def test_a_table_without_a_stream_has_none(db, streams, make_table):
    name = make_table()
    assert "LatestStreamArn" not in db.call("DescribeTable", TableName=name)["Table"]
    assert streams.raw("ListStreams", TableName=name) == {"Streams": []}


def test_enable_disable_enable(db, streams, make_table):
    name = make_table()
    db.call("PutItem", TableName=name, Item={"pk": s("before")})
    on = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    first = db.call("UpdateTable", TableName=name, StreamSpecification=on)["TableDescription"]["LatestStreamArn"]
    db.call("PutItem", TableName=name, Item={"pk": s("during")})
    wait_active(db, name)
    with invalid(f"One or more parameter values were invalid: Table already has an enabled stream: TableName: {name}"):
        db.call("UpdateTable", TableName=name, StreamSpecification=on)
    db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": False})
    wait_active(db, name)
    with invalid(f"One or more parameter values were invalid: Table does not have an enabled stream: TableName: {name}"):
        db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": False})
    db.call("PutItem", TableName=name, Item={"pk": s("between")})
    second = db.call("UpdateTable", TableName=name, StreamSpecification=on)["TableDescription"]["LatestStreamArn"]
    db.call("PutItem", TableName=name, Item={"pk": s("after")})
    assert first != second
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in streams.drain_all(first)] == ["during"]
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in streams.drain_all(second)] == ["after"]
    assert streams.describe(first)["StreamStatus"] in ("DISABLING", "DISABLED")
    assert streams.describe(second)["StreamStatus"] in ("ENABLING", "ENABLED")
    listed = streams.raw("ListStreams", TableName=name)["Streams"]
    assert {stream["StreamArn"] for stream in listed} == {first, second}


def test_a_disabled_stream_ends(db, streams, make_stream):
    name, arn = make_stream()
    db.call("PutItem", TableName=name, Item={"pk": s("a")})
    db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": False})
    deadline = time.monotonic() + 30
    while "EndingSequenceNumber" not in streams.shards(arn)[0]["SequenceNumberRange"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (shard,) = streams.shards(arn)
    records, following = streams.read(streams.iterator(arn, shard["ShardId"]))
    assert names(records) == ["INSERT"] and following is None
    assert records[0]["dynamodb"]["SequenceNumber"] == shard["SequenceNumberRange"]["EndingSequenceNumber"]
    assert streams.describe(arn)["StreamStatus"] == "DISABLED"


def test_a_deleted_tables_stream_stays_and_the_next_table_has_its_own(db, streams, make_stream, make_table):
    name, first = make_stream()
    db.call("PutItem", TableName=name, Item={"pk": s("old")})
    db.call("DeleteTable", TableName=name)
    wait_gone(db, name)
    assert streams.describe(first)["StreamStatus"] in ("DISABLING", "DISABLED")
    assert names(streams.drain_all(first)) == ["INSERT"]
    _, second = stream_table(db, name=name)
    wait_active(db, name)
    assert second != first
    assert streams.drain_all(second) == []
    assert names(streams.drain_all(first)) == ["INSERT"]


def test_labels_differ_within_a_millisecond(db, streams, make_table):
    name = make_table()
    arns = set()
    for _ in range(10):
        on = db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
        arns.add(on["TableDescription"]["LatestStreamArn"])
        wait_active(db, name)
        db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": False})
        wait_active(db, name)
    assert len(arns) == 10


@pytest.mark.parametrize("specification,text", [
    ({"StreamEnabled": True}, "One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true"),
    ({"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"},
     "One or more parameter values were invalid: Table is being created with a stream disabled, UpdateViewType should not be specified"),
])
def test_bad_specifications(db, specification, text):
    with invalid(text):
        db.call("CreateTable", **table_request(StreamSpecification=specification))


# --- Records ---------------------------------------------------------------------------------------------------------


def test_what_happened_not_what_was_called(db, streams, make_stream):
    name, arn = make_stream()
    key = {"pk": s("a")}
    update = {"TableName": name, "Key": key, "UpdateExpression": "SET v = :v"}
    db.call("UpdateItem", **update, ExpressionAttributeValues={":v": n(1)})
    db.call("PutItem", TableName=name, Item={**key, "v": n(2)})
    db.call("UpdateItem", **update, ExpressionAttributeValues={":v": n(3)})
    db.call("DeleteItem", TableName=name, Key=key)
    db.call("BatchWriteItem", RequestItems={name: [{"PutRequest": {"Item": {"pk": s("b")}}}]})
    db.call("BatchWriteItem", RequestItems={name: [{"DeleteRequest": {"Key": {"pk": s("b")}}}]})
    records = streams.drain_all(arn)
    assert names(records) == ["INSERT", "MODIFY", "MODIFY", "REMOVE", "INSERT", "REMOVE"]
    images = [(r["dynamodb"].get("OldImage", {}).get("v"), r["dynamodb"].get("NewImage", {}).get("v")) for r in records[:4]]
    assert images == [(None, n(1)), (n(1), n(2)), (n(2), n(3)), (n(3), None)]


def test_a_write_that_changes_nothing_has_no_record(db, streams, make_stream):
    name, arn = make_stream()
    item = {"pk": s("a"), "m": m(x=n(1), y=l(s("1"), s("2"))), "set": ns(1, 2)}
    db.call("PutItem", TableName=name, Item=item)
    db.call("PutItem", TableName=name, Item={"set": ns("2.0", "1"), "m": m(y=l(s("1"), s("2")), x=n("1.00")), "pk": s("a")})
    db.call("UpdateItem", TableName=name, Key={"pk": s("a")}, UpdateExpression="REMOVE nothing")
    db.call("UpdateItem", TableName=name, Key={"pk": s("a")}, UpdateExpression="SET m.x = :one", ExpressionAttributeValues={":one": n(1)})
    db.call("UpdateItem", TableName=name, Key={"pk": s("none")}, UpdateExpression="REMOVE nothing")
    db.call("DeleteItem", TableName=name, Key={"pk": s("none")})
    db.call("BatchWriteItem", RequestItems={name: [{"PutRequest": {"Item": item}}]})
    with fails("ConditionalCheckFailedException"):
        db.call("PutItem", TableName=name, Item={"pk": s("a")}, ConditionExpression="attribute_not_exists(pk)")
    assert names(streams.drain_all(arn)) == ["INSERT"]


@pytest.mark.parametrize("view", VIEWS)
def test_view_types(db, streams, make_stream, view):
    name, arn = make_stream(view, range=("sk", "N"))
    key = {"pk": s("k"), "sk": n(5)}
    db.call("PutItem", TableName=name, Item={**key, "v": s("1")})
    db.call("PutItem", TableName=name, Item={**key, "v": s("2")})
    db.call("DeleteItem", TableName=name, Key=key)
    contents = [record["dynamodb"] for record in streams.drain_all(arn)]
    old = [None, {**key, "v": s("1")}, {**key, "v": s("2")}]
    new = [{**key, "v": s("1")}, {**key, "v": s("2")}, None]
    has_old, has_new = view in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES"), view in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES")
    assert [c["Keys"] for c in contents] == [key] * 3
    assert [c.get("OldImage") for c in contents] == (old if has_old else [None] * 3)
    assert [c.get("NewImage") for c in contents] == (new if has_new else [None] * 3)
    assert {c["StreamViewType"] for c in contents} == {view}
    keys_bytes, image_bytes = 2 + 1 + 2 + 2, 2 + 1 + 2 + 2 + 1 + 1
    expected = [keys_bytes + image_bytes * (has_old * bool(o) + has_new * bool(x)) for o, x in zip(old, new)]
    assert [c["SizeBytes"] for c in contents] == expected


def test_a_record_field_by_field(db, streams, make_stream):
    name, arn = make_stream("NEW_IMAGE")
    item = {"pk": s("hello world"), "b": b(b"\x00\xff"), "bs": {"BS": [b"1", b"2"]}, "ss": ss("x", "y"), "n": n("-1.5"),
            "null": {"NULL": True}, "bool": {"BOOL": False}, "l": l(s("é"), n(1)), "m": m(a=l())}
    before = int(time.time())
    db.call("PutItem", TableName=name, Item=item)
    (record,) = streams.drain_all(arn)
    contents = record["dynamodb"]
    assert before <= contents.pop("ApproximateCreationDateTime") <= time.time() + 1
    assert re.fullmatch(r"\d{21,40}", contents.pop("SequenceNumber"))
    assert re.fullmatch(r"[0-9a-f]{32}", record.pop("eventID"))
    assert record == {"eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
                      "dynamodb": {"Keys": {"pk": s("hello world")}, "NewImage": item, "StreamViewType": "NEW_IMAGE",
                                   "SizeBytes": contents["SizeBytes"]}}


# The note's formula, against what was recorded on AWS.
def test_size_bytes(db, streams, make_table):
    name = unique_name("size")
    make_table.own(name)
    created = db.call("CreateTable", TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=key_schema("my_partition_key"),
                      AttributeDefinitions=definitions({"my_partition_key": "S"}),
                      StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    wait_active(db, name)
    db.call("PutItem", TableName=name, Item={"my_partition_key": s("hello world"), "binary_key": b(b"foobar")})
    (record,) = streams.drain_all(created["TableDescription"]["LatestStreamArn"])
    assert record["dynamodb"]["SizeBytes"] == 70


def test_sequence_numbers_grow_and_event_ids_stay(db, streams, make_stream):
    name, arn = make_stream()
    for i in range(20):
        db.call("PutItem", TableName=name, Item={"pk": s("k"), "i": n(i)})
    first, again = streams.drain_all(arn), streams.drain_all(arn)
    assert first == again
    numbers = [int(r["dynamodb"]["SequenceNumber"]) for r in first]
    assert numbers == sorted(set(numbers)) and len(numbers) == 20
    assert [r["dynamodb"]["NewImage"]["i"]["N"] for r in first] == [str(i) for i in range(20)]
    assert len({r["eventID"] for r in first}) == 20


def test_order_of_each_key_under_concurrent_writers(endpoint, db, streams, make_stream):
    name, arn = make_stream()

    def count(worker):
        own = Db(endpoint)
        for _ in range(60):
            own.call("UpdateItem", TableName=name, Key={"pk": s(str(worker % 3))}, UpdateExpression="ADD c :one",
                     ExpressionAttributeValues={":one": n(1)})

    threads = [threading.Thread(target=count, args=(w,)) for w in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = {}
    for record in streams.drain_all(arn):
        seen.setdefault(record["dynamodb"]["Keys"]["pk"]["S"], []).append(int(record["dynamodb"]["NewImage"]["c"]["N"]))
    assert seen == {str(k): list(range(1, 121)) for k in range(3)}
