"""Time to live: what streams and functions are told of items that expired."""

import json

from support.functions import ROLE, client_of, make_zip, unique
from support.streams import Streams
from support.tables import n, s
from support.waiting import until

SERVICE = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
# A function that writes down what it is called with.
RECORDER = """
import json, os

def handler(event, context):
    with open(os.environ["EVENTS"], "a") as file:
        file.write(json.dumps(event) + "\\n")
"""


def test_the_stream_says_who_did_it(timed):
    table = timed.table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    streams = Streams(timed.endpoint)
    arn = timed.db.call("DescribeTable", TableName=table)["Table"]["LatestStreamArn"]
    expiry = timed.now() - 5
    timed.put(table, "a", expiry)
    timed.put(table, "b", expiry)
    timed.db.call("DeleteItem", TableName=table, Key={"pk": s("b")})
    timed.expire()
    records = [r for shard in streams.shards(arn) for r in streams.drain(arn, shard["ShardId"])]
    removals = {r["dynamodb"]["Keys"]["pk"]["S"]: r for r in records if r["eventName"] == "REMOVE"}
    assert removals["a"]["userIdentity"] == SERVICE
    assert removals["a"]["dynamodb"]["OldImage"] == {"pk": s("a"), "ttl": n(expiry)}
    assert "NewImage" not in removals["a"]["dynamodb"]
    assert "userIdentity" not in removals["b"]
    assert all("userIdentity" not in r for r in records if r["eventName"] != "REMOVE")
    iterator = streams.boto.get_shard_iterator(StreamArn=arn, ShardId=streams.shards(arn)[0]["ShardId"],
                                               ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    by_boto = [r for r in streams.boto.get_records(ShardIterator=iterator)["Records"] if "userIdentity" in r]
    assert [r["userIdentity"] for r in by_boto] == [SERVICE]


def test_a_function_for_what_expired(timed, tmp_path):
    """The pattern of the developer guide: only what the service removed."""
    table = timed.table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    arn = timed.db.call("DescribeTable", TableName=table)["Table"]["LatestStreamArn"]
    events = tmp_path / "events"
    events.touch()
    lambda_, function = client_of(timed.endpoint), unique()
    lambda_.create_function(FunctionName=function, Runtime="python3.12", Role=ROLE, Handler="main.handler",
                            Code={"ZipFile": make_zip({"main.py": RECORDER})},
                            Environment={"Variables": {"EVENTS": str(events)}})
    lambda_.get_waiter("function_active_v2").wait(FunctionName=function)
    pattern = {"userIdentity": {"type": ["Service"], "principalId": ["dynamodb.amazonaws.com"]}}
    lambda_.create_event_source_mapping(FunctionName=function, EventSourceArn=arn, StartingPosition="TRIM_HORIZON",
                                        FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    timed.put(table, "a", timed.now() - 5)
    timed.put(table, "b", timed.now() - 5)
    timed.db.call("DeleteItem", TableName=table, Key={"pk": s("b")})
    timed.expire()
    until(events.read_text)
    records = [record for line in events.read_text().splitlines() for record in json.loads(line)["Records"]]
    assert [r["dynamodb"]["Keys"]["pk"]["S"] for r in records] == ["a"]
    assert records[0]["userIdentity"] == {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
