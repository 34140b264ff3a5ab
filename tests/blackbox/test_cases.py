"""The corpus of tests/cases: one test for each case. tests/cases/README.md says what a case is.

STATOR_CASES_ENDPOINT=http://host:port runs it against that endpoint (a peer, or AWS itself: then requests are signed with
the credentials of the environment); STATOR_CASES_FORM=no leaves out what holds of every reply (prefix of __type,
checksum, request id), which peers do not have.
"""

import base64
import gzip
import json
import os
import re
import time

import pytest

from support import cases as corpus, server as servers, wire

CASES = corpus.load()
WRITES = re.compile("Put|Update|Delete|Write|Execute")


def patiently(until, seconds=60):
    """Again and again, but not for ever: peers have states that they do not leave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
    raise AssertionError(f"{seconds} s, and not until {until}")


class Endpoint:
    """Sends requests, makes the tables of the fixtures when a case first names them, and tidies up after each case."""

    def __init__(self, url):
        self.wire = wire.Wire(url, signed=url.startswith("https:"))
        self.fixtures = corpus.fixtures()
        self.made, self.variables, self.created, self.wrote = set(), {}, [], False
        self.check_form = os.environ.get("STATOR_CASES_FORM") != "no"

    def send(self, step):
        """(status, headers, body) and what is wrong with the reply's form."""
        raw = step.raw
        if raw is None:
            prefix = "DynamoDBStreams_20120810." if step.operation in STREAMS else wire.TARGET
            reply = self.wire.post(step.operation, json.dumps(step.request), target_prefix=prefix)
        else:
            reply = self._send_raw(step, raw)
        body = reply.body
        if reply.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        try:
            decoded = json.loads(body) if body else {}
        except ValueError:
            decoded = body.decode(errors="replace")
        if reply.status == 200 and isinstance(step.request, dict):
            self._note(step)
        lines = []
        if self.check_form and isinstance(decoded, dict):
            lines = corpus.form_differences(reply.status, reply.headers, decoded, reply.body)
        return reply, decoded, lines

    def _send_raw(self, step, raw):
        body = raw.get("body", json.dumps(step.request))
        data = base64.b64decode(raw["base64"]) if "base64" in raw else str(body).encode("utf-8", "surrogatepass")
        if "gzip" in raw:
            data = b"".join(gzip.compress(part.encode()) for part in raw["gzip"])
        headers = {"Content-Type": wire.CONTENT_TYPE, **wire.UNSIGNED}
        if "operation" in raw or step.operation != "HTTP":
            headers["X-Amz-Target"] = wire.TARGET + (raw.get("operation") or step.operation)
        headers.update(raw.get("headers", {}))
        headers = {name: value for name, value in headers.items() if value is not None}
        return self.wire.request(raw.get("method", "POST"), raw.get("path", "/"), data, headers)

    def _note(self, step):
        if step.operation == "CreateTable":
            self.created.append(step.request["TableName"])
        self.wrote = self.wrote or WRITES.search(step.operation) is not None

    def call(self, operation, request):
        reply, body, _ = self.send(corpus.Step(operation, request, {}))
        assert reply.status == 200, f"{operation}: {body}"
        return body

    def prepare(self, text):
        """The tables of the fixtures that a case names."""
        for name in self.fixtures:
            if name not in self.made and name in text:
                self._make(name)

    def _make(self, name):
        fixture = self.fixtures[name]
        self._delete(name)
        self.call("CreateTable", {"TableName": name, **fixture["create"]})
        table = self.wait(name)
        self.created.remove(name)
        self.variables[name + ".arn"] = table["TableArn"]
        self.variables[name + ".stream"] = table.get("LatestStreamArn")
        self.fill(name, fixture.get("items", []))
        self.made.add(name)

    def wait(self, name):
        for _ in patiently(f"{name} is ACTIVE"):
            table = self.call("DescribeTable", {"TableName": name})["Table"]
            if all(state == "ACTIVE" for state in [table["TableStatus"], *(
                    index["IndexStatus"] for index in table.get("GlobalSecondaryIndexes", []))]):
                return table
            time.sleep(0.05)

    def fill(self, name, items):
        for i in range(0, len(items), 25):
            self.call("BatchWriteItem", {"RequestItems": {name: [{"PutRequest": {"Item": item}} for item in items[i:i + 25]]}})

    def tidy(self, text):
        for name in self.created:
            self._delete(name)
        self.created.clear()
        if self.wrote:
            for name in self.made:
                if name in text and "items" not in self.fixtures[name]:
                    self._empty(name)
        self.wrote = False

    def _empty(self, name):
        names = [key["AttributeName"] for key in self.fixtures[name]["create"]["KeySchema"]]
        for _ in patiently(f"{name} is empty"):
            items = self.call("Scan", {"TableName": name, "ConsistentRead": True, "Limit": 25})["Items"]
            if not items:
                return
            keys = [{"DeleteRequest": {"Key": {key: item[key] for key in names}}} for item in items]
            self.call("BatchWriteItem", {"RequestItems": {name: keys}})

    def _delete(self, name):
        """And waits until it is gone."""
        if self.wire.post("DescribeTable", {"TableName": name}).status != 200:
            return
        if self.wire.post("DeleteTable", {"TableName": name}).status != 200:
            self.wire.post("UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
        for _ in patiently(f"{name} is gone"):
            if self.wire.post("DescribeTable", {"TableName": name}).status != 200:
                return
            self.wire.post("DeleteTable", {"TableName": name})
            time.sleep(0.01)


STREAMS = {"ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"}


@pytest.fixture(scope="module")
def site():
    given = os.environ.get("STATOR_CASES_ENDPOINT") or os.environ.get("STATOR_ENDPOINT")
    if given:
        yield Endpoint(given)
        return
    with servers.Server("--in-memory", "--test-controls") as server:
        yield Endpoint(server.endpoint)
        assert server.process.poll() is None, "the server died:\n" + server.stderr()


def value_at(body, path):
    for part in path.split("."):
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body


class Run:
    """One case on an endpoint."""

    def __init__(self, case, site):
        self.case, self.site = case, site
        self.variables = {}

    def step(self, step):
        """What is wrong with the reply."""
        variables = {**self.site.variables, **self.variables}
        now = corpus.Step(step.operation, corpus.fill(step.request, variables), corpus.fill(step.expected, variables), step.save,
                          corpus.fill(step.raw, variables))
        reply, body, lines = self.site.send(now)
        lines = lines + corpus.judge(now.expected, reply.status, reply.headers, body)
        for name, path in step.save.items():
            self.variables[name] = value_at(body, path)
        if reply.status == 200 and step.operation in ("CreateTable", "UpdateTable") and step is not self.case.step:
            self.site.wait(now.request["TableName"])
        return [f"{step.operation}: {line}" for line in lines] + self.stored(now)

    def stored(self, step):
        lines = []
        for wanted, key in ([(item, item) for item in as_list(step.expected.get("stored", []))]
                            + [(None, key) for key in as_list(step.expected.get("absent", []))]):
            table = step.request.get("TableName") if isinstance(step.request, dict) else None
            table = table or next(name for name in self.site.made if name in self.case.text)
            names = [k["AttributeName"] for k in self.site.fixtures[table]["create"]["KeySchema"]]
            found = self.site.call("GetItem", {"TableName": table, "ConsistentRead": True,
                                               "Key": {name: key[name] for name in names}}).get("Item")
            lines += corpus.differences(wanted, found, True, "the stored item")
        return lines

    def run(self):
        for table, items in self.case.given.items():
            self.site.fill(table, items)
        for step in self.case.before:
            if lines := self.step(step):
                return lines
        lines = self.step(self.case.step)
        for step in self.case.then:
            lines += self.step(step)
        return lines


def as_list(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(site, case):
    site.prepare(case.text)
    try:
        lines = Run(case, site).run()
    finally:
        site.tidy(case.text)
    assert not lines, f"{case.id}\n  source: {case.source}\n  " + "\n  ".join(lines)
