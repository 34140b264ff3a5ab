"""Live updates: who hears of a message, and what comes after a break."""

import pytest
from support.controls import control
from support.cruddur import cruddur_binary, environment, run
from support.messages import World, group_with, messages

pytestmark = pytest.mark.stator


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
    assert [nowhere.next(), nowhere.next()] == [("ready", {}), ("reload", {})]
    for stream in (other, again, nowhere):
        stream.close()


def test_shards_that_roll_over_lose_nothing(world, backend, nora, malik):
    group = group_with(backend, nora, "malik")["uuid"]
    live = backend.live(nora)
    assert live.next() == ("ready", {})
    for number in range(6):
        if number % 2:
            control(world.server.endpoint, "roll-streams")
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
