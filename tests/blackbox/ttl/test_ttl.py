"""Time to live: enabling and describing it."""

import pytest
from support.aws_cli import AwsCli, needs_aws
from support.expect import fails
from support.tables import n
from support.ttl import HOUR, OFTEN, Timed
from support.wire import Wire


def refused(call, message, kind="ValidationException"):
    with fails(kind, message):
        call()


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
