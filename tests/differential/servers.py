"""The two servers of a comparison: started here or given, emptied between runs."""

import json
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/blackbox"))

from support.server import Server, free_port  # noqa: E402
from support.wire import Wire  # noqa: E402

DYNOXIDE = ROOT / "tests/node_modules/@dynoxide/linux-x64/dynoxide"


class Stator:
    name = "stator"

    def __init__(self, *arguments):
        self.server = Server("--in-memory", "--test-controls", *arguments)
        self.wire = Wire(self.server.endpoint, timeout=20)

    def empty(self):
        assert self.wire.request("POST", "/_stator/reset").status in (200, 204)

    def stop(self):
        self.wire.close()
        self.server.__exit__()


class Dynoxide:
    name = "dynoxide"

    def __init__(self):
        self.process = None
        self._start()

    def _start(self):
        self.port = free_port()
        self.process = subprocess.Popen([str(DYNOXIDE), "serve", "--port", str(self.port)], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.wire = Wire(f"http://127.0.0.1:{self.port}", timeout=20)
        for _ in range(200):
            try:
                self.wire.call("ListTables")
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("dynoxide does not start")

    def empty(self):
        """By deleting its tables; a crash is what the comparison reports, so it may be started again here."""
        if self.process.poll() is not None:
            self._start()
        delete_tables(self.wire)

    def stop(self):
        self.wire.close()
        self.process.kill()
        self.process.wait()


class Given:
    """A running endpoint; emptied by deleting its tables."""

    def __init__(self, endpoint):
        self.name = endpoint
        self.wire = Wire(endpoint, timeout=20)

    def empty(self):
        delete_tables(self.wire)

    def stop(self):
        self.wire.close()


def delete_tables(wire):
    while names := wire.call("ListTables")["TableNames"]:
        for name in names:
            if wire.post("DeleteTable", {"TableName": name}).status != 200:  # protected by a request of the run
                wire.call("UpdateTable", TableName=name, DeletionProtectionEnabled=False)


def send(server, operation, body):
    """(status, decoded body) of one request; a connection that breaks is an outcome too."""
    try:
        reply = server.wire.post(operation, body)
    except OSError as error:
        server.wire.close()
        return 0, {"__type": f"#{type(error).__name__}", "message": str(error)}
    if not reply.body and reply.status == 200:
        return 200, {}  # TagResource answers with an empty body (manual, API reference)
    try:
        return reply.status, json.loads(reply.body)
    except ValueError:
        return reply.status, {"__type": "#NotJson", "message": reply.body[:200].decode(errors="replace")}
