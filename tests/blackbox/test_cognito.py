"""User pools: pools and clients, signing up, signing in, tokens, passwords, attributes, signing out. What administrators
do is in test_cognito_admin.py, the libraries of browsers in test_cognito_js.py."""

import base64
import datetime
import hashlib
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid

import boto3
import botocore.config
import botocore.exceptions
import pytest
from support import srp
from support.wire import Wire

pytestmark = pytest.mark.stator  # codes come from our outbox

PASSWORD = "Passw0rd!"
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def client_of(endpoint):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, max_pool_connections=50,
                                   parameter_validation=False)
    return boto3.client("cognito-idp", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="test",
                        aws_secret_access_key="test", config=config)


def fails(name, text, call, *args, **kwargs):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(*args, **kwargs)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == (name, text)
    return caught.value.response


def pairs(**values):
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in values.items()]


def plain(attributes):
    return {a["Name"]: a["Value"] for a in attributes}


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def fetch(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.load(answer)


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


class Pool:
    """A pool with one client, and the calls that name them."""

    def __init__(self, endpoint, client=None, **pool):
        self.endpoint = endpoint
        self.idp = client_of(endpoint)
        self.id = self.idp.create_user_pool(PoolName="test", AutoVerifiedAttributes=["email"], **pool)["UserPool"]["Id"]
        settings = {"ClientName": "web", "ExplicitAuthFlows": FLOWS, **(client or {})}
        made = self.idp.create_user_pool_client(UserPoolId=self.id, **settings)["UserPoolClient"]
        self.client = made["ClientId"]
        self.secret = made.get("ClientSecret")

    def sign_up(self, name, password=PASSWORD, **attributes):
        attributes.setdefault("email", f"{name}@example.com" if "@" not in name else name)
        return self.idp.sign_up(ClientId=self.client, Username=name, Password=password,
                                UserAttributes=pairs(**attributes))

    def letters(self, **query):
        return fetch(f"{self.endpoint}/_stator/outbox?" + urllib.parse.urlencode({"pool": self.id, **query}))["messages"]

    def code(self, user):
        return self.letters(user=user)[-1]["code"]

    def confirm(self, name, code=None, **more):
        return self.idp.confirm_sign_up(ClientId=self.client, Username=name, ConfirmationCode=code or self.code(name),
                                        **more)

    def user(self, name, password=PASSWORD, **attributes):
        self.sign_up(name, password, **attributes)
        self.confirm(name)
        return name

    def start(self, flow, **parameters):
        return self.idp.initiate_auth(ClientId=self.client, AuthFlow=flow, AuthParameters=parameters)

    def password(self, name, password=PASSWORD, **more):
        return self.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password, **more)

    def tokens(self, name, password=PASSWORD):
        return self.password(name, password)["AuthenticationResult"]

    def respond(self, parameters):
        return self.idp.respond_to_auth_challenge(ClientId=self.client, ChallengeName="PASSWORD_VERIFIER",
                                                  ChallengeResponses=parameters)

    def srp(self, name, password=PASSWORD, when=None):
        side = srp.Client(self.id)
        challenge = self.start("USER_SRP_AUTH", USERNAME=name, SRP_A=side.a_hex)
        assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
        return self.respond(side.respond(challenge["ChallengeParameters"], password, when))


@pytest.fixture(scope="module")
def pool(endpoint):
    made = Pool(endpoint)
    yield made
    made.idp.delete_user_pool(UserPoolId=made.id)


@pytest.fixture()
def name():
    return "u" + uuid.uuid4().hex[:12]


@pytest.fixture()
def user(pool, name):
    return pool.user(name)


# --- Pools and clients ---


