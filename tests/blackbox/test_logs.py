"""CloudWatch Logs: groups, streams, events, filters, retention; with boto3 and the aws command line."""

import json
import re
import signal
import subprocess
import time
import uuid

import boto3
import botocore.config
import botocore.exceptions
import pytest
from support.aws_cli import needs_aws
from support.server import run_stator, stator_binary

pytestmark = pytest.mark.stator

CONFIG = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=60)
DAY = 24 * 3600 * 1000


def client_of(endpoint):
    return boto3.client("logs", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                        aws_secret_access_key="test", config=CONFIG)


@pytest.fixture(scope="session")
def logs(endpoint):
    return client_of(endpoint)


@pytest.fixture()
def group(logs):
    name = f"/test/{uuid.uuid4().hex}"
    logs.create_log_group(logGroupName=name)
    yield name
    logs.delete_log_group(logGroupName=name)


def now():
    return int(time.time() * 1000)


def put(logs, group, stream, *messages, at=None, step=1):
    at = at or now()
    return logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[
        {"timestamp": at + i * step, "message": message} for i, message in enumerate(messages)])


def stream(logs, group, name, *messages, **more):
    logs.create_log_stream(logGroupName=group, logStreamName=name)
    if messages:
        put(logs, group, name, *messages, **more)


class fails:
    def __init__(self, code, text=None):
        self.code, self.text = code, text

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert isinstance(error, botocore.exceptions.ClientError), f"expected {self.code}"
        answer = error.response
        assert answer["Error"]["Code"] == self.code
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
        if self.text is not None:
            assert answer["Error"]["Message"] == self.text
        return True


def texts(answer):
    return [event["message"] for event in answer["events"]]


def test_groups(logs, group):
    with fails("ResourceAlreadyExistsException", "The specified log group already exists"):
        logs.create_log_group(logGroupName=group)
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert len(found) == 1
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    created = found[0].pop("creationTime")
    assert abs(created - now()) < 60_000
    assert found[0] == {"logGroupName": group, "metricFilterCount": 0, "arn": arn + ":*", "storedBytes": 0}
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"] == 7
    logs.delete_retention_policy(logGroupName=group)
    assert "retentionInDays" not in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    missing = "The specified log group does not exist."
    with fails("ResourceNotFoundException", missing):
        logs.delete_log_group(logGroupName=group + "x")
    with fails("ResourceNotFoundException", missing):
        logs.put_retention_policy(logGroupName=group + "x", retentionInDays=7)
    with fails("InvalidParameterException"):
        logs.put_retention_policy(logGroupName=group, retentionInDays=8)


def test_group_listing_pages(logs):
    prefix = f"/page/{uuid.uuid4().hex}/"
    names = [prefix + str(i) for i in range(5)]
    for name in names:
        logs.create_log_group(logGroupName=name)
    pages = list(logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix, PaginationConfig={"PageSize": 2}))
    assert [[g["logGroupName"] for g in page["logGroups"]] for page in pages] == [names[:2], names[2:4], names[4:]]
    assert "nextToken" not in pages[-1]
    for name in names:
        logs.delete_log_group(logGroupName=name)
    with fails("InvalidParameterException",
               "1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50"):
        logs.describe_log_groups(limit=51)
    with fails("InvalidParameterException", "The specified nextToken is invalid."):
        logs.describe_log_groups(nextToken="zz")


def test_streams(logs, group):
    stream(logs, group, "b", "one", "two", at=1000 + now() - DAY)
    stream(logs, group, "a")
    stream(logs, group, "c", "three")
    with fails("ResourceAlreadyExistsException", "The specified log stream already exists"):
        logs.create_log_stream(logGroupName=group, logStreamName="a")
    with fails("ResourceNotFoundException", "The specified log group does not exist."):
        logs.create_log_stream(logGroupName=group + "x", logStreamName="a")
    listed = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert [s["logStreamName"] for s in listed] == ["a", "b", "c"]
    assert "firstEventTimestamp" not in listed[0]
    assert listed[1]["lastEventTimestamp"] == listed[1]["firstEventTimestamp"] + 1
    assert listed[1]["arn"].endswith(f":log-group:{group}:log-stream:b")
    by_time = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
    assert [s["logStreamName"] for s in by_time] == ["c", "b", "a"]
    page = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True, limit=1)
    rest = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True, nextToken=page["nextToken"])
    assert [s["logStreamName"] for s in rest["logStreams"]] == ["b", "a"] and "nextToken" not in rest
    logs.delete_log_stream(logGroupName=group, logStreamName="b")
    assert texts(logs.filter_log_events(logGroupName=group)) == ["three"]
    with fails("ResourceNotFoundException", "The specified log stream does not exist."):
        put(logs, group, "b", "x")


