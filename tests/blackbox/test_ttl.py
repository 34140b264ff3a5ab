"""Time to live: enabling and describing it, what is removed and when, what streams and functions are told."""

import datetime
import json
import threading
import time

import boto3
import pytest
from support import client
from support.aws_cli import AwsCli, needs_aws
from support.controls import control
from support.expect import fails
from support.functions import ROLE, client_of, make_zip, unique
from support.server import Server, run_stator
from support.streams import Streams
from support.tables import index, n, s, table_request, wait_active
from support.wire import Wire
from support.waiting import until

OFTEN = "Time to live has been modified multiple times within a fixed interval"
SERVICE = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
# A function that writes down what it is called with.
RECORDER = """
import json, os

def handler(event, context):
    with open(os.environ["EVENTS"], "a") as file:
        file.write(json.dumps(event) + "\\n")
"""
HOUR = 3600
FIVE_YEARS = 5 * 365 * 86400


def refused(call, message, kind="ValidationException"):
    with fails(kind, message):
        call()


def deleted_items(endpoint, *tables):
    """TimeToLiveDeletedItemCount of each table."""
    cloudwatch = boto3.client("cloudwatch", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                              aws_secret_access_key="test")
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    queries = [{"Id": f"q{i}", "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {
        "Namespace": "AWS/DynamoDB", "MetricName": "TimeToLiveDeletedItemCount",
        "Dimensions": [{"Name": "TableName", "Value": table}]}}} for i, table in enumerate(tables)]
    answer = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=now - day, EndTime=now + day)
    return [sum(result["Values"]) for result in answer["MetricDataResults"]]


class Timed:
    """A server whose clock is stepped and which looks for expired items only when it is told to."""

    def __init__(self, data, *arguments):
        self.server = Server("--test-controls", "--ttl-interval", "86400", "--function-isolation", "off", *arguments,
                             data=data)
        self.endpoint = self.server.endpoint
        self.db = client.Db(self.endpoint)
        self.ahead = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.__exit__()

    def step(self, seconds):
        control(self.endpoint, "clock", advance_seconds=seconds)
        self.ahead += seconds

    def now(self):
        return int(time.time()) + self.ahead

    def expire(self):
        control(self.endpoint, "expire")

    def table(self, enabled=True, **options):
        request = table_request(**options)
        name = request["TableName"]
        self.db.call("CreateTable", **request)
        wait_active(self.db, name)
        if enabled:
            self.set(name, True)
        return name

    def set(self, table, enabled, attribute="ttl"):
        return self.db.call("UpdateTimeToLive", TableName=table,
                            TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute})

    def describe(self, table):
        return self.db.call("DescribeTimeToLive", TableName=table)["TimeToLiveDescription"]

    def until_enabled(self, table):
        until(lambda: self.describe(table)["TimeToLiveStatus"] == "ENABLED")

    def put(self, table, pk, ttl=None, **attributes):
        ttl = {} if ttl is None else {"ttl": ttl if isinstance(ttl, dict) else n(ttl)}
        self.db.call("PutItem", TableName=table, Item={"pk": s(pk), **ttl, **attributes})

    def keys(self, table, **parameters):
        return sorted(item["pk"]["S"] for item in self.db.call("Scan", TableName=table, **parameters)["Items"])


@pytest.fixture(scope="module")
def timed(tmp_path_factory):
    with Timed(tmp_path_factory.mktemp("ttl")) as server:
        yield server
        assert server.server.process.poll() is None, server.server.stderr()


# --- UpdateTimeToLive, DescribeTimeToLive ---


def test_enable_describe_disable(timed):
    table = timed.table(enabled=False)
    assert timed.describe(table) == {"TimeToLiveStatus": "DISABLED"}
    answer = timed.set(table, True)
    assert answer["TimeToLiveSpecification"] == {"Enabled": True, "AttributeName": "ttl"}
    assert timed.describe(table)["TimeToLiveStatus"] in ("ENABLING", "ENABLED")
    timed.until_enabled(table)
    assert timed.describe(table) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    timed.step(HOUR)
    answer = timed.set(table, False)
    assert answer["TimeToLiveSpecification"] == {"Enabled": False, "AttributeName": "ttl"}
    assert timed.describe(table) == {"TimeToLiveStatus": "DISABLED"}


def test_describe_table_does_not_speak_of_it(timed):
    table = timed.table(enabled=False)
    before = timed.db.call("DescribeTable", TableName=table)["Table"]
    timed.set(table, True)
    timed.until_enabled(table)
    assert timed.db.call("DescribeTable", TableName=table)["Table"] == before


