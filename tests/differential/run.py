"""Sends the same random requests to Stator and to dynoxide and reports every difference no rule explains.

    python3 tests/differential/run.py [--seed S] [--seeds N] [--requests N]

The same seed gives the same requests; a report names it, with a shrunk list of requests that shows the difference.
"""

import argparse
import copy
import json
import re
import sys
import time

import rules
from compare import Outcome, difference, parts, signature
from facts import Facts
from generate import Generator
from servers import DYNOXIDE, Dynoxide, Given, Stator, send

MAX_PAGES = 200
SETTLE_SECONDS = 60  # tables here are small; more is a table that will never be ACTIVE


def resolve(server, body):
    """The body with {"$arn": table} replaced by the server's own ARN of that table, and a token that is new to it after
    it was emptied."""
    token = body.get("ClientRequestToken")
    if isinstance(token, str) and token.startswith("token-"):
        return {**body, "ClientRequestToken": f"{token}-{server.epoch}"}
    if isinstance(body.get("ResourceArn"), dict) and "$arn" in body["ResourceArn"]:
        status, answer = send(server, "DescribeTable", {"TableName": body["ResourceArn"]["$arn"]})
        arn = answer["Table"]["TableArn"] if status == 200 else "arn:aws:dynamodb:us-east-1:000000000000:table/gone"
        return {**body, "ResourceArn": arn}
    return body


def index_names(tables, body):
    """Names of global indexes of the request's table, from what was created so far."""
    return tables.get(str(body.get("TableName")), set())


def perform(server, operation, body, unordered):
    """One request; of what has no order of its own, all pages joined into one answer."""
    status, answer = send(server, operation, resolve(server, body))
    if status == 200 and unordered:
        answer["$unordered"] = True
        pages, start = 1, answer.pop("LastEvaluatedKey", None)
        while start is not None and pages < MAX_PAGES:
            status, more = send(server, operation, {**body, "ExclusiveStartKey": start})
            if status != 200:
                return Outcome(status, more)
            for member in ("Count", "ScannedCount"):
                answer[member] += more[member]
            answer.setdefault("Items", []).extend(more.get("Items", []))
            answer.pop("ConsumedCapacity", None)
            pages, start = pages + 1, more.get("LastEvaluatedKey")
    return Outcome(status, answer)


def one_more_page(server, operation, body, outcome):
    """A page that ends at the last item may carry a key or not: drops a key that leads to nothing."""
    start = outcome.raw.get("LastEvaluatedKey")
    if start is None or not isinstance(body, dict):
        return
    _, more = send(server, operation, {**body, "ExclusiveStartKey": start})
    if isinstance(more, dict) and not more.get("ScannedCount") and "LastEvaluatedKey" not in more:
        outcome.body.pop("LastEvaluatedKey", None)


def until_settled(server, body):
    """Tables are changed and new indexes are filled in the background; what is answered meanwhile is a matter of chance."""
    deadline = time.monotonic() + SETTLE_SECONDS
    name = body.get("TableName")
    while re.search("CREATING|UPDATING", shown := str(send(server, "DescribeTable", {"TableName": name})[1])):
        if time.monotonic() > deadline:
            sys.exit(f"{server.name}: table {name} does not settle within {SETTLE_SECONDS} s: {shown}")
        time.sleep(0.001)


