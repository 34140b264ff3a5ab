"""Event source mappings: a function written for AWS, called with the changes of a table."""

import base64
import json
import time

import pytest
from support.mappings import events_in, keys_in, records_in
from support.waiting import until

pytestmark = pytest.mark.stator


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
