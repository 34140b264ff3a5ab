#!/usr/bin/env python3
"""Kills a server with SIGKILL under mixed load, again and again, and checks what it holds afterwards.

    crash.py --stator build/release/stator [--rounds 200] [--seed N] [--port 21190] [--durability strict]

Each round: start, load for a moment (puts, updates, deletes, batches; two indexes whose keys come, change and go), kill,
`stator check`, start again, read everything back. Every key must hold what was last acknowledged, or, for the one
request that each connection had under way, what that request would have made of it. Some items expire: those may be
gone once their time has passed, and only then, and never come back. The indexes must agree with the table, the expiry
index too, and so must its stream, whose shards roll over every second: `stator check` finds each item as the last change
of it left it, and each change at the item that the change before it left, so that no write is without its change and no
change without its write. Exit 0: all of that held. The standard library is enough.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

TABLE = "crash"
KEYS_PER_WORKER = 40
NEVER = {"N": str(2**62)}
EXPIRY_FROM_ROUND = 2  # enabled when there are items: finding them is interrupted, too


class Unanswered(Exception):
    """No reply, or one that leaves open whether the request took effect."""


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def call(self, operation, request):
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "DynamoDB_20120810." + operation,
            "Authorization": "AWS4-HMAC-SHA256 Credential=crash/20260101/us-east-1/dynamodb/aws4_request, "
            "SignedHeaders=host, Signature=0",
        }
        try:
            self.connection.request("POST", "/", json.dumps(request), headers)
            reply = self.connection.getresponse()
            body = reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(str(error)) from error
        if reply.status >= 500:
            raise Unanswered("%d %s" % (reply.status, body[:200]))
        if reply.status != 200:
            raise AssertionError("%s: %d %s" % (operation, reply.status, body[:500]))
        return json.loads(body)


class Server:
    def __init__(self, args, folder):
        self.args, self.folder, self.process = args, folder, None

    def start(self):
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [self.args.stator, "serve", "--port", str(self.args.port), "--data", self.folder,
             "--durability", self.args.durability, "--stream-shards", "2", "--stream-shard-age", "1",
             "--ttl-interval", "0.1"],
            stdout=subprocess.PIPE, stderr=open(self.folder + ".log", "ab"), text=True)
        line = self.process.stdout.readline()
        if "listening" not in line:
            raise AssertionError("the server did not start: %r; see %s.log" % (line, self.folder))
        return time.monotonic() - begun

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def metric(self, name):
        connection = http.client.HTTPConnection("127.0.0.1", self.args.port, timeout=10)
        connection.request("GET", "/_stator/metrics")
        for line in connection.getresponse().read().decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        return 0.0


class Worker:
    """One connection and the keys that it alone writes. `known` is what must be there; `perhaps` what else may be."""

    def __init__(self, number, seed):
        self.pk = "worker-%d" % number
        self.random = random.Random("%s/%s" % (seed, number))
        self.known, self.perhaps = {}, {}
        self.acknowledged, self.serial, self.failure = 0, 0, None

    def run(self, port, stop):
        client = Client(port)
        try:
            while not stop.is_set():
                self.step(client)
        except Unanswered:
            pass
        except Exception as error:  # reported by the main thread
            self.failure = error

    def step(self, client):
        kind = self.random.choice(["put", "put", "update", "update", "delete", "batch", "expiring"])
        count = self.random.randint(2, 8) if kind == "batch" else 1
        keys = self.random.sample(["key-%02d" % i for i in range(KEYS_PER_WORKER)], count)
        if kind == "update":
            operation, request, after = self.update(keys[0])
        elif kind == "batch":
            operation, request, after = self.batch(keys)
        elif kind == "expiring":
            item = self.expiring()
            operation, request, after = "PutItem", {"TableName": TABLE, "Item": item}, {item["sk"]["S"]: item}
        elif kind == "put":
            item = self.item(keys[0])
            operation, request, after = "PutItem", {"TableName": TABLE, "Item": item}, {keys[0]: item}
        else:
            operation, request, after = "DeleteItem", {"TableName": TABLE, "Key": self.key(keys[0])}, {keys[0]: None}
        self.perhaps = after
        reply = client.call(operation, request)
        if reply.get("UnprocessedItems"):
            return  # each may be in or out: settled by the next reading
        self.known.update(after)
        self.perhaps = {}
        self.acknowledged += 1

    def key(self, sk):
        return {"pk": {"S": self.pk}, "sk": {"S": sk}}

    def item(self, sk):
        self.serial += 1
        item = dict(self.key(sk), serial={"N": str(self.serial)}, filler={"S": "x" * self.random.randint(0, 600)})
        if self.random.random() < 0.8:
            item["team"] = {"S": "team-%d" % self.random.randint(0, 4)}
        if self.random.random() < 0.8:
            item["score"] = {"N": str(self.random.randint(-5, 5))}
        return item

    def expiring(self):
        """An item of a few that are only ever put: with a time that has passed, soon will have, or will not."""
        item = self.item("ttl-%02d" % self.random.randint(0, 9))
        item["expires"] = {"N": str(int(time.time()) + self.random.choice([-5, -5, 1, 3600]))}
        return item

    def update(self, sk):
        before = self.known.get(sk)
        after = dict(before) if before else self.key(sk)
        after["count"] = {"N": str(int(after.get("count", {"N": "0"})["N"]) + 1)}
        request = {"TableName": TABLE, "Key": self.key(sk), "ExpressionAttributeNames": {"#c": "count"},
                   "ExpressionAttributeValues": {":one": {"N": "1"}}}
        if self.random.random() < 0.3:
            request["UpdateExpression"] = "ADD #c :one REMOVE team"
            after.pop("team", None)
        else:
            team = {"S": "team-%d" % self.random.randint(0, 4)}
            request["UpdateExpression"] = "SET team = :t ADD #c :one"
            request["ExpressionAttributeValues"][":t"] = team
            after["team"] = team
        return "UpdateItem", request, {sk: after}

    def batch(self, keys):
        after, writes = {}, []
        for sk in keys:
            if self.random.random() < 0.3:
                after[sk] = None
                writes.append({"DeleteRequest": {"Key": self.key(sk)}})
            else:
                after[sk] = self.item(sk)
                writes.append({"PutRequest": {"Item": after[sk]}})
        return "BatchWriteItem", {"RequestItems": {TABLE: writes}}, after

    def verify(self, client):
        found, start = {}, None
        while True:
            request = {"TableName": TABLE, "ConsistentRead": True, "KeyConditionExpression": "pk = :p",
                       "ExpressionAttributeValues": {":p": {"S": self.pk}}}
            if start:
                request["ExclusiveStartKey"] = start
            reply = client.call("Query", request)
            found.update((item["sk"]["S"], item) for item in reply["Items"])
            start = reply.get("LastEvaluatedKey")
            if not start:
                break
        wrong = []
        for sk in set(self.known) | set(self.perhaps) | set(found):
            allowed = [self.known.get(sk)] + ([self.perhaps[sk]] if sk in self.perhaps else [])
            if any(item and int(item.get("expires", NEVER)["N"]) < time.time() for item in allowed):
                allowed.append(None)
            if found.get(sk) not in allowed:
                wrong.append("%s/%s holds %s, not %s" % (self.pk, sk, found.get(sk), " or ".join(map(str, allowed))))
        self.known, self.perhaps = found, {}
        return wrong


def create_table(client):
    index = lambda name, hash_key, range_key, projection: {
        "IndexName": name, "Projection": {"ProjectionType": projection},
        "KeySchema": [{"AttributeName": hash_key, "KeyType": "HASH"}, {"AttributeName": range_key, "KeyType": "RANGE"}]}
    client.call("CreateTable", {
        "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind}
                                 for name, kind in (("pk", "S"), ("sk", "S"), ("team", "S"), ("score", "N"))],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "GlobalSecondaryIndexes": [index("by-team", "team", "score", "ALL"), index("by-score", "score", "sk", "KEYS_ONLY")],
    })
    while client.call("DescribeTable", {"TableName": TABLE})["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(0.01)


def check_folder(args, folder):
    done = subprocess.run([args.stator, "check", folder], capture_output=True, text=True, timeout=120)
    return [] if done.returncode == 0 else ["stator check: " + done.stdout + done.stderr]


def load(server, workers, seconds):
    stop = threading.Event()
    threads = [threading.Thread(target=worker.run, args=(server.args.port, stop)) for worker in workers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    try:
        syncs = server.metric("stator_syncs_total")
    finally:
        server.kill()
        stop.set()
        for thread in threads:
            thread.join()
    return syncs


def play(args, folder, seed):
    chance = random.Random(seed)
    server = Server(args, folder)
    workers = [Worker(i, seed) for i in range(args.connections)]
    slowest, syncs, violations = 0.0, 0.0, []
    for number in range(args.rounds):
        slowest = max(slowest, server.start())
        client = Client(args.port)
        if number == 0:
            create_table(client)
        if number == EXPIRY_FROM_ROUND:
            client.call("UpdateTimeToLive", {"TableName": TABLE, "TimeToLiveSpecification": {
                "Enabled": True, "AttributeName": "expires"}})
        for worker in workers:
            violations += worker.verify(client)
        syncs += load(server, workers, chance.uniform(0.02, args.seconds))
        violations += ["round %d: %r" % (number, worker.failure) for worker in workers if worker.failure]
        violations += ["round %d: %s" % (number, fault) for fault in check_folder(args, folder)]
        if violations:
            break
        if sys.stderr.isatty() or (number + 1) % 20 == 0:
            print("crash: %d of %d rounds" % (number + 1, args.rounds), file=sys.stderr)
    if not violations:
        server.start()
        for worker in workers:
            violations += worker.verify(Client(args.port))
        server.kill()
    acknowledged = sum(worker.acknowledged for worker in workers)
    print("seed %s: %d rounds of kill -9, %d requests acknowledged, %.2f syncs each, slowest start %.0f ms, %d violations"
          % (seed, number + 1, acknowledged, syncs / max(acknowledged, 1), slowest * 1000, len(violations)))
    for violation in violations[:20]:
        print("VIOLATION", violation)
    return not violations


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stator", default=os.environ.get("STATOR_BIN", "build/release/stator"))
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=0.6, help="longest load of a round")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--port", type=int, default=21190)
    parser.add_argument("--durability", choices=["strict", "relaxed"], default="strict")
    parser.add_argument("--seed", default=str(random.SystemRandom().randint(0, 10**9)))
    args = parser.parse_args()
    folder = os.path.join(tempfile.mkdtemp(prefix="stator-crash-"), "data")
    good = play(args, folder, args.seed)
    if good:
        shutil.rmtree(os.path.dirname(folder))
    else:
        print("the folder is kept: %s" % folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