def test_put(logs, group):
    stream(logs, group, "s")
    assert put(logs, group, "s", "x")["nextSequenceToken"]
    with fails("InvalidParameterException", "Log events in a single PutLogEvents request must be in chronological order."):
        put(logs, group, "s", "b", "a", step=-5)
    answer = put(logs, group, "s", "old", at=now() - 15 * DAY)
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    answer = put(logs, group, "s", "now", "later", step=3 * 3600 * 1000)
    assert answer["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    assert texts(logs.filter_log_events(logGroupName=group)) == ["x", "now"]
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["storedBytes"] == len("xnow") + 2 * 26


def test_get_pages_both_ways(logs, group):
    start = now() - 1000
    stream(logs, group, "s", *[str(i) for i in range(10)], at=start)
    get = lambda **more: logs.get_log_events(logGroupName=group, logStreamName="s", **more)
    first = get(startFromHead=True, limit=4)
    assert texts(first) == ["0", "1", "2", "3"]
    assert re.fullmatch(r"f/\d{56}/s", first["nextForwardToken"]) and re.fullmatch(r"b/\d{56}/s", first["nextBackwardToken"])
    second = get(nextToken=first["nextForwardToken"], limit=4)
    third = get(nextToken=second["nextForwardToken"], limit=4)
    assert texts(second) == ["4", "5", "6", "7"] and texts(third) == ["8", "9"]
    end = get(nextToken=third["nextForwardToken"])
    assert texts(end) == [] and end["nextForwardToken"] == third["nextForwardToken"]
    put(logs, group, "s", "new", at=start + 500)
    assert texts(get(nextToken=end["nextForwardToken"])) == ["new"]
    assert texts(get(nextToken=third["nextBackwardToken"], limit=3)) == ["5", "6", "7"]
    assert texts(get(limit=2)) == ["9", "new"]
    begin = get(nextToken=first["nextBackwardToken"])
    assert texts(begin) == [] and begin["nextBackwardToken"] == first["nextBackwardToken"]
    assert texts(get(startTime=start + 2, endTime=start + 4)) == ["2", "3"]
    with fails("InvalidParameterException", "The specified nextToken is invalid."):
        get(nextToken="f/1/s")
    with fails("InvalidParameterException",
               "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"):
        get(limit=10001)


def test_an_empty_stream_is_read_on(logs, group):
    stream(logs, group, "s")
    token = logs.get_log_events(logGroupName=group, logStreamName="s")["nextForwardToken"]
    put(logs, group, "s", "first")
    assert texts(logs.get_log_events(logGroupName=group, logStreamName="s", nextToken=token)) == ["first"]


def test_filter_sorts_across_streams(logs, group):
    at = now() - 10_000
    stream(logs, group, "x-1", "a", "c", at=at, step=2)
    stream(logs, group, "x-2", "b", "d", at=at + 1, step=2)
    stream(logs, group, "y", "e", at=at + 4)
    answer = logs.filter_log_events(logGroupName=group, interleaved=True)
    assert texts(answer) == list("abcde") and answer["searchedLogStreams"] == [] and "nextToken" not in answer
    event = answer["events"][1]
    assert event["logStreamName"] == "x-2" and event["timestamp"] == at + 1 and event["ingestionTime"] >= event["timestamp"]
    ids = [e["eventId"] for e in answer["events"]]
    assert all(re.fullmatch(r"\d{56}", i) for i in ids) and len(set(ids)) == 5
    assert [e["eventId"] for e in logs.filter_log_events(logGroupName=group)["events"]] == ids
    assert texts(logs.filter_log_events(logGroupName=group, startTime=at + 2)) == list("cde")
    assert texts(logs.filter_log_events(logGroupName=group, endTime=at + 2)) == list("abc")
    assert texts(logs.filter_log_events(logGroupName=group, logStreamNames=["y", "x-1"])) == list("ace")
    assert texts(logs.filter_log_events(logGroupName=group, logStreamNamePrefix="x-")) == list("abcd")
    pages = list(logs.get_paginator("filter_log_events").paginate(logGroupName=group, PaginationConfig={"PageSize": 2}))
    assert [texts(page) for page in pages] == [["a", "b"], ["c", "d"], ["e"]]
    with fails("ResourceNotFoundException", "The specified log stream does not exist."):
        logs.filter_log_events(logGroupName=group, logStreamNames=["z"])
    with fails("ResourceNotFoundException", "The specified log group does not exist."):
        logs.filter_log_events(logGroupName=group + "x")


@pytest.mark.parametrize("pattern,expected", [
    ("", [0, 1, 2, 3]), ("ERROR", [0]), ("?ERROR ?WARN", [0, 1]), ("-ERROR", [1, 2, 3]), ('"of disk"', [1]),
    ('{ $.level = "info" && $.size > 10 }', [2]), ("[a, b, c, d = 4*]", [3])])
def test_filter_patterns(logs, group, pattern, expected):
    messages = ["ERROR no luck", "WARN out of disk", json.dumps({"level": "info", "size": 12}), "1 2 3 404"]
    stream(logs, group, "s", *messages)
    assert texts(logs.filter_log_events(logGroupName=group, filterPattern=pattern)) == [messages[i] for i in expected]


def test_patterns_that_are_not_served(logs, group):
    for pattern in ("%regex%", "{ $.a", '"open'):
        with fails("InvalidParameterException"):
            logs.filter_log_events(logGroupName=group, filterPattern=pattern)


def test_tags(logs, group):
    logs.tag_log_group(logGroupName=group, tags={"a": "1", "b": "2"})
    logs.untag_log_group(logGroupName=group, tags=["a"])
    assert logs.list_tags_log_group(logGroupName=group)["tags"] == {"b": "2"}
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    logs.tag_resource(resourceArn=arn, tags={"c": "ä"})
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "2", "c": "ä"}


