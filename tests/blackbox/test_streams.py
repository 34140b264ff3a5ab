"""DynamoDB Streams: StreamSpecification, ListStreams, DescribeStream, GetShardIterator, GetRecords."""

import json
import os
import re
import shutil
import subprocess
import threading
import time

import pytest
from support.client import Db
from support.expect import constraint, fails, invalid
from support.streams import NO_SUCH_SHARD, Streams, control, stream_table
from support.tables import (b, definitions, key_schema, l, m, n, ns, s, ss, table_request, unique_name, wait_active,
                            wait_gone)
from support.wire import Wire

VIEWS = ("KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES")


@pytest.fixture(scope="module")
def streams(endpoint):
    return Streams(endpoint)


@pytest.fixture()
def make_stream(db, make_table):
    """Creates a table with a stream; gives its name and the stream's ARN."""

    def make(view="NEW_AND_OLD_IMAGES", **options):
        name, arn = stream_table(db, view, **options)
        make_table.own(name)
        wait_active(db, name)
        return name, arn

    return make


def only_shard(streams, arn):
    (shard,) = streams.shards(arn)
    return shard["ShardId"]


def names(records):
    return [record["eventName"] for record in records]


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


# --- Reading ---------------------------------------------------------------------------------------------------------


def test_iterator_kinds(db, streams, make_stream):
    name, arn = make_stream()
    shard = only_shard(streams, arn)
    latest = streams.iterator(arn, shard, "LATEST")
    for i in range(5):
        db.call("PutItem", TableName=name, Item={"pk": s(str(i))})
    later = streams.iterator(arn, shard, "LATEST")
    numbers = [r["dynamodb"]["SequenceNumber"] for r in streams.drain(arn, shard)]
    assert len(streams.read(latest)[0]) == 5
    assert streams.read(later)[0] == []
    at, after = streams.drain(arn, shard, "AT_SEQUENCE_NUMBER", numbers[2]), streams.drain(arn, shard, "AFTER_SEQUENCE_NUMBER", numbers[2])
    assert [r["dynamodb"]["SequenceNumber"] for r in at] == numbers[2:]
    assert [r["dynamodb"]["SequenceNumber"] for r in after] == numbers[3:]
    start = streams.shards(arn)[0]["SequenceNumberRange"]["StartingSequenceNumber"]
    assert len(streams.drain(arn, shard, "AT_SEQUENCE_NUMBER", start)) == 5
    assert streams.drain(arn, shard, "AFTER_SEQUENCE_NUMBER", numbers[-1]) == []


def test_an_open_shard_goes_on(db, streams, make_stream):
    name, arn = make_stream()
    records, iterator = streams.read(streams.iterator(arn, only_shard(streams, arn)))
    assert records == [] and iterator
    db.call("PutItem", TableName=name, Item={"pk": s("a")})
    records, following = streams.read(iterator)
    assert names(records) == ["INSERT"] and following
    assert streams.read(following)[0] == []
    assert streams.read(iterator)[0] == records, "an iterator may be used again"


def test_limit_pages(db, streams, make_stream):
    name, arn = make_stream()
    for i in range(7):
        db.call("PutItem", TableName=name, Item={"pk": s(str(i))})
    iterator, sizes = streams.iterator(arn, only_shard(streams, arn)), []
    for _ in range(4):
        records, iterator = streams.read(iterator, Limit=2)
        sizes.append(len(records))
    assert sizes == [2, 2, 2, 1]


def test_a_page_has_a_thousand_records_or_a_megabyte(db, streams, make_stream):
    name, arn = make_stream("NEW_IMAGE")
    for batch in range(44):
        db.call("BatchWriteItem", RequestItems={name: [{"PutRequest": {"Item": {"pk": s(f"{batch}/{i}")}}} for i in range(25)]})
    iterator = streams.iterator(arn, only_shard(streams, arn))
    records, iterator = streams.read(iterator)
    assert len(records) == 1000
    records, iterator = streams.read(iterator)
    assert len(records) == 100
    for i in range(4):
        db.call("PutItem", TableName=name, Item={"pk": s(f"big {i}"), "v": s("x" * 390_000)})
    records, iterator = streams.read(iterator)
    assert len(records) == 2
    assert len(streams.read(iterator)[0]) == 2


