"""A stator process: started on a free port, ready when it says so, stopped and killed."""

import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
READY = re.compile(rb"^stator: listening on (https?://\S+)\n$")


def stator_binary():
    return pathlib.Path(os.environ.get("STATOR_BIN", ROOT / "build/release/stator"))


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class StartFailed(Exception):
    def __init__(self, code, stdout, stderr):
        self.code, self.stdout, self.stderr = code, stdout, stderr
        super().__init__(f"exit {code}: {stderr}")


class Server:
    """`stator serve` with the given arguments. As a context manager it is stopped at the end."""

    def __init__(self, *arguments, data=None, port=None, environment=None, ready_seconds=20, command="serve"):
        self.port = port or free_port()
        self.data = data
        self.command = [str(stator_binary())] + ([command] if command else [])
        if port is not False:
            self.command += ["--port", str(self.port)]
        if data is not None:
            self.command += ["--data", str(data)]
        self.command += [str(a) for a in arguments]
        self._environment = environment
        self._ready_seconds = ready_seconds
        self.log = tempfile.TemporaryFile()
        self.process = None
        self.endpoint = None
        self.start()

    def start(self):
        env = dict(os.environ, **(self._environment or {}))
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self.log, env=env)
        line = self._first_line()
        match = READY.match(line)
        if not match:
            self.process.kill()
            code = self.process.wait()
            raise StartFailed(code, line.decode(errors="replace"), self.stderr())
        self.endpoint = match[1].decode()
        self.port = int(self.endpoint.rpartition(":")[2])

    def _first_line(self):
        deadline = time.monotonic() + self._ready_seconds
        line = b""
        while not line.endswith(b"\n"):
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not readable:
                break
            byte = os.read(self.process.stdout.fileno(), 1)
            if not byte:
                self.process.wait(10)
                break
            line += byte
        return line

    def stderr(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self, seconds=20):
        """SIGTERM; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def rest_of_stdout(self):
        """What it printed after the first line. REQUIRES: it has ended."""
        return self.process.stdout.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()


def run_stator(*arguments, input=None, timeout=60, environment=None):
    """Runs `stator ARGUMENTS` to its end."""
    return subprocess.run([str(stator_binary()), *map(str, arguments)], input=input, capture_output=True, text=True,
                          timeout=timeout, env=dict(os.environ, **(environment or {})),
                          stdin=None if input is not None else subprocess.DEVNULL)
