"""User pools for tests: clients of the API, pools of a test's own, the outbox."""

import contextlib
import itertools
import urllib.parse
import urllib.request
import json

import boto3
import botocore.config
import botocore.exceptions

PASSWORD = "Passw0rd!"
OTHER_PASSWORD = "An0ther one?"
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]

_count = itertools.count()


def idp_client(endpoint, region="us-east-1"):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, max_pool_connections=20, read_timeout=60)
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
        self.arn = f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{self.id}"

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

    def mail(self, user):
        return outbox(self.endpoint, pool=self.id, user=user)

    def code(self, user):
        return self.mail(user)[-1]["code"]


def outbox(endpoint, **query):
    url = f"{endpoint}/_stator/outbox?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.load(answer)["messages"]
