"""`cruddur serve` as a program: the page it serves, what it needs to start, what it says when others are away."""

import pathlib
import uuid

import pytest
from support import server as servers
from support.backend import Backend
from support.cruddur import cruddur_binary, environment, run
from support.messages import PROTECTED

pytestmark = pytest.mark.stator


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
