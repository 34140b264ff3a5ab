"""User pools for tests: clients of the API, pools of a test's own, the outbox."""

import base64
import contextlib
import itertools
import json
import urllib.parse

import boto3
import botocore.config
import botocore.exceptions

from . import srp
from .controls import get_json
from .wire import Wire

PASSWORD = "Passw0rd!"
OTHER_PASSWORD = "An0ther one?"
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]

_count = itertools.count()


def idp_client(endpoint, region="us-east-1", **options):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, max_pool_connections=50, read_timeout=60, **options)
    return boto3.client("cognito-idp", endpoint_url=endpoint, region_name=region, aws_access_key_id="test",
                        aws_secret_access_key="test", config=config)


class Caught:
    message = None


class Refused(Exception):
    """The block did not fail as it should."""


@contextlib.contextmanager
def refuses(kind, message=None):
    """The block raises that error of the API; with exactly that message."""
    caught = Caught()
    try:
        yield caught
    except botocore.exceptions.ClientError as error:
        got = error.response["Error"]
        assert got["Code"] == kind, got
        caught.message = got["Message"]
        if message is not None:
            assert got["Message"] == message
        return
    raise Refused(f"expected {kind}, but the call succeeded")


def fails(kind, message, call, *args, **kwargs):
    """The call raises that error of the API, with exactly that message."""
    with refuses(kind, message):
        call(*args, **kwargs)


def attributes(**values):
    """attributes(email="a@b.c") as the API writes them; custom__team stands for custom:team."""
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in values.items()]


def plain(listed):
    """The other way round."""
    return {each["Name"]: each["Value"] for each in listed}


class PoolOf:
    """A pool with a client; its id, its client's id, and calls that name both themselves."""

    def __init__(self, idp, endpoint, client=None, **pool):
        self.idp, self.endpoint = idp, endpoint
        self.id = idp.create_user_pool(PoolName=f"pool-{next(_count)}", **pool)["UserPool"]["Id"]
        request = {"ClientName": "web", "ExplicitAuthFlows": FLOWS, **(client or {})}
        made = idp.create_user_pool_client(UserPoolId=self.id, **request)["UserPoolClient"]
        self.client_id, self.secret = made["ClientId"], made.get("ClientSecret")
        self.arn = f"arn:aws:cognito-idp:{idp.meta.region_name}:000000000000:userpool/{self.id}"

    def __getattr__(self, name):
        """pool.admin_get_user(...) for idp.admin_get_user(UserPoolId=..., ...)."""
        return lambda **parameters: getattr(self.idp, name)(UserPoolId=self.id, **parameters)

    def make_user(self, username, /, password=PASSWORD, **values):
        """A confirmed user; gives its sub."""
        user = self.admin_create_user(Username=username, UserAttributes=attributes(**{"email": f"{username}@example.com", **values}),
                                      MessageAction="SUPPRESS")["User"]
        self.admin_set_user_password(Username=username, Password=password, Permanent=True)
        return plain(user["Attributes"])["sub"]

    def sign_in(self, name, password=PASSWORD):
        """What AdminInitiateAuth answers."""
        return self.admin_initiate_auth(ClientId=self.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                                        AuthParameters={"USERNAME": name, "PASSWORD": password})

    def access_token(self, name, password=PASSWORD):
        return self.sign_in(name, password)["AuthenticationResult"]["AccessToken"]

    def names(self, **query):
        return [user["Username"] for user in self.list_users(**query)["Users"]]

    def mail(self, user=None):
        """What was sent to the user, or to anybody."""
        return outbox(self.endpoint, pool=self.id, **({"user": user} if user else {}))

    def code(self, user):
        return self.mail(user)[-1]["code"]


def app_client(endpoint):
    """A client of boto3 that sends what its model forbids, in a region that is not the default one."""
    return idp_client(endpoint, "eu-central-1", parameter_validation=False)


class AppPool(PoolOf):
    """A pool as an app sees it: signing up and in by the client's id alone, codes from the outbox."""

    def __init__(self, endpoint, client=None, **pool):
        super().__init__(app_client(endpoint), endpoint, client, AutoVerifiedAttributes=["email"], **pool)

    def sign_up(self, name, password=PASSWORD, **values):
        values.setdefault("email", f"{name}@example.com" if "@" not in name else name)
        return self.idp.sign_up(ClientId=self.client_id, Username=name, Password=password,
                                UserAttributes=attributes(**values))

    def confirm(self, name, code=None, **more):
        return self.idp.confirm_sign_up(ClientId=self.client_id, Username=name, ConfirmationCode=code or self.code(name),
                                        **more)

    def user(self, name, password=PASSWORD, **values):
        self.sign_up(name, password, **values)
        self.confirm(name)
        return name

    def start(self, flow, **parameters):
        return self.idp.initiate_auth(ClientId=self.client_id, AuthFlow=flow, AuthParameters=parameters)

    def password(self, name, password=PASSWORD, **more):
        return self.start("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password, **more)

    def tokens(self, name, password=PASSWORD):
        return self.password(name, password)["AuthenticationResult"]

    def respond(self, parameters):
        return self.idp.respond_to_auth_challenge(ClientId=self.client_id, ChallengeName="PASSWORD_VERIFIER",
                                                  ChallengeResponses=parameters)

    def srp(self, name, password=PASSWORD, when=None):
        side = srp.Client(self.id)
        challenge = self.start("USER_SRP_AUTH", USERNAME=name, SRP_A=side.a_hex)
        assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
        return self.respond(side.respond(challenge["ChallengeParameters"], password, when))


def outbox(endpoint, **query):
    return get_json(f"{endpoint}/_stator/outbox?{urllib.parse.urlencode(query)}")["messages"]


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def claims(token):
    """What a token says, whoever signed it."""
    return json.loads(from_base64url(token.split(".")[1]))


def call(endpoint, operation, body, **headers):
    """Raw and unsigned, as browsers call: the Reply."""
    wire = Wire(endpoint)
    try:
        return wire.request("POST", "/", body if isinstance(body, bytes) else json.dumps(body).encode(), {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}", **headers})
    finally:
        wire.close()