def test_changes_that_are_refused(timed):
    table = timed.table(enabled=False)
    refused(lambda: timed.set(table, False), "TimeToLive is already disabled")
    timed.set(table, True)
    other = "TimeToLive is active on a different AttributeName: current AttributeName is ttl"
    refused(lambda: timed.set(table, True), "TimeToLive is already enabled")
    refused(lambda: timed.set(table, True, "other"), other)
    refused(lambda: timed.set(table, False, "other"), other)
    refused(lambda: timed.set(table, False), OFTEN)
    timed.step(HOUR - 60)
    refused(lambda: timed.set(table, False), OFTEN)
    timed.step(61)
    timed.set(table, False)
    refused(lambda: timed.set(table, True, "other"), OFTEN)
    timed.step(HOUR + 1)
    timed.set(table, True, "other")
    timed.until_enabled(table)
    assert timed.describe(table)["AttributeName"] == "other"


def test_no_table(timed):
    text = "Requested resource not found: Table: nothing-here not found"
    refused(lambda: timed.set("nothing-here", True), text, "ResourceNotFoundException")
    refused(lambda: timed.describe("nothing-here"), text, "ResourceNotFoundException")


def test_by_arn(timed):
    table = timed.table(enabled=False)
    arn = timed.db.call("DescribeTable", TableName=table)["Table"]["TableArn"]
    timed.set(arn, True)
    assert timed.describe(arn)["AttributeName"] == "ttl"


@pytest.mark.parametrize("length", [1, 255])
def test_names_of_attributes(timed, length):
    table = timed.table(enabled=False)
    timed.set(table, True, "a" * length)
    timed.until_enabled(table)
    timed.put(table, "x", **{"a" * length: n(timed.now() - 5)})
    timed.expire()
    assert timed.keys(table) == []


def test_over_the_wire(timed):
    wire = Wire(timed.endpoint)
    table = timed.table(enabled=False)
    reply = wire.post("UpdateTimeToLive", {"TableName": table, "TimeToLiveSpecification": {"Enabled": True,
                                                                                          "AttributeName": "ttl"}})
    assert (reply.status, reply.body) == (200, b'{"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}}')
    timed.until_enabled(table)
    reply = wire.post("DescribeTimeToLive", {"TableName": table})
    assert reply.body == b'{"TimeToLiveDescription":{"AttributeName":"ttl","TimeToLiveStatus":"ENABLED"}}'
    reply = wire.post("UpdateTimeToLive", {"TableName": table, "TimeToLiveSpecification": {"Enabled": True,
                                                                                          "AttributeName": "ttl"}})
    assert reply.status == 400 and reply.json == {"__type": "com.amazon.coral.validate#ValidationException",
                                                  "message": "TimeToLive is already enabled"}
    wire.close()


@pytest.mark.parametrize("specification", [None, {}, {"Enabled": True}, {"AttributeName": "a"}, {"Enabled": True, "AttributeName": ""},
                                           {"Enabled": True, "AttributeName": "a" * 256}])
def test_bad_specifications(timed, specification):
    wire = Wire(timed.endpoint)
    body = {"TableName": "whatever"}
    if specification is not None:
        body["TimeToLiveSpecification"] = specification
    reply = wire.post("UpdateTimeToLive", body)
    wire.close()
    assert reply.status == 400 and reply.error().type == "ValidationException", reply.body
    assert reply.error().message.startswith("1 validation error detected: Value "), reply.error().message


@pytest.mark.parametrize("specification", ["text", 5, [], {"Enabled": "maybe", "AttributeName": "a"}, {"Enabled": True, "AttributeName": 5}])
def test_wrong_types(timed, specification):
    wire = Wire(timed.endpoint)
    reply = wire.post("UpdateTimeToLive", {"TableName": "whatever", "TimeToLiveSpecification": specification})
    wire.close()
    assert reply.status == 400 and reply.error().type == "SerializationException", reply.body


@needs_aws
def test_aws_cli(timed, tmp_path):
    table = timed.table(enabled=False)
    aws = AwsCli("dynamodb", timed.endpoint, tmp_path)
    answer = aws("update-time-to-live", "--table-name", table, "--time-to-live-specification",
                 "Enabled=true,AttributeName=ttl")
    assert answer == {"TimeToLiveSpecification": {"Enabled": True, "AttributeName": "ttl"}}
    timed.until_enabled(table)
    answer = aws("describe-time-to-live", "--table-name", table)
    assert answer == {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}}


def test_states_that_last(tmp_path):
    with Timed(tmp_path, "--state-delay", "0.5") as timed:
        table = timed.table(enabled=False)
        timed.set(table, True)
        assert timed.describe(table) == {"TimeToLiveStatus": "ENABLING", "AttributeName": "ttl"}
        timed.until_enabled(table)
        timed.step(HOUR)
        timed.set(table, False)
        assert timed.describe(table) == {"TimeToLiveStatus": "DISABLING", "AttributeName": "ttl"}
        timed.step(1)
        assert timed.describe(table) == {"TimeToLiveStatus": "DISABLED"}