def test_list_streams_in_pages(db, streams, make_stream):
    arns = {make_stream()[1] for _ in range(5)}
    found, more = [], {}
    while True:
        page = streams.raw("ListStreams", Limit=2, **more)
        assert len(page["Streams"]) <= 2
        found += page["Streams"]
        if "LastEvaluatedStreamArn" not in page:
            break
        more = {"ExclusiveStartStreamArn": page["LastEvaluatedStreamArn"]}
    assert len({f["StreamArn"] for f in found}) == len(found) and arns <= {f["StreamArn"] for f in found}
    for stream in found:
        assert stream["StreamArn"].endswith(f"table/{stream['TableName']}/stream/{stream['StreamLabel']}")


# --- Errors ----------------------------------------------------------------------------------------------------------


def test_unknown_and_malformed_streams(streams, make_stream):
    _, arn = make_stream()
    unknown = arn[:-4] + "x" * 4
    for call in ("DescribeStream", "GetShardIterator"):
        extra = {} if call == "DescribeStream" else {"ShardId": NO_SUCH_SHARD, "ShardIteratorType": "LATEST"}
        with fails("ResourceNotFoundException", f"Requested resource not found: Stream: {unknown} not found") as caught:
            streams.raw(call, StreamArn=unknown, **extra)
        assert caught.error.full_type == "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
        for malformed in ("x" * 40, arn.replace("/stream/", "/"), arn.replace("arn:aws:dynamodb", "arn:aws:kinesis0")):
            with invalid(matching="StreamArn"):
                streams.raw(call, StreamArn=malformed, **extra)
        with constraint("streamArn", "Member must have length greater than or equal to 37"):
            streams.raw(call, StreamArn="short", **extra)
    with fails("ResourceNotFoundException"):
        streams.raw("DescribeStream", StreamArn=arn.partition("/stream/")[0] + "/stream/2020-01-01T00:00:00.000")


def test_bad_iterator_requests(db, streams, make_stream):
    name, arn = make_stream()
    shard = only_shard(streams, arn)
    with fails("ResourceNotFoundException", matching="Shard"):
        streams.iterator(arn, NO_SUCH_SHARD)
    with constraint("shardId", "Member must have length greater than or equal to 28"):
        streams.iterator(arn, "shardId-1")
    with constraint("shardIteratorType", "Member must satisfy enum value set"):
        streams.iterator(arn, shard, "AT_TIMESTAMP")
    for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"):
        with invalid(matching="SequenceNumber"):
            streams.iterator(arn, shard, kind)
        for number in ("9" * 21, "1" + "0" * 20, "x" * 21, "9" * 40):
            with invalid(matching="SequenceNumber"):
                streams.iterator(arn, shard, kind, number)
        with constraint("sequenceNumber", "Member must have length greater than or equal to 21"):
            streams.iterator(arn, shard, kind, "1")
    with constraint("streamArn", "Member must not be null"):
        streams.raw("GetShardIterator", ShardId=shard, ShardIteratorType="LATEST")


def test_bad_get_records_requests(streams, make_stream):
    _, arn = make_stream()
    iterator = streams.iterator(arn, only_shard(streams, arn))
    for garbage in ("garbage", iterator[:-4], iterator + "AAAA", iterator.replace("|1|", "|2|"), "|1|", iterator.replace("stream-", "stream_")):
        with invalid(matching="Invalid ShardIterator"):
            streams.raw("GetRecords", ShardIterator=garbage)
    with constraint("limit", "Member must have value greater than or equal to 1"):
        streams.raw("GetRecords", ShardIterator=iterator, Limit=0)
    with constraint("limit", "Member must have value less than or equal to 1000"):
        streams.raw("GetRecords", ShardIterator=iterator, Limit=1001)
    with constraint("shardIterator", "Member must not be null"):
        streams.raw("GetRecords")


def test_operations_of_the_one_service_are_not_the_others(streams, raw):
    assert raw.post("ListStreams", {}).error().type == "UnknownOperationException"
    assert raw.post("ListTables", {}, target_prefix="DynamoDBStreams_20120810.").error().type == "UnknownOperationException"


