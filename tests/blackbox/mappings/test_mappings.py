"""Event source mappings: creating, showing, changing, deleting them; what is refused."""

import time
import uuid

import pytest
from botocore.exceptions import ClientError
from support.aws_cli import AwsCli, needs_aws
from support.mappings import keys_in
from support.waiting import until

pytestmark = pytest.mark.stator

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def error_of(call):
    with pytest.raises(ClientError) as caught:
        call()
    reply = caught.value.response
    return reply["ResponseMetadata"]["HTTPStatusCode"], reply["Error"]["Code"], reply["Error"]["Message"]


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
