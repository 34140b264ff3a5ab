"""The back end of Cruddur Messages through its front door: api/openapi.json says what it answers, this holds it to that.

The server, the table with its function and the directory are real; the pool is one of a few lines (support/pool.py),
since the tokens that matter here are those that no pool gives out.
"""

import concurrent.futures
import json
import pathlib
import re
import sqlite3
import threading
import time
import urllib.request
import uuid
from urllib.parse import quote

import pytest
from support import server as servers
from support.backend import Backend
from support.client import boto3_client
from support.cruddur import TABLE, Cruddur, cruddur_binary, environment, run
from support.pool import Key, Pool, base64url
from support.streams import control

pytestmark = pytest.mark.stator

HANDLES = ("nora", "malik", "teo")
GROUP_INDEX = "message-group-sk-index"


class World:
    """A server, a directory of three people and a back end between them."""

    def __init__(self, folder):
        self.server = servers.Server("--test-controls", data=folder / "data")
        command = Cruddur(self.server.endpoint)
        command("schema-load", "--quiet")
        command("seed", "--quiet")
        self.database = folder / "directory.sqlite3"
        self.database_url = f"sqlite:///{self.database}"
        env = environment(self.server.endpoint, DATABASE_URL=self.database_url)
        done = run([cruddur_binary(), "db", "setup", "--quiet"], env)
        assert done.returncode == 0, done.stderr
        self.subs = {handle: str(uuid.uuid4()) for handle in HANDLES}
        with sqlite3.connect(self.database) as directory:
            for handle, sub in self.subs.items():
                directory.execute("UPDATE users SET cognito_user_id = ? WHERE handle = ?", (sub, handle))
            self.users = {handle: uuid_ for handle, uuid_ in directory.execute("SELECT handle, uuid FROM users")}
        self.pool = Pool()
        self.backend = self.start()
        self.boto = boto3_client(self.server.endpoint)

    def start(self, *arguments, **options):
        return Backend(self.server.endpoint, self.pool.id, self.pool.client_id, self.database_url, *arguments,
                       pool_endpoint=self.pool.endpoint, **options)

    def token(self, handle, **changed):
        return self.pool.token(self.subs[handle], **changed)

    def add_user(self, handle=None, display_name="Somebody"):
        """A user of the directory who can sign in."""
        handle = handle or "u" + uuid.uuid4().hex[:12]
        self.subs[handle] = str(uuid.uuid4())
        self.users[handle] = str(uuid.uuid4())
        with sqlite3.connect(self.database) as directory:
            directory.execute("INSERT INTO users (uuid, display_name, handle, email, cognito_user_id) VALUES (?, ?, ?, ?, ?)",
                              (self.users[handle], display_name, handle, f"{handle}@example.com", self.subs[handle]))
        return handle

    def rows(self):
        items, more = [], {}
        while True:
            page = self.boto.scan(TableName=TABLE, ConsistentRead=True, **more)
            items += [{name: value["S"] for name, value in item.items()} for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return items
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def close(self):
        self.backend.stop()
        self.pool.close()
        self.server.__exit__()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("backend"))
    yield made
    assert made.server.process.poll() is None, made.server.stderr()
    assert made.backend.process.poll() is None, made.backend.stderr()
    made.close()


@pytest.fixture(scope="module")
def backend(world):
    return world.backend


@pytest.fixture()
def nora(world):
    return world.token("nora")


@pytest.fixture()
def malik(world):
    return world.token("malik")


def groups(backend, token, **parameters):
    answer = backend.get("/api/message_groups", token, **parameters)
    assert answer.status == 200, answer.body
    return answer.json


def messages(backend, token, group, **parameters):
    answer = backend.get(f"/api/messages/{group}", token, **parameters)
    assert answer.status == 200, answer.body
    return answer.json


def group_with(backend, token, handle):
    return next(group for group in groups(backend, token)["message_groups"] if group["handle"] == handle)


def stored_unchanged(world):
    """A context: the table holds the same rows at its end."""
    class Unchanged:
        def __enter__(self):
            self.before = world.rows()

        def __exit__(self, kind, *_):
            if kind is None:
                key = lambda row: (row["pk"], row["sk"])  # noqa: E731
                assert sorted(world.rows(), key=key) == sorted(self.before, key=key)
    return Unchanged()


# --- What works ---


