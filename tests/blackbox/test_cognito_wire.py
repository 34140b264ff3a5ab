"""The pools API as browsers speak it: raw requests, errors, preflights, bad input."""

import pytest
from support.pools import call
from support.wire import Wire

pytestmark = pytest.mark.stator  # codes come from our outbox


def test_errors_as_browsers_read_them(endpoint):
    origin = "http://localhost:3000"
    reply = call(endpoint, "GetUser", {"AccessToken": "x"}, Origin=origin)
    assert reply.status == 400
    assert reply.json == {"__type": "NotAuthorizedException", "message": "Invalid Access Token"}
    assert reply.headers["x-amzn-errortype"] == "NotAuthorizedException:"
    assert reply.headers["x-amzn-errormessage"] == "Invalid Access Token"
    assert reply.headers["content-type"] == "application/x-amz-json-1.1"
    assert reply.headers["access-control-allow-origin"] == origin
    exposed = reply.headers["access-control-expose-headers"].lower()
    assert all(name in exposed for name in ("x-amzn-requestid", "x-amzn-errortype", "x-amzn-errormessage", "date"))


def test_preflights(endpoint):
    wire = Wire(endpoint)
    asked = "content-type,x-amz-target,x-amz-user-agent,cache-control,amz-sdk-invocation-id,amz-sdk-request"
    reply = wire.request("OPTIONS", "/", b"", {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "POST",
                                               "Access-Control-Request-Headers": asked})
    wire.close()
    assert reply.headers["access-control-allow-headers"] == asked
    assert reply.headers["access-control-allow-origin"] == "http://localhost:3000"


@pytest.mark.parametrize("body,name", [
    (b"", "SerializationException"), (b"[]", "SerializationException"), (b"{", "SerializationException"),
    ({"AccessToken": 5}, "SerializationException"), ({"AccessToken": ["x"]}, "SerializationException"),
    ({}, "InvalidParameterException"), ({"AccessToken": None}, "InvalidParameterException"),
    ({"AccessToken": "a b"}, "InvalidParameterException"), (b'{"AccessToken":"\xff"}', "SerializationException")])
def test_bad_requests(endpoint, body, name):
    reply = call(endpoint, "GetUser", body)
    assert reply.status == 400 and reply.json["__type"] == name


@pytest.mark.parametrize("parameters", [
    {"AuthFlow": "NO_SUCH_FLOW"}, {"AuthParameters": {"USERNAME": 5}}, {"AuthParameters": []}, {"AuthParameters": "x"},
    {"AuthParameters": {"USERNAME": ["x"]}}, {"ClientId": {}}, {"AuthFlow": 1}, {"AuthParameters": {"USERNAME": "x" * 200_000}}])
def test_bad_sign_ins(pool, parameters):
    body = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client_id, "AuthParameters": {}, **parameters}
    reply = call(pool.endpoint, "InitiateAuth", body)
    assert reply.status == 400
    assert reply.json["__type"] in ("SerializationException", "InvalidParameterException")


def test_secrets_are_not_repeated(endpoint):
    reply = call(endpoint, "SignUp", {"ClientId": "x", "Username": "secret name", "Password": "secret " * 60})
    assert reply.status == 400 and "secret" not in reply.body.decode().replace("'secretHash'", "")