def test_a_pool_is_described_as_it_was_made(endpoint):
    idp = client_of(endpoint)
    request = {
        "PoolName": "people", "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"],
        "Policies": {"PasswordPolicy": {"MinimumLength": 10, "RequireUppercase": True, "RequireLowercase": False,
                                        "RequireNumbers": True, "RequireSymbols": False,
                                        "TemporaryPasswordValidityDays": 3}},
        "Schema": [{"Name": "email", "Required": True, "Mutable": True, "AttributeDataType": "String"},
                   {"Name": "team", "AttributeDataType": "String", "Mutable": False,
                    "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "20"}}],
        "UsernameConfiguration": {"CaseSensitive": False}, "UserPoolTags": {"a": "b"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-central-1:000000000000:function:check"}}
    made = idp.create_user_pool(**request)["UserPool"]
    try:
        shown = idp.describe_user_pool(UserPoolId=made["Id"])["UserPool"]
        assert shown == made
        assert shown["Id"].startswith("eu-central-1_") and len(shown["Id"]) == len("eu-central-1_") + 9
        assert shown["Arn"] == f"arn:aws:cognito-idp:eu-central-1:000000000000:userpool/{shown['Id']}"
        for member in ("AliasAttributes", "AutoVerifiedAttributes", "Policies", "UsernameConfiguration", "UserPoolTags",
                       "AccountRecoverySetting", "LambdaConfig"):
            assert shown[member] == request[member], member
        schema = {a["Name"]: a for a in shown["SchemaAttributes"]}
        assert schema["email"]["Required"] and not schema["custom:team"]["Mutable"]
        assert schema["custom:team"]["StringAttributeConstraints"] == {"MinLength": "1", "MaxLength": "20"}
        assert schema["sub"]["Required"] and not schema["sub"]["Mutable"]
        assert shown["EstimatedNumberOfUsers"] == 0 and shown["MfaConfiguration"] == "OFF"
        assert made["Id"] in [p["Id"] for p in idp.list_user_pools(MaxResults=60)["UserPools"]]
    finally:
        idp.delete_user_pool(UserPoolId=made["Id"])
    fails("ResourceNotFoundException", f"User pool {made['Id']} does not exist.", idp.describe_user_pool,
          UserPoolId=made["Id"])


def test_an_update_puts_what_it_does_not_name_back(endpoint):
    idp = client_of(endpoint)
    pool = idp.create_user_pool(PoolName="p", AutoVerifiedAttributes=["email"], DeletionProtection="ACTIVE")["UserPool"]
    fails("InvalidParameterException", "The user pool cannot be deleted because deletion protection is activated. "
          "Deletion protection must be inactivated first.", idp.delete_user_pool, UserPoolId=pool["Id"])
    idp.update_user_pool(UserPoolId=pool["Id"], MfaConfiguration="OPTIONAL")
    shown = idp.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
    assert shown["MfaConfiguration"] == "OPTIONAL" and "AutoVerifiedAttributes" not in shown
    assert shown["DeletionProtection"] == "INACTIVE" and shown["Name"] == "p"
    idp.delete_user_pool(UserPoolId=pool["Id"])


def test_pools_are_listed_in_pages(endpoint):
    idp = client_of(endpoint)
    made = {idp.create_user_pool(PoolName=f"p{i}")["UserPool"]["Id"] for i in range(3)}
    listed, token = [], {}
    while True:
        page = idp.list_user_pools(MaxResults=1, **token)
        listed += [p["Id"] for p in page["UserPools"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert made <= set(listed) and len(listed) == len(set(listed))
    for each in made:
        idp.delete_user_pool(UserPoolId=each)


def test_wrong_settings_of_pools(endpoint):
    idp = client_of(endpoint)
    fails("InvalidParameterException", "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
          idp.create_user_pool, PoolName="x", AliasAttributes=["email"], UsernameAttributes=["email"])
    fails("InvalidParameterException", "1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' "
          "failed to satisfy constraint: Member must have value greater than or equal to 6", idp.create_user_pool,
          PoolName="x", Policies={"PasswordPolicy": {"MinimumLength": 5}})


def test_custom_attributes_are_added(endpoint):
    idp = client_of(endpoint)
    pool = idp.create_user_pool(PoolName="p")["UserPool"]["Id"]
    idp.add_custom_attributes(UserPoolId=pool, CustomAttributes=[{"Name": "score", "AttributeDataType": "Number"}])
    schema = idp.describe_user_pool(UserPoolId=pool)["UserPool"]["SchemaAttributes"]
    assert "custom:score" in [a["Name"] for a in schema]
    with pytest.raises(idp.exceptions.InvalidParameterException):
        idp.add_custom_attributes(UserPoolId=pool, CustomAttributes=[{"Name": "score", "AttributeDataType": "Number"}])
    idp.delete_user_pool(UserPoolId=pool)


def test_a_client_is_described_as_it_was_made(pool):
    request = {"ClientName": "back end", "GenerateSecret": True, "ExplicitAuthFlows": FLOWS, "AccessTokenValidity": 10,
               "IdTokenValidity": 15, "RefreshTokenValidity": 2,
               "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
               "PreventUserExistenceErrors": "ENABLED", "CallbackURLs": ["http://localhost/"], "AuthSessionValidity": 5}
    made = pool.idp.create_user_pool_client(UserPoolId=pool.id, **request)["UserPoolClient"]
    shown = pool.idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])["UserPoolClient"]
    assert shown == made
    for member, value in request.items():
        if member != "GenerateSecret":
            assert shown[member] == value, member
    assert len(shown["ClientId"]) == 26 and len(shown["ClientSecret"]) == 51
    updated = pool.idp.update_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"], ClientName="other")
    assert updated["UserPoolClient"]["ClientName"] == "other"
    assert updated["UserPoolClient"]["ClientSecret"] == made["ClientSecret"]
    assert "ExplicitAuthFlows" not in updated["UserPoolClient"]
    assert made["ClientId"] in [c["ClientId"] for c in
                                pool.idp.list_user_pool_clients(UserPoolId=pool.id)["UserPoolClients"]]
    pool.idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])
    fails("ResourceNotFoundException", f"User pool client {made['ClientId']} does not exist.",
          pool.idp.describe_user_pool_client, UserPoolId=pool.id, ClientId=made["ClientId"])


def test_wrong_settings_of_clients(pool):
    def create(**settings):
        return pool.idp.create_user_pool_client(UserPoolId=pool.id, ClientName="x", **settings)

    with pytest.raises(pool.idp.exceptions.InvalidParameterException):
        create(ExplicitAuthFlows=["USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"])
    with pytest.raises(pool.idp.exceptions.InvalidParameterException):
        create(AccessTokenValidity=100)
    with pytest.raises(pool.idp.exceptions.InvalidParameterException):
        create(ReadAttributes=["custom:nothing"])


# --- Signing up ---


def test_signing_up_and_confirming(pool, name):
    answer = pool.sign_up(name, preferred_username="nora")
    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"] == {"Destination": f"{name[0]}***@e***", "DeliveryMedium": "EMAIL",
                                             "AttributeName": "email"}
    fails("UserNotConfirmedException", "User is not confirmed.", pool.password, name)
    letter = pool.letters(user=name)[-1]
    assert letter["destination"] == f"{name}@example.com" and letter["code"].isdigit() and len(letter["code"]) == 6
    wrong = f"{(int(letter['code']) + 1) % 1000000:06}"
    fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.confirm, name, wrong)
    pool.confirm(name, letter["code"])
    fails("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED", pool.confirm, name,
          letter["code"])
    tokens = pool.tokens(name)
    shown = pool.idp.get_user(AccessToken=tokens["AccessToken"])
    assert shown["Username"] == name
    assert plain(shown["UserAttributes"]) == {"sub": answer["UserSub"], "email": f"{name}@example.com",
                                              "email_verified": "true", "preferred_username": "nora"}


