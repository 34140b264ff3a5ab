"""What a function did, told in four places: CloudWatch, `stator functions`, /_stator/metrics and its log."""

import concurrent.futures
import datetime
import json
import re

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from support.functions import ROLE, make_zip
from support.server import Server, run_stator
from support.waiting import until
from support.wire import Wire

pytestmark = pytest.mark.stator

# Does what it is told; "wait" ends when there is a file.
CODE = """
import os
import time


def handler(event, context):
    if "Records" in event:
        return len(event["Records"])
    if event.get("fail"):
        raise ValueError("as told")
    while event.get("wait") and not os.path.exists(event["wait"]):
        time.sleep(0.01)
    return event
"""
INVOKED, FAILED, THROTTLED = 7, 2, 3


class World:
    def __init__(self, folder):
        self.server = Server("--test-controls", "--function-isolation", "off", data=folder / "data")
        self.wire = Wire(self.server.endpoint)
        self.functions, self.cloudwatch, self.db = (self.client(name) for name in ("lambda", "cloudwatch", "dynamodb"))

    def client(self, service):
        return boto3.client(service, endpoint_url=self.server.endpoint, region_name="us-east-1", aws_access_key_id="test",
                            aws_secret_access_key="test", config=Config(retries={"total_max_attempts": 1}))

    def create(self, name):
        self.functions.create_function(FunctionName=name, Runtime="python3.12", Handler="app.handler", Role=ROLE,
                                       Code={"ZipFile": make_zip({"app.py": CODE})}, Timeout=60)

    def invoke(self, name, **event):
        return self.functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())

    def figure(self, name, function=None):
        """A line of /_stator/metrics."""
        label = f'\\{{function="{function}"\\}}' if function else ""
        text = self.wire.request("GET", "/_stator/metrics").body.decode()
        found = re.search(rf"^{name}{label} (\S+)$", text, re.M)
        return float(found[1]) if found else None

    def cloudwatch_sum(self, metric, function, statistic="Sum"):
        now = datetime.datetime.now(datetime.timezone.utc)
        span = dict(StartTime=now - datetime.timedelta(hours=1), EndTime=now + datetime.timedelta(minutes=2))
        what = dict(Namespace="AWS/Lambda", MetricName=metric, Dimensions=[{"Name": "FunctionName", "Value": function}])
        points = self.cloudwatch.get_metric_statistics(**what, **span, Period=60, Statistics=[statistic])["Datapoints"]
        query = {"Id": "a", "MetricStat": {"Metric": what, "Period": 60, "Stat": statistic}}
        values = self.cloudwatch.get_metric_data(MetricDataQueries=[query], **span)["MetricDataResults"][0]["Values"]
        one, other = (sum if statistic == "Sum" else max)([p[statistic] for p in points]), (
            sum if statistic == "Sum" else max)(values)
        assert one == pytest.approx(other)
        return one

    def told(self, *arguments):
        run = run_stator("functions", "--endpoint", self.server.endpoint, *arguments)
        assert run.returncode == 0, run.stderr
        return run.stdout


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("monitoring"))
    yield made
    made.server.__exit__()


@pytest.fixture(scope="module")
def busy_function(world):
    """Invoked seven times, twice with an error, then throttled three times."""
    name = "busy"
    world.create(name)
    for i in range(INVOKED):
        answer = world.invoke(name, fail=i < FAILED)
        assert ("FunctionError" in answer) == (i < FAILED)
    world.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    for _ in range(THROTTLED):
        with pytest.raises(ClientError) as raised:
            world.invoke(name)
        assert raised.value.response["Error"]["Code"] == "TooManyRequestsException"
    return name


def test_the_same_figures_everywhere(world, busy_function):
    told = next(row for row in json.loads(world.told("--json"))["Functions"] if row["FunctionName"] == busy_function)
    cells = next(line for line in world.told().splitlines() if line.startswith(busy_function)).split()
    for column, (metric, name, wanted) in enumerate([("Invocations", "invocations", INVOKED), ("Errors", "errors", FAILED),
                                                     ("Throttles", "throttles", THROTTLED)], start=3):
        assert world.cloudwatch_sum(metric, busy_function) == wanted
        assert world.figure(f"stator_function_{name}_total", busy_function) == wanted
        assert told[metric] == wanted
        assert cells[column] == str(wanted)
    total = world.cloudwatch_sum("Duration", busy_function)
    assert world.figure("stator_function_duration_milliseconds_total", busy_function) == pytest.approx(total)
    assert told["DurationAverage"] == pytest.approx(total / INVOKED)


def test_the_log_tells_the_same(world, busy_function):
    events = world.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{busy_function}")["events"]
    durations = [float(found[1]) for event in events if (found := re.match(r"REPORT .*?\tDuration: (\S+) ms", event["message"]))]
    assert len(durations) == INVOKED
    assert sum("[ERROR] ValueError: as told" in event["message"] for event in events) == FAILED
    assert sum(durations) == pytest.approx(world.cloudwatch_sum("Duration", busy_function), abs=0.01 * INVOKED)


def test_last_invoked_is_the_time_itself(world, busy_function):
    events = world.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{busy_function}")["events"]
    told = next(row for row in json.loads(world.told("--json"))["Functions"] if row["FunctionName"] == busy_function)
    assert told["LastInvoked"] == max(event["timestamp"] for event in events) // 1000


def test_age_of_records(world):
    world.create("streamed")
    table = world.db.create_table(
        TableName="monitored", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})["TableDescription"]
    world.functions.create_event_source_mapping(FunctionName="streamed", EventSourceArn=table["LatestStreamArn"],
                                                StartingPosition="TRIM_HORIZON")
    world.db.put_item(TableName="monitored", Item={"pk": {"S": "a"}})
    until(lambda: world.figure("stator_function_invocations_total", "streamed") == 1)
    age = world.cloudwatch_sum("IteratorAge", "streamed", "Maximum")
    assert world.figure("stator_function_iterator_age_milliseconds", "streamed") == pytest.approx(age)
    told = next(row for row in json.loads(world.told("--json"))["Functions"] if row["FunctionName"] == "streamed")
    assert told["IteratorAge"] == pytest.approx(age)


def test_figures_of_the_runner(world, tmp_path):
    world.create("waiting")
    world.functions.put_function_concurrency(FunctionName="waiting", ReservedConcurrentExecutions=5)
    until(lambda: world.figure("stator_environments_busy") == 0)
    assert world.figure("stator_invocations_waiting") == 0
    end = tmp_path / "end"
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(world.client("lambda").invoke, FunctionName="waiting", Payload=json.dumps({"wait": str(end)}))
                 for _ in range(2)]
        until(lambda: world.figure("stator_environments_busy") == 2)
        assert world.figure("stator_environments") >= 2
        end.touch()
        assert all("FunctionError" not in call.result() for call in calls)
    assert world.figure("stator_environments_busy") == 0
    assert world.figure("stator_environments_memory_bytes") > 1e6


def test_reset_forgets_asynchronous_events(world):
    world.create("failing")
    world.functions.invoke(FunctionName="failing", InvocationType="Event", Payload=b'{"fail": true}')
    until(lambda: world.figure("stator_function_invocations_total", "failing") == 1)
    assert world.figure("stator_async_events") == 1  # it waits for its second attempt
    assert world.wire.request("POST", "/_stator/reset").status in (200, 204)
    assert world.figure("stator_async_events") == 0
    world.create("failing")
    world.wire.request("POST", "/_stator/test/clock", body=b'{"advance_seconds": 3600}')
    world.invoke("failing")
    assert world.figure("stator_function_invocations_total", "failing") == 1
