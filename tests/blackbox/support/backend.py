"""`cruddur serve` as a process, and a browser of a few lines: requests with a token, and the stream of live updates.

Every answer is held against the document of the API.
"""

import http.client
import json
import re
import signal
import subprocess
import tempfile
import urllib.parse

from .cruddur import cruddur_binary, environment
from .openapi import check_described

READY = re.compile(rb"^cruddur: listening on (http://\S+)\n$")
PATIENCE_SECONDS = 30


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]


class Backend:
    """The program on a free port, for one server and one pool. As a context manager it is stopped at the end."""

    def __init__(self, endpoint, pool_id, client_id, database_url, *arguments, pool_endpoint=None, port=0, **more):
        env = environment(endpoint, DATABASE_URL=database_url, AWS_COGNITO_USER_POOL_ID=pool_id,
                          AWS_COGNITO_USER_POOL_CLIENT_ID=client_id, **more)
        if pool_endpoint:
            env["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] = pool_endpoint
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([cruddur_binary(), "serve", "--port", str(port), *map(str, arguments)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, env=env)
        line = self.process.stdout.readline()
        match = READY.match(line)
        if not match:
            code = self.process.wait(PATIENCE_SECONDS)
            raise AssertionError(f"cruddur serve did not start, exit {code}: {line!r} {self.stderr()}")
        self.url = match[1].decode()
        self.port = int(self.url.rpartition(":")[2])

    def stderr(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.process.stdout.close()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def request(self, method, path, body=None, token=None, headers=None, connection=None):
        """`body`: bytes, or a value to be sent as JSON."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        own = connection or self.connect()
        try:
            own.request(method, path, body=body, headers=sent)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of the body was sent: the answer is there to be read
        reply = own.getresponse()
        answer = Answer(reply.status, reply.getheaders(), reply.read())
        if not connection:
            own.close()
        check_described(method, path, answer)
        return answer

    def get(self, path, token=None, **parameters):
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        return self.request("GET", path + query, token=token)

    def post(self, token, **message):
        return self.request("POST", "/api/messages", message, token=token)

    def live(self, token, last=None):
        return Live(self, token, last)


class Live:
    """An open stream of events."""

    def __init__(self, backend, token, last=None):
        self._connection = backend.connect()
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = last
        self._connection.request("GET", "/api/live", headers=headers)
        self.reply = self._connection.getresponse()
        self.last = last

    def next(self):
        """The next event: its name and data; None at the end of the stream. Comments are passed over."""
        name, data = None, []
        while True:
            line = self.reply.readline()
            if not line:
                return None
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data.append(line[6:])
            elif line.startswith("id: "):
                self.last = line[4:]
            elif not line and name:
                return name, json.loads("\n".join(data))

    def close(self):
        self.reply.close()
        self._connection.close()
