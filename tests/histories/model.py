"""A tiny store that does what the server should do, one step at a time, and breaks it when told to: what the checker is
tried on. Clients take turns by chance; every request takes effect somewhere between its begin and its end."""

import random

from history import FAILED, OK, UNKNOWN, Operation

FAULTS = (
    "lost update",           # two transactions read one version, and the second to write overwrites the first
    "torn transaction",      # a transaction's writes are seen one by one
    "unguarded check",       # what a transaction only looked at may have changed when it is committed
    "stale read",            # a read of what was there before an acknowledged write
    "read of two states",    # a transaction's reads are not of one moment
    "token forgotten",       # a request that is sent again is done again
    "lost on restart",       # an acknowledged write is gone after a crash
    "dirty abort",           # a refused transaction leaves one of its writes
)


class Store:
    def __init__(self, chance, fault=None):
        self.chance, self.fault = chance, fault
        self.lists = {}
        self.tokens = set()
        self.older = {}  # key -> its list before the last write

    def get(self, key):
        return list(self.lists.get(key, ()))

    def append(self, key, number, onto=None):
        base = self.get(key) if onto is None else onto
        self.older[key] = self.get(key)
        self.lists[key] = base + [number]


class Simulation:
    """`fault`: one of FAULTS, or None. It strikes now and then, so that most of a history is sound."""

    def __init__(self, seed, operations, fault=None, clients=6, keys=5, rate=0.05):
        self.chance = random.Random(seed)
        self.store = Store(self.chance, fault)
        self.fault, self.rate, self.left = fault, rate, operations
        self.keys = [f"k{i}" for i in range(keys)]
        self.clients = clients
        self.now = self.number = 0
        self.history = []

    def strikes(self, fault):
        return self.fault == fault and self.chance.random() < self.rate

    def tick(self):
        self.now += 1
        return self.now

    def run(self):
        running = [None] * self.clients
        while self.left > 0 or any(running):
            slot = self.chance.randrange(self.clients)
            if running[slot] is None:
                if self.left > 0:
                    self.left -= 1
                    running[slot] = self.request()
                continue
            try:
                next(running[slot])
            except StopIteration:
                running[slot] = None
            if self.strikes("lost on restart") and self.chance.random() < 0.2:
                key = self.chance.choice(self.keys)
                if self.store.get(key):
                    self.store.lists[key] = self.store.get(key)[:-1]
        for key in self.keys:
            self.history.append(Operation("get", self.tick(), self.tick(), OK, {key: self.store.get(key)}))
        return self.history

    def fresh(self):
        self.number += 1
        return self.number

    def request(self):
        kinds = {"get": self.get, "update": self.update, "write": self.write, "read": self.read}
        return self.chance.choices([*kinds.values()], [3, 3, 3, 2])[0]()

    def get(self):
        key = self.chance.choice(self.keys)
        operation = Operation("get", self.tick())
        yield
        seen = self.store.get(key)
        if self.strikes("stale read"):
            seen = list(self.store.older.get(key, seen))
        yield
        operation.reads, operation.end = {key: seen}, self.tick()
        self.history.append(operation)

    def update(self):
        key = self.chance.choice(self.keys)
        operation = Operation("update", self.tick(), appends={key: self.fresh()})
        yield
        operation.reads = {key: self.store.get(key)}
        self.store.append(key, operation.appends[key])
        yield
        if self.chance.random() < 0.02:
            operation.outcome, operation.reads = UNKNOWN, {}
        else:
            operation.end = self.tick()
        self.history.append(operation)

    def write(self):
        keys = self.chance.sample(self.keys, 3)
        written, checked = keys[:2], keys[2]
        operation = Operation("transact write", self.tick(), appends={key: self.fresh() for key in written})
        yield
        store = self.store
        met = {key: store.get(key) for key in keys}
        if self.strikes("unguarded check") or self.strikes("lost update"):
            yield  # others come between
            yield
            yield
        if self.fault != "lost update":
            met.update({key: store.get(key) for key in written})
        if self.chance.random() < 0.2:
            if self.strikes("dirty abort"):
                store.append(written[0], operation.appends[written[0]])
            operation.outcome, operation.end = FAILED, self.tick()
            self.history.append(operation)
            return
        for turn in range(2 if self.strikes("token forgotten") else 1):
            for key in written:
                store.append(key, operation.appends[key], onto=met[key] if turn == 0 else None)
                if self.strikes("torn transaction"):
                    yield
                    yield
                    met.update({other: store.get(other) for other in written if other != key})
        operation.reads = {checked: met[checked]}
        yield
        operation.end = self.tick()
        self.history.append(operation)

    def read(self):
        operation = Operation("transact read", self.tick())
        yield
        for key in self.chance.sample(self.keys, 3):
            operation.reads[key] = self.store.get(key)
            if self.strikes("read of two states"):
                yield
                yield
        yield
        operation.end = self.tick()
        self.history.append(operation)