class Run:
    """One sequence of requests on two empty servers."""

    def __init__(self, first, second):
        self.servers = (first, second)
        self.globals, self.keys = {}, {}
        self.unsure = set()  # tokens of transactions that one of the servers did and the other refused

    def step(self, operation, body):
        """(what differs or None, our outcome, theirs)."""
        if str(body.get("ClientRequestToken")) in self.unsure:
            body = {k: v for k, v in body.items() if k != "ClientRequestToken"}
        # A scan has the order of a hash, a global index no order among equal keys, and a cursor made up by us no meaning there.
        index = str(body.get("IndexName"))
        unordered = operation == "Scan" or (operation == "Query" and index in self.globals.get(str(body.get("TableName")), set()))
        facts = Facts(self.servers[0], self._before(operation, body))
        a, b = (perform(server, operation, copy.deepcopy(body), unordered) for server in self.servers)
        if operation == "Query" and not unordered and a.ok and b.ok and (
                ("LastEvaluatedKey" in a.body) != ("LastEvaluatedKey" in b.body)):
            for server, outcome in zip(self.servers, (a, b)):
                one_more_page(server, operation, body, outcome)
        if a.ok:
            self._remember(operation, body)
            if operation == "UpdateTable" and "Create" in str(body.get("GlobalSecondaryIndexUpdates")):
                until_settled(self.servers[0], body)
        a.facts = facts
        if "ClientRequestToken" in body and a.ok != b.ok:
            self.unsure.add(str(body["ClientRequestToken"]))
        what = difference(operation, body, a, b)
        written = self._agree(operation, body, a, b)
        if written and what is None:
            what, a, b = "item", *written
            a.facts = facts
        return what, a, b

    def _before(self, operation, body):
        """(table, item) of what is going to be written, where the table has indexes that were made late."""
        found = []
        for table, key in written_keys(operation, body, self.keys):
            if any(name.startswith("late") for name in self.globals.get(table, ())):
                item = Facts(self.servers[0]).item(table, key)
                found += [(table, item)] if item else []
        return found

    def _agree(self, operation, body, a, b):
        """After a write both must hold the same; the second server is brought in line, so that one difference does not breed
        others. Gives the two items, as outcomes, if they differed."""
        if operation in ("CreateTable", "UpdateTable", "DeleteTable") and a.ok != b.ok:
            until_settled(self.servers[0], body)
            for server in self.servers:
                send(server, "UpdateTable", {"TableName": body.get("TableName"), "DeletionProtectionEnabled": False})
                until_settled(server, body)
                send(server, "DeleteTable", {"TableName": body.get("TableName")})
            self.keys.pop(str(body.get("TableName")), None)
            return None
        if operation in ("TagResource", "UntagResource") and a.ok != b.ok:
            for server in self.servers:
                send(server, "UntagResource", resolve(server, {**body, "TagKeys": ["a", "b", "c", "é"]}))
        different = None
        for table, key in written_keys(operation, body, self.keys):
            items = [send(server, "GetItem", {"TableName": table, "Key": key, "ConsistentRead": True}) for server in self.servers]
            outcomes = [Outcome(*item) for item in items]
            if any(not outcome.ok for outcome in outcomes) or outcomes[0].body == outcomes[1].body:
                continue
            different = different or outcomes
            item = items[0][1].get("Item")
            if item is None:
                send(self.servers[1], "DeleteItem", {"TableName": table, "Key": key})
            elif send(self.servers[1], "PutItem", {"TableName": table, "Item": item})[0] != 200:
                # It became unwritable when an index was made on it.
                for server in self.servers:
                    send(server, "DeleteItem", {"TableName": table, "Key": key})
        return different

    def _remember(self, operation, body):
        names = self.globals.setdefault(str(body.get("TableName")), set())
        if operation == "CreateTable" and isinstance(body.get("KeySchema"), list):
            keys = [k.get("AttributeName") for k in body["KeySchema"] if isinstance(k, dict)]
            self.keys.setdefault(str(body.get("TableName")), [key for key in keys if isinstance(key, str)])
        elif operation == "DeleteTable":
            self.keys.pop(str(body.get("TableName")), None)
        if operation == "CreateTable":
            names.update(_names(body.get("GlobalSecondaryIndexes")))
        elif operation == "UpdateTable" and isinstance(body.get("GlobalSecondaryIndexUpdates"), list):
            names.update(_names([u.get("Create") for u in body["GlobalSecondaryIndexUpdates"] if isinstance(u, dict)]))

    def empty(self):
        for server in self.servers:
            server.empty()
            server.epoch = getattr(server, "epoch", 0) + 1
        self.globals, self.keys = {}, {}
        self.unsure = set()


def written_keys(operation, body, keys):
    """(table, key) of each item that the request writes."""
    def of(table, item):
        names = keys.get(table, [])
        if names and isinstance(item, dict) and all(name in item for name in names):
            return [(table, {name: item[name] for name in names})]
        return []

    if operation in ("PutItem", "UpdateItem", "DeleteItem"):
        return of(str(body.get("TableName")), body.get("Item" if operation == "PutItem" else "Key"))
    found = []
    if operation == "TransactWriteItems":
        for kind, part in parts(body):
            if kind != "ConditionCheck":
                found += of(str(part.get("TableName")), part.get("Item" if kind == "Put" else "Key"))
    if operation == "BatchWriteItem" and isinstance(body.get("RequestItems"), dict):
        for table, writes in body["RequestItems"].items():
            for write in writes if isinstance(writes, list) else []:
                for inner in write.values() if isinstance(write, dict) else []:
                    if isinstance(inner, dict):
                        found += of(table, inner.get("Item", inner.get("Key")))
    return found


def _names(indexes):
    return {i["IndexName"] for i in indexes if isinstance(i, dict) and isinstance(i.get("IndexName"), str)} if isinstance(
        indexes, list) else set()


def unexplained(operation, body, what, a, b):
    return what is not None and rules.explanation(operation, body, what, a, b) is None


