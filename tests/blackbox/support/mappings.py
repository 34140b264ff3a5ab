"""Event source mappings for tests: a server, tables with streams, functions that write down what they are called with."""

import json
import pathlib
import urllib.request

import boto3
from botocore.config import Config

from . import server as servers
from .functions import ROLE, make_zip
from .waiting import until

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


def events_in(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def records_in(file):
    return [record for event in events_in(file) for record in event["Records"]]


def keys_in(file):
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in records_in(file)]
