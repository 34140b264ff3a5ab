"""Runs the load generator and gives what it measured."""
import json
import subprocess

from . import tools

TABLE = "bench"


def load(server, op, *, connections=1, requests=0, seconds=0.0, warmup=0, items=100_000, seed=1, core=None,
         table=TABLE, errors_allowed=False):
    words = [tools.LOAD, "--op", op, "--port", server.port, "--connections", connections, "--requests", requests,
             "--seconds", seconds, "--warmup", warmup, "--items", items, "--seed", seed, "--table", table,
             "--pid", server.pid]
    if core is not None:
        words += ["--core", core]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != 0:
        raise tools.Failed(f"{server.title}, {op}: {done.stderr.strip()}")
    result = json.loads(done.stdout)
    if result["errors"] and not errors_allowed:
        raise tools.Failed(f"{server.title}, {op}: {result['errors']} errors. {done.stderr.strip()}")
    return result


def start_milliseconds(server, port):
    words = [str(tools.LOAD), "--port", str(port), "--start", *server.words(port)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=server.folder)
    milliseconds = json.loads(done.stdout)["start_ms"] if done.returncode == 0 else -1
    if milliseconds < 0:
        raise tools.Failed(f"{server.title} did not start: {done.stderr.strip()}")
    return milliseconds


def fill(server, items, table=TABLE, stream=False):
    """Creates the table and writes items 0 .. items-1."""
    load(server, "create-stream-table" if stream else "create-table", requests=1, table=table)
    load(server, "fill", requests=items // 25, connections=16, items=items, table=table)