def test_a_name_is_taken_once(pool, user):
    fails("UsernameExistsException", "User already exists", pool.sign_up, user)


def test_one_of_many_at_once_gets_a_name(pool, name):
    done = []

    def sign_up():
        try:
            pool.sign_up(name)
            done.append("ok")
        except botocore.exceptions.ClientError as error:
            done.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=sign_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["UsernameExistsException"] * 7 + ["ok"]


@pytest.mark.parametrize("password,text", [
    ("Aa1!", "Password not long enough"),
    ("passw0rd!", "Password must have uppercase characters"),
    ("PASSW0RD!", "Password must have lowercase characters"),
    ("Password!", "Password must have numeric characters"),
    ("Passw0rds", "Password must have symbol characters"),
])
def test_passwords_that_will_not_do(pool, name, password, text):
    fails("InvalidPasswordException", f"Password did not conform with policy: {text}", pool.sign_up, name, password)


def test_attributes_that_will_not_do(pool, name):
    invalid = "InvalidParameterException"
    fails(invalid, "Invalid email address format.", pool.sign_up, name, email="nobody")
    fails(invalid, "Invalid phone number format.", pool.sign_up, name, phone_number="0123")
    fails(invalid, "Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.",
          pool.sign_up, name, custom__x="1")
    fails("NotAuthorizedException", "A client attempted to write unauthorized attribute", pool.sign_up, name,
          email_verified="true")


def test_required_attributes(endpoint, name):
    pool = Pool(endpoint, Schema=[{"Name": "preferred_username", "Required": True, "AttributeDataType": "String"}])
    fails("InvalidParameterException",
          "Attributes did not conform to the schema: preferred_username: The attribute is required", pool.sign_up, name)
    pool.sign_up(name, preferred_username="x")


def test_signing_up_by_email(endpoint):
    pool = Pool(endpoint, UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False})
    answer = pool.sign_up("Nora@Example.com")
    fails("InvalidParameterException", "Username should be an email.", pool.sign_up, "nora", email="x@example.com")
    fails("UsernameExistsException", "An account with the given email already exists.", pool.sign_up,
          "nora@example.com")
    pool.confirm("nora@EXAMPLE.com", pool.code(answer["UserSub"]))
    tokens = pool.tokens("NORA@example.com")
    assert claims(tokens["AccessToken"])["username"] == answer["UserSub"]
    assert claims(tokens["IdToken"])["cognito:username"] == answer["UserSub"]
    assert claims(tokens["IdToken"])["email"] == "Nora@Example.com"
    assert "AuthenticationResult" in pool.srp("nora@example.com")