def test_survives_restart_and_kill(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    logs = client_of(server.endpoint)
    logs.create_log_group(logGroupName="g")
    stream(logs, "g", "s", "acknowledged")
    server.kill()
    server.start()
    logs = client_of(server.endpoint)
    assert texts(logs.filter_log_events(logGroupName="g")) == ["acknowledged"]
    put(logs, "g", "s", "more")
    assert server.stop() == 0
    server.start()
    assert texts(client_of(server.endpoint).filter_log_events(logGroupName="g")) == ["acknowledged", "more"]


@needs_aws
def test_aws_logs_tail(logs, aws_cli, group):
    stream(logs, group, "s", "first\n")
    aws = aws_cli("logs")
    tail = ["tail", group, "--since", "10m", "--format", "short"]
    assert aws.text(*tail).rstrip().endswith(" first")
    follow = subprocess.Popen(aws.command(*tail, "--follow"), stdout=subprocess.PIPE, text=True,
                              env=dict(aws.environment, PYTHONUNBUFFERED="1"), stdin=subprocess.DEVNULL)
    try:
        assert "first" in follow.stdout.readline()
        put(logs, group, "s", "second\n", "third\n")
        lines = ""
        while "third" not in lines:
            line = follow.stdout.readline()
            assert line, "it ended"
            lines += line
        assert lines.count("second") == 1 and "first" not in lines
    finally:
        follow.send_signal(signal.SIGINT)
        follow.wait(20)


def test_stator_logs(logs, endpoint, group):
    stream(logs, group, "s", "first\n", "second ERROR\n")
    run = run_stator("logs", group, "--endpoint", endpoint)
    assert run.returncode == 0, run.stderr
    assert [line.split(" ", 1)[1] for line in run.stdout.splitlines()] == ["first", "second ERROR"]
    found = run_stator("logs", group, "--filter", "ERROR", "--json", "--endpoint", endpoint)
    assert [json.loads(line)["message"] for line in found.stdout.splitlines()] == ["second ERROR\n"]
    missing = run_stator("logs", "there-is-none", "--endpoint", endpoint)
    assert missing.returncode == 1 and "there is no log group /aws/lambda/there-is-none" in missing.stderr
    wrong = run_stator("logs", group, "--since", "soon", "--endpoint", endpoint)
    assert wrong.returncode == 1 and "no length of time" in wrong.stderr


def test_stator_logs_follow(logs, endpoint, group):
    stream(logs, group, "s", "first\n")
    follow = subprocess.Popen([stator_binary(), "logs", group, "--follow", "--endpoint", endpoint], stdout=subprocess.PIPE, text=True,
                              stdin=subprocess.DEVNULL)
    try:
        lines = [follow.stdout.readline()]
        for i in range(20):
            put(logs, group, "s", f"line {i}")
            put(logs, group, "s", f"late {i}", at=now() - 3000)
        while len(lines) < 41:
            lines.append(follow.stdout.readline())
        seen = sorted(line.split(" ", 1)[1].strip() for line in lines)
        assert seen == sorted(["first"] + [f"{kind} {i}" for i in range(20) for kind in ("line", "late")])
    finally:
        follow.terminate()
        follow.wait(20)
