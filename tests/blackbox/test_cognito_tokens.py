"""Tokens: what they say, the keys behind them, forged ones, refreshing, expiry, revoking, signing out."""

import base64
import hashlib
import json
import urllib.error

import pytest
from support import srp
from support.controls import control, get_json, post_json
from support.pools import PASSWORD, AppPool, call, claims, fails, from_base64url

pytestmark = pytest.mark.stator  # codes come from our outbox


def test_what_tokens_say(pool, user):
    result = pool.tokens(user)
    access, identity = claims(result["AccessToken"]), claims(result["IdToken"])
    issuer = f"https://cognito-idp.eu-central-1.amazonaws.com/{pool.id}"
    common = {"sub", "iss", "origin_jti", "event_id", "token_use", "auth_time", "exp", "iat", "jti"}
    assert set(access) == common | {"client_id", "scope", "username"}
    assert set(identity) == common | {"aud", "cognito:username", "email", "email_verified"}
    assert access["iss"] == identity["iss"] == issuer
    assert access["token_use"] == "access" and identity["token_use"] == "id"
    assert access["client_id"] == identity["aud"] == pool.client_id
    assert access["username"] == identity["cognito:username"] == user
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert identity["email_verified"] is True and identity["email"] == f"{user}@example.com"
    assert access["exp"] - access["iat"] == 3600 and access["auth_time"] == access["iat"]
    assert access["origin_jti"] == identity["origin_jti"] and access["jti"] != identity["jti"]


@pytest.mark.parametrize("issuer,expected", [("local", None), ("https://id.example.com/x", "https://id.example.com/x/")])
def test_the_issuer_can_be_chosen(serve, username, issuer, expected):
    server = serve("--in-memory", "--issuer", issuer)
    pool = AppPool(server.endpoint)
    pool.user(username)
    tokens = pool.tokens(username)
    told = claims(tokens["AccessToken"])["iss"]
    assert told == (expected or f"http://127.0.0.1:{server.port}/") + pool.id
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == username
    assert get_json(f"{server.endpoint}/{pool.id}/.well-known/openid-configuration")["issuer"] == told


def verified(token, keys):
    """Whether one of those keys signed it: RSASSA-PKCS1-v1_5 by hand."""
    head, payload, signature = token.split(".")
    kid = json.loads(from_base64url(head))["kid"]
    key = next(k for k in keys if k["kid"] == kid)
    n, e = (int.from_bytes(from_base64url(key[part]), "big") for part in ("n", "e"))
    opened = pow(int.from_bytes(from_base64url(signature), "big"), e, n).to_bytes(256, "big")
    digest = hashlib.sha256(f"{head}.{payload}".encode()).digest()
    prefix = bytes.fromhex("3031300d060960864801650304020105000420")
    return opened == b"\0\1" + b"\xff" * (256 - 3 - len(prefix) - 32) + b"\0" + prefix + digest


def test_the_keys_are_published_and_rotate(pool, user):
    url = f"{pool.endpoint}/{pool.id}/.well-known"
    keys = get_json(f"{url}/jwks.json")["keys"]
    assert len(keys) == 2 and all(k["alg"] == "RS256" and k["use"] == "sig" and k["e"] == "AQAB" for k in keys)
    before = pool.tokens(user)
    assert verified(before["AccessToken"], keys) and verified(before["IdToken"], keys)
    configuration = get_json(f"{url}/openid-configuration")
    assert configuration["issuer"] == claims(before["IdToken"])["iss"]
    assert get_json(configuration["jwks_uri"])["keys"] == keys
    post_json(f"{pool.endpoint}/_stator/pools/rotate-keys", {"UserPoolId": pool.id})
    rotated = get_json(f"{url}/jwks.json")["keys"]
    assert len(rotated) == 4 and [k for k in rotated if k in keys] == keys
    after = pool.tokens(user)
    assert verified(after["AccessToken"], rotated[:2]) and verified(before["AccessToken"], rotated)
    assert pool.idp.get_user(AccessToken=before["AccessToken"])["Username"] == user