def test_aliases(endpoint):
    pool = Pool(endpoint, AliasAttributes=["email", "preferred_username"])
    shared = "shared@example.com"
    pool.user("one", email=shared, preferred_username="uno")
    assert pool.tokens(shared) and pool.tokens("uno") and "AuthenticationResult" in pool.srp(shared)
    fails("InvalidParameterException",
          "Username cannot be of email format, since user pool is configured for email alias.", pool.sign_up,
          "two@example.com")
    pool.sign_up("two", email=shared)
    assert claims(pool.tokens(shared)["AccessToken"])["username"] == "one"
    fails("AliasExistsException", "An account with the email already exists.", pool.confirm, "two")
    pool.idp.resend_confirmation_code(ClientId=pool.client, Username="two")
    pool.confirm("two", ForceAliasCreation=True)
    assert claims(pool.tokens(shared)["AccessToken"])["username"] == "two"
    token = pool.tokens("one")["AccessToken"]
    assert plain(pool.idp.get_user(AccessToken=token)["UserAttributes"])["email_verified"] == "false"


def test_names_and_case(endpoint):
    pool = Pool(endpoint, UsernameConfiguration={"CaseSensitive": False})
    pool.user("Nora")
    fails("UsernameExistsException", "User already exists", pool.sign_up, "nORA")
    assert claims(pool.tokens("NORA")["AccessToken"])["username"] == "Nora"
    exact = Pool(endpoint)
    exact.user("Nora")
    exact.user("nora")
    fails("UserNotFoundException", "User does not exist.", exact.password, "NORA")


def test_administrators_only(endpoint, name):
    pool = Pool(endpoint, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    fails("NotAuthorizedException", "SignUp is not permitted for this user pool", pool.sign_up, name)


def test_codes_are_sent_again_and_wear_out(pool, name):
    pool.sign_up(name)
    first = pool.code(name)
    answer = pool.idp.resend_confirmation_code(ClientId=pool.client, Username=name)
    assert answer["CodeDeliveryDetails"]["AttributeName"] == "email"
    second = pool.code(name)
    if first != second:
        fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.confirm, name, first)
    wrong = f"{(int(second) + 1) % 1000000:06}"
    for _ in range(4 if first != second else 5):
        fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.confirm, name, wrong)
    fails("LimitExceededException", "Attempt limit exceeded, please try after some time.", pool.confirm, name, second)
    pool.idp.resend_confirmation_code(ClientId=pool.client, Username=name)
    pool.confirm(name)
    fails("InvalidParameterException", "User is already confirmed.", pool.idp.resend_confirmation_code,
          ClientId=pool.client, Username=name)


# --- Signing in ---


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


def test_clients_with_secrets(endpoint, name):
    pool = Pool(endpoint, {"GenerateSecret": True})
    right = srp.secret_hash(name, pool.client, pool.secret)
    request = {"ClientId": pool.client, "Username": name, "Password": PASSWORD, "UserAttributes": pairs(email="a@b.cd")}
    fails("NotAuthorizedException",
          f"Client {pool.client} is configured with secret but SECRET_HASH was not received", pool.idp.sign_up, **request)
    fails("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client}", pool.idp.sign_up,
          SecretHash="abc=", **request)
    pool.idp.sign_up(SecretHash=right, **request)
    pool.confirm(name, SecretHash=right)
    fails("NotAuthorizedException",
          f"Client {pool.client} is configured with secret but SECRET_HASH was not received", pool.password, name)
    result = pool.password(name, SECRET_HASH=right)["AuthenticationResult"]
    side = srp.Client(pool.id)
    challenge = pool.start("USER_SRP_AUTH", USERNAME=name, SRP_A=side.a_hex, SECRET_HASH=right)["ChallengeParameters"]
    answer = dict(side.respond(challenge, PASSWORD), SECRET_HASH=right)
    assert "AuthenticationResult" in pool.respond(answer)
    fails("NotAuthorizedException",
          f"Client {pool.client} is configured with secret but SECRET_HASH was not received", pool.start,
          "REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])
    assert "AuthenticationResult" in pool.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"],
                                                SECRET_HASH=right)


def test_no_enumeration_when_the_client_asks(endpoint, name):
    pool = Pool(endpoint, {"PreventUserExistenceErrors": "ENABLED"})
    pool.user(name)
    wrong = ("NotAuthorizedException", "Incorrect username or password.")
    fails(*wrong, pool.password, "nobody")
    fails(*wrong, pool.srp, "nobody")
    salts = [pool.start("USER_SRP_AUTH", USERNAME="nobody", SRP_A="ab")["ChallengeParameters"]["SALT"] for _ in range(2)]
    assert salts[0] == salts[1] and len(salts[0]) == 32
    real = pool.start("USER_SRP_AUTH", USERNAME=name, SRP_A="ab")["ChallengeParameters"]
    fake = pool.start("USER_SRP_AUTH", USERNAME="nobody", SRP_A="ab")["ChallengeParameters"]
    assert set(real) == set(fake) and len(real["SALT"]) == len(fake["SALT"])
    account = {"ClientId": pool.client, "Username": "nobody"}
    for call in (pool.idp.forgot_password, pool.idp.resend_confirmation_code):
        assert call(**account)["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.idp.confirm_sign_up,
          ConfirmationCode="123456", **account)
    fails("ExpiredCodeException", "Invalid code provided, please request a code again.",
          pool.idp.confirm_forgot_password, ConfirmationCode="123456", Password=PASSWORD, **account)
    assert pool.letters(user="nobody") == []


