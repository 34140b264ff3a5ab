"""Results as Markdown that is also readable in a terminal."""
import os
import platform

from . import servers
from .measure import CONNECTIONS, OPERATIONS, STATEMENTS, TRANSACTIONS

MIB = 1 << 20
BEGIN = "<!-- begin: written by bench/compare -->"
END = "<!-- end: written by bench/compare -->"


def table(head, rows):
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]

    def line(cells):
        first = str(cells[0]).ljust(widths[0])
        return "| " + " | ".join([first, *(str(c).rjust(w) for c, w in zip(cells[1:], widths[1:]))]) + " |"

    rule = "|" + "|".join(["-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:])]) + "|"
    return "\n".join([line(head), rule, *(line(row) for row in rows)])


def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def titles(names):
    known = {server.name: server.title for server in servers.databases()}
    known.update(nginx="nginx, fixed body", redis="redis, appendfsync always")
    return [known[name] for name in names]


def operations(results):
    names = list(results["operations"]["get"][CONNECTIONS[0]])
    figures = [("Server CPU per request, microseconds", "server_cpu_us"), ("Requests per second", "per_second"),
               ("Latency, microseconds, half of the requests are faster (p50)", "p50_us"),
               ("Latency, microseconds, 99 of 100 requests are faster (p99)", "p99_us")]
    parts = []
    for title, field in figures:
        rows = []
        for op, op_title in OPERATIONS:
            for connections, runs in results["operations"].get(op, {}).items():
                row = [op_title, connections, *(number(runs[name][field]) for name in names)]
                if "nginx" in results:
                    row.append(number(results["nginx"][connections][field]) if op == "get" else "")
                rows.append(row)
        head = ["operation", "connections", *titles(names), *(["nginx, fixed body"] if "nginx" in results else [])]
        parts.append(f"### {title}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def footprint(results):
    names = list(results["footprint"])
    after = results.get("loaded", {})
    pairs = results.get("pairs", {})
    rows = [
        ["start to first answer, ms", *(number(results["footprint"][n]["start_ms"]) for n in names)],
        ["memory after 100 requests, MiB", *(number(results["footprint"][n]["idle_bytes"] / MIB) for n in names)],
        ["memory after the load, MiB", *(number(after[n]["resident_bytes"] / MIB) if n in after else "-" for n in names)],
        ["disk after the load, MiB", *(number(after[n]["disk_bytes"] / MIB) if n in after else "-" for n in names)],
        ["1,000 pairs CreateTable, DeleteTable, s", *(number(pairs.get(n)) for n in names)],
    ]
    return "### Start, memory, disk\n\n" + table(["", *titles(names)], rows)


def durable(results):
    writes = results["durable"]
    rows = [[title, number(writes[name])] for name, title in zip(writes, titles(writes))]
    return ("### Durable writes per second, 32 connections\n\nRuns in turn, median of five: PutItem of 300 bytes, "
            "SET of 300 bytes.\n\n" + table(["", "per second"], rows))


def streams(results):
    names = dict(OPERATIONS)
    rows = []
    for server, title in zip(results["streams"], titles(results["streams"])):
        for op, runs in results["streams"][server].items():
            plain, streamed = runs["plain"], runs["streamed"]
            rows.append([f"{title}, {names[op]}", number(plain["per_second"]), number(streamed["per_second"]),
                         number(plain["server_cpu_us"]), number(streamed["server_cpu_us"]),
                         f"{streamed['server_cpu_us'] / plain['server_cpu_us']:.2f}"])
    head = ["", "per second", "with a stream", "CPU, µs", "with a stream", "ratio"]
    return ("### Writes to a table with a stream\n\n32 connections, old and new image recorded; requests per second and "
            "server CPU per request, runs in turn.\n\n" + table(head, rows))


def transactions(results):
    measured = results["transactions"]
    names = list(measured["counter"])
    rows = []
    for op, title in TRANSACTIONS:
        for connections, runs in measured[op].items():
            rows.append([title, connections, *(number(runs[name]["server_cpu_us"]) for name in names)])
    counter = [["counted a second", *(number(measured["counter"][name]["done_per_second"]) for name in names)],
               ["refused for a conflict, of 100 requests", *(
                   number(100 * measured["counter"][name]["errors"] / max(1, measured["counter"][name]["replies"])) for name in names)]]
    return ("### Transactions\n\nServer CPU per request, microseconds; each with a token of its own.\n\n" +
            table(["operation", "connections", *titles(names)], rows) +
            "\n\nOne counter that 32 connections count up by transactions, and nobody waits before trying again:\n\n" +
            table(["", *titles(names)], counter))


def statements(results):
    rows = []
    for connections, servers_of in results["statements"].items():
        for name, runs in servers_of.items():
            for op, title in STATEMENTS:
                share = runs[op]["per_second"] / runs["get"]["per_second"]
                rows.append([f"{titles([name])[0]}, {title}", connections, number(runs[op]["per_second"]), f"{share:.2f}",
                             number(runs[op]["server_cpu_us"])])
    return ("### PartiQL\n\nThe same items by GetItem and by a SELECT of their key, runs in turn.\n\n" +
            table(["", "connections", "per second", "of GetItem", "CPU, µs"], rows))


def scale(results):
    rows = []
    for items, figures in sorted(results["scale"].items()):
        rows.append([f"{items:,} items", *(number(figures[op]["server_cpu_us"]) for op in ("get", "query", "query-reverse")),
                     number(figures["resident_bytes"] / MIB), number(figures["disk_bytes"] / MIB)])
    head = ["", "GetItem, µs", "Query 20, µs", "newest first, µs", "memory, MiB", "disk, MiB"]
    return f"### Growing the table\n\nServer CPU at 32 connections; {results['cache']}.\n\n" + table(head, rows)


def floors(judged):
    rows = [[f.title, f.measured, f.wanted, "PASS" if f.holds else "MISS"] for f in judged]
    return "### Floors\n\n" + table(["", "measured", "wanted", ""], rows)


def whole(results, judged):
    parts = [f"`{results['command']}` on {machine()}; {results['what']}; load average {results['load']:.1f} at the start."]
    if results["load"] > 0.5 * os.cpu_count():
        parts.append("The machine was busy with other work: only CPU time and its ratios mean something, and of them the "
                     "small ones are too large; times and rates do not.")
    for name, part in (("operations", operations), ("footprint", footprint), ("durable", durable), ("streams", streams),
                       ("transactions", transactions), ("statements", statements), ("scale", scale)):
        if name in results:
            parts.append(part(results))
    if "restart" in results:
        parts.append(f"Ready after kill -9, the worst of six logs of different length: {results['restart'] * 1000:.0f} ms.")
    if judged:
        parts.append(floors(judged))
    return "\n\n".join(parts)


def write_into(path, section, text):
    """Replaces the generated section called `section` of the page."""
    begin, end = BEGIN.replace("begin:", f"begin {section}:"), END.replace("end:", f"end {section}:")
    page = path.read_text(encoding="utf-8")
    if begin not in page or end not in page:
        raise RuntimeError(f"{path.name} has lost its markers for {section}")
    before, after = page.partition(begin)[0], page.partition(end)[2]
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
