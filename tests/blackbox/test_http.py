"""HTTP/1.1 as sockets see it: keep-alive, pipelining, chunks, encodings, browsers, and requests that misbehave."""

import gzip
import json
import re
import socket
import threading
import time
import zlib

import pytest
from support.client import boto3_client
from support.tables import fill, s
from support.wire import CONTENT_TYPE, TARGET, UNSIGNED, sign

pytestmark = pytest.mark.filterwarnings("ignore")


class Socket:
    """A connection on which bytes are sent as they are."""

    def __init__(self, endpoint):
        host, port = re.match(r"http://(.*):(\d+)", endpoint).groups()
        self.socket = socket.create_connection((host.strip("[]"), int(port)), timeout=20)
        self.reader = self.socket.makefile("rb")

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())
        return self

    def reply(self, head_only=False):
        """(status, headers, body) of the next reply."""
        status_line = self.reader.readline()
        assert re.match(rb"HTTP/1\.[01] \d\d\d ", status_line), status_line
        headers = {}
        while (line := self.reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        status = int(status_line.split()[1])
        body = b""
        if not head_only and status not in (100, 204, 304):
            body = self.reader.read(int(headers.get("content-length", 0)))
        return status, headers, body

    def closed(self):
        try:
            return self.reader.read(1) == b""
        except (ConnectionResetError, BrokenPipeError):
            return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


@pytest.fixture()
def sock(endpoint):
    with Socket(endpoint) as connection:
        yield connection


def post(operation="ListTables", body="{}", headers=None, length=True):
    fields = {"Host": "localhost", "Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET + operation, **UNSIGNED}
    body = body if isinstance(body, bytes) else body.encode()
    if length:
        fields["Content-Length"] = str(len(body))
    fields.update(headers or {})
    return ("POST / HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in fields.items()) + "\r\n").encode() + body


def ok(reply):
    status, headers, body = reply
    assert status == 200, (status, body)
    assert int(headers["x-amz-crc32"]) == zlib.crc32(body)
    return json.loads(body)


def test_keep_alive(sock):
    for _ in range(20):
        ok(sock.send(post()).reply())


def test_pipelining_keeps_order(sock, db, hash_table):
    fill(db, hash_table, [{"pk": s(f"pipe{i}")} for i in range(30)])
    sock.send(b"".join(post("GetItem", json.dumps({"TableName": hash_table, "Key": {"pk": s(f"pipe{i}")}}))
                       for i in range(30)))
    assert [ok(sock.reply())["Item"]["pk"]["S"] for _ in range(30)] == [f"pipe{i}" for i in range(30)]


def test_byte_by_byte(sock):
    for byte in post():
        sock.send(bytes([byte]))
    ok(sock.reply())


def test_connection_close(sock):
    ok(sock.send(post(headers={"Connection": "close"})).reply())
    assert sock.closed()


def test_http_1_0(sock):
    sock.send(post().replace(b"HTTP/1.1", b"HTTP/1.0"))
    ok(sock.reply())
    assert sock.closed()


@pytest.mark.parametrize("sizes", [[2], [1, 1], [1] * 2, [2, 0]])
def test_chunked(sock, sizes):
    body, rest = b"", b"{}"
    for size in sizes:
        if size:
            body += f"{size:x};ext=1\r\n".encode() + rest[:size] + b"\r\n"
            rest = rest[size:]
    sock.send(post(body=b"", headers={"Transfer-Encoding": "chunked"}, length=False) + body + b"0\r\nTrailer: x\r\n\r\n")
    ok(sock.reply())
    ok(sock.send(post()).reply())


def test_expect_100_continue(sock):
    request = post(headers={"Expect": "100-continue"})
    head, body = request[:-2], request[-2:]
    sock.send(head)
    assert sock.reply()[0] == 100
    ok(sock.send(body).reply())


def test_header_names_in_any_case(sock):
    ok(sock.send(post().replace(b"X-Amz-Target", b"x-AMZ-tArGeT").replace(b"Content-Length", b"content-length")).reply())


@pytest.mark.parametrize("encoding,compress", [
    ("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress),
    ("gzip", lambda d: gzip.compress(d[:1]) + gzip.compress(d[1:])),
])
def test_compressed_requests(sock, hash_table, encoding, compress):
    body = compress(json.dumps({"TableName": hash_table}).encode())
    assert ok(sock.send(post("DescribeTable", body, {"Content-Encoding": encoding})).reply())["Table"]


@pytest.mark.parametrize("encoding,body", [("gzip", b"not gzip"), ("deflate", b"\xff\xff"), ("br", b"{}"), ("zstd", b"{}"),
                                           ("gzip", gzip.compress(b"{}")[:-4])])
def test_bodies_that_do_not_inflate(sock, encoding, body):
    assert sock.send(post(body=body, headers={"Content-Encoding": encoding})).reply()[0] == 500


def test_inflated_size_is_limited(endpoint):
    bomb = gzip.compress(b" " * (200 * 1024 * 1024), 9)
    with Socket(endpoint) as connection:
        status, _, _ = connection.send(post(body=bomb, headers={"Content-Encoding": "gzip"})).reply()
        assert status in (400, 413, 500)


@pytest.mark.parametrize("accept,expected", [("gzip", "gzip"), ("gzip, deflate", "gzip"), ("identity", None), (None, None),
                                             ("gzip;q=0", None)])
def test_compressed_answers(sock, db, hash_table, accept, expected):
    db.call("PutItem", TableName=hash_table, Item={"pk": s("large"), "x": s("x" * 10_000)})
    body = json.dumps({"TableName": hash_table, "Key": {"pk": s("large")}})
    status, headers, sent = sock.send(post("GetItem", body, {"Accept-Encoding": accept} if accept else {})).reply()
    assert status == 200 and headers.get("content-encoding") == expected
    assert int(headers["x-amz-crc32"]) == zlib.crc32(sent)
    plain = gzip.decompress(sent) if expected else sent
    assert len(json.loads(plain)["Item"]["x"]["S"]) == 10_000
    assert expected is None or len(sent) < 1000


def test_small_answers_are_not_compressed(sock):
    status, headers, _ = sock.send(post("DescribeEndpoints", headers={"Accept-Encoding": "gzip"})).reply()
    assert status == 200 and "content-encoding" not in headers


def test_health_of_the_root(sock):
    status, _, body = sock.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").reply()
    assert status == 200 and re.fullmatch(rb"healthy: dynamodb\.[a-z0-9-]+\.amazonaws\.com ", body)
    status, headers, body = sock.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n").reply(head_only=True)
    assert status == 200
    ok(sock.send(post()).reply())


@pytest.mark.stator
def test_health_and_metrics(sock, raw):
    for path in ("/_stator/health", "/_stator/metrics"):
        assert raw.request("GET", path).status == 200
        status, _, _ = sock.send(f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").reply(head_only=True)
        assert status == 200
    text = raw.request("GET", "/_stator/metrics").body.decode()
    assert re.search(r"^# TYPE \S+ (counter|gauge|histogram|summary)$", text, re.M)


@pytest.mark.parametrize("path", ["/nope", "/_stator/nope", "/../etc/passwd", "/%2e%2e/x"])
def test_other_paths(raw, path):
    assert 400 <= raw.request("GET", path).status < 500


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods(raw, method):
    assert raw.request(method, "/").status in (400, 403, 404, 405, 501)


@pytest.mark.stator
@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:8080", "https://localhost"])
def test_cors_for_loopback_origins(raw, origin):
    reply = raw.request("OPTIONS", "/", headers={
        "Origin": origin, "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-amz-target,content-type,authorization,x-amz-date"})
    assert reply.status in (200, 204) and reply.headers["access-control-allow-origin"] in (origin, "*")
    assert "POST" in reply.headers["access-control-allow-methods"].upper()
    allowed = reply.headers["access-control-allow-headers"].lower()
    assert allowed == "*" or all(h in allowed for h in ("x-amz-target", "content-type", "authorization"))
    reply = raw.post("ListTables", {}, headers={"Origin": origin})
    assert reply.status == 200 and reply.headers["access-control-allow-origin"] in (origin, "*")


@pytest.mark.stator
@pytest.mark.parametrize("origin", ["http://evil.example", "https://localhost.evil.example", "http://127.0.0.1.evil.example",
                                    "null"])
def test_other_origins_are_refused(raw, origin):
    assert raw.post("ListTables", {}, headers={"Origin": origin}).status == 403
    reply = raw.request("OPTIONS", "/", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert reply.status == 403 and "access-control-allow-origin" not in reply.headers
    raw.close()


@pytest.mark.stator
@pytest.mark.parametrize("host,status", [("localhost", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200),
                                         ("dynamodb.us-east-1.amazonaws.com", 200), ("evil.example", 403),
                                         ("localhost.evil.example", 403), ("amazonaws.com.evil.example", 403)])
def test_hosts_on_loopback(raw, host, status):
    assert raw.post("ListTables", {}, headers={"Host": host}).status == status
    raw.close()


@pytest.mark.stator
def test_refused_before_the_body_is_read(endpoint):
    with Socket(endpoint) as connection:
        head = post(headers={"Origin": "http://evil.example", "Content-Length": "10000000"})[:-2]
        assert connection.send(head).reply()[0] == 403


BROKEN = [
    b"GARBAGE\r\n\r\n", b"POST\r\n\r\n", b"POST / HTTP/1.1\r\nno colon\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n b: folded\r\n\r\n", b"GET / HTTP/1.1\r\nBad\x00Name: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X-A: " + b"b" * 200_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(5000)) + b"\r\n",
]


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_broken_requests(endpoint, raw, data):
    with Socket(endpoint) as connection:
        try:
            connection.send(data)
            connection.socket.shutdown(socket.SHUT_WR)
            answer = connection.reader.read()
        except OSError:
            answer = b""
        assert answer == b"" or re.match(rb"HTTP/1\.1 (4|5)\d\d ", answer), answer[:200]
    assert raw.call("ListTables")["TableNames"] is not None


def test_half_a_request_disturbs_nobody(endpoint, raw):
    stuck = [Socket(endpoint) for _ in range(50)]
    for connection in stuck:
        connection.send(post()[:-1])
    begin = time.monotonic()
    for _ in range(20):
        raw.call("ListTables")
    assert time.monotonic() - begin < 5
    for connection in stuck:
        ok(connection.send(b"}").reply())
        connection.socket.close()


def test_slow_reader_disturbs_nobody(endpoint, db, raw, hash_table):
    db.call("PutItem", TableName=hash_table, Item={"pk": s("slow"), "x": s("x" * 300_000)})
    request = post("GetItem", json.dumps({"TableName": hash_table, "Key": {"pk": s("slow")}}))
    with Socket(endpoint) as greedy:
        greedy.send(request * 40)
        for _ in range(20):
            raw.call("ListTables")
        for _ in range(40):
            assert ok(greedy.reply())["Item"]["pk"] == s("slow")


def test_client_that_leaves(endpoint, raw):
    for _ in range(20):
        with Socket(endpoint) as connection:
            connection.send(post() * 5)
    raw.call("ListTables")


def test_many_connections(endpoint):
    def client(results):
        with Socket(endpoint) as connection:
            for _ in range(10):
                ok(connection.send(post()).reply())
        results.append(True)

    results = []
    threads = [threading.Thread(target=client, args=(results,)) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 64


def test_signed_requests(endpoint, raw):
    for region in ("us-east-1", "eu-south-2"):
        headers = sign(endpoint + "/", {"Content-Type": CONTENT_TYPE, "X-Amz-Target": TARGET + "ListTables"}, b"{}",
                       region=region, access_key="AKIDEXAMPLE")
        assert raw.request("POST", "/", b"{}", headers).status == 200


def test_regions_and_credentials_share_tables(endpoint, hash_table):
    assert hash_table in boto3_client(endpoint, region="ap-southeast-2").list_tables()["TableNames"]