# --- Tokens ---


def test_what_tokens_say(pool, user):
    result = pool.tokens(user)
    access, identity = claims(result["AccessToken"]), claims(result["IdToken"])
    issuer = f"https://cognito-idp.eu-central-1.amazonaws.com/{pool.id}"
    common = {"sub", "iss", "origin_jti", "event_id", "token_use", "auth_time", "exp", "iat", "jti"}
    assert set(access) == common | {"client_id", "scope", "username"}
    assert set(identity) == common | {"aud", "cognito:username", "email", "email_verified"}
    assert access["iss"] == identity["iss"] == issuer
    assert access["token_use"] == "access" and identity["token_use"] == "id"
    assert access["client_id"] == identity["aud"] == pool.client
    assert access["username"] == identity["cognito:username"] == user
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert identity["email_verified"] is True and identity["email"] == f"{user}@example.com"
    assert access["exp"] - access["iat"] == 3600 and access["auth_time"] == access["iat"]
    assert access["origin_jti"] == identity["origin_jti"] and access["jti"] != identity["jti"]


def verified(token, keys):
    """Whether one of those keys signed it: RSASSA-PKCS1-v1_5 by hand."""
    head, payload, signature = token.split(".")
    unpadded = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))  # noqa: E731
    kid = json.loads(unpadded(head))["kid"]
    key = next(k for k in keys if k["kid"] == kid)
    n, e = (int.from_bytes(unpadded(key[part]), "big") for part in ("n", "e"))
    opened = pow(int.from_bytes(unpadded(signature), "big"), e, n).to_bytes(256, "big")
    digest = hashlib.sha256(f"{head}.{payload}".encode()).digest()
    prefix = bytes.fromhex("3031300d060960864801650304020105000420")
    return opened == b"\0\1" + b"\xff" * (256 - 3 - len(prefix) - 32) + b"\0" + prefix + digest


def test_the_keys_are_published_and_rotate(pool, user):
    url = f"{pool.endpoint}/{pool.id}/.well-known"
    keys = fetch(f"{url}/jwks.json")["keys"]
    assert len(keys) == 2 and all(k["alg"] == "RS256" and k["use"] == "sig" and k["e"] == "AQAB" for k in keys)
    before = pool.tokens(user)
    assert verified(before["AccessToken"], keys) and verified(before["IdToken"], keys)
    configuration = fetch(f"{url}/openid-configuration")
    assert configuration["issuer"] == claims(before["IdToken"])["iss"]
    assert fetch(configuration["jwks_uri"])["keys"] == keys
    post(f"{pool.endpoint}/_stator/pools/rotate-keys", {"UserPoolId": pool.id})
    rotated = fetch(f"{url}/jwks.json")["keys"]
    assert len(rotated) == 4 and [k for k in rotated if k in keys] == keys
    after = pool.tokens(user)
    assert verified(after["AccessToken"], rotated[:2]) and verified(before["AccessToken"], rotated)
    assert pool.idp.get_user(AccessToken=before["AccessToken"])["Username"] == user


def test_keys_of_no_pool(pool):
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(f"{pool.endpoint}/eu-central-1_nothing00/.well-known/jwks.json")
    assert caught.value.code == 400
    assert "does not exist" in caught.value.read().decode()


def b64(data):
    return base64.urlsafe_b64encode(data if isinstance(data, bytes) else json.dumps(data).encode()).rstrip(b"=").decode()


def test_tokens_that_are_none(endpoint, pool, user):
    result = pool.tokens(user)
    head, payload, signature = result["AccessToken"].split(".")
    invalid = ("NotAuthorizedException", "Invalid Access Token")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    told = claims(result["AccessToken"])
    longer = b64({**told, "exp": told["exp"] + 100000})
    other = b64({**told, "username": "admin"})
    foreign = Pool(endpoint)
    foreign.user("x")
    foreign_kid = json.loads(base64.urlsafe_b64decode(foreign.tokens("x")["AccessToken"].split(".")[0] + "=="))["kid"]
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