def test_health_config_and_the_document_need_no_token(world, backend):
    assert backend.get("/api/health").json == {"status": "ok"}
    assert backend.get("/api/config").json == {"region": "us-east-1", "user_pool_id": world.pool.id,
                                               "client_id": world.pool.client_id, "endpoint": world.pool.endpoint}
    document = backend.get("/api/openapi.json")
    assert document.headers["content-type"] == "application/json"
    assert document.json == json.loads((servers.ROOT / "apps/messages/api/openapi.json").read_text())


def test_lists_the_conversations_newest_first(world, backend, nora):
    page = groups(backend, nora)
    shown = page["message_groups"]
    assert {group["handle"] for group in shown} >= {"malik", "teo"}
    assert [group["created_at"] for group in shown] == sorted((g["created_at"] for g in shown), reverse=True)
    assert all(group["last_message_at"] == group["created_at"] for group in shown)
    assert page["before"] is None
    first = groups(backend, nora, limit=1)
    assert first["message_groups"] == shown[:1] and first["before"] == shown[0]["created_at"]
    rest = groups(backend, nora, before=first["before"])
    assert rest["message_groups"] == shown[1:]


def test_reads_a_conversation_page_by_page_across_years(world, backend, nora):
    group = group_with(backend, nora, "teo")
    whole, before = [], {}
    while True:
        page = messages(backend, nora, group["uuid"], limit=7, **before)
        assert page["other"] == {"uuid": world.users["teo"], "handle": "teo", "display_name": group["display_name"]}
        assert len(page["messages"]) <= 7
        whole = page["messages"] + whole
        if page["before"] is None:
            break
        before = {"before": page["before"]}
    times = [message["created_at"] for message in whole]
    assert times == sorted(times) and len(set(times)) == len(times)
    assert len({time[:4] for time in times}) > 1
    stored = [row for row in world.rows() if row["pk"] == f"MSG#{group['uuid']}"]
    assert {m["uuid"]: m["message"] for m in whole} == {row["message_uuid"]: row["message"] for row in stored}
    assert messages(backend, nora, group["uuid"])["messages"] == whole[-20:]


def test_writes_into_a_conversation(world, backend, nora, malik):
    group = group_with(backend, nora, "malik")["uuid"]
    text = "Grüße, \U0001f98a \"quoted\" <b>bold</b>\n'; DROP TABLE users; --"
    answer = backend.post(nora, message=text, message_group_uuid=group)
    assert answer.status == 200
    written = answer.json
    assert written["message"] == text and written["message_group_uuid"] == group
    assert (written["handle"], written["user_uuid"]) == ("nora", world.users["nora"])
    assert messages(backend, malik, group)["messages"][-1] == written


@pytest.mark.parametrize("text", ["x", "\U0001f600" * 1024, "ñ" * 1024, "ا" * 1024, " a "])
def test_counts_characters_not_bytes(world, backend, nora, text):
    group = group_with(backend, nora, "malik")["uuid"]
    assert backend.post(nora, message=text, message_group_uuid=group).json["message"] == text


def test_a_retried_message_is_written_once(world, backend, nora):
    group = group_with(backend, nora, "malik")["uuid"]
    own = str(uuid.uuid4())
    first = backend.post(nora, message="once", message_group_uuid=group, uuid=own).json
    again = backend.post(nora, message="once", message_group_uuid=group, uuid=own, retry=True).json
    assert first["uuid"] == own and again == first
    assert sum(row.get("message_uuid") == own for row in world.rows()) == 1
    other = str(uuid.uuid4())  # what never came is written by the retry
    assert backend.post(nora, message="late", message_group_uuid=group, uuid=other, retry=True).json["uuid"] == other


def test_starts_a_conversation_with_all_its_rows(world, backend):
    one, two = world.add_user(display_name="One"), world.add_user(display_name="Two")
    answer = backend.post(world.token(one), message="Hello!", handle=two)
    assert answer.status == 200, answer.body
    group = answer.json["message_group_uuid"]
    rows = [row for row in world.rows() if group in (row.get("message_group_uuid"), row.get("conversation_uuid"),
                                                     row["pk"].removeprefix("MSG#"))]
    assert sorted(row["pk"].partition("#")[0] for row in rows) == ["GRP", "GRP", "MSG", "PAIR"]
    for me, other in ((one, two), (two, one)):
        shown = groups(backend, world.token(me))["message_groups"]
        assert [(group_["uuid"], group_["handle"], group_["message"]) for group_ in shown] == [(group, other, "Hello!")]
        assert messages(backend, world.token(me), group)["messages"] == [answer.json]