# --- What is removed ---


def test_what_is_removed(timed):
    table = timed.table()
    now = timed.now()
    timed.put(table, "gone", now - 5)
    timed.put(table, "gone-long-ago", now - FIVE_YEARS + HOUR)
    timed.put(table, "future", now + HOUR)
    timed.put(table, "five-years", now - FIVE_YEARS - 5)
    timed.put(table, "text", s(str(now - 5)))
    timed.put(table, "list", {"L": [n(now - 5)]})
    timed.put(table, "set", {"NS": [str(now - 5)]})
    timed.put(table, "zero", 0)
    timed.put(table, "negative", -5)
    timed.put(table, "huge", "9" * 38)
    timed.put(table, "milliseconds", (now - 5) * 1000)
    timed.put(table, "never")
    timed.expire()
    assert timed.keys(table) == ["five-years", "future", "huge", "list", "milliseconds", "negative", "never", "set",
                                 "text", "zero"]
    timed.step(HOUR + 1)
    timed.expire()
    assert "future" not in timed.keys(table)


def test_expired_items_are_there_until_they_are_removed(timed):
    table = timed.table()
    timed.put(table, "a", timed.now() - 5)
    assert timed.keys(table) == ["a"]
    assert "Item" in timed.db.call("GetItem", TableName=table, Key={"pk": s("a")})
    timed.put(table, "b", timed.now() + 10)
    timed.step(20)
    assert timed.keys(table) == ["a", "b"]
    timed.expire()
    assert timed.keys(table) == []


def test_without_it_nothing_goes(timed):
    table = timed.table(enabled=False)
    timed.put(table, "a", timed.now() - 5)
    timed.expire()
    assert timed.keys(table) == ["a"]
    timed.set(table, True)
    timed.expire()
    assert timed.keys(table) == []
    timed.step(HOUR)
    timed.set(table, False)
    timed.put(table, "b", timed.now() - 5)
    timed.expire()
    assert timed.keys(table) == ["b"]


def test_items_from_before(timed):
    table = timed.table(enabled=False)
    for i in range(0, 600, 25):
        timed.db.call("BatchWriteItem", RequestItems={table: [
            {"PutRequest": {"Item": {"pk": s(f"{k:03}"), "ttl": n(timed.now() + (-5 if k % 3 == 0 else HOUR))}}}
            for k in range(i, i + 25)]})
    timed.set(table, True)
    timed.until_enabled(table)
    timed.expire()
    assert timed.keys(table) == [f"{k:03}" for k in range(600) if k % 3]
    timed.step(2 * HOUR)
    timed.expire()
    assert timed.keys(table) == []


def test_given_more_time(timed):
    table = timed.table()
    for i in range(4):
        timed.put(table, str(i), timed.now() - 5)
    key = lambda k: {"pk": s(k)}  # noqa: E731
    timed.db.call("UpdateItem", TableName=table, Key=key("0"), UpdateExpression="SET #t = :t",
                  ExpressionAttributeNames={"#t": "ttl"}, ExpressionAttributeValues={":t": n(timed.now() + HOUR)})
    timed.db.call("UpdateItem", TableName=table, Key=key("1"), UpdateExpression="REMOVE #t",
                  ExpressionAttributeNames={"#t": "ttl"})
    timed.db.call("TransactWriteItems", TransactItems=[
        {"Put": {"TableName": table, "Item": {**key("2"), "ttl": n(timed.now() + HOUR)}}},
        {"Update": {"TableName": table, "Key": key("new"), "UpdateExpression": "SET #t = :t",
                    "ExpressionAttributeNames": {"#t": "ttl"}, "ExpressionAttributeValues": {":t": n(timed.now() - 9)}}}])
    timed.expire()
    assert timed.keys(table) == ["0", "1", "2"]


def test_indexes_and_counts_follow(timed):
    table = timed.table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    for i in range(10):
        timed.put(table, str(i), timed.now() + (-5 if i % 2 else HOUR), g=s("x"))
    timed.expire()
    assert timed.keys(table, IndexName="by-g") == ["0", "2", "4", "6", "8"]
    described = timed.db.call("DescribeTable", TableName=table)["Table"]
    assert described["ItemCount"] == 5
    assert described["GlobalSecondaryIndexes"][0]["ItemCount"] == 5