def call(endpoint, operation, body, **headers):
    """Raw and unsigned, as browsers call."""
    wire = Wire(endpoint)
    try:
        return wire.request("POST", "/", body if isinstance(body, bytes) else json.dumps(body).encode(), {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}", **headers})
    finally:
        wire.close()


def get_tokens(pool, token, **more):
    reply = call(pool.endpoint, "GetTokensFromRefreshToken", {"RefreshToken": token, "ClientId": pool.client, **more})
    return reply.status, reply.json


def test_get_tokens_from_refresh_token(pool, user):
    first = pool.tokens(user)
    status, answer = get_tokens(pool, first["RefreshToken"])
    assert status == 200 and set(answer) == {"AuthenticationResult"}
    assert set(answer["AuthenticationResult"]) == {"AccessToken", "IdToken", "ExpiresIn", "TokenType"}
    status, answer = get_tokens(pool, "x")
    assert (status, answer["__type"], answer["message"]) == (400, "NotAuthorizedException", "Invalid Refresh Token")


def test_refresh_tokens_that_rotate(endpoint, name):
    pool = Pool(endpoint)
    reply = call(endpoint, "CreateUserPoolClient",
                 {"UserPoolId": pool.id, "ClientName": "r", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
                  "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}})
    pool.client = reply.json["UserPoolClient"]["ClientId"]
    assert reply.json["UserPoolClient"]["RefreshTokenRotation"]["Feature"] == "ENABLED"
    pool.user(name)
    first = pool.tokens(name)["RefreshToken"]
    status, answer = get_tokens(pool, first)
    second = answer["AuthenticationResult"]["RefreshToken"]
    assert status == 200 and second != first
    status, answer = get_tokens(pool, first)
    assert (status, answer["__type"]) == (400, "RefreshTokenReuseException")
    assert get_tokens(pool, second)[0] == 200


def test_tokens_and_codes_expire(tmp_path, serve, name):
    server = serve("--in-memory", "--test-controls")
    pool = Pool(server.endpoint, {"AccessTokenValidity": 10, "IdTokenValidity": 10, "RefreshTokenValidity": 2,
                                  "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes",
                                                         "RefreshToken": "hours"}})

    def step(seconds):
        post(f"{server.endpoint}/_stator/test/clock", {"advance_seconds": seconds})

    pool.sign_up(name)
    code = pool.code(name)
    step(24 * 3600 + 1)
    fails("ExpiredCodeException", "Invalid code provided, please request a code again.", pool.confirm, name, code)
    pool.idp.resend_confirmation_code(ClientId=pool.client, Username=name)
    pool.confirm(name)
    tokens = pool.srp(name)["AuthenticationResult"]
    assert tokens["ExpiresIn"] == 600
    step(599)
    pool.idp.get_user(AccessToken=tokens["AccessToken"])
    step(1)
    fails("NotAuthorizedException", "Access Token has expired", pool.idp.get_user, AccessToken=tokens["AccessToken"])
    fresh = pool.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])["AuthenticationResult"]
    assert pool.idp.get_user(AccessToken=fresh["AccessToken"])["Username"] == name
    side = srp.Client(pool.id)
    challenge = pool.start("USER_SRP_AUTH", USERNAME=name, SRP_A=side.a_hex)["ChallengeParameters"]
    step(7200)
    fails("NotAuthorizedException", "Refresh Token has expired", pool.start, "REFRESH_TOKEN_AUTH",
          REFRESH_TOKEN=tokens["RefreshToken"])
    fails("NotAuthorizedException", "Incorrect username or password.", pool.respond, side.respond(challenge, PASSWORD))


def test_wrong_passwords_lock(serve, name):
    server = serve("--in-memory", "--test-controls")
    pool = Pool(server.endpoint, {"PreventUserExistenceErrors": "ENABLED"})
    pool.user(name)
    wrong = ("NotAuthorizedException", "Incorrect username or password.")
    locked = ("NotAuthorizedException", "Password attempts exceeded")
    for who in (name, "nobody"):  # so that a lock tells nothing of whether there is such a user
        for _ in range(3):
            fails(*wrong, pool.password, who, "Wr0ng one!")
        for _ in range(2):
            fails(*wrong, pool.srp, who, "Wr0ng one!")
        fails(*locked, pool.password, who)
        fails(*locked, pool.start, "USER_SRP_AUTH", USERNAME=who, SRP_A="ab")
    post(f"{server.endpoint}/_stator/test/clock", {"advance_seconds": 2})
    fails(*wrong, pool.password, name, "Wr0ng one!")
    fails(*locked, pool.password, name)
    post(f"{server.endpoint}/_stator/test/clock", {"advance_seconds": 900})
    assert pool.tokens(name)
    for _ in range(4):
        fails(*wrong, pool.password, name, "Wr0ng one!")
    assert pool.tokens(name)


