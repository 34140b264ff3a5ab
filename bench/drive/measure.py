"""The measurements. Each gives plain numbers; floors.py judges them, report.py prints them."""
import os
import signal
import statistics

from . import servers
from .load import fill, load, start_milliseconds
from .tools import say

OPERATIONS = [("get", "GetItem"), ("put", "PutItem"), ("update", "UpdateItem"), ("query", "Query 20"),
              ("query-reverse", "Query 20, newest first"), ("batch", "BatchWriteItem 25"), ("scan", "Scan, one page")]
TRANSACTIONS = [("transact-2", "TransactWriteItems, 2 puts"), ("transact-25", "TransactWriteItems, 25 puts"),
                ("transact-get", "TransactGetItems, 25 keys")]
STATEMENTS = [("get", "GetItem"), ("select", "SELECT by key, parameters"), ("select-literals", "SELECT by key, literals")]
CONNECTIONS = (1, 32)
STREAM_TABLES = {"plain": False, "streamed": True}
# A reply smaller than this did not do what was asked.
SMALLEST_REPLY = {"get": 300, "select": 300, "select-literals": 300, "query": 6000, "query-reverse": 6000, "scan": 900_000}


def median(values):
    return statistics.median(values)


def middle(runs):
    """The run with the median CPU time: its figures belong together."""
    return sorted(runs, key=lambda run: run["server_cpu_us"])[len(runs) // 2]


class Bench:
    """Knows how long and how often to measure; `ports` is the range servers may listen on."""

    def __init__(self, ports, seconds, rounds, items):
        self.ports = ports
        self.seconds = seconds
        self.rounds = rounds
        self.items = items

    def start(self, server):
        server.empty()
        return server.start(servers.free_port(self.ports))

    def one(self, server, op, connections):
        """One run. With one connection, client and server share a core: a second, idle one doubles the cost of waking."""
        every = set(range(os.cpu_count()))
        core = 0 if connections == 1 else None
        server.pin({0} if connections == 1 else every)
        # Of transactions that meet, one is refused: a few among a thousand.
        options = dict(connections=connections, items=self.items, core=core, errors_allowed=op.startswith("transact"))
        # Some servers need a tenth of a second for a page.
        warmup = {"scan": 2, "batch": 20, "transact-25": 20, "transact-get": 20}.get(op, 500)
        result = load(server, op, seconds=self.seconds, warmup=warmup, **options)
        server.pin(every)
        return result

    def operations(self, running, nginx):
        """{op: {connections: {server: run}}} for servers that are filled. Servers take turns within each round; nginx,
        whose answer is always the same, joins in for GetItem."""
        return self._turns(OPERATIONS, running, nginx)

    def transactions(self, running):
        """The same of transactions; and a counter that 32 connections count up by transactions, those that were refused for a
        conflict among the requests."""
        results = self._turns(TRANSACTIONS, running, None)
        results["counter"] = {}
        for server in running:
            run = load(server, "transact-counter", connections=32, seconds=self.seconds, warmup=100, items=self.items,
                       errors_allowed=True)
            run["done_per_second"] = run["per_second"] * (1 - run["errors"] / max(1, run["replies"]))
            results["counter"][server.name] = run
            say(f"  counter, {server.name}: {run['done_per_second']:.0f} counted a second, {run['errors']} of {run['replies']} "
                "refused")
        return results

    def statements(self, running):
        """{connections: {server: {op: run}}}: GetItem and the SELECT of the same item, in turn."""
        results = {}
        for connections in CONNECTIONS:
            for server in running:
                runs = {op: [] for op, _ in STATEMENTS}
                for _ in range(max(3, self.rounds)):
                    for op, _ in STATEMENTS:
                        runs[op].append(self.one(server, op, connections))
                best = {op: middle(list_of) for op, list_of in runs.items()}
                for op, title in STATEMENTS:
                    if best[op]["reply_bytes"] < SMALLEST_REPLY[op]:
                        raise RuntimeError(f"{server.name} answers {title} with only {best[op]['reply_bytes']} bytes")
                results.setdefault(connections, {})[server.name] = best
                figures = ", ".join(f"{title} {best[op]['per_second']:.0f}" for op, title in STATEMENTS)
                say(f"  {server.name}, {connections} connections, per second: {figures}")
        return results

    def _turns(self, operations, running, nginx):
        results = {}
        for op, title in operations:
            for connections in CONNECTIONS:
                turns = [*running, nginx] if op == "get" else running
                runs = {server.name: [] for server in turns}
                for _ in range(self.rounds):
                    for server in turns:
                        runs[server.name].append(self.one(server, op, connections))
                best = {name: middle(list_of) for name, list_of in runs.items()}
                for name, run in best.items():
                    if run["reply_bytes"] < SMALLEST_REPLY.get(op, 0):
                        raise RuntimeError(f"{name} answers {title} with only {run['reply_bytes']} bytes")
                results.setdefault(op, {})[connections] = best
                figures = ", ".join(f"{name} {run['server_cpu_us']:.1f}" for name, run in best.items())
                say(f"  {title}, {connections} connections, CPU µs: {figures}")
        return results

    def footprint(self, server):
        """Start time on an empty folder, then memory after 100 requests."""
        starts = []
        for _ in range(10):
            server.empty()
            starts.append(start_milliseconds(server, servers.free_port(self.ports)))
        self.start(server)
        try:
            load(server, "create-table", requests=1)
            load(server, "put", requests=50, items=1000)
            load(server, "get", requests=50, items=1000)
            return {"start_ms": median(starts), "idle_bytes": server.resident_bytes()}
        finally:
            server.stop()

    def table_pairs(self, server, pairs):
        """Seconds for `pairs` times CreateTable and DeleteTable on one connection."""
        self.start(server)
        try:
            return load(server, "create-delete", requests=2 * pairs)["seconds"] * 1000 / pairs
        finally:
            server.stop()

    def durable(self):
        """Durable writes per second at 32 connections, Stator and redis in turn, and the ratio of the medians."""
        pair = (servers.stator_strict(), "put"), (servers.redis(), "redis-set")
        runs = {server.name: [] for server, _ in pair}
        try:
            for server, _ in pair:
                self.start(server)
            fill(pair[0][0], self.items)
            for _ in range(5):
                for server, op in pair:
                    run = load(server, op, connections=32, seconds=self.seconds, warmup=500, items=self.items)
                    runs[server.name].append(run["per_second"])
        finally:
            for server, _ in pair:
                server.stop()
        return {name: median(values) for name, values in runs.items()}

    def streams(self):
        """{server: {op: {table: run}}}: writes to a table without and one with a stream, in turn, 32 connections."""
        results = {}
        for server in (servers.stator_strict(), servers.stator_memory()):
            self.start(server)
            try:
                for table, stream in STREAM_TABLES.items():
                    fill(server, self.items, table, stream)
                server.settle()
                for op in ("put", "update", "batch"):
                    runs = {table: [] for table in STREAM_TABLES}
                    for _ in range(max(3, self.rounds)):
                        for table in STREAM_TABLES:
                            runs[table].append(load(server, op, connections=32, seconds=self.seconds, warmup=100,
                                                    items=self.items, table=table))
                    results.setdefault(server.name, {})[op] = {table: middle(list_of) for table, list_of in runs.items()}
            finally:
                server.stop()
        return results

    def restart(self):
        """Seconds to the first answer after kill -9, the worst of logs of several lengths."""
        server = servers.stator_strict()
        worst = 0
        for share in (0.25, 0.5, 0.75, 1, 2, 3):
            self.start(server)
            fill(server, int(self.items * share) // 100 * 100)
            server.stop(signal.SIGKILL)
            try:
                worst = max(worst, server.start(servers.free_port(self.ports)))
                load(server, "get", requests=100, items=1000)
            finally:
                server.stop()
        return worst

    def scale(self, small, large):
        """GetItem and Query on a table of `small` and of `large` items, same server, same cache."""
        results = {}
        for items in (small, large):
            server = servers.stator_strict()
            self.start(server)
            try:
                say(f"  {items} items ...")
                fill(server, items)
                server.settle()
                self.items = items
                # Until the caches, the kernel's too, hold what they will.
                for op in ("get", "query"):
                    load(server, op, connections=32, requests=200_000, items=items)
                results[items] = {
                    op: middle([self.one(server, op, 32) for _ in range(max(3, self.rounds))])
                    for op in ("get", "query", "query-reverse")}
                results[items]["resident_bytes"] = server.resident_bytes()
                results[items]["disk_bytes"] = server.disk_bytes()
            finally:
                server.stop()
        return results