def test_keys_of_no_pool(pool):
    with pytest.raises(urllib.error.HTTPError) as caught:
        get_json(f"{pool.endpoint}/eu-central-1_nothing00/.well-known/jwks.json")
    assert caught.value.code == 400
    assert "does not exist" in caught.value.read().decode()


def b64(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()


def test_tokens_that_are_none(endpoint, pool, user):
    result = pool.tokens(user)
    head, payload, signature = result["AccessToken"].split(".")
    invalid = ("NotAuthorizedException", "Invalid Access Token")
    header = json.loads(from_base64url(head))
    told = claims(result["AccessToken"])
    longer = b64({**told, "exp": told["exp"] + 100000})
    other = b64({**told, "username": "admin"})
    foreign = AppPool(endpoint)
    foreign.user("x")
    foreign_kid = json.loads(from_base64url(foreign.tokens("x")["AccessToken"].split(".")[0]))["kid"]
    forged = [
        f"{b64({'alg': 'none', 'kid': header['kid']})}.{payload}.",
        f"{b64({'alg': 'none'})}.{other}.{signature}",
        f"{b64({'alg': 'HS256', 'kid': header['kid']})}.{payload}.{signature}",
        f"{b64({'alg': 'RS256', 'kid': foreign_kid})}.{payload}.{signature}",
        f"{b64({'alg': 'RS256', 'kid': 'x'})}.{payload}.{signature}",
        f"{b64({'alg': 'RS256'})}.{payload}.{signature}",
        f"{head}.{longer}.{signature}", f"{head}.{other}.{signature}", f"{head}.{payload}.", f"{head}.{payload}",
        f"{head}.{payload}.{signature[:-4]}AAAA", f"{head}.{payload}.{signature}.x", "x", "a.b.c", "..", ".",
        "A" * 100_000, result["IdToken"], result["RefreshToken"],
        f"{b64(b'[]')}.{b64(b'[]')}.{signature}", f"{b64(b'[' * 5000)}.{payload}.{signature}"]
    for token in forged:
        fails(*invalid, pool.idp.get_user, AccessToken=token)


def test_refreshing(pool, user):
    first = pool.tokens(user)
    again = pool.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=first["RefreshToken"])["AuthenticationResult"]
    assert "RefreshToken" not in again and again["AccessToken"] != first["AccessToken"]
    old, new = claims(first["AccessToken"]), claims(again["AccessToken"])
    assert (old["origin_jti"], old["auth_time"], old["sub"]) == (new["origin_jti"], new["auth_time"], new["sub"])
    assert pool.idp.get_user(AccessToken=again["AccessToken"])["Username"] == user
    assert "AuthenticationResult" in pool.start("REFRESH_TOKEN", REFRESH_TOKEN=first["RefreshToken"])
    for token in ("x", first["RefreshToken"][:-2] + "AA", first["AccessToken"], "A" * 5000):
        fails("NotAuthorizedException", "Invalid Refresh Token", pool.start, "REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token)
    other = pool.idp.create_user_pool_client(UserPoolId=pool.id, ClientName="o")["UserPoolClient"]["ClientId"]
    fails("NotAuthorizedException", "Invalid Refresh Token", pool.idp.initiate_auth, ClientId=other,
          AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": first["RefreshToken"]})


def get_tokens(pool, token, **more):
    reply = call(pool.endpoint, "GetTokensFromRefreshToken", {"RefreshToken": token, "ClientId": pool.client_id, **more})
    return reply.status, reply.json


def test_get_tokens_from_refresh_token(pool, user):
    first = pool.tokens(user)
    status, answer = get_tokens(pool, first["RefreshToken"])
    assert status == 200 and set(answer) == {"AuthenticationResult"}
    assert set(answer["AuthenticationResult"]) == {"AccessToken", "IdToken", "ExpiresIn", "TokenType"}
    status, answer = get_tokens(pool, "x")
    assert (status, answer["__type"], answer["message"]) == (400, "NotAuthorizedException", "Invalid Refresh Token")


def test_refresh_tokens_that_rotate(endpoint, username):
    pool = AppPool(endpoint)
    reply = call(endpoint, "CreateUserPoolClient",
                 {"UserPoolId": pool.id, "ClientName": "r", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
                  "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}})
    pool.client_id = reply.json["UserPoolClient"]["ClientId"]
    assert reply.json["UserPoolClient"]["RefreshTokenRotation"]["Feature"] == "ENABLED"
    pool.user(username)
    first = pool.tokens(username)["RefreshToken"]
    status, answer = get_tokens(pool, first)
    second = answer["AuthenticationResult"]["RefreshToken"]
    assert status == 200 and second != first
    status, answer = get_tokens(pool, first)
    assert (status, answer["__type"]) == (400, "RefreshTokenReuseException")
    assert get_tokens(pool, second)[0] == 200


def test_tokens_and_codes_expire(tmp_path, serve, username):
    server = serve("--in-memory", "--test-controls")
    pool = AppPool(server.endpoint, {"AccessTokenValidity": 10, "IdTokenValidity": 10, "RefreshTokenValidity": 2,
                                  "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes",
                                                         "RefreshToken": "hours"}})

    def step(seconds):
        control(server.endpoint, "clock", advance_seconds=seconds)

    pool.sign_up(username)
    code = pool.code(username)
    step(24 * 3600 + 1)
    fails("ExpiredCodeException", "Invalid code provided, please request a code again.", pool.confirm, username, code)
    pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=username)
    pool.confirm(username)
    tokens = pool.srp(username)["AuthenticationResult"]
    assert tokens["ExpiresIn"] == 600
    step(599)
    pool.idp.get_user(AccessToken=tokens["AccessToken"])
    step(1)
    fails("NotAuthorizedException", "Access Token has expired", pool.idp.get_user, AccessToken=tokens["AccessToken"])
    fresh = pool.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])["AuthenticationResult"]
    assert pool.idp.get_user(AccessToken=fresh["AccessToken"])["Username"] == username
    side = srp.Client(pool.id)
    challenge = pool.start("USER_SRP_AUTH", USERNAME=username, SRP_A=side.a_hex)["ChallengeParameters"]
    step(7200)
    fails("NotAuthorizedException", "Refresh Token has expired", pool.start, "REFRESH_TOKEN_AUTH",
          REFRESH_TOKEN=tokens["RefreshToken"])
    fails("NotAuthorizedException", "Incorrect username or password.", pool.respond, side.respond(challenge, PASSWORD))


