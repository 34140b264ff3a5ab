"""Records a history: clients that append to lists and read them at a server, which is killed now and then.

Single reads and writes and transactions of both kinds, over few keys at a time, so that they meet. A transaction that got no
answer is sent again with its token after the restart, until it is known what became of it.
"""

import http.client
import json
import random
import signal
import subprocess
import threading
import time

from history import FAILED, OK, UNKNOWN, Operation

TABLE = "histories"
REFUSED = {"TransactionCanceledException", "TransactionConflictException", "ConditionalCheckFailedException"}


class Unanswered(Exception):
    """No reply, or one that leaves open whether the request took effect."""


class Refused(Exception):
    """The request had no effect."""


class Client:
    def __init__(self, port):
        self.port = port
        self.connection = None

    def call(self, operation, request):
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "DynamoDB_20120810." + operation,
            "Authorization": "AWS4-HMAC-SHA256 Credential=histories/20260101/us-east-1/dynamodb/aws4_request, "
            "SignedHeaders=host, Signature=0",
        }
        try:
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request("POST", "/", json.dumps(request), headers)
            reply = self.connection.getresponse()
            body = json.loads(reply.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Unanswered(str(error)) from error
        if reply.status == 200:
            return body
        kind = body.get("__type", "").rpartition("#")[2]
        if kind in REFUSED:
            raise Refused(kind)
        if reply.status >= 500 or kind in ("TransactionInProgressException", "ThrottlingException"):
            raise Unanswered(f"{reply.status} {kind}")
        raise AssertionError(f"{operation}: {reply.status} {body}")

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Server:
    def __init__(self, program, folder, port, arguments):
        self.words = [program, "serve", "--port", str(port), "--data", folder, *arguments]
        self.log = folder + ".log"
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if "listening" not in line:
            raise AssertionError(f"the server did not start: {line!r}; see {self.log}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


def key_of(name):
    return {"pk": {"S": name}}


def list_in(item):
    return [int(value["N"]) for value in item.get("v", {"L": []})["L"]] if item else []


APPEND = {"UpdateExpression": "SET v = list_append(if_not_exists(v, :none), :new)"}


def append(name, number):
    return {"TableName": TABLE, "Key": key_of(name), **APPEND,
            "ExpressionAttributeValues": {":none": {"L": []}, ":new": {"L": [{"N": str(number)}]}}}


class Keys:
    """A few keys in use; one that has grown long gives way to a new one."""

    def __init__(self, count, longest):
        self.longest, self.made, self.lock = longest, count, threading.Lock()
        self.now = [f"k{i}" for i in range(count)]
        self.all = list(self.now)

    def some(self, chance, count):
        with self.lock:
            return chance.sample(self.now, count)

    def seen(self, name, seen):
        if len(seen) < self.longest:
            return
        with self.lock:
            if name in self.now:
                fresh = f"k{self.made}"
                self.made += 1
                self.now[self.now.index(name)] = fresh
                self.all.append(fresh)


class Recorder:
    """One client's part of a history."""

    def __init__(self, number, seed, run):
        self.number, self.run = number, run
        self.chance = random.Random(f"{seed}/{number}")
        self.client = Client(run.port)
        self.history = []
        self.numbers = 0
        self.last_seen = {}

    def fresh(self):
        """A number nobody else appends."""
        self.numbers += 1
        return self.numbers * 1000 + self.number

    def work(self):
        kinds = [self.get, self.update, self.put, self.write, self.read]
        try:
            while self.run.take():
                self.chance.choices(kinds, [3, 3, 2, 5, 3])[0]()
        except BaseException as error:  # told by the run
            self.run.failures.append(error)
            raise

    def record(self, operation, request):
        """Sends it once; fills in what came of it."""
        operation.begin = time.monotonic_ns()
        try:
            answer = request()
            operation.end = time.monotonic_ns()
            return answer
        except Refused:
            operation.end, operation.outcome = time.monotonic_ns(), FAILED
        except Unanswered:
            operation.outcome = UNKNOWN
            self.run.wait_for_server()
        finally:
            self.history.append(operation)
        return None

    def seen(self, operation, reads):
        operation.reads = reads
        self.last_seen.update(reads)
        for name, numbers in reads.items():
            self.run.keys.seen(name, numbers)

    def get(self):
        (name,) = self.run.keys.some(self.chance, 1)
        operation = Operation("get", 0)
        answer = self.record(operation, lambda: self.client.call(
            "GetItem", {"TableName": TABLE, "Key": key_of(name), "ConsistentRead": True}))
        if answer is not None:
            self.seen(operation, {name: list_in(answer.get("Item"))})

    def update(self):
        """Appends, and reads what was there before."""
        (name,) = self.run.keys.some(self.chance, 1)
        operation = Operation("update", 0, appends={name: self.fresh()})
        request = {**append(name, operation.appends[name]), "ReturnValues": "ALL_OLD"}
        answer = self.record(operation, lambda: self.client.call("UpdateItem", request))
        if answer is not None:
            self.seen(operation, {name: list_in(answer.get("Attributes"))})

    def put(self):
        """Writes the whole list anew, if it is still as last seen."""
        (name,) = self.run.keys.some(self.chance, 1)
        before = self.last_seen.get(name, [])
        operation = Operation("put", 0, appends={name: self.fresh()})
        numbers = [{"N": str(number)} for number in (*before, operation.appends[name])]
        request = {"TableName": TABLE, "Item": {**key_of(name), "v": {"L": numbers}}}
        if before:
            request.update(ConditionExpression="v = :v", ExpressionAttributeValues={":v": {"L": numbers[:-1]}})
        else:
            request["ConditionExpression"] = "attribute_not_exists(pk)"
        if self.record(operation, lambda: self.client.call("PutItem", request)) is not None:
            self.seen(operation, {name: before})
        else:
            self.last_seen.pop(name, None)

    def write(self):
        """Appends to some and looks at others: that they are as last seen."""
        names = self.run.keys.some(self.chance, self.chance.choice([1, 2, 2, 3, 4]))
        written = names[:max(1, len(names) - self.chance.choice([0, 0, 1, 2]))]
        operation = Operation("transact write", 0, appends={name: self.fresh() for name in written})
        checked = {name: self.last_seen.get(name, []) for name in names[len(written):]}
        items = [{"Update": append(name, number)} for name, number in operation.appends.items()]
        for name, numbers in checked.items():
            condition = {"ConditionExpression": "attribute_not_exists(pk)"}
            if numbers:
                condition = {"ConditionExpression": "v = :v", "ExpressionAttributeValues": {
                    ":v": {"L": [{"N": str(number)} for number in numbers]}}}
            items.append({"ConditionCheck": {"TableName": TABLE, "Key": key_of(name), **condition}})
        self.chance.shuffle(items)
        token = f"{self.number}-{self.numbers}-{self.run.seed}"
        request = {"TransactItems": items, "ClientRequestToken": token}
        answer = self.record(operation, lambda: self.client.call("TransactWriteItems", request))
        while operation.outcome == UNKNOWN:
            self.ask_again(operation, request)
        if operation.outcome == OK:
            operation.reads = checked
            if answer is not None and self.chance.random() < 0.03:
                self.replay(request)
        else:
            for name in names:
                self.last_seen.pop(name, None)

    def ask_again(self, operation, request):
        try:
            self.client.call("TransactWriteItems", request)
            operation.outcome, operation.end = OK, time.monotonic_ns()
        except Refused:
            operation.outcome, operation.end = FAILED, time.monotonic_ns()
        except Unanswered:
            self.run.wait_for_server()

    def replay(self, request):
        """Of what was done: must be answered and have no effect."""
        try:
            self.client.call("TransactWriteItems", request)
        except Unanswered:
            self.run.wait_for_server()
        except Refused as error:
            raise AssertionError(f"a replay was refused: {error}") from error

    def read(self):
        names = self.run.keys.some(self.chance, self.chance.choice([2, 3, 5]))
        operation = Operation("transact read", 0)
        items = [{"Get": {"TableName": TABLE, "Key": key_of(name)}} for name in names]
        answer = self.record(operation, lambda: self.client.call("TransactGetItems", {"TransactItems": items}))
        if answer is not None:
            self.seen(operation, {name: list_in(part.get("Item")) for name, part in zip(names, answer["Responses"])})


class Run:
    """Records one history."""

    def __init__(self, server, port, seed, operations, clients=8, keys=12, longest=40, kills=2):
        self.server, self.port, self.seed = server, port, seed
        self.operations, self.kills = operations, kills
        self.keys = Keys(keys, longest)
        self.recorders = [Recorder(number, seed, self) for number in range(clients)]
        self.failures = []
        self._left = operations
        self._lock = threading.Lock()
        self._up = threading.Event()

    def take(self):
        with self._lock:
            self._left -= 1
            return self._left >= 0 and not self.failures

    def wait_for_server(self):
        self._up.wait(30)

    def record(self):
        self.server.start()
        Client(self.port).call("CreateTable", {
            "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]})
        self._up.set()
        threads = [threading.Thread(target=recorder.work) for recorder in self.recorders]
        for thread in threads:
            thread.start()
        chance = random.Random(self.seed)
        for share in sorted(chance.random() for _ in range(self.kills)):
            while self._left > self.operations * share and any(thread.is_alive() for thread in threads):
                threads[0].join(0.002)
            self._up.clear()
            self.server.kill()
            self.server.start()
            self._up.set()
        for thread in threads:
            thread.join()
        if self.failures:
            raise self.failures[0]
        history = [operation for recorder in self.recorders for operation in recorder.history]
        return history + self.last_reads()

    def last_reads(self):
        """Every key once more, when all is quiet: what the lists have become."""
        client, reads = Client(self.port), []
        for name in self.keys.all:
            operation = Operation("get", time.monotonic_ns())
            answer = client.call("GetItem", {"TableName": TABLE, "Key": key_of(name), "ConsistentRead": True})
            operation.end, operation.reads = time.monotonic_ns(), {name: list_in(answer.get("Item"))}
            reads.append(operation)
        return reads
