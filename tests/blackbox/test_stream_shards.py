"""Streams with the clock and the shards in hand: rolling over, ages, restarts."""

import pytest
from support.client import Db
from support.expect import fails, invalid
from support.controls import control
from support.streams import Streams, only_shard, stream_table
from support.tables import n, s
from support.wire import Wire


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
