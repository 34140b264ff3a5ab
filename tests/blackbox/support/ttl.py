"""A server for tests of items that expire."""

import time

from . import client
from .controls import control
from .server import Server
from .tables import n, s, table_request, wait_active
from .waiting import until

OFTEN = "Time to live has been modified multiple times within a fixed interval"
HOUR = 3600


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