def test_locking_can_be_left_out(serve, name):
    pool = Pool(serve("--in-memory", "--lockout", "off").endpoint)
    pool.user(name)
    for _ in range(8):
        fails("NotAuthorizedException", "Incorrect username or password.", pool.password, name, "Wr0ng one!")
    assert pool.tokens(name)


@pytest.mark.parametrize("issuer,expected", [("local", None), ("https://id.example.com/x", "https://id.example.com/x/")])
def test_the_issuer_can_be_chosen(serve, name, issuer, expected):
    server = serve("--in-memory", "--issuer", issuer)
    pool = Pool(server.endpoint)
    pool.user(name)
    tokens = pool.tokens(name)
    told = claims(tokens["AccessToken"])["iss"]
    assert told == (expected or f"http://127.0.0.1:{server.port}/") + pool.id
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == name
    assert fetch(f"{server.endpoint}/{pool.id}/.well-known/openid-configuration")["issuer"] == told


def test_a_restart_keeps_pools_users_and_sign_ins(serve, tmp_path, name):
    server = serve(data=tmp_path / "data")
    pool = Pool(server.endpoint)
    pool.user(name)
    tokens = pool.tokens(name)
    pool.sign_up(name + "x")
    code = pool.code(name + "x")
    server.stop()
    server.start()
    pool.endpoint, pool.idp = server.endpoint, client_of(server.endpoint)
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == name
    assert "AuthenticationResult" in pool.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])
    assert "AuthenticationResult" in pool.srp(name)
    pool.confirm(name + "x", code)
    assert pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == 2
    # Nothing that lets anybody in lies in the folder.
    server.stop()
    secrets = [PASSWORD.encode(), tokens["RefreshToken"].encode(), tokens["AccessToken"].encode()]
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path
    server.start()


def test_reset_forgets_pools(serve, name):
    server = serve("--in-memory", "--test-controls")
    pool = Pool(server.endpoint)
    pool.user(name)
    post(f"{server.endpoint}/_stator/reset", {})
    assert pool.idp.list_user_pools(MaxResults=10)["UserPools"] == []
    assert pool.letters() == []
    fails("ResourceNotFoundException", f"User pool client {pool.client} does not exist.", pool.password, name)


# --- Passwords, attributes, signing out ---


def test_recovering_a_password(pool, user):
    answer = pool.idp.forgot_password(ClientId=pool.client, Username=user)
    assert answer["CodeDeliveryDetails"]["Destination"] == f"{user[0]}***@e***"
    code = pool.code(user)
    wrong = f"{(int(code) + 1) % 1000000:06}"
    request = {"ClientId": pool.client, "Username": user, "Password": "N3w one!!"}
    fails("CodeMismatchException", "Invalid verification code provided, please try again.",
          pool.idp.confirm_forgot_password, ConfirmationCode=wrong, **request)
    fails("InvalidPasswordException", "Password did not conform with policy: Password not long enough",
          pool.idp.confirm_forgot_password, ConfirmationCode=code, **dict(request, Password="x"))
    pool.idp.confirm_forgot_password(ConfirmationCode=code, **request)
    assert pool.tokens(user, "N3w one!!") and "AuthenticationResult" in pool.srp(user, "N3w one!!")
    fails("NotAuthorizedException", "Incorrect username or password.", pool.password, user)
    fails("ExpiredCodeException", "Invalid code provided, please request a code again.",
          pool.idp.confirm_forgot_password, ConfirmationCode=code, **request)


def test_recovering_without_an_address(pool, name):
    pool.sign_up(name)
    fails("InvalidParameterException",
          "Cannot reset password for the user as there is no registered/verified email or phone_number",
          pool.idp.forgot_password, ClientId=pool.client, Username=name)
    fails("UserNotFoundException", "User does not exist.", pool.idp.forgot_password, ClientId=pool.client,
          Username="nobody")


def test_changing_a_password(pool, user):
    token = pool.tokens(user)["AccessToken"]

    def change(previous, proposed):
        pool.idp.change_password(AccessToken=token, PreviousPassword=previous, ProposedPassword=proposed)

    fails("NotAuthorizedException", "Incorrect username or password.", change, "Wr0ng one!", "N3w one!!")
    fails("InvalidPasswordException", "Password did not conform with policy: Password not long enough", change, PASSWORD,
          "x")
    change(PASSWORD, "N3w one!!")
    assert pool.tokens(user, "N3w one!!")
    fails("NotAuthorizedException", "Incorrect username or password.", pool.password, user)


