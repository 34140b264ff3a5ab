"""AWS host names: clients and functions that name them reach the server through the proxy on its port (docs/functions.md).

Nothing here resolves a name or leaves the machine: other hosts are listeners of the test.
"""

import base64
import contextlib
import io
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import urllib.parse
import zipfile

import boto3
import botocore.config
import pytest
import requests

from support import server as servers
from support.aws_cli import needs_aws

pytestmark = pytest.mark.stator

AWS_HOST = "dynamodb.ca-central-1.amazonaws.com"
CONFIG = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=20)
KEYS = dict(region_name="ca-central-1", aws_access_key_id="test", aws_secret_access_key="test", config=CONFIG)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with servers.Server("--test-controls", data=tmp_path_factory.mktemp("proxy") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def told(server):
    """What a function is told: the variables of its environment."""
    return requests.get(server.endpoint + "/_stator/surroundings", timeout=20).json()


@pytest.fixture()
def like_a_function(told, monkeypatch):
    """The variables in this process, for clients made in the test."""
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, value in told.items():
        monkeypatch.setenv(name, value)


@contextlib.contextmanager
def connection(server, seconds=20):
    with socket.create_connection(("127.0.0.1", server.port), seconds) as sock:
        yield sock


def read_all(sock):
    """Everything up to the end; a reset is an end."""
    data = b""
    with contextlib.suppress(ConnectionError):
        while piece := sock.recv(65536):
            data += piece
    return data


def read_head(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(1)
        if not piece:
            break
        data += piece
    return data.decode("latin-1")


class OtherHost:
    """A small HTTP server of the test's own, which remembers what it was asked."""

    def __init__(self):
        self.heads, self.bodies = [], []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.authority = "127.0.0.1:%d" % self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                with sock:
                    head = read_head(sock)
                    length = next((int(line.split(":")[1]) for line in head.split("\r\n")
                                   if line.lower().startswith("content-length:")), 0)
                    body = b""
                    while len(body) < length:
                        body += sock.recv(65536)
                    self.heads.append(head)
                    self.bodies.append(body)
                    sock.sendall(b"HTTP/1.1 203 Other\r\nContent-Length: %d\r\n\r\n%s" % (len(body) + 3, b"ok:" + body))

    def close(self):
        self._listener.close()


@pytest.fixture()
def other():
    host = OtherHost()
    yield host
    host.close()


# Clients


def test_boto3_with_a_hard_coded_plain_endpoint(server, like_a_function):
    table = boto3.resource("dynamodb", endpoint_url=f"http://{AWS_HOST}", **KEYS)
    client = table.meta.client
    client.create_table(TableName="plain", BillingMode="PAY_PER_REQUEST",
                        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    table.Table("plain").put_item(Item={"pk": "a", "text": "through the proxy"})
    assert table.Table("plain").get_item(Key={"pk": "a"})["Item"]["text"] == "through the proxy"
    direct = boto3.client("dynamodb", endpoint_url=server.endpoint, **KEYS)
    assert "plain" in direct.list_tables()["TableNames"]


@pytest.mark.parametrize("region", ["ca-central-1", "cn-north-1"])
def test_boto3_with_its_default_endpoint(like_a_function, region):
    client = boto3.client("dynamodb", **{**KEYS, "region_name": region})
    assert client.meta.endpoint_url.startswith("https://")
    names = ["secure-%d" % n for n in range(3)]
    for name in names:
        with contextlib.suppress(client.exceptions.ResourceInUseException):
            client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    assert set(names) <= set(client.list_tables()["TableNames"])
    big = "x" * 300_000
    client.put_item(TableName=names[0], Item={"pk": {"S": "a"}, "big": {"S": big}})
    assert client.get_item(TableName=names[0], Key={"pk": {"S": "a"}})["Item"]["big"]["S"] == big


@needs_aws
@pytest.mark.parametrize("endpoint", [[], ["--endpoint-url", f"http://{AWS_HOST}"]])
def test_aws_cli(told, endpoint):
    env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    env.update(told, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="ca-central-1",
               AWS_PAGER="")
    done = subprocess.run(["aws", "dynamodb", "list-tables", *endpoint], env=env, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    assert "TableNames" in json.loads(done.stdout)


def test_requests_over_https(like_a_function):
    reply = requests.get(f"https://{AWS_HOST}/", timeout=20)
    assert reply.status_code == 200 and reply.text.startswith("healthy: dynamodb.")


def test_urllib_in_a_process_of_its_own(told):
    """A function that knows only what OpenSSL trusts by default."""
    program = f"import urllib.request as u; print(u.urlopen('https://{AWS_HOST}/', timeout=20).read().decode())"
    done = subprocess.run([sys.executable, "-c", program], env={**told, "PATH": os.environ["PATH"]},
                          capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("healthy: dynamodb."), done.stderr


def test_a_person_who_trusts_the_authority(server, tmp_path, monkeypatch):
    """The way of docs/functions.md for a shell: no password, AWS hosts only."""
    bundle = tmp_path / "ca.pem"
    bundle.write_text(requests.get(server.endpoint + "/_stator/ca.pem", timeout=20).text)
    monkeypatch.setenv("https_proxy", server.endpoint)
    assert requests.get(f"https://{AWS_HOST}/", verify=str(bundle), timeout=20).status_code == 200
    with pytest.raises(requests.exceptions.ProxyError, match="407"):
        requests.get("https://example.com/", verify=str(bundle), timeout=20)


def test_the_authority_is_kept_and_its_key_is_private(tmp_path):
    data = tmp_path / "data"
    seen = []
    for _ in range(2):
        with servers.Server(data=data) as running:
            seen.append(requests.get(running.endpoint + "/_stator/ca.pem", timeout=20).text)
            assert running.stop() == 0
    assert seen[0] == seen[1] == (data / "ca" / "ca.pem").read_text()
    assert (data / "ca" / "ca-key.pem").stat().st_mode & 0o777 == 0o600
    (data / "ca" / "ca-key.pem").write_text("damaged")
    with pytest.raises(servers.StartFailed) as failed:
        servers.Server(data=data)
    assert failed.value.code == 1 and "ca.pem" in failed.value.stderr


def test_in_memory_nothing_is_left(tmp_path):
    with servers.Server("--in-memory", environment={"TMPDIR": str(tmp_path)}) as running:
        assert requests.get(running.endpoint + "/_stator/ca.pem", timeout=20).text.startswith("-----BEGIN")
        assert list(tmp_path.iterdir())
        assert running.stop() == 0
    assert not list(tmp_path.iterdir())


def test_a_server_that_speaks_tls_has_a_plain_door_for_functions(tmp_path):
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    running = None
    try:
        running = servers.Server("--in-memory", "--test-controls", "--tls-certificate", certificate, "--tls-key", key)
    except servers.StartFailed as failed:
        pytest.fail(str(failed))
    with running:
        told = requests.get(running.endpoint + "/_stator/surroundings", verify=False, timeout=20).json()
        assert told["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
        bundle = told["AWS_CA_BUNDLE"]
        reply = requests.get(f"https://{AWS_HOST}/", proxies={"https": told["https_proxy"]}, verify=bundle, timeout=20)
        assert reply.status_code == 200


FUNCTION = """
import boto3, json, urllib.request
KEEP = dict(region_name="ca-central-1")
def lambda_handler(event, context):
    hard_coded = boto3.resource("dynamodb", endpoint_url="http://dynamodb.ca-central-1.amazonaws.com", **KEEP)
    hard_coded.Table("in-function").put_item(Item={"pk": "a", "text": "from a function"})
    default = boto3.client("dynamodb", **KEEP)
    item = default.get_item(TableName="in-function", Key={"pk": {"S": "a"}})["Item"]
    page = urllib.request.urlopen("https://dynamodb.ca-central-1.amazonaws.com/", timeout=20).read().decode()
    outside = urllib.request.urlopen(urllib.request.Request(event["outside"], data=b"x"), timeout=20).read().decode()
    return {"endpoint": default.meta.endpoint_url, "text": item["text"]["S"], "page": page, "outside": outside}
"""


def test_a_function_written_for_aws(server, other):
    """Hard-coded and default endpoints of Debian's boto3, and the default trust of Python, inside a real function."""
    boto3.client("dynamodb", endpoint_url=server.endpoint, **KEYS).create_table(
        TableName="in-function", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as code:
        code.writestr("lambda_function.py", FUNCTION)
    client = boto3.client("lambda", endpoint_url=server.endpoint, **{**KEYS, "config": CONFIG.merge(
        botocore.config.Config(read_timeout=90))})
    client.create_function(FunctionName="proxied", Runtime="python3.11", Handler="lambda_function.lambda_handler",
                           Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": packed.getvalue()}, Timeout=60)
    answer = client.invoke(FunctionName="proxied", Payload=json.dumps({"outside": f"http://{other.authority}/out"}))
    told = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, told
    assert told["endpoint"] == f"https://{AWS_HOST}"
    assert told["text"] == "from a function" and told["page"].startswith("healthy: ") and told["outside"] == "ok:x"


# Other hosts


def test_functions_reach_other_hosts(other, like_a_function, monkeypatch):
    monkeypatch.delenv("no_proxy")
    monkeypatch.delenv("NO_PROXY")
    reply = requests.post(f"http://{other.authority}/path?q=1", data=b"b" * 1_000_000, timeout=20)
    assert reply.status_code == 203 and reply.content == b"ok:" + b"b" * 1_000_000
    assert other.heads[0].startswith("POST /path?q=1 HTTP/1.1\r\nHost: " + other.authority)
    assert "proxy" not in other.heads[0].lower()


def test_functions_tunnel_to_other_hosts(server, told, other):
    user = urllib.parse.urlsplit(told["https_proxy"])
    credentials = base64.b64encode(f"{user.username}:{user.password}".encode()).decode()
    with connection(server) as sock:
        sock.sendall(f"CONNECT {other.authority} HTTP/1.1\r\nHost: {other.authority}\r\n"
                     f"Proxy-Authorization: Basic {credentials}\r\n\r\n".encode())
        assert read_head(sock).startswith("HTTP/1.1 200 ")
        sock.sendall(b"GET /inside HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"203 Other" in read_all(sock)
    assert other.heads[0].startswith("GET /inside")


@pytest.mark.parametrize("credentials", [None, "function:wrong", "function:", ":"])
def test_nobody_else_does(server, other, credentials):
    line = ""
    if credentials is not None:
        line = "Proxy-Authorization: Basic " + base64.b64encode(credentials.encode()).decode() + "\r\n"
    for request in (f"CONNECT {other.authority} HTTP/1.1", f"GET http://{other.authority}/ HTTP/1.1"):
        with connection(server) as sock:
            sock.sendall(f"{request}\r\nHost: {other.authority}\r\n{line}\r\n".encode())
            answer = read_all(sock).decode()
        assert answer.startswith("HTTP/1.1 407 ") and "functions" in answer, answer
    assert other.heads == []


def test_pages_of_other_origins_cannot_use_it(server):
    for more in ("Origin: https://evil.example\r\n", "Host: evil.example\r\n"):
        host = "" if more.startswith("Host") else f"Host: {AWS_HOST}\r\n"
        for request in (f"CONNECT {AWS_HOST}:443 HTTP/1.1", f"POST http://{AWS_HOST}/ HTTP/1.1"):
            with connection(server) as sock:
                sock.sendall(f"{request}\r\n{host}{more}Connection: close\r\n\r\n".encode())
                assert read_all(sock).startswith(b"HTTP/1.1 403 ")


# Bad input


@pytest.mark.parametrize("target", ["/", "*", "host", ":443", AWS_HOST + ":0", AWS_HOST + ":99999", "a@" + AWS_HOST,
                                    "a" * 20_000 + ".amazonaws.com:443", "[::1", "[" * 500])
def test_malformed_connect(server, target):
    with connection(server) as sock:
        sock.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        status = int(read_all(sock).split(b" ", 2)[1])
    assert status in (400, 407, 414)


def test_a_tunnel_that_says_nothing_is_closed_and_the_others_go_on(server, told):
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connection(server)) for _ in range(20)]
        for number, sock in enumerate(silent):
            sock.sendall(f"CONNECT {AWS_HOST}:443 HTTP/1.0\r\n\r\n".encode())
            assert read_head(sock).startswith("HTTP/1.1 200 ")
            if number % 2:
                sock.sendall(b"\x16\x03\x01\x02")  # the beginning of a handshake that never ends
        reply = requests.get(f"https://{AWS_HOST}/", proxies={"https": told["https_proxy"]},
                             verify=told["AWS_CA_BUNDLE"], timeout=20)
        assert reply.status_code == 200
        for sock in silent:
            assert read_all(sock) == b""


def test_garbage_inside_a_tunnel(server, told):
    context = ssl.create_default_context(cafile=told["AWS_CA_BUNDLE"])
    with connection(server) as sock:
        sock.sendall(f"CONNECT {AWS_HOST}:443 HTTP/1.0\r\n\r\n".encode())
        read_head(sock)
        sock.sendall(b"\x16" + os.urandom(5000))
        read_all(sock)
    with connection(server) as sock:
        sock.sendall(f"CONNECT {AWS_HOST}:443 HTTP/1.0\r\n\r\n".encode())
        read_head(sock)
        with context.wrap_socket(sock, server_hostname=AWS_HOST) as tls:
            tls.sendall(b"CONNECT x:1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert tls.recv(65536).startswith(b"HTTP/1.1 407 ")
