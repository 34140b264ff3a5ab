#!/usr/bin/env python3
"""Kills a server with SIGKILL while it calls a function with the changes of a table, and checks what the function saw.

    triggers.py --stator build/release/stator [--changes 100000] [--keys 1000] [--kills 10] [--seed N]

Connections write numbered changes of their own keys; a change that went unanswered is written again. An event source
mapping calls a function that appends what it is called with to a file. The server is killed and started again at random
moments; shards roll over meanwhile. Afterwards, for each key: every change was delivered, in order, none skipped; what
was delivered twice is a repetition of the last changes after a restart. Exit 0: all of that held. The standard library
is enough.
"""

import argparse
import base64
import collections
import http.client
import io
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
import zipfile

TABLE = "changes"
FUNCTION = "append"
HANDLER = """
import os

FILE = os.open(os.environ["SEEN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)


def handler(event, context):
    keys = [(record["dynamodb"]["NewImage"]["pk"]["S"], record["dynamodb"]["NewImage"]["n"]["N"])
            for record in event["Records"]]
    os.write(FILE, "".join("%s %s\\n" % key for key in keys).encode())
"""


class Unanswered(Exception):
    """No reply, or one that leaves open whether the request took effect."""


class Client:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, method, path, body, headers):
        try:
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
            text = reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(str(error)) from error
        if reply.status >= 500:
            raise Unanswered("%d %s" % (reply.status, text[:200]))
        if reply.status >= 300:
            raise AssertionError("%s %s: %d %s" % (method, path, reply.status, text[:500]))
        return json.loads(text) if text.strip() else {}

    def call(self, operation, request):
        return self.send("POST", "/", json.dumps(request), self.headers("dynamodb", {
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810." + operation}))

    def rest(self, method, path, request=None):
        body = None if request is None else json.dumps(request)
        return self.send(method, path, body, self.headers("lambda", {"Content-Type": "application/json"}))

    @staticmethod
    def headers(service, more):
        return dict(more, Authorization="AWS4-HMAC-SHA256 Credential=crash/20260101/us-east-1/%s/aws4_request, "
                    "SignedHeaders=host, Signature=0" % service)


class Server:
    def __init__(self, args, folder):
        self.args, self.folder, self.process = args, folder, None

    def start(self):
        self.process = subprocess.Popen(
            [self.args.stator, "serve", "--port", str(self.args.port), "--data", os.path.join(self.folder, "data"),
             "--stream-shards", str(self.args.shards), "--function-isolation", "off", "--test-controls"],
            stdout=subprocess.PIPE, stderr=open(os.path.join(self.folder, "server.log"), "ab"), text=True)
        line = self.process.stdout.readline()
        if "listening" not in line:
            raise AssertionError("the server did not start: %r; see %s/server.log" % (line, self.folder))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


def zip_of_handler():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("main.py", HANDLER)
    return base64.b64encode(out.getvalue()).decode()


def prepare(args, seen):
    client = Client(args.port)
    client.call("CreateTable", {
        "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}})
    stream = client.call("DescribeTable", {"TableName": TABLE})["Table"]["LatestStreamArn"]
    client.rest("POST", "/2015-03-31/functions", {
        "FunctionName": FUNCTION, "Runtime": "python3.12", "Handler": "main.handler", "Timeout": 30, "MemorySize": 256,
        "Role": "arn:aws:iam::000000000000:role/triggers", "Code": {"ZipFile": zip_of_handler()},
        "Environment": {"Variables": {"SEEN": seen}}})
    client.rest("POST", "/2015-03-31/event-source-mappings/", {
        "FunctionName": FUNCTION, "EventSourceArn": stream, "StartingPosition": "TRIM_HORIZON",
        "BatchSize": args.batch, "ParallelizationFactor": args.factor})


class Writer:
    """One connection and the keys that it alone writes; change n of a key is n."""

    def __init__(self, number, args):
        self.random = random.Random("%s/%d" % (args.seed, number))
        self.port = args.port
        self.keys = ["key-%04d" % k for k in range(number, args.keys, args.connections)]
        self.written = collections.Counter()
        self.left = args.changes // args.connections
        self.pending = None
        self.failure = None

    def run(self, up):
        client = None
        try:
            while self.left:
                up.wait()
                try:
                    client = client or Client(self.port)
                    self.step(client)
                except Unanswered:
                    client = None
                    time.sleep(0.01)
        except Exception as error:  # reported by the main thread
            self.failure = error

    def step(self, client):
        if self.pending is None:
            key = self.random.choice(self.keys)
            self.pending = key, self.written[key] + 1
        key, n = self.pending
        client.call("PutItem", {"TableName": TABLE, "Item": {"pk": {"S": key}, "n": {"N": str(n)}}})
        self.written[key] = n
        self.pending = None
        self.left -= 1


def check(seen, written, restarts):
    """What is wrong with the order in which the function saw the changes of each key."""
    last, most, repeats = collections.Counter(), collections.Counter(), collections.Counter()
    wrong, deliveries = [], 0
    with open(seen, encoding="ascii") as lines:
        for line in lines:
            key, text = line.split()
            n = int(text)
            deliveries += 1
            if n > last[key] + 1:
                wrong.append("%s: %d after %d" % (key, n, last[key]))
            elif n <= last[key]:
                repeats[key] += 1
            last[key] = n
            most[key] = max(most[key], n)
    wrong += ["%s: delivered up to %d of %d" % (key, most[key], n) for key, n in written.items() if most[key] != n]
    wrong += ["%s: delivered again from an earlier change %d times in %d restarts" % (key, n, restarts)
              for key, n in repeats.items() if n > restarts]
    wrong += ["%s: ends with a repetition that stops at %d of %d" % (key, last[key], n)
              for key, n in written.items() if most[key] == n and last[key] != n]
    return wrong, deliveries


def all_delivered(seen, written):
    most = collections.Counter()
    with open(seen, encoding="ascii") as lines:
        for line in lines:
            if line.endswith("\n"):
                key, n = line.split()
                most[key] = int(n)
    return all(most[key] == n for key, n in written.items())


def roll(args, random_):
    if random_.random() < 0.5:
        try:
            Client(args.port).rest("POST", "/_stator/test/roll-streams")
        except Unanswered:
            pass


def play(args, folder):
    chance = random.Random(args.seed)
    seen = os.path.join(folder, "seen")
    open(seen, "w").close()
    server, up = Server(args, folder), threading.Event()
    server.start()
    prepare(args, seen)
    writers = [Writer(i, args) for i in range(args.connections)]
    threads = [threading.Thread(target=writer.run, args=(up,)) for writer in writers]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    up.set()
    total = sum(writer.left for writer in writers)
    done = lambda: total - sum(writer.left for writer in writers)
    for kill in range(args.kills):
        until = total * (kill + chance.random()) / args.kills
        while done() < until and any(thread.is_alive() for thread in threads):
            time.sleep(0.005)
        roll(args, chance)
        time.sleep(chance.uniform(0, 0.2))
        up.clear()
        server.kill()
        server.start()
        up.set()
    for thread in threads:
        thread.join()
    wrote = time.monotonic() - begun
    failures = ["%r" % writer.failure for writer in writers if writer.failure]
    written = sum((writer.written for writer in writers), collections.Counter())
    patience = time.monotonic() + args.patience
    while not failures and not all_delivered(seen, written) and time.monotonic() < patience:
        time.sleep(0.2)
    delivered = time.monotonic() - begun
    time.sleep(0.5)
    server.kill()
    wrong, deliveries = check(seen, written, args.kills)
    print("seed %s: %d kills, %d changes of %d keys acknowledged in %.1f s, %d delivered by %.1f s (%d of them again), "
          "%d violations" % (args.seed, args.kills, total, args.keys, wrote, deliveries, delivered,
                             deliveries - total, len(failures + wrong)))
    for violation in (failures + wrong)[:20]:
        print("VIOLATION", violation)
    return not failures and not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stator", default=os.environ.get("STATOR_BIN", "build/release/stator"))
    parser.add_argument("--changes", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--shards", type=int, default=2)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--factor", type=int, default=2)
    parser.add_argument("--patience", type=float, default=120, help="seconds to wait for the last deliveries")
    parser.add_argument("--port", type=int, default=21590)
    parser.add_argument("--seed", default=str(random.SystemRandom().randint(0, 10**9)))
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="stator-triggers-")
    good = play(args, folder)
    if good:
        shutil.rmtree(folder)
    else:
        print("the folder is kept: %s" % folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