def test_attributes_are_changed_by_their_user(pool, user):
    token = pool.tokens(user)["AccessToken"]

    def update(**values):
        return pool.idp.update_user_attributes(AccessToken=token, UserAttributes=pairs(**values))

    def shown():
        return plain(pool.idp.get_user(AccessToken=token)["UserAttributes"])

    assert update(name="Nora <b>", nickname="n")["CodeDeliveryDetailsList"] == []
    assert shown()["name"] == "Nora <b>" and shown()["nickname"] == "n"
    pool.idp.delete_user_attributes(AccessToken=token, UserAttributeNames=["nickname"])
    assert "nickname" not in shown()
    sent = update(email="other@example.com")["CodeDeliveryDetailsList"]
    assert [s["Destination"] for s in sent] == ["o***@e***"]
    assert shown()["email_verified"] == "false"
    verify = {"AccessToken": token, "AttributeName": "email"}
    fails("CodeMismatchException", "Invalid verification code provided, please try again.",
          pool.idp.verify_user_attribute, Code="x", **verify)
    again = pool.idp.get_user_attribute_verification_code(**verify)
    assert again["CodeDeliveryDetails"]["AttributeName"] == "email"
    pool.idp.verify_user_attribute(Code=pool.code(user), **verify)
    assert shown()["email"] == "other@example.com" and shown()["email_verified"] == "true"
    fails("NotAuthorizedException", "A client attempted to write unauthorized attribute", update, email_verified="true")
    fails("InvalidParameterException", "user.sub: Attribute cannot be updated.", update, sub="x")
    fails("InvalidParameterException", "Invalid email address format.", update, email="x y@example.com")
    with pytest.raises(pool.idp.exceptions.InvalidParameterException):
        update(name="x" * 2049)


def test_what_a_client_may_read_and_write(pool, user):
    limited = pool.idp.create_user_pool_client(
        UserPoolId=pool.id, ClientName="l", ExplicitAuthFlows=FLOWS, ReadAttributes=["name"], WriteAttributes=["name"])
    answer = pool.idp.initiate_auth(ClientId=limited["UserPoolClient"]["ClientId"], AuthFlow="USER_PASSWORD_AUTH",
                                    AuthParameters={"USERNAME": user, "PASSWORD": PASSWORD})["AuthenticationResult"]
    assert "email" not in claims(answer["IdToken"])
    token = answer["AccessToken"]
    pool.idp.update_user_attributes(AccessToken=token, UserAttributes=pairs(name="Nora"))
    assert set(plain(pool.idp.get_user(AccessToken=token)["UserAttributes"])) == {"sub", "name"}
    fails("NotAuthorizedException", "A client attempted to write unauthorized attribute",
          pool.idp.update_user_attributes, AccessToken=token, UserAttributes=pairs(nickname="n"))


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
    pool.idp.revoke_token(ClientId=pool.client, Token=one["RefreshToken"])
    fails("NotAuthorizedException", "Refresh Token has been revoked", pool.start, "REFRESH_TOKEN_AUTH",
          REFRESH_TOKEN=one["RefreshToken"])
    fails("NotAuthorizedException", "Access Token has been revoked", pool.idp.get_user, AccessToken=one["AccessToken"])
    assert pool.idp.get_user(AccessToken=two["AccessToken"])["Username"] == user
    pool.idp.revoke_token(ClientId=pool.client, Token=one["RefreshToken"])
    fails("UnsupportedTokenTypeException", "Unsupported token type", pool.idp.revoke_token, ClientId=pool.client,
          Token=one["AccessToken"])


def test_a_user_leaves(pool, user):
    tokens = pool.tokens(user)
    pool.idp.delete_user(AccessToken=tokens["AccessToken"])
    fails("UserNotFoundException", "User does not exist.", pool.idp.get_user, AccessToken=tokens["AccessToken"])
    fails("NotAuthorizedException", "Invalid Refresh Token", pool.start, "REFRESH_TOKEN_AUTH",
          REFRESH_TOKEN=tokens["RefreshToken"])
    # Whoever takes the name is somebody else.
    pool.user(user)
    fails("UserNotFoundException", "User does not exist.", pool.idp.get_user, AccessToken=tokens["AccessToken"])


# --- The protocol ---


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
    body = {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": pool.client, "AuthParameters": {}, **parameters}
    reply = call(pool.endpoint, "InitiateAuth", body)
    assert reply.status == 400
    assert reply.json["__type"] in ("SerializationException", "InvalidParameterException")


def test_secrets_are_not_repeated(endpoint):
    reply = call(endpoint, "SignUp", {"ClientId": "x", "Username": "secret name", "Password": "secret " * 60})
    assert reply.status == 400 and "secret" not in reply.body.decode().replace("'secretHash'", "")


def test_what_is_stored_comes_back_as_it_was(pool, name):
    odd = "'; DROP TABLE users; -- <script>alert(1)</script> \u202e ☂"
    pool.user(name, preferred_username=odd)
    assert claims(pool.tokens(name)["IdToken"])["preferred_username"] == odd
