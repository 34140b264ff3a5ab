"""Whom the back end lets in: tokens that are missing, forged, expired, of another pool; the pool's keys."""

import json
import time
import uuid

import pytest
from support.backend import Backend
from support.messages import PROTECTED, stored_unchanged
from support.pool import Key, Pool, base64url
from support.waiting import until

pytestmark = pytest.mark.stator


def forged(world, nora):
    header, payload, signature = nora.split(".")
    claims = world.pool.claims(world.subs["nora"])
    none = base64url(json.dumps({"alg": "none", "kid": world.pool.keys[0].id}).encode())
    other = base64url(json.dumps(dict(claims, sub=world.subs["malik"])).encode())
    foreign = Key(1)
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
        "unknown key": world.token("nora", key=Key(1)),
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
    token = world.token("nora", exp=int(time.time()) + 5)
    assert backend.get("/api/me", token).status == 200
    until(lambda: backend.get("/api/me", token).status != 200)
    assert backend.get("/api/me", token).error == "token_expired"


def test_new_keys_are_fetched_when_a_token_names_them_and_not_more_often_than_that(world):
    pool = Pool(pool_id="us-east-1_Rotating1")
    try:
        with Backend(world.server.endpoint, pool.id, pool.client_id, world.database_url,
                     pool_endpoint=pool.endpoint) as backend:
            sub = world.subs["nora"]
            assert backend.get("/api/me", pool.token(sub)).status == 200
            new = Key(1)
            pool.keys = [new, *pool.keys]
            assert backend.get("/api/me", pool.token(sub, key=new)).status == 200
            for _ in range(20):  # made-up keys do not make it ask each time
                assert backend.get("/api/me", pool.token(sub, header={"kid": uuid.uuid4().hex})).status == 401
            assert pool.fetches == 3
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
