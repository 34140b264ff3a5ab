"""The least that is expected of the figures. A floor is a title, the measured ratio or number, and its bound."""

MIB = 1 << 20


class Floor:
    def __init__(self, title, value, bound, at_most, unit=""):
        self.title = title
        self.value = value
        self.bound = bound
        self.at_most = at_most
        self.unit = unit

    @property
    def holds(self):
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    @property
    def wanted(self):
        return f"{'at most' if self.at_most else 'at least'} {self.bound:g}{self.unit}"

    @property
    def measured(self):
        return f"{self.value:.2f}{self.unit}"


def _cpu(results, op, server, connections=32):
    return results["operations"][op][connections][server]["server_cpu_us"]


def _against_dynoxide(results):
    wanted = [("get", "GetItem", 3), ("put", "PutItem", 5), ("update", "UpdateItem", 5), ("query", "Query 20", 5),
              ("query-reverse", "Query 20, newest first", 5), ("batch", "BatchWriteItem 25", 5), ("scan", "Scan", 10)]
    for op, title, times in wanted:
        ratio = _cpu(results, op, "dynoxide") / _cpu(results, op, "stator-memory")
        yield Floor(f"{title}: CPU of dynoxide / Stator, both in memory", ratio, times, False)
    ratio = _cpu(results, "put", "dynoxide") / _cpu(results, "put", "stator")
    yield Floor("PutItem: CPU of dynoxide in memory / Stator durable", ratio, 3, False)


def of_operations(results):
    measured = results["operations"]["get"][32]
    if not {"stator", "stator-memory"} <= set(measured):
        return
    if "nginx" in results:
        for server, title in (("stator", "durable"), ("stator-memory", "in memory")):
            ratio = _cpu(results, "get", server) / results["nginx"][32]["server_cpu_us"]
            yield Floor(f"GetItem, {title}: CPU of Stator / nginx", ratio, 1.7, True)
    if "dynoxide" in measured:
        yield from _against_dynoxide(results)


def of_transactions(results):
    for op, title in (("transact-2", "TransactWriteItems, 2 puts"), ("transact-25", "TransactWriteItems, 25 puts")):
        runs = results.get("transactions", {}).get(op, {}).get(32, {})
        if {"dynoxide", "stator-memory"} <= set(runs):
            ratio = runs["dynoxide"]["server_cpu_us"] / runs["stator-memory"]["server_cpu_us"]
            yield Floor(f"{title}: CPU of dynoxide / Stator, both in memory", ratio, 4, False)


def of_statements(results):
    for name, runs in results.get("statements", {}).get(32, {}).items():
        for op, title in (("select", "parameters"), ("select-literals", "literals")):
            share = runs[op]["per_second"] / runs["get"]["per_second"]
            yield Floor(f"SELECT by key, {title}, {name}: requests per second / GetItem's", share, 0.7, False)


def of_rest(results):
    if "durable" in results:
        ratio = results["durable"]["stator"] / results["durable"]["redis"]
        yield Floor("Durable writes per second, 32 connections: Stator / redis", ratio, 0.6, False)
    if "stator" in results.get("footprint", {}):
        mine = results["footprint"]["stator"]
        yield Floor("Start on an empty folder, median of ten", mine["start_ms"], 25, True, " ms")
        yield Floor("Memory after 100 requests", mine["idle_bytes"] / MIB, 25, True, " MiB")
    if "restart" in results:
        yield Floor("Ready after kill -9 with a full log", results["restart"], 1, True, " s")
    if "stator" in results.get("pairs", {}):
        yield Floor("1,000 CreateTable and DeleteTable pairs", results["pairs"]["stator"], 5, True, " s")


def of_scale(results):
    (small, few), (large, many) = sorted(results["scale"].items())
    for op, title, times in (("get", "GetItem", 1.4), ("query", "Query 20", 1.6),
                             ("query-reverse", "Query 20, newest first", 1.6)):
        ratio = many[op]["server_cpu_us"] / few[op]["server_cpu_us"]
        yield Floor(f"{title}: CPU at {large:,} items / at {small:,}", ratio, times, True)


def judge(results):
    floors = []
    if "operations" in results:
        floors += of_operations(results)
    floors += of_transactions(results)
    floors += of_statements(results)
    floors += of_rest(results)
    if "scale" in results:
        floors += of_scale(results)
    return floors