def test_a_second_start_opens_the_conversation_that_exists(world, backend):
    one, two = world.add_user(), world.add_user()
    first = backend.post(world.token(one), message="first", handle=two).json
    second = backend.post(world.token(two), message="second", handle="@" + one).json
    assert second["message_group_uuid"] == first["message_group_uuid"]
    assert [m["message"] for m in messages(backend, world.token(one), first["message_group_uuid"])["messages"]] == ["first", "second"]


def test_a_start_finds_a_conversation_that_was_begun_without_a_pair_row(world, backend, nora, malik):
    group = group_with(backend, nora, "malik")["uuid"]
    assert backend.post(malik, message="by handle", handle="nora").json["message_group_uuid"] == group
    pairs = [row for row in world.rows() if row["pk"].startswith("PAIR#") and row["conversation_uuid"] == group]
    assert len(pairs) == 1 and world.users["nora"] in pairs[0]["pk"] and world.users["malik"] in pairs[0]["pk"]


def test_a_pair_row_that_a_transaction_holds_is_waited_for(world, backend):
    one, two = world.add_user(), world.add_user()
    group = backend.post(world.token(one), message="first", handle=two).json["message_group_uuid"]
    pair = next(row for row in world.rows() if row.get("conversation_uuid") == group)
    key = {name: {"S": pair[name]} for name in ("pk", "sk")}
    world.boto.delete_item(TableName=TABLE, Key=key)
    control(world.server.endpoint, "conflicts", table=TABLE, key=key, kind="write", times=2)
    again = backend.post(world.token(two), message="second", handle=one)
    assert (again.status, again.json["message_group_uuid"]) == (200, group)
    assert world.boto.get_item(TableName=TABLE, Key=key)["Item"]["conversation_uuid"] == {"S": group}


def test_starts_at_the_same_moment_make_one_conversation(world, backend):
    for _ in range(5):
        one, two = world.add_user(), world.add_user()
        tokens = [world.token(one), world.token(two)]
        barrier = threading.Barrier(8)

        def start(number):
            barrier.wait()
            return backend.post(tokens[number % 2], message=f"start {number}", handle=(two, one)[number % 2])

        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(start, range(8)))
        assert {answer.status for answer in answers} == {200}
        assert len({answer.json["message_group_uuid"] for answer in answers}) == 1
        group = answers[0].json["message_group_uuid"]
        texts = [m["message"] for m in messages(backend, tokens[0], group)["messages"]]
        assert sorted(texts) == [f"start {number}" for number in range(8)]
        rows = [row for row in world.rows() if row.get("message_group_uuid") == group]
        assert sorted(row["pk"] for row in rows) == sorted(f"GRP#{world.users[who]}" for who in (one, two))


def test_finds_people(world, backend, nora):
    me = backend.get("/api/me", nora).json
    assert me["handle"] == "nora" and me["uuid"] == world.users["nora"]
    short = backend.get("/api/users/@malik/short", nora)
    assert short.json["uuid"] == world.users["malik"] and set(short.json) == {"uuid", "handle", "display_name"}
    found = backend.get("/api/users", nora, search="mal").json["users"]
    assert [user["handle"] for user in found] == ["malik"]
    assert backend.get("/api/users", nora, search="nora").json["users"] == []  # oneself
    handle = world.add_user("h.with-punct_1")
    assert backend.get(f"/api/users/@{handle}/short", nora).json["handle"] == handle


# --- Tokens ---