def shows(run, requests, wanted):
    """Whether this sequence still ends in a difference of that signature."""
    run.empty()
    for operation, body in requests[:-1]:
        perform_both(run, operation, body)
    operation, body = requests[-1]
    what, a, b = run.step(operation, body)
    return what is not None and signature(operation, what, a, b) == wanted


def perform_both(run, operation, body):
    for server in run.servers:
        send(server, operation, resolve(server, copy.deepcopy(body)))
    run._remember(operation, body)


def shrink(run, requests, wanted, seconds):
    """Removes requests, then members of the last one, as long as the difference stays."""
    deadline = time.monotonic() + seconds
    last = requests[-1]
    table = json.dumps(last[1].get("TableName", "")) if isinstance(last[1], dict) else ""
    related = [r for r in requests[:-1] if table in ('""', json.dumps(r[1].get("TableName", ""))) or "RequestItems" in r[1]] + [last]
    if shows(run, related, wanted):
        requests = related
    size = max(1, len(requests) // 2)
    while time.monotonic() < deadline:
        position, removed = 0, False
        while position < len(requests) - 1 and time.monotonic() < deadline:
            candidate = requests[:position] + requests[min(position + size, len(requests) - 1):]
            if shows(run, candidate, wanted):
                requests, removed = candidate, True
            else:
                position += size
        if size == 1 and not removed:
            break
        size = max(1, size // 2)
    operation, body = requests[-1]
    for member in list(body):
        smaller = {k: v for k, v in body.items() if k != member}
        if time.monotonic() < deadline and shows(run, requests[:-1] + [(operation, smaller)], wanted):
            body = smaller
    return requests[:-1] + [(operation, body)]


class Report:
    """Unexplained differences by signature."""

    def __init__(self):
        self.found = {}

    def add(self, wanted, seed, number, a, b):
        """True the first time."""
        entry = self.found.setdefault(wanted, {"count": 0, "seed": seed, "request": number, "a": str(a), "b": str(b)})
        entry["count"] += 1
        return entry["count"] == 1

    def print(self, out):
        for wanted, entry in sorted(self.found.items(), key=lambda pair: -pair[1]["count"]):
            print(f"\n{entry['count']} x {wanted}\n  seed {entry['seed']}, request {entry['request']}", file=out)
            for operation, body in entry.get("requests", []):
                print(f"    {operation} {json.dumps(body, ensure_ascii=False)}", file=out)
            print(f"    ours:   {entry['a']}\n    theirs: {entry['b']}", file=out)


def run_seed(run, seed, count, report, shrink_seconds):
    run.empty()
    requests = []
    for number, (operation, body) in enumerate(Generator(seed).requests(count)):
        body = copy.deepcopy(body)
        requests.append((operation, body))
        what, a, b = run.step(operation, body)
        if not unexplained(operation, body, what, a, b):
            continue
        wanted = signature(operation, what, a, b)
        if report.add(wanted, seed, number, a, b):
            report.found[wanted]["requests"] = [(operation, body)]
            report.found[wanted]["prefix"] = list(requests)
    if shrink_seconds:
        for wanted, entry in report.found.items():
            if "prefix" in entry:
                entry["requests"] = shrink(run, entry.pop("prefix"), wanted, shrink_seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds to run, one after the other")
    parser.add_argument("--requests", type=int, default=3000, help="requests per seed")
    parser.add_argument("--shrink", type=float, default=3, help="seconds spent on shrinking each difference; 0: none")
    parser.add_argument("--ours", help="endpoint instead of starting build/release/stator (or STATOR_BIN)")
    parser.add_argument("--theirs", help="endpoint instead of starting dynoxide")
    arguments = parser.parse_args()
    if not arguments.theirs and not DYNOXIDE.exists():
        sys.exit(f"{DYNOXIDE} is not installed: bin/setup test")

    ours = Given(arguments.ours) if arguments.ours else Stator()
    theirs = Given(arguments.theirs) if arguments.theirs else Dynoxide()
    report = Report()
    begin = time.monotonic()
    try:
        for seed in range(arguments.seed, arguments.seed + arguments.seeds):
            run_seed(Run(ours, theirs), seed, arguments.requests, report, arguments.shrink)
    finally:
        ours.stop()
        theirs.stop()
    report.print(sys.stdout)
    total = sum(entry["count"] for entry in report.found.values())
    print(f"\n{arguments.seeds * arguments.requests} requests in {time.monotonic() - begin:.0f} s: {total} differences of "
          f"{len(report.found)} kinds; explained by rules:")
    for one in rules.RULES:
        print(f"  {one.count:6} {one.name} ({one.source})")
    sys.exit(1 if report.found else 0)


if __name__ == "__main__":
    main()
