"""Signing in: by password and by SRP, with client secrets; what is refused, what locks, what tells nothing of who exists."""

import base64
import datetime

import pytest
from support import srp
from support.controls import control
from support.pools import PASSWORD, AppPool, attributes, claims, fails

pytestmark = pytest.mark.stator  # codes come from our outbox


def test_signing_in_with_a_password(pool, user):
    answer = pool.password(user)
    assert answer["ChallengeParameters"] == {}
    result = answer["AuthenticationResult"]
    assert result["TokenType"] == "Bearer" and result["ExpiresIn"] == 3600
    assert "NewDeviceMetadata" not in result
    fails("NotAuthorizedException", "Incorrect username or password.", pool.password, user, "Wr0ng one!")
    fails("UserNotFoundException", "User does not exist.", pool.password, "nobody")


def test_signing_in_by_srp(pool, user):
    side = srp.Client(pool.id)
    challenge = pool.start("USER_SRP_AUTH", USERNAME=user, SRP_A=side.a_hex)
    assert set(challenge["ChallengeParameters"]) == {"SALT", "SRP_B", "SECRET_BLOCK", "USERNAME", "USER_ID_FOR_SRP"}
    assert "Session" not in challenge
    result = pool.respond(side.respond(challenge["ChallengeParameters"], PASSWORD))["AuthenticationResult"]
    assert claims(result["AccessToken"])["username"] == user
    wrong = ("NotAuthorizedException", "Incorrect username or password.")
    fails(*wrong, pool.srp, user, "Wr0ng one!")
    fails("UserNotFoundException", "User does not exist.", pool.srp, "nobody")
    # A block is good once.
    fails(*wrong, pool.respond, side.respond(challenge["ChallengeParameters"], PASSWORD))


@pytest.mark.parametrize("name,password", [("zoë ☂".replace(" ", ""), "Pässw0rd! ☂x"), ("A" * 128, "Aa1!" * 64)])
def test_srp_with_names_and_passwords_of_any_script(pool, name, password):
    pool.user(name, password, email="x@example.com")
    assert "AuthenticationResult" in pool.srp(name, password)
    assert "AuthenticationResult" in pool.password(name, password)