def forged(world, nora):
    header, payload, signature = nora.split(".")
    claims = world.pool.claims(world.subs["nora"])
    none = base64url(json.dumps({"alg": "none", "kid": world.pool.keys[0].id}).encode())
    other = base64url(json.dumps(dict(claims, sub=world.subs["malik"])).encode())
    foreign = Key()
    foreign.id = world.pool.keys[0].id
    return {
        "not a token": "rubbish",
        "empty": "",
        "two parts": header + "." + payload,
        "four parts": nora + ".x",
        "alg none": f"{none}.{payload}.",
        "alg none with a signature": f"{none}.{payload}.{signature}",
        "alg HS256": world.token("nora", header={"alg": "HS256"}),
        "critical extension": world.token("nora", header={"crit": ["exp"]}),
        "another payload": f"{header}.{other}.{signature}",
        "a cut signature": nora[:-4],
        "foreign key": world.token("nora", key=foreign),
        "unknown key": world.token("nora", key=Key()),
        "an id token": world.token("nora", token_use="id"),
        "another client": world.token("nora", client_id="another"),
        "another pool": world.token("nora", iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"),
        "no expiry": world.token("nora", exp=None),
        "expiry as text": world.token("nora", exp="9999999999"),
        "no sub": world.token("nora", sub=None),
        "padding": nora + "=",
        "huge": "a" * 20000,
        "deep": base64url(b'{"a":' * 2000 + b"1" + b"}" * 2000) + ".e30.e30",
    }


PROTECTED = [("GET", "/api/message_groups"), ("GET", f"/api/messages/{uuid.UUID(int=1)}"), ("POST", "/api/messages"),
             ("GET", "/api/users/@malik/short"), ("GET", "/api/users?search=m"), ("GET", "/api/me"), ("GET", "/api/live")]


@pytest.mark.parametrize("method,path", PROTECTED)
def test_every_call_asks_for_a_token(world, backend, method, path):
    body = {"message": "x", "handle": "malik"} if method == "POST" else None
    with stored_unchanged(world):
        missing = backend.request(method, path, body)
        assert (missing.status, missing.error) == (401, "token_missing")
        assert missing.headers["www-authenticate"] == "Bearer"
        bad = backend.request(method, path, body, token="rubbish")
        assert (bad.status, bad.error) == (401, "token_invalid")
        expired = backend.request(method, path, body, token=world.token("nora", exp=int(time.time()) - 1))
        assert (expired.status, expired.error) == (401, "token_expired")


def test_forged_tokens_are_refused(world, backend, nora):
    with stored_unchanged(world):
        for what, token in forged(world, nora).items():
            answer = backend.post(token, message="forged", handle="malik")
            assert (answer.status, answer.error) in ((401, "token_invalid"), (401, "token_missing")), what
            assert world.subs["nora"] not in answer.body.decode(), what
    basic = backend.request("GET", "/api/me", headers={"Authorization": "Basic bm9yYTp4"})
    assert (basic.status, basic.error) == (401, "token_invalid")


def test_both_forms_of_issuer_are_taken(world, backend):
    local = world.token("nora", iss=f"{world.pool.endpoint}/{world.pool.id}")
    assert backend.get("/api/me", local).status == 200


def test_a_token_that_was_good_ends_with_its_time(world, backend):
    token = world.token("nora", exp=int(time.time()) + 2)
    assert backend.get("/api/me", token).status == 200
    deadline = time.monotonic() + 20
    while (answer := backend.get("/api/me", token)).status == 200:
        assert time.monotonic() < deadline
    assert answer.error == "token_expired"


def test_new_keys_are_fetched_when_a_token_names_them_and_not_more_often_than_that(world):
    pool = Pool(pool_id="us-east-1_Rotating1")
    try:
        with Backend(world.server.endpoint, pool.id, pool.client_id, world.database_url,
                     pool_endpoint=pool.endpoint) as backend:
            sub = world.subs["nora"]
            assert backend.get("/api/me", pool.token(sub)).status == 200
            for _ in range(20):  # made-up keys do not make it ask each time
                assert backend.get("/api/me", pool.token(sub, header={"kid": uuid.uuid4().hex})).status == 401
            assert pool.fetches <= 2
            new = Key()
            pool.keys = [new, *pool.keys]
            deadline = time.monotonic() + 20
            while backend.get("/api/me", pool.token(sub, key=new)).status != 200:
                assert time.monotonic() < deadline, "the new key is never fetched"
                time.sleep(0.1)
    finally:
        pool.close()


def test_without_the_pools_keys_nobody_is_let_in_and_nobody_is_called_a_liar(world):
    pool = Pool(pool_id="us-east-1_Gone12345")
    token = pool.token(world.subs["nora"])
    pool.close()
    with Backend(world.server.endpoint, pool.id, pool.client_id, world.database_url, pool_endpoint=pool.endpoint) as backend:
        answer = backend.get("/api/me", token)
        assert (answer.status, answer.error) == (503, "unavailable")


def test_a_user_whom_the_directory_does_not_know(world, backend):
    with stored_unchanged(world):
        for method, path in PROTECTED:
            body = {"message": "x", "handle": "malik"} if method == "POST" else None
            answer = backend.request(method, path, body, token=world.pool.token(str(uuid.uuid4())))
            assert (answer.status, answer.error) == (403, "user_not_in_directory")
        placeholder = backend.get("/api/me", world.pool.token("MOCK"))
        assert (placeholder.status, placeholder.error) == (403, "user_not_in_directory")


# --- Bad input ---


def test_only_members_read_and_write(world, backend):
    one, two, stranger = world.add_user(), world.add_user(), world.add_user()
    group = backend.post(world.token(one), message="a secret", handle=two).json["message_group_uuid"]
    with stored_unchanged(world):
        for target in (group, str(uuid.uuid4())):
            read = backend.get(f"/api/messages/{target}", world.token(stranger))
            write = backend.post(world.token(stranger), message="let me in", message_group_uuid=target)
            for answer in (read, write):
                assert (answer.status, answer.error) == (403, "not_a_member")
                assert "secret" not in answer.body.decode()


HOSTILE = ["'; DROP TABLE users; --", "\" OR \"\"=\"", "<script>alert(1)</script>", "../../etc/passwd", "%", "_", "*",
           "a\u0000b", "\u202egnp.exe", "{{7*7}}", "${jndi:ldap://x}", "GRP#x", "MSG#x", ":key", "#pk"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field(world, backend, nora, text):
    group = group_with(backend, nora, "malik")["uuid"]
    with stored_unchanged(world):
        answers = [
            (backend.post(nora, message="x", handle=text), {404: "recipient_not_found"}),
            (backend.post(nora, message="x", message_group_uuid=text), {400: "field_invalid"}),
            (backend.post(nora, message="x", message_group_uuid=group, uuid=text), {400: "field_invalid"}),
            (backend.post(nora, message="x", message_group_uuid=group, retry=text), {400: "field_invalid"}),
            (backend.get(f"/api/messages/{quote(text, safe='')}", nora), {400: "field_invalid"}),
            (backend.get(f"/api/messages/{group}", nora, before=text), {400: "field_invalid"}),
            (backend.get(f"/api/messages/{group}", nora, limit=text), {400: "field_invalid"}),
            (backend.get("/api/message_groups", nora, before=text), {400: "field_invalid"}),
            (backend.get(f"/api/users/@{quote(text, safe='')}/short", nora), {404: "user_not_found"}),
            (backend.get("/api/me", text if text.isascii() and text.isprintable() else "x"), {401: "token_invalid"}),
        ]
        for number, (answer, expected) in enumerate(answers):
            assert {answer.status: answer.error} == expected, number
            assert "SQL" not in answer.body.decode() and "sqlite" not in answer.body.decode().lower()
        assert backend.get("/api/users", nora, search=text).json["users"] == []
    # As a message it is a text like any other.
    written = backend.post(nora, message=text, message_group_uuid=group)
    assert written.json["message"] == text
    assert messages(backend, nora, group)["messages"][-1]["message"] == text


@pytest.mark.parametrize("message", [None, "", " ", "\n\t ", "\u00a0\u2003\u3000", "\u200b\ufeff"])
def test_blank_messages(world, backend, nora, message):
    with stored_unchanged(world):
        answer = backend.post(nora, message=message, handle="malik")
        assert (answer.status, answer.error) == (422, "message_blank")
        answer = backend.post(nora, handle="malik")
        assert (answer.status, answer.error) == (422, "message_blank")


@pytest.mark.parametrize("text", ["x" * 1025, "\U0001f600" * 1025, "é" * 1025, " " * 1025 + "x"])
def test_long_messages(world, backend, nora, text):
    with stored_unchanged(world):
        answer = backend.post(nora, message=text, handle="malik")
        assert (answer.status, answer.error) == (422, "message_exceed_max_chars_1024")


def test_messages_that_go_nowhere(world, backend, nora):
    group = group_with(backend, nora, "malik")["uuid"]
    cases = [({"handle": "nora"}, 422, "message_to_oneself"), ({"handle": "@NORA"}, 422, "message_to_oneself"),
             ({"handle": "nobody-here"}, 404, "recipient_not_found"), ({}, 422, "message_group_uuid_or_handle"),
             ({"handle": "malik", "message_group_uuid": group}, 422, "message_group_uuid_or_handle"),
             ({"handle": ""}, 422, "message_group_uuid_or_handle"), ({"handle": 7}, 400, "field_invalid"),
             ({"handle": ["malik"]}, 400, "field_invalid"), ({"message_group_uuid": {"S": group}}, 400, "field_invalid")]
    with stored_unchanged(world):
        for more, status, name in cases:
            answer = backend.post(nora, message="x", **more)
            assert (answer.status, answer.error) == (status, name), more
        for message in (7, True, ["x"], {"S": "x"}):
            answer = backend.post(nora, message=message, handle="malik")
            assert (answer.status, answer.error) == (400, "field_invalid"), message


BROKEN = {
    "nothing": (b"", 400, "json_invalid"),
    "no JSON": (b"message=x&handle=malik", 400, "json_invalid"),
    "cut": (b'{"message": "x", "handle": "mal', 400, "json_invalid"),
    "two values": (b'{"message": "x", "handle": "malik"} {}', 400, "json_invalid"),
    "an array": (b'[{"message": "x"}]', 400, "json_invalid"),
    "a text": (b'"x"', 400, "json_invalid"),
    "deep": (b'{"message":' + b"[" * 20000 + b"]" * 20000 + b"}", 400, "json_invalid"),
    "half a surrogate": (b'{"message": "\\ud800", "handle": "malik"}', 400, "json_invalid"),
    "latin-1": ('{"message": "caf\u00e9", "handle": "malik"}'.encode("latin-1"), 400, "utf8_invalid"),
    "overlong": (b'{"message": "\xc0\xaf", "handle": "malik"}', 400, "utf8_invalid"),
    "a raw surrogate": (b'{"message": "\xed\xa0\x80", "handle": "malik"}', 400, "utf8_invalid"),
    "beyond Unicode": (b'{"message": "\xf4\x90\x80\x80", "handle": "malik"}', 400, "utf8_invalid"),
    "huge": (b'{"message": "' + b"x" * 100_000 + b'", "handle": "malik"}', 413, "body_too_large"),
    "very huge": (b'{"message": "' + b"x" * 3_000_000 + b'", "handle": "malik"}', 413, "body_too_large"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_bodies(world, backend, nora, what):
    body, status, name = BROKEN[what]
    with stored_unchanged(world):
        answer = backend.request("POST", "/api/messages", body, token=nora)
        assert (answer.status, answer.error) == (status, name)


def test_bad_addresses(world, backend, nora):
    cases = [("GET", "/api", 404, "not_found"), ("GET", "/api/nothing", 404, "not_found"),
             ("GET", "/api/messages", 405, "method_not_allowed"), ("DELETE", "/api/message_groups", 405, "method_not_allowed"),
             ("GET", "/api/users", 400, "field_invalid"), ("GET", "/api/users?search=", 400, "field_invalid"),
             ("GET", "/api/users?search=" + "x" * 101, 400, "field_invalid"), ("GET", "/api/users?search=%ff", 400, "utf8_invalid"),
             ("GET", "/api/users/@%ff/short", 400, "utf8_invalid"), ("GET", "/api/users/@%zz/short", 400, "utf8_invalid"),
             ("GET", "/api/users/@/short", 404, "not_found"), ("GET", "/api/users/@a/b/short", 404, "not_found"),
             ("GET", "/api/users/@nobody-here/short", 404, "user_not_found"),
             ("GET", "/api/message_groups?limit=0", 400, "field_invalid"), ("GET", "/api/message_groups?limit=101", 400, "field_invalid"),
             ("GET", "/api/message_groups?before=%ff", 400, "field_invalid")]
    for method, path, status, name in cases:
        answer = backend.request(method, path, token=nora)
        assert (answer.status, answer.error) == (status, name), path


def test_other_pages_are_kept_out(world, backend, nora):
    hostile = backend.request("GET", "/api/me", token=nora, headers={"Origin": "https://evil.example"})
    assert (hostile.status, hostile.error) == (403, "forbidden")
    assert "access-control-allow-origin" not in hostile.headers
    rebound = backend.request("GET", "/api/health", headers={"Host": "evil.example"})
    assert rebound.status == 403
    own = backend.request("GET", "/api/me", token=nora, headers={"Origin": "http://localhost:5173"})
    assert own.status == 200 and own.headers["access-control-allow-origin"] == "http://localhost:5173"
    preflight = backend.request("OPTIONS", "/api/messages", headers={
        "Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"})
    assert preflight.status == 200 and preflight.headers["access-control-allow-headers"] == "authorization"


# --- Live updates ---


def test_both_see_a_message_and_nobody_else(world, backend):
    one, two, stranger = world.add_user(display_name="One"), world.add_user(display_name="Two"), world.add_user()
    lives = {who: backend.live(world.token(who)) for who in (one, two, stranger)}
    for live in lives.values():
        assert live.reply.getheader("content-type") == "text/event-stream"
        assert live.next() == ("ready", {})
    first = backend.post(world.token(one), message="begun", handle=two).json
    group = first["message_group_uuid"]
    second = backend.post(world.token(two), message="answered", message_group_uuid=group).json
    for who, other, name in ((one, two, "Two"), (two, one, "One")):
        person = {"uuid": world.users[other], "handle": other, "display_name": name}
        assert lives[who].next() == ("message", {**first, "other": person})
        assert lives[who].next() == ("message", {**second, "other": person})
    own = backend.post(world.token(stranger), message="to somebody else", handle="teo").json
    name, data = lives[stranger].next()
    assert name == "message" and data["uuid"] == own["uuid"]  # and nothing of the others before
    for live in lives.values():
        live.close()


def test_messages_that_another_program_writes_come_as_well(world, backend, nora):
    live = backend.live(nora)
    assert live.next() == ("ready", {})
    done = run([cruddur_binary(), "messages", "post", "--user", "teo", "--with", "nora", "from a terminal"],
               environment(world.server.endpoint))
    assert done.returncode == 0, done.stderr
    name, data = live.next()
    assert (name, data["message"], data["other"]["handle"]) == ("message", "from a terminal", "teo")
    live.close()


def test_who_comes_back_gets_what_came_between(world, backend, nora, malik):
    group = group_with(backend, nora, "malik")["uuid"]
    live = backend.live(nora)
    assert live.next() == ("ready", {})
    other = backend.live(malik)
    assert other.next() == ("ready", {})
    live.close()
    between = [backend.post(malik, message=f"between {n}", message_group_uuid=group).json for n in range(3)]
    for message in between:
        assert other.next()[1]["uuid"] == message["uuid"]  # the stream has been read so far
    again = backend.live(nora, last=live.last)
    assert again.next() == ("ready", {})
    assert [again.next()[1]["uuid"] for _ in between] == [message["uuid"] for message in between]
    nowhere = backend.live(nora, last="ffffffffffff-7")
    assert nowhere.next() == ("reload", {})
    for stream in (other, again, nowhere):
        stream.close()


def test_shards_that_roll_over_lose_nothing(world, backend, nora, malik):
    group = group_with(backend, nora, "malik")["uuid"]
    live = backend.live(nora)
    assert live.next() == ("ready", {})
    for number in range(6):
        if number % 2:
            urllib.request.urlopen(world.server.endpoint + "/_stator/test/roll-streams", data=b"").close()
        written = backend.post(malik, message=f"shard {number}", message_group_uuid=group).json
        assert live.next()[1]["uuid"] == written["uuid"]
    live.close()


def test_a_stream_ends_with_the_back_end(world):
    with world.start() as backend:
        live = backend.live(world.token("nora"))
        assert live.next() == ("ready", {})
        assert backend.stop() == 0
        assert live.next() is None


def test_live_updates_go_on_when_the_server_was_away(tmp_path):
    world = World(tmp_path)
    try:
        backend = world.backend
        nora, malik = world.token("nora"), world.token("malik")
        group = group_with(backend, nora, "malik")["uuid"]
        live = backend.live(nora)
        assert live.next() == ("ready", {})
        world.server.kill()
        away = backend.post(malik, message="lost", message_group_uuid=group)
        assert (away.status, away.error) == (503, "unavailable")
        world.server.start()
        written = backend.post(malik, message="back", message_group_uuid=group)
        assert written.status == 200, written.body
        name, data = live.next()
        if name == "reload":
            name, data = "message", messages(backend, nora, group)["messages"][-1]
        assert data["message"] == "back"
        live.close()
    finally:
        world.close()


# --- The page ---


def test_the_page_is_served_with_its_types(world, tmp_path):
    page = tmp_path / "web"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html><title>page</title>")
    (page / "assets/index-abc123.js").write_text("export {};")
    (page / "favicon.svg").write_text("<svg/>")
    with world.start("--web", page) as backend:
        index = backend.get("/")
        assert index.headers["content-type"] == "text/html; charset=utf-8" and index.headers["cache-control"] == "no-cache"
        assert "default-src 'self'" in index.headers["content-security-policy"]
        assert world.pool.endpoint in index.headers["content-security-policy"]
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        for path in ("/messages", "/messages/new/somebody.else", "/signin?x=1"):
            assert backend.request("GET", path, headers=browser).body == index.body
        script = backend.get("/assets/index-abc123.js")
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert backend.get("/favicon.svg").headers["content-type"] == "image/svg+xml"
        again = backend.request("GET", "/", headers={"If-None-Match": index.headers["etag"]})
        assert again.status == 304 and again.body == b""
        assert backend.request("HEAD", "/").body == b""
        for path in ("/assets/gone.js", "/../data", "/%2e%2e/data", "/assets/../../data"):
            assert b"<title>" not in backend.request("GET", path, headers={"Accept": "image/png"}).body
        assert backend.request("POST", "/", b"x").status == 405


def test_what_serve_needs_is_said(world):
    env = environment(world.server.endpoint, DATABASE_URL=world.database_url)
    done = run([cruddur_binary(), "serve", "--port", "0"], env)
    assert done.returncode == 1 and "AWS_COGNITO_USER_POOL_ID" in done.stderr
    missing = dict(env, DATABASE_URL=f"sqlite:///{world.database}.missing", AWS_COGNITO_USER_POOL_ID="us-east-1_x",
                   AWS_COGNITO_USER_POOL_CLIENT_ID="x")
    done = run([cruddur_binary(), "serve", "--port", "0"], missing)
    assert done.returncode == 1 and "cruddur db" in done.stderr


def test_an_unreachable_table_is_no_fault_of_the_caller(world):
    with Backend(f"http://127.0.0.1:{servers.free_port()}", world.pool.id, world.pool.client_id, world.database_url,
                 pool_endpoint=world.pool.endpoint) as backend:
        token = world.token("nora")
        group = str(uuid.uuid4())
        for answer in (backend.get("/api/message_groups", token), backend.get(f"/api/messages/{group}", token),
                       backend.post(token, message="x", handle="malik")):
            assert (answer.status, answer.error) == (503, "unavailable")
            assert "127.0.0.1" not in answer.body.decode()
        assert backend.get("/api/health").status == 200
        world.backend.seen |= backend.seen


def test_an_unreadable_directory_is_no_fault_of_the_caller(world, tmp_path):
    broken = tmp_path / "directory.sqlite3"
    broken.write_bytes(pathlib.Path(world.database).read_bytes())
    with Backend(world.server.endpoint, world.pool.id, world.pool.client_id, f"sqlite:///{broken}",
                 pool_endpoint=world.pool.endpoint) as backend:
        broken.unlink()
        for _, path in PROTECTED:
            if path == "/api/messages":
                continue
            answer = backend.get(path, world.token("nora"))
            assert (answer.status, answer.error) == (503, "unavailable"), path
            assert "sqlite" not in answer.body.decode()
        world.backend.seen |= backend.seen


# --- The document; last, since it looks back at what the others saw ---


def test_everything_that_was_answered_is_described_and_the_reverse(world, backend, request):
    document = json.loads((servers.ROOT / "apps/messages/api/openapi.json").read_text())
    described = {(method.upper(), path, int(status))
                 for path, calls in document["paths"].items()
                 for method, call in calls.items() for status in call["responses"]}
    patterns = {path: re.compile("^" + re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) + "$") for path in document["paths"]}
    seen = set()
    for method, address, status in backend.seen:
        path = next((path for path, pattern in patterns.items() if pattern.match(address)), None)
        if path and method in ("GET", "POST") and status != 405 and not (status == 403 and "host" in address):
            seen.add((method, path, status))
    assert seen - described - {("GET", "/api/me", 403), ("GET", "/api/health", 403)} == set()
    if request.session.testscollected > 60:  # all of the file ran
        assert described - seen == set()