@pytest.mark.skipif(shutil.which("aws") is None, reason="the aws command line is not installed")
def test_the_aws_command_line(endpoint, db, make_stream):
    name, arn = make_stream("KEYS_ONLY")
    db.call("PutItem", TableName=name, Item={"pk": s("a")})
    environment = dict(os.environ, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1",
                       AWS_PAGER="", AWS_CONFIG_FILE=os.devnull)

    def aws(*arguments):
        done = subprocess.run(["/usr/bin/aws", "dynamodbstreams", *arguments, "--endpoint-url", endpoint, "--output", "json"],
                              capture_output=True, text=True, timeout=60, env=environment, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    (stream,) = aws("list-streams", "--table-name", name)["Streams"]
    assert stream["StreamArn"] == arn
    (shard,) = aws("describe-stream", "--stream-arn", arn)["StreamDescription"]["Shards"]
    iterator = aws("get-shard-iterator", "--stream-arn", arn, "--shard-id", shard["ShardId"], "--shard-iterator-type", "TRIM_HORIZON")
    (record,) = aws("get-records", "--shard-iterator", iterator["ShardIterator"])["Records"]
    assert record["dynamodb"]["Keys"] == {"pk": s("a")}


def test_boto3_reads_records(endpoint, db, streams, make_stream):
    name, arn = make_stream()
    db.call("PutItem", TableName=name, Item={"pk": s("a"), "b": b(b"\x00\x01")})
    shard = streams.boto.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.boto.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    (record,) = streams.boto.get_records(ShardIterator=iterator, Limit=10)["Records"]
    assert record["dynamodb"]["NewImage"] == {"pk": s("a"), "b": b(b"\x00\x01")}
    assert abs(record["dynamodb"]["ApproximateCreationDateTime"].timestamp() - time.time()) < 60
    with pytest.raises(streams.boto.exceptions.ResourceNotFoundException):
        streams.boto.describe_stream(StreamArn=arn + "0")


# --- With the clock and the shards in hand ---------------------------------------------------------------------------


class Own:
    """A server of the test's own, with test controls."""

    def __init__(self, server):
        self.server = server
        self.db = Db(server.endpoint)
        self.streams = Streams(server.endpoint)

    def put(self, table, key, value):
        self.db.call("PutItem", TableName=table, Item={"pk": s(key), "v": n(value)})

    def control(self, name, **body):
        control(self.server.endpoint, name, **body)

    def advance(self, **step):
        seconds = step.get("hours", 0) * 3600 + step.get("minutes", 0) * 60 + step.get("seconds", 0)
        self.control("clock", advance_seconds=seconds)


@pytest.fixture(params=["memory", "disk"])
def own(serve, tmp_path, request):
    if request.param == "memory":
        return Own(serve("--in-memory", "--test-controls"))
    return Own(serve("--test-controls", "--durability", "relaxed", data=tmp_path / "data"))


@pytest.mark.stator
def test_shards_roll_over(own):
    name, arn = stream_table(own.db)
    for i in range(3):
        own.put(name, "k", i)
    (parent,) = own.streams.shards(arn)
    iterator = own.streams.iterator(arn, parent["ShardId"])
    own.control("roll-streams")
    own.put(name, "k", 3)
    closed, child = own.streams.shards(arn)
    assert closed["ShardId"] == parent["ShardId"] and child["ParentShardId"] == parent["ShardId"]
    records, following = own.streams.read(iterator, Limit=2)
    assert len(records) == 2 and following
    records, following = own.streams.read(following)
    assert len(records) == 1 and following is None
    assert closed["SequenceNumberRange"]["EndingSequenceNumber"] == records[0]["dynamodb"]["SequenceNumber"]
    assert int(child["SequenceNumberRange"]["StartingSequenceNumber"]) > int(closed["SequenceNumberRange"]["EndingSequenceNumber"])
    assert "EndingSequenceNumber" not in child["SequenceNumberRange"]
    assert [r["dynamodb"]["NewImage"]["v"]["N"] for r in own.streams.drain_all(arn)] == ["0", "1", "2", "3"]
    assert own.streams.drain(arn, parent["ShardId"], "LATEST") == []
    for _ in range(3):
        own.control("roll-streams")
    assert len(own.streams.shards(arn)) == 5
    filtered = own.streams.raw("DescribeStream", StreamArn=arn, ShardFilter={"Type": "CHILD_SHARDS", "ShardId": parent["ShardId"]})
    assert [shard["ShardId"] for shard in filtered["StreamDescription"]["Shards"]] == [child["ShardId"]]
    for broken in ({"Type": "CHILD_SHARDS"}, {"ShardId": parent["ShardId"]}):
        with invalid():
            own.streams.raw("DescribeStream", StreamArn=arn, ShardFilter=broken)


@pytest.mark.stator
def test_shards_roll_over_by_age(own):
    name, arn = stream_table(own.db)
    own.put(name, "k", 1)
    own.advance(hours=3)
    assert len(own.streams.shards(arn)) == 1
    own.advance(hours=1)
    own.put(name, "k", 2)
    assert len(own.streams.shards(arn)) == 2
    assert [r["dynamodb"]["NewImage"]["v"]["N"] for r in own.streams.drain_all(arn)] == ["1", "2"]


@pytest.mark.stator
def test_describe_stream_in_pages(own):
    _, arn = stream_table(own.db)
    for _ in range(6):
        own.control("roll-streams")
    seen, more = [], {}
    for expected in (3, 3, 1):
        page = own.streams.describe(arn, Limit=3, **more)
        assert len(page["Shards"]) == expected
        seen += [shard["ShardId"] for shard in page["Shards"]]
        more = {"ExclusiveStartShardId": seen[-1]}
        assert page.get("LastEvaluatedShardId") == (seen[-1] if expected == 3 else None)
    assert seen == sorted(set(seen))
    assert seen == [shard["ShardId"] for shard in own.streams.shards(arn)]


@pytest.mark.stator
def test_records_live_a_day(own):
    name, arn = stream_table(own.db)
    own.put(name, "k", 1)
    (shard,) = own.streams.shards(arn)
    (record,) = own.streams.drain(arn, shard["ShardId"])
    number = record["dynamodb"]["SequenceNumber"]
    own.advance(hours=3, minutes=30)
    own.put(name, "k", 2)
    own.advance(hours=20, minutes=25)  # of the first shard's records, the first is 23:55 old
    assert len(own.streams.drain_all(arn)) == 2
    trim_horizon = own.streams.iterator(arn, shard["ShardId"])
    exact = own.streams.iterator(arn, shard["ShardId"], "AT_SEQUENCE_NUMBER", number)
    own.advance(minutes=10)
    assert [r["dynamodb"]["NewImage"]["v"]["N"] for r in own.streams.drain_all(arn)] == ["2"]
    assert len(own.streams.read(trim_horizon)[0]) == 1
    with fails("TrimmedDataAccessException"):
        own.streams.read(exact)
    with fails("TrimmedDataAccessException"):
        own.streams.iterator(arn, shard["ShardId"], "AT_SEQUENCE_NUMBER", number)
    assert len(own.streams.drain(arn, shard["ShardId"], "AFTER_SEQUENCE_NUMBER", number)) == 1
    own.advance(hours=28)
    shards = own.streams.shards(arn)
    assert shard["ShardId"] not in {s_["ShardId"] for s_ in shards} and shards
    assert own.streams.drain_all(arn) == []
    with fails("ResourceNotFoundException"):
        own.streams.iterator(arn, shard["ShardId"])


@pytest.mark.stator
def test_an_iterator_of_a_shard_that_went(own):
    name, arn = stream_table(own.db)
    own.control("roll-streams")
    own.advance(hours=23, minutes=50)
    iterator = own.streams.iterator(arn, own.streams.shards(arn)[0]["ShardId"])
    own.advance(minutes=14)
    with fails("TrimmedDataAccessException"):
        own.streams.read(iterator)


@pytest.mark.stator
def test_iterators_live_a_quarter_of_an_hour(own):
    name, arn = stream_table(own.db)
    own.put(name, "k", 1)
    iterator = own.streams.iterator(arn, only_shard(own.streams, arn))
    own.advance(minutes=14)
    _, following = own.streams.read(iterator)
    own.advance(minutes=2)
    with fails("ExpiredIteratorException") as caught:
        own.streams.read(iterator)
    assert caught.error.full_type == "com.amazonaws.dynamodb.v20120810#ExpiredIteratorException"
    assert own.streams.read(following)[0] == []


@pytest.mark.stator
def test_a_disabled_stream_is_forgotten_after_a_day(own):
    name, arn = stream_table(own.db)
    own.put(name, "k", 1)
    own.db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": False})
    own.advance(hours=23)
    assert len(own.streams.drain_all(arn)) == 1
    own.advance(hours=2)
    with fails("ResourceNotFoundException"):
        own.streams.raw("DescribeStream", StreamArn=arn)
    assert own.streams.raw("ListStreams") == {"Streams": []}


@pytest.mark.stator
def test_reset_forgets_streams(own):
    name, arn = stream_table(own.db)
    own.put(name, "k", 1)
    other, gone = stream_table(own.db)
    own.db.call("DeleteTable", TableName=other)
    own.control("reset")
    assert own.streams.raw("ListStreams") == {"Streams": []}
    _, again = stream_table(own.db, name=name)
    own.put(name, "k", 2)
    assert [r["dynamodb"]["NewImage"]["v"]["N"] for r in own.streams.drain_all(again)] == ["2"]


@pytest.mark.stator
def test_streams_survive_a_kill(serve, tmp_path):
    own = Own(serve("--test-controls", data=tmp_path / "data"))
    name, arn = stream_table(own.db)
    own.put(name, "k", 1)
    own.control("roll-streams")
    own.put(name, "k", 2)
    shards, records = own.streams.shards(arn), own.streams.drain_all(arn)
    iterator = own.streams.iterator(arn, shards[0]["ShardId"])
    own.server.kill()
    again = Own(serve("--test-controls", data=tmp_path / "data"))
    assert again.streams.shards(arn) == shards
    assert again.streams.drain_all(arn) == records
    assert len(again.streams.read(iterator)[0]) == 1, "an iterator survives, too"
    again.put(name, "k", 3)
    assert [r["dynamodb"]["NewImage"]["v"]["N"] for r in again.streams.drain_all(arn)] == ["1", "2", "3"]


@pytest.mark.stator
def test_several_shards(serve):
    own = Own(serve("--in-memory", "--test-controls", "--stream-shards", 4))
    name, arn = stream_table(own.db, range=("sk", "N"))
    for round_ in range(2):
        for i in range(60):
            for sk in range(2):
                own.db.call("PutItem", TableName=name, Item={"pk": s(str(i)), "sk": n(sk), "round": n(round_)})
        if round_ == 0:
            own.control("roll-streams")
    shards = own.streams.shards(arn)
    assert len(shards) == 8
    where, parents = {}, {shard["ShardId"]: shard.get("ParentShardId") for shard in shards}
    for shard in parents:
        records = own.streams.drain(arn, shard)
        assert records, "keys spread over all shards"
        for record in records:
            where.setdefault(record["dynamodb"]["Keys"]["pk"]["S"], []).append(shard)
    for shards_of_key in where.values():
        assert len(shards_of_key) == 4 and len(set(shards_of_key)) == 2, "a partition key stays in one shard"
        first, second = sorted(set(shards_of_key))
        assert parents[second] == first, "and goes on in the child"


@pytest.mark.stator
def test_a_server_that_is_not_a_test_server_keeps_its_clock(serve):
    server = serve("--in-memory")
    for path in ("/_stator/test/clock", "/_stator/test/roll-streams"):
        assert Wire(server.endpoint).request("POST", path, "{}").status == 404


@pytest.mark.stator
@pytest.mark.parametrize("body", ['{"advance_seconds": -1}', '{"advance_seconds": 1e300}', '{"advance_seconds": "1"}', "{}", "[]", "x", ""])
def test_bad_steps_of_the_clock(serve, body):
    reply = Wire(serve("--in-memory", "--test-controls").endpoint).request("POST", "/_stator/test/clock", body)
    assert reply.status == 400