def test_what_srp_refuses(pool, user):
    wrong = ("NotAuthorizedException", "Incorrect username or password.")

    def challenge():
        side = srp.Client(pool.id)
        return side, pool.start("USER_SRP_AUTH", USERNAME=user, SRP_A=side.a_hex)["ChallengeParameters"]

    now = datetime.datetime.now(datetime.timezone.utc)
    for when in (now - datetime.timedelta(minutes=10), now + datetime.timedelta(minutes=10),
                 now.strftime("%a %b %d %H:%M:%S UTC %Y") if now.day < 10 else "Xyz " + srp.timestamp()[4:],
                 now.isoformat(), "x"):
        side, parameters = challenge()
        fails(*wrong, pool.respond, side.respond(parameters, PASSWORD, when))
        pool.tokens(user)  # or it would lock
    side, parameters = challenge()
    block = bytearray(base64.b64decode(parameters["SECRET_BLOCK"]))
    block[len(block) // 2] ^= 1
    forged = dict(parameters, SECRET_BLOCK=base64.b64encode(bytes(block)).decode())
    fails(*wrong, pool.respond, side.respond(forged, PASSWORD))
    fails(*wrong, pool.respond, dict(side.respond(parameters, PASSWORD), PASSWORD_CLAIM_SIGNATURE="not base64"))
    for a in ("0", "", "x", srp.N_HEX, "00" + srp.N_HEX, "f" * 769, "f" * 100_000):
        with pytest.raises(pool.idp.exceptions.InvalidParameterException):
            pool.start("USER_SRP_AUTH", USERNAME=user, SRP_A=a)
    fails("InvalidParameterException", "Missing required parameter USERNAME", pool.start, "USER_SRP_AUTH", SRP_A="1")
    fails("InvalidParameterException", "Missing required parameter SRP_A", pool.start, "USER_SRP_AUTH", USERNAME=user)


def test_a_block_belongs_to_its_client(pool, user):
    other = pool.idp.create_user_pool_client(UserPoolId=pool.id, ClientName="o")["UserPoolClient"]["ClientId"]
    side = srp.Client(pool.id)
    challenge = pool.start("USER_SRP_AUTH", USERNAME=user, SRP_A=side.a_hex)["ChallengeParameters"]
    fails("NotAuthorizedException", "Incorrect username or password.", pool.idp.respond_to_auth_challenge,
          ClientId=other, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=side.respond(challenge, PASSWORD))


def test_flows_that_are_not_enabled(pool, user):
    client = pool.idp.create_user_pool_client(UserPoolId=pool.id, ClientName="o")["UserPoolClient"]["ClientId"]
    for flow in ("USER_PASSWORD_AUTH", "CUSTOM_AUTH", "USER_AUTH"):
        fails("InvalidParameterException", f"{flow} flow not enabled for this client", pool.idp.initiate_auth,
              ClientId=client, AuthFlow=flow, AuthParameters={"USERNAME": user, "PASSWORD": PASSWORD})
    fails("ResourceNotFoundException", "User pool client nobody does not exist.", pool.idp.initiate_auth,
          ClientId="nobody", AuthFlow="USER_SRP_AUTH", AuthParameters={})
    # The older names leave SRP and refreshing on.
    older = pool.idp.create_user_pool_client(UserPoolId=pool.id, ClientName="o", ExplicitAuthFlows=["USER_PASSWORD_AUTH"])
    answer = pool.idp.initiate_auth(ClientId=older["UserPoolClient"]["ClientId"], AuthFlow="USER_PASSWORD_AUTH",
                                    AuthParameters={"USERNAME": user, "PASSWORD": PASSWORD})
    assert "AuthenticationResult" in answer


def test_clients_with_secrets(endpoint, username):
    pool = AppPool(endpoint, {"GenerateSecret": True})
    right = srp.secret_hash(username, pool.client_id, pool.secret)
    request = {"ClientId": pool.client_id, "Username": username, "Password": PASSWORD, "UserAttributes": attributes(email="a@b.cd")}
    fails("NotAuthorizedException",
          f"Client {pool.client_id} is configured with secret but SECRET_HASH was not received", pool.idp.sign_up, **request)
    fails("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}", pool.idp.sign_up,
          SecretHash="abc=", **request)
    pool.idp.sign_up(SecretHash=right, **request)
    pool.confirm(username, SecretHash=right)
    fails("NotAuthorizedException",
          f"Client {pool.client_id} is configured with secret but SECRET_HASH was not received", pool.password, username)
    result = pool.password(username, SECRET_HASH=right)["AuthenticationResult"]
    side = srp.Client(pool.id)
    challenge = pool.start("USER_SRP_AUTH", USERNAME=username, SRP_A=side.a_hex, SECRET_HASH=right)["ChallengeParameters"]
    answer = dict(side.respond(challenge, PASSWORD), SECRET_HASH=right)
    assert "AuthenticationResult" in pool.respond(answer)
    fails("NotAuthorizedException",
          f"Client {pool.client_id} is configured with secret but SECRET_HASH was not received", pool.start,
          "REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])
    assert "AuthenticationResult" in pool.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"],
                                                SECRET_HASH=right)


def test_no_enumeration_when_the_client_asks(endpoint, username):
    pool = AppPool(endpoint, {"PreventUserExistenceErrors": "ENABLED"})
    pool.user(username)
    wrong = ("NotAuthorizedException", "Incorrect username or password.")
    fails(*wrong, pool.password, "nobody")
    fails(*wrong, pool.srp, "nobody")
    salts = [pool.start("USER_SRP_AUTH", USERNAME="nobody", SRP_A="ab")["ChallengeParameters"]["SALT"] for _ in range(2)]
    assert salts[0] == salts[1] and len(salts[0]) == 32
    real = pool.start("USER_SRP_AUTH", USERNAME=username, SRP_A="ab")["ChallengeParameters"]
    fake = pool.start("USER_SRP_AUTH", USERNAME="nobody", SRP_A="ab")["ChallengeParameters"]
    assert set(real) == set(fake) and len(real["SALT"]) == len(fake["SALT"])
    account = {"ClientId": pool.client_id, "Username": "nobody"}
    for call in (pool.idp.forgot_password, pool.idp.resend_confirmation_code):
        assert call(**account)["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.idp.confirm_sign_up,
          ConfirmationCode="123456", **account)
    fails("ExpiredCodeException", "Invalid code provided, please request a code again.",
          pool.idp.confirm_forgot_password, ConfirmationCode="123456", Password=PASSWORD, **account)
    assert pool.mail("nobody") == []


def test_wrong_passwords_lock(serve, username):
    server = serve("--in-memory", "--test-controls")
    pool = AppPool(server.endpoint, {"PreventUserExistenceErrors": "ENABLED"})
    pool.user(username)
    wrong = ("NotAuthorizedException", "Incorrect username or password.")
    locked = ("NotAuthorizedException", "Password attempts exceeded")
    for who in (username, "nobody"):  # so that a lock tells nothing of whether there is such a user
        for _ in range(3):
            fails(*wrong, pool.password, who, "Wr0ng one!")
        for _ in range(2):
            fails(*wrong, pool.srp, who, "Wr0ng one!")
        fails(*locked, pool.password, who)
        fails(*locked, pool.start, "USER_SRP_AUTH", USERNAME=who, SRP_A="ab")
    control(server.endpoint, "clock", advance_seconds=2)
    fails(*wrong, pool.password, username, "Wr0ng one!")
    fails(*locked, pool.password, username)
    control(server.endpoint, "clock", advance_seconds=900)
    assert pool.tokens(username)
    for _ in range(4):
        fails(*wrong, pool.password, username, "Wr0ng one!")
    assert pool.tokens(username)


def test_locking_can_be_left_out(serve, username):
    pool = AppPool(serve("--in-memory", "--lockout", "off").endpoint)
    pool.user(username)
    for _ in range(8):
        fails("NotAuthorizedException", "Incorrect username or password.", pool.password, username, "Wr0ng one!")
    assert pool.tokens(username)