def test_signing_out_everywhere(pool, user):
    one, two = pool.tokens(user), pool.tokens(user)
    pool.idp.global_sign_out(AccessToken=one["AccessToken"])
    for tokens in (one, two):
        fails("NotAuthorizedException", "Access Token has been revoked", pool.idp.get_user,
              AccessToken=tokens["AccessToken"])
        fails("NotAuthorizedException", "Refresh Token has been revoked", pool.start, "REFRESH_TOKEN_AUTH",
              REFRESH_TOKEN=tokens["RefreshToken"])
    assert pool.idp.get_user(AccessToken=pool.tokens(user)["AccessToken"])["Username"] == user


def test_revoking_a_token(pool, user):
    one, two = pool.tokens(user), pool.tokens(user)
    pool.idp.revoke_token(ClientId=pool.client_id, Token=one["RefreshToken"])
    fails("NotAuthorizedException", "Refresh Token has been revoked", pool.start, "REFRESH_TOKEN_AUTH",
          REFRESH_TOKEN=one["RefreshToken"])
    fails("NotAuthorizedException", "Access Token has been revoked", pool.idp.get_user, AccessToken=one["AccessToken"])
    assert pool.idp.get_user(AccessToken=two["AccessToken"])["Username"] == user
    pool.idp.revoke_token(ClientId=pool.client_id, Token=one["RefreshToken"])
    fails("UnsupportedTokenTypeException", "Unsupported token type", pool.idp.revoke_token, ClientId=pool.client_id,
          Token=one["AccessToken"])
