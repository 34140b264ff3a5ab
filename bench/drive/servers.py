"""Each server of the comparison: how it is started, where its data lies, what the kernel says about it."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

from . import tools


def free_port(ports):
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise tools.Failed("no free port; give another range with --ports FIRST-LAST")


class Server:
    """One server program. `command` is called with the port and the data folder and gives the words to run."""

    def __init__(self, name, title, command, answers="GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"):
        self.name = name
        self.title = title
        self.command = command
        self.greeting = answers.encode()
        self.folder = tools.SCRATCH / name
        self.port = 0
        self.process = None

    def words(self, port):
        return [str(word) for word in self.command(port, self.folder)]

    def empty(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def start(self, port):
        """Starts on the folder as it is. Gives the seconds until the first answer."""
        self.port = port
        self.folder.mkdir(parents=True, exist_ok=True)
        # Beside the folder, not in it: some servers look at every file of theirs.
        with open(f"{self.folder}.log", "w", encoding="utf-8") as log:
            begin = time.monotonic()
            self.process = subprocess.Popen(self.words(port), stdout=log, stderr=log, cwd=self.folder)
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - begin > 60:
                text = pathlib.Path(f"{self.folder}.log").read_text(encoding="utf-8", errors="replace")
                raise tools.Failed(f"{self.title} did not start:\n{text[-2000:]}")
            time.sleep(0.0005)
        return time.monotonic() - begin

    def _answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
                probe.sendall(self.greeting)
                return len(probe.recv(1)) == 1
        except OSError:
            return False

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    @property
    def pid(self):
        return self.process.pid

    def resident_bytes(self):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) * 1024
        return 0

    def disk_bytes(self):
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return sum(path.stat().st_blocks * 512 for path in files)

    def cpu_seconds(self):
        with open(f"/proc/{self.pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def settle(self, longest=120):
        """Waits until background work (compaction) is done: no CPU time spent in a second."""
        end = time.monotonic() + longest
        quiet = 0
        while quiet < 3 and time.monotonic() < end:
            before = self.cpu_seconds()
            time.sleep(0.4)
            quiet = quiet + 1 if self.cpu_seconds() - before <= 0.01 else 0

    def pin(self, cores):
        """Keeps every thread of the server on `cores`; threads it starts later inherit that."""
        for task in os.listdir(f"/proc/{self.pid}/task"):
            try:
                os.sched_setaffinity(int(task), cores)
            except ProcessLookupError:
                pass


def _nginx(body_bytes):
    def command(port, folder):
        (folder / "nginx.conf").write_text(f"""
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 256; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port}; default_type application/x-amz-json-1.0;
    location / {{ return 200 "{'x' * body_bytes}"; }}
  }}
}}
""", encoding="utf-8")
        return [tools.nginx(), "-c", folder / "nginx.conf", "-e", "stderr"]
    return command


def stator(name, title, *flags):
    return Server(name, title, lambda port, folder: [
        tools.STATOR, "serve", "--port", port, *(flags if "--in-memory" in flags else ("--data", folder, *flags))])


def cache_size():
    """What the server says of its default."""
    text = subprocess.run([tools.STATOR, "serve", "--help"], capture_output=True, text=True, check=True).stdout
    return f"caches of rows and blocks of {re.search(r'--cache-mb UINT=([0-9]+)', text).group(1)} MiB, the default"


def stator_strict():
    return stator("stator", "Stator")


def stator_memory():
    return stator("stator-memory", "Stator --in-memory", "--in-memory")


def dynoxide_memory():
    return Server("dynoxide", "dynoxide in memory", lambda port, folder: [tools.DYNOXIDE, "-p", port])


def dynoxide_disk():
    return Server("dynoxide-disk", "dynoxide on disk",
                  lambda port, folder: [tools.DYNOXIDE, "-p", port, "--db-path", folder / "data.db"])


def dynalite():
    return Server("dynalite", "dynalite", lambda port, folder: [
        "node", tools.DYNALITE, "--host", "127.0.0.1", "--port", port, "--createTableMs", "0", "--deleteTableMs", "0"])


def nginx(body_bytes):
    return Server("nginx", "nginx, fixed body", _nginx(body_bytes))


def redis():
    return Server("redis", "redis, appendfsync always", lambda port, folder: [
        "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes",
        "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0"], answers="PING\r\n")


def databases():
    """Those that speak DynamoDB, in the order of the report's columns."""
    return [stator_strict(), stator_memory(), dynoxide_memory(), dynoxide_disk(), dynalite()]
