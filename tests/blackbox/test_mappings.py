"""Event source mappings: a function written for AWS, called with the changes of a table."""

import base64
import json
import pathlib
import time
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from support import server as servers
from support.aws_cli import AwsCli, needs_aws
from support.functions import ROLE, make_zip
from support.waiting import until

pytestmark = pytest.mark.stator

UNKNOWN = "00000000-0000-4000-8000-000000000000"

# Appends each event to a file; what it does beyond that, the environment says.
HANDLER = """
import json
import os


def handler(event, context):
    with open(os.environ["EVENTS"], "a") as out:
        out.write(json.dumps(event) + "\\n")
    numbers = [record["dynamodb"].get("Keys", {}).get("sk", {}).get("S") for record in event["Records"]]
    poison = os.environ.get("POISON")
    if poison in numbers:
        if "REPORT" in os.environ:
            failed = [r for r in event["Records"] if r["dynamodb"]["Keys"]["sk"]["S"] == poison]
            return {"batchItemFailures": [{"itemIdentifier": failed[0]["dynamodb"]["SequenceNumber"]}]}
        raise ValueError("poison")
    if "state" in event:
        return {"state": {"count": event["state"].get("count", 0) + len(numbers)}}
"""


class World:
    """A server whose clock can be stepped and whose functions see the files of the test."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.server = servers.Server("--test-controls", "--function-isolation", "off", "--mapping-retry", "0.05",
                                     "--mapping-retry-cap", "0.2", data=self.folder / "data")
        self.lambda_ = self.client("lambda")
        self.db = self.client("dynamodb")
        self.numbers = iter(range(1, 10**6))

    def client(self, service):
        return boto3.client(service, endpoint_url=self.server.endpoint, region_name="us-east-1",
                            aws_access_key_id="test", aws_secret_access_key="test",
                            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False))

    def post(self, path, body=None):
        import urllib.request
        request = urllib.request.Request(self.server.endpoint + path, method="POST",
                                         data=json.dumps(body or {}).encode())
        return urllib.request.urlopen(request).read()

    def step(self, seconds):
        self.post("/_stator/test/clock", {"advance_seconds": seconds})

    def table(self, view="NEW_AND_OLD_IMAGES"):
        """Name and stream of a new table with the keys pk and sk."""
        name = "table-%d" % next(self.numbers)
        self.db.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": view})
        self.db.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
        return name, self.db.describe_table(TableName=name)["Table"]["LatestStreamArn"]

    def put(self, table, sk, **attributes):
        self.db.put_item(TableName=table, Item={"pk": {"S": "p"}, "sk": {"S": str(sk)}, **attributes})

    def function(self, **environment):
        """Name of a new function, and the file it writes."""
        name = "function-%d" % next(self.numbers)
        events = self.folder / (name + ".events")
        events.touch()
        self.lambda_.create_function(
            FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="main.handler", Timeout=10,
            Code={"ZipFile": make_zip({"main.py": HANDLER})}, Environment={"Variables": {"EVENTS": str(events), **environment}})
        self.lambda_.get_waiter("function_active_v2").wait(FunctionName=name)
        return name, events

    def map(self, function, stream, **settings):
        settings.setdefault("StartingPosition", "TRIM_HORIZON")
        return self.lambda_.create_event_source_mapping(FunctionName=function, EventSourceArn=stream, **settings)

    def get(self, mapping):
        return self.lambda_.get_event_source_mapping(UUID=mapping["UUID"])

    def wait_state(self, mapping, state):
        return until(lambda: self.get(mapping)["State"] == state)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("mappings"))
    with made.server:
        yield made


def events_in(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def records_in(file):
    return [record for event in events_in(file) for record in event["Records"]]


def keys_in(file):
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in records_in(file)]


def error_of(call):
    with pytest.raises(ClientError) as caught:
        call()
    reply = caught.value.response
    return reply["ResponseMetadata"]["HTTPStatusCode"], reply["Error"]["Code"], reply["Error"]["Message"]


# --- What the function is called with: notes/lambda.md, section 3. ---


def test_event(world):
    table, stream = world.table()
    function, events = world.function()
    world.map(function, stream)
    began = int(time.time())
    world.put(table, "a", data={"B": b"\x01\x02"}, n={"N": "42"}, none={"NULL": True}, tags={"SS": ["x", "y"]})
    world.put(table, "a", n={"N": "43"})
    world.db.delete_item(TableName=table, Key={"pk": {"S": "p"}, "sk": {"S": "a"}})
    insert, modify, remove = until(lambda: len(records_in(events)) >= 3 and records_in(events))

    assert list(insert) == ["eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb",
                            "eventSourceARN"]
    assert len(insert["eventID"]) == 32 and int(insert["eventID"], 16) >= 0
    assert (insert["eventName"], insert["eventVersion"], insert["eventSource"]) == ("INSERT", "1.1", "aws:dynamodb")
    assert insert["awsRegion"] == "us-east-1"
    assert insert["eventSourceARN"] == stream
    change = insert["dynamodb"]
    assert list(change) == ["ApproximateCreationDateTime", "Keys", "NewImage", "SequenceNumber", "SizeBytes",
                            "StreamViewType"]
    created = change["ApproximateCreationDateTime"]
    assert isinstance(created, float) and created == int(created) and began - 1 <= created <= time.time()
    key = {"pk": {"S": "p"}, "sk": {"S": "a"}}
    assert change["Keys"] == key
    assert change["NewImage"] == {**key, "data": {"B": base64.b64encode(b"\x01\x02").decode()}, "n": {"N": "42"},
                                  "none": {"NULL": True}, "tags": {"SS": ["x", "y"]}}
    assert change["SequenceNumber"].isdigit()
    # Keys: 2 + 1 + 2 + 1; the image has them again, data 4 + 2, n 1 + 2, none 4 + 1, tags 4 + 2.
    assert change["SizeBytes"] == 6 + 6 + 6 + 3 + 5 + 6
    assert change["StreamViewType"] == "NEW_AND_OLD_IMAGES"

    assert modify["eventName"] == "MODIFY"
    assert list(modify["dynamodb"]) == ["ApproximateCreationDateTime", "Keys", "NewImage", "OldImage",
                                        "SequenceNumber", "SizeBytes", "StreamViewType"]
    assert modify["dynamodb"]["OldImage"] == change["NewImage"]
    assert remove["eventName"] == "REMOVE"
    assert "NewImage" not in remove["dynamodb"] and remove["dynamodb"]["OldImage"] == {**key, "n": {"N": "43"}}
    assert len({r["eventID"] for r in (insert, modify, remove)}) == 3
    sequence = [int(r["dynamodb"]["SequenceNumber"]) for r in (insert, modify, remove)]
    assert sequence == sorted(sequence)
    assert list(events_in(events)[0]) == ["Records"]


@pytest.mark.parametrize("view, images", [("KEYS_ONLY", []), ("NEW_IMAGE", ["NewImage"]), ("OLD_IMAGE", ["OldImage"])])
def test_views(world, view, images):
    table, stream = world.table(view)
    function, events = world.function()
    world.map(function, stream)
    world.put(table, "a", n={"N": "1"})
    world.put(table, "a", n={"N": "2"})
    records = until(lambda: len(records_in(events)) >= 2 and records_in(events))
    assert [k for k in records[1]["dynamodb"] if k.endswith("Image")] == images


# --- Creating, showing, changing, deleting. ---


def test_answer(world):
    _, stream = world.table()
    function, _ = world.function()
    created = world.map(function, stream)
    assert created["ResponseMetadata"]["HTTPStatusCode"] == 202
    arn = world.lambda_.get_function(FunctionName=function)["Configuration"]["FunctionArn"]
    shown = {k: v for k, v in created.items() if k not in ("ResponseMetadata", "LastModified", "UUID", "State")}
    assert created["State"] == "Creating"
    shown.pop("EventSourceMappingArn", None)
    assert shown == {
        "EventSourceArn": stream, "FunctionArn": arn, "StartingPosition": "TRIM_HORIZON", "BatchSize": 100,
        "MaximumBatchingWindowInSeconds": 0, "ParallelizationFactor": 1, "MaximumRecordAgeInSeconds": -1,
        "MaximumRetryAttempts": -1, "BisectBatchOnFunctionError": False, "TumblingWindowInSeconds": 0,
        "DestinationConfig": {"OnFailure": {}}, "FunctionResponseTypes": [],
        "LastProcessingResult": "No records processed", "StateTransitionReason": "User action"}
    assert str(uuid.UUID(created["UUID"])) == created["UUID"]
    assert abs(created["LastModified"].timestamp() - time.time()) < 60
    world.wait_state(created, "Enabled")


def test_states(world):
    table, stream = world.table()
    function, events = world.function()
    mapping = world.map(function, stream, Enabled=False)
    assert mapping["State"] == "Creating"
    world.wait_state(mapping, "Disabled")
    update = lambda **settings: world.lambda_.update_event_source_mapping(UUID=mapping["UUID"], **settings)  # noqa: E731
    assert update(Enabled=True)["State"] == "Enabling"
    world.wait_state(mapping, "Enabled")
    world.put(table, 1)
    until(lambda: keys_in(events) == ["1"])
    until(lambda: world.get(mapping)["LastProcessingResult"] == "OK")
    changed = update(BatchSize=7, MaximumRetryAttempts=3)
    assert (changed["State"], changed["BatchSize"]) == ("Updating", 7)
    world.wait_state(mapping, "Enabled")
    assert update(Enabled=False)["State"] == "Disabling"
    world.wait_state(mapping, "Disabled")
    world.put(table, 2)
    assert update(Enabled=True)["MaximumRetryAttempts"] == 3
    until(lambda: keys_in(events) == ["1", "2"])
    deleted = world.lambda_.delete_event_source_mapping(UUID=mapping["UUID"])
    assert (deleted["State"], deleted["ResponseMetadata"]["HTTPStatusCode"]) == ("Deleting", 202)

    def gone():
        try:
            world.get(mapping)
        except ClientError as error:
            return error.response["Error"]["Code"] == "ResourceNotFoundException"
    until(gone)


def test_list(world):
    _, stream = world.table()
    one, two = world.function()[0], world.function()[0]
    mappings = {world.map(f, stream)["UUID"] for f in (one, two)}
    listed = world.lambda_.list_event_source_mappings(EventSourceArn=stream)["EventSourceMappings"]
    assert {m["UUID"] for m in listed} == mappings
    assert len(world.lambda_.list_event_source_mappings(FunctionName=one)["EventSourceMappings"]) == 1
    pages = world.lambda_.get_paginator("list_event_source_mappings").paginate(
        EventSourceArn=stream, PaginationConfig={"PageSize": 1})
    assert {m["UUID"] for page in pages for m in page["EventSourceMappings"]} == mappings


def test_all_settings(world):
    _, stream = world.table()
    function, _ = world.function()
    settings = {
        "BatchSize": 10, "MaximumBatchingWindowInSeconds": 5, "ParallelizationFactor": 3,
        "MaximumRecordAgeInSeconds": 60, "MaximumRetryAttempts": 0, "BisectBatchOnFunctionError": True,
        "TumblingWindowInSeconds": 30, "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:failed"}},
        "FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]}}
    mapping = world.map(function, stream, StartingPosition="LATEST", **settings)
    assert {k: mapping[k] for k in settings} == settings
    assert mapping["StartingPosition"] == "LATEST"
    cleared = world.lambda_.update_event_source_mapping(
        UUID=mapping["UUID"], FilterCriteria={"Filters": []}, FunctionResponseTypes=[], DestinationConfig={"OnFailure": {}})
    assert "FilterCriteria" not in cleared
    assert (cleared["FunctionResponseTypes"], cleared["DestinationConfig"]) == ([], {"OnFailure": {}})


# --- Refusals: notes/lambda.md, section 2.3. ---


def test_refusals(world):
    _, stream = world.table()
    function, _ = world.function()
    arn = "arn:aws:dynamodb:us-east-1:000000000000:table/none/stream/2024-01-01T00:00:00.000"
    call = lambda **k: error_of(lambda: world.lambda_.create_event_source_mapping(**k))  # noqa: E731
    invalid = (400, "InvalidParameterValueException")
    good = {"FunctionName": function, "EventSourceArn": stream, "StartingPosition": "LATEST"}
    assert call(FunctionName=function, EventSourceArn=stream) == (
        *invalid, "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
        "Member must not be null.")
    status, code, text = call(**{**good, "StartingPosition": "invalid"})
    assert (status, code) == (400, "ValidationException")
    assert text == ("1 validation error detected: Value 'invalid' at 'startingPosition' failed to satisfy constraint: "
                    "Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]")
    assert call(**{**good, "StartingPosition": "AT_TIMESTAMP"}) == (
        *invalid, "Unsupported starting position for arn type: " + stream)
    assert call(FunctionName=function, StartingPosition="LATEST") == (*invalid, "Unrecognized event source.")
    assert call(**{**good, "FunctionName": "none"}) == (*invalid, "Function does not exist")
    assert call(**{**good, "EventSourceArn": arn}) == (*invalid, "Stream not found: " + arn)
    for pattern in ("single-string", '[{"eventName": ["INSERT"=123}]', "{}", '{"eventName": "INSERT"}'):
        assert call(**good, FilterCriteria={"Filters": [{"Pattern": pattern}]}) == (
            *invalid, "Invalid filter pattern definition.")
    for name, value in (("BatchSize", 10001), ("MaximumRetryAttempts", -2), ("MaximumRecordAgeInSeconds", 30),
                        ("ParallelizationFactor", 11), ("TumblingWindowInSeconds", 901)):
        assert call(**good, **{name: value})[0] == 400
    first = world.map(function, stream)
    assert call(**good) == (
        409, "ResourceConflictException",
        'The event source arn (" %s ") and function (" %s ") provided mapping already exists. Please update or delete '
        "the existing mapping with UUID %s" % (stream, function, first["UUID"]))
    assert error_of(lambda: world.get({"UUID": UNKNOWN})) == (
        404, "ResourceNotFoundException", "The resource you requested does not exist.")


# --- Failures. ---


def dead_letters(world, name):
    folder = world.folder / "data" / "destinations" / ("arn-aws-sqs-us-east-1-000000000000-" + name)
    return [json.loads(f.read_text()) for f in sorted(folder.glob("*.json"))] if folder.exists() else []


def test_retries_and_destination(world):
    table, stream = world.table()
    function, events = world.function(POISON="2")
    for sk in (1, 2, 3):
        world.put(table, sk)
    mapping = world.map(function, stream, MaximumRetryAttempts=1,
                        DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:retries"}})
    record, = until(lambda: dead_letters(world, "retries"))
    assert list(record) == ["requestContext", "responseContext", "version", "timestamp", "DDBStreamBatchInfo"]
    request = record["requestContext"]
    assert list(request) == ["requestId", "functionArn", "condition", "approximateInvokeCount"]
    assert (request["condition"], request["approximateInvokeCount"]) == ("RetryAttemptsExhausted", 2)
    assert request["functionArn"] == mapping["FunctionArn"]
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    info = record["DDBStreamBatchInfo"]
    assert list(info) == ["shardId", "startSequenceNumber", "endSequenceNumber", "approximateArrivalOfFirstRecord",
                          "approximateArrivalOfLastRecord", "batchSize", "streamArn"]
    assert (info["batchSize"], info["streamArn"]) == (3, stream)
    assert keys_in(events) == ["1", "2", "3"] * 2
    assert world.get(mapping)["LastProcessingResult"] == "PROBLEM: Function call failed"


def test_bisect(world):
    table, stream = world.table()
    function, events = world.function(POISON="3")
    for sk in range(1, 9):
        world.put(table, sk)
    world.map(function, stream, MaximumRetryAttempts=0, BisectBatchOnFunctionError=True,
              DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:bisect"}})
    record, = until(lambda: dead_letters(world, "bisect"))
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1
    until(lambda: keys_in(events)[-4:] == ["5", "6", "7", "8"])
    calls = [[r["dynamodb"]["Keys"]["sk"]["S"] for r in e["Records"]] for e in events_in(events)]
    assert calls == [list("12345678"), list("1234"), list("12"), list("34"), list("3"), list("4"), list("5678")]


def test_reported_failures(world):
    table, stream = world.table()
    function, events = world.function(POISON="3", REPORT="yes")
    for sk in range(1, 6):
        world.put(table, sk)
    world.map(function, stream, MaximumRetryAttempts=1, FunctionResponseTypes=["ReportBatchItemFailures"],
              DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:reported"}})
    record, = until(lambda: dead_letters(world, "reported"))
    assert record["responseContext"]["functionError"] is None
    assert keys_in(events) == list("12345") + list("345")


def test_age_and_clock(world):
    table, stream = world.table()
    function, events = world.function(POISON="1")
    world.put(table, 1)
    world.map(function, stream, MaximumRecordAgeInSeconds=60,
              DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:aged"}})
    until(lambda: len(events_in(events)) >= 2)
    world.step(61)
    world.put(table, 2)
    until(lambda: keys_in(events)[-1] == "2")
    record, = dead_letters(world, "aged")
    assert record["requestContext"]["condition"] == "RecordAgeExceeded"
    assert "responseContext" not in record


def test_filter(world):
    table, stream = world.table()
    function, events = world.function()
    pattern = json.dumps({"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "yes"}]}}}})
    world.map(function, stream, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    for sk in ("no-1", "yes-1", "no-2", "yes-2", "last"):
        world.put(table, sk)
    world.put(table, "yes-1", n={"N": "1"})  # MODIFY
    world.put(table, "yes-3")
    until(lambda: keys_in(events) == ["yes-1", "yes-2", "yes-3"])


def test_tumbling_window(world):
    table, stream = world.table()
    function, events = world.function()
    world.map(function, stream, TumblingWindowInSeconds=900)
    for sk in range(3):
        world.put(table, sk)
    until(lambda: len(records_in(events)) == 3)
    world.step(900)
    final = until(lambda: [e for e in events_in(events) if e["isFinalInvokeForWindow"]])[0]
    assert list(final) == ["Records", "window", "state", "shardId", "eventSourceARN", "isFinalInvokeForWindow",
                           "isWindowTerminatedEarly"]
    assert (final["Records"], final["state"], final["isWindowTerminatedEarly"]) == ([], {"count": 3}, False)
    assert final["window"]["start"].endswith("Z") and final["eventSourceARN"] == stream


# --- Other than one function in one process. ---


def test_two_mappings_are_independent(world):
    table, stream = world.table()
    stuck, stuck_events = world.function(POISON="1")
    free, free_events = world.function()
    for function in (stuck, free):
        world.map(function, stream)
    for sk in range(1, 6):
        world.put(table, sk)
    until(lambda: sorted(keys_in(free_events)) == list("12345"))
    assert set(keys_in(stuck_events)) <= set("12345")


def test_a_mapping_outlives_its_function(world):
    table, stream = world.table()
    function, _ = world.function()
    mapping = world.map(function, stream)
    world.wait_state(mapping, "Enabled")
    world.lambda_.delete_function(FunctionName=function)
    world.put(table, 1)
    until(lambda: world.get(mapping)["LastProcessingResult"] == "PROBLEM: Function call failed")
    assert world.get(mapping)["State"] == "Enabled"


def test_restart_goes_on(world):
    table, stream = world.table()
    function, events = world.function()
    mapping = world.map(function, stream, StartingPosition="LATEST")
    world.put(table, 1)
    until(lambda: keys_in(events) == ["1"])
    world.server.kill()
    world.server.start()
    world.lambda_, world.db = world.client("lambda"), world.client("dynamodb")
    world.put(table, 2)
    until(lambda: keys_in(events)[-1:] == ["2"])
    assert set(keys_in(events)[:-1]) == {"1"}  # again, if its checkpoint was not yet written
    assert world.get(mapping)["State"] == "Enabled"


@needs_aws
def test_aws_cli(world, tmp_path):
    _, stream = world.table()
    function, _ = world.function()
    cli = AwsCli("lambda", world.server.endpoint, tmp_path)
    made = cli("create-event-source-mapping", "--function-name", function, "--event-source-arn", stream,
               "--starting-position", "LATEST", "--batch-size", "10")
    assert made["State"] == "Creating"
    shown = cli("get-event-source-mapping", "--uuid", made["UUID"])
    assert (shown["BatchSize"], shown["EventSourceArn"]) == (10, stream)
    assert cli("update-event-source-mapping", "--uuid", made["UUID"], "--no-enabled")["State"] == "Disabling"
    assert len(cli("list-event-source-mappings", "--event-source-arn", stream)["EventSourceMappings"]) == 1
    assert cli("delete-event-source-mapping", "--uuid", made["UUID"])["State"] == "Deleting"