def test_a_table_of_the_same_name_begins_anew(timed):
    table = timed.table()
    timed.put(table, "a", timed.now() - 5)
    timed.db.call("DeleteTable", TableName=table)
    timed.db.call("CreateTable", **table_request(table))
    assert timed.describe(table) == {"TimeToLiveStatus": "DISABLED"}
    timed.put(table, "a", timed.now() - 5)
    timed.expire()
    assert timed.keys(table) == ["a"]
    timed.set(table, True)


def test_within_the_interval_without_being_told(tmp_path):
    with Server("--ttl-interval", "0.2", data=tmp_path) as server:
        db = client.Db(server.endpoint)
        request = table_request()
        table = request["TableName"]
        db.call("CreateTable", **request)
        wait_active(db, table)
        db.call("UpdateTimeToLive", TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
        db.call("PutItem", TableName=table, Item={"pk": s("a"), "ttl": n(int(time.time()) - 5)})
        until(lambda: not db.call("Scan", TableName=table)["Count"])


def test_figures(timed):
    def removed():
        wire = Wire(timed.endpoint)
        text = wire.request("GET", "/_stator/metrics", "").body.decode()
        wire.close()
        return int(next(line for line in text.splitlines() if line.startswith("stator_expired_items_total")).split()[1])

    table = timed.table()
    before = removed()
    for i in range(100):
        timed.put(table, str(i), timed.now() - 5)
    timed.expire()
    assert removed() >= before + 100  # other tables of the server have some of their own


@pytest.mark.stator
def test_cloudwatch_tells_how_many(tmp_path):
    with Timed(tmp_path) as timed:
        few, many, none = (timed.table() for _ in range(3))
        for table, count in ((few, 3), (many, 70), (none, 0)):
            timed.until_enabled(table)
            for i in range(count):
                timed.db.call("PutItem", TableName=table, Item={"pk": s(f"k{i}"), "ttl": n(timed.now() - 60)})
        timed.expire()
        assert deleted_items(timed.endpoint, few, many, none) == [3, 70, 0]
        assert timed.server.stop() == 0
    with Timed(tmp_path) as timed:
        assert deleted_items(timed.endpoint, few, many, none) == [3, 70, 0]


# --- Races ---


def test_an_item_that_was_given_more_time_is_never_removed(timed):
    """Each writer gives its items more time and reads them back for as long as expiry runs: none may go."""
    table = timed.table()
    stop = threading.Event()
    lost = []

    def write(worker):
        db = client.Db(timed.endpoint)
        for i in range(10**6):
            if stop.is_set():
                return
            key = {"pk": s(f"{worker}-{i % 40}")}
            db.call("PutItem", TableName=table, Item={**key, "ttl": n(timed.now() - 5), "i": n(i)})
            if i % 2:
                db.call("TransactWriteItems", TransactItems=[{"Put": {"TableName": table, "Item": {
                    **key, "ttl": n(timed.now() + HOUR), "i": n(-i)}}}])
            else:
                db.call("PutItem", TableName=table, Item={**key, "ttl": n(timed.now() + HOUR), "i": n(-i)})
            item = db.call("GetItem", TableName=table, Key=key, ConsistentRead=True).get("Item")
            if not item or item["i"] != n(-i):
                lost.append((key, i, item))

    writers = [threading.Thread(target=write, args=(w,)) for w in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(60):
        timed.expire()
    stop.set()
    for writer in writers:
        writer.join()
    assert not lost, lost[:3]
    timed.expire()
    assert timed.keys(table)


# --- Streams and functions ---


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


# --- What survives ---


@pytest.mark.stator
def test_it_survives_kill_9(tmp_path):
    timed = Timed(tmp_path)
    table = timed.table()
    big = timed.table(enabled=False)
    for i in range(0, 1000, 25):
        timed.db.call("BatchWriteItem", RequestItems={big: [
            {"PutRequest": {"Item": {"pk": s(f"{k:04}"), "ttl": n(timed.now() + (-5 if k % 2 else HOUR))}}}
            for k in range(i, i + 25)]})
    timed.put(table, "gone", timed.now() - 5)
    timed.expire()
    timed.put(table, "a", timed.now() - 5)
    timed.put(table, "b", timed.now() + HOUR)
    timed.set(big, True)  # its index is being filled when the server goes
    timed.server.kill()
    checked = run_stator("check", tmp_path, "--json")
    assert checked.returncode == 0, checked.stdout
    again = Timed(tmp_path)
    with again:
        assert again.describe(table) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
        refused(lambda: again.set(table, False), OFTEN)
        again.until_enabled(big)
        again.expire()
        assert again.keys(table) == ["b"]
        assert again.keys(big) == [f"{k:04}" for k in range(1000) if k % 2 == 0]
        assert again.server.stop() == 0
    checked = run_stator("check", tmp_path, "--json")
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["expiries"] == 501
