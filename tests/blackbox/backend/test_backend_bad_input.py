"""What the back end refuses, and that nothing is written then: foreign conversations, hostile text, broken bodies."""

import uuid
from urllib.parse import quote

import pytest
from support.messages import group_with, messages, stored_unchanged

pytestmark = pytest.mark.stator


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
