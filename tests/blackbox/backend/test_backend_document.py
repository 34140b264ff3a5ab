"""The back end and apps/messages/api/openapi.json: what is answered is described (support/backend.py sees to that for every
answer there is), and what is described is answered."""

import pathlib
import uuid

import pytest
from support.backend import Backend
from support.messages import PROTECTED
from support.openapi import DESCRIBED, DOCUMENT, path_of

pytestmark = pytest.mark.stator


def test_health_config_and_the_document_need_no_token(world, backend):
    assert backend.get("/api/health").json == {"status": "ok"}
    assert backend.get("/api/config").json == {"region": "us-east-1", "user_pool_id": world.pool.id,
                                               "client_id": world.pool.client_id, "endpoint": world.pool.endpoint}
    document = backend.get("/api/openapi.json")
    assert document.headers["content-type"] == "application/json"
    assert document.json == DOCUMENT


class Seen(set):
    """Asks, and keeps which described answer came: (method, path, status)."""

    def __init__(self, backend):
        self.backend = backend

    def ask(self, method, address, body=None, token=None):
        self.add((method, path_of(address), self.backend.request(method, address, body, token=token).status))

    def ask_all(self, token):
        for method, address in PROTECTED:
            if address != "/api/live" or token is None:
                self.ask(method, address, {"message": "x", "handle": "malik"} if method == "POST" else None, token)


def test_everything_that_is_described_is_answered(world, backend, nora, tmp_path):
    seen = Seen(backend)
    for address in ("/api/health", "/api/config", "/api/openapi.json"):
        seen.ask("GET", address)
    for token in (None, nora):
        seen.ask_all(token)
    group = backend.get("/api/message_groups", nora).json["message_groups"][0]["uuid"]
    seen.ask("GET", f"/api/messages/{group}", token=nora)
    for address in ("/api/message_groups?limit=0", "/api/messages/x", "/api/users?search=", "/api/users/@%ff/short",
                    "/api/users/@nobody-here/short"):
        seen.ask("GET", address, token=nora)
    for body in (b"{", b"x" * 100_000, {"message": "x", "message_group_uuid": str(uuid.UUID(int=1))},
                 {"message": "x", "handle": "nobody-here"}, {"message": "", "handle": "malik"}):
        seen.ask("POST", "/api/messages", body, nora)
    stranger = world.pool.token(str(uuid.uuid4()))
    seen.ask_all(stranger)
    for token in (nora, stranger):
        live = backend.live(token)
        seen.add(("GET", "/api/live", live.reply.status))
        live.close()
    # A directory that cannot be read: nobody is known, nothing is answered.
    broken = tmp_path / "directory.sqlite3"
    broken.write_bytes(pathlib.Path(world.database).read_bytes())
    with Backend(world.server.endpoint, world.pool.id, world.pool.client_id, f"sqlite:///{broken}",
                 pool_endpoint=world.pool.endpoint) as other:
        broken.unlink()
        seen.backend = other
        seen.ask_all(nora)
        live = other.live(nora)
        seen.add(("GET", "/api/live", live.reply.status))
        live.close()
    assert seen == DESCRIBED
