"""Reading streams: iterators, pages, errors, the command line."""

import time

import pytest
from support.aws_cli import needs_aws
from support.expect import constraint, fails, invalid
from support.streams import NO_SUCH_SHARD, names, only_shard
from support.tables import b, s


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


@needs_aws
def test_the_aws_command_line(aws_cli, db, make_stream):
    name, arn = make_stream("KEYS_ONLY")
    db.call("PutItem", TableName=name, Item={"pk": s("a")})
    aws = aws_cli("dynamodbstreams")
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
