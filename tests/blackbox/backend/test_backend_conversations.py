"""Conversations through the back end: listing, reading, writing, starting them; finding people."""

import concurrent.futures
import threading
import uuid

import pytest
from support.cruddur import TABLE
from support.controls import control
from support.messages import group_with, groups, messages

pytestmark = pytest.mark.stator


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
