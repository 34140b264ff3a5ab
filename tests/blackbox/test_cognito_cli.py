"""User pools with the aws command line, Debian's: what a person types."""

import pytest
from support.aws_cli import needs_aws
from support.pools import PASSWORD, outbox, plain
from support.tables import unique_name

pytestmark = [pytest.mark.stator, needs_aws]


@pytest.fixture()
def aws(aws_cli):
    return aws_cli("cognito-idp")


def test_everyday_commands(aws, endpoint):
    pool = aws("create-user-pool", "--pool-name", unique_name("cli"), "--auto-verified-attributes", "email")["UserPool"]["Id"]
    client = aws("create-user-pool-client", "--user-pool-id", pool, "--client-name", "web", "--explicit-auth-flows",
                 "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH")["UserPoolClient"]["ClientId"]
    about = ["--user-pool-id", pool]
    aws("sign-up", "--client-id", client, "--username", "teo", "--password", PASSWORD, "--user-attributes", "Name=email,Value=teo@example.com")
    code = outbox(endpoint, pool=pool, user="teo")[-1]["code"]
    aws("confirm-sign-up", "--client-id", client, "--username", "teo", "--confirmation-code", code)
    made = aws("admin-create-user", *about, "--username", "nora", "--user-attributes", "Name=email,Value=nora@example.com",
               "Name=preferred_username,Value=nora", "--message-action", "SUPPRESS")
    assert made["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    aws("admin-set-user-password", *about, "--username", "nora", "--password", PASSWORD, "--permanent")
    tokens = aws("admin-initiate-auth", *about, "--client-id", client, "--auth-flow", "ADMIN_USER_PASSWORD_AUTH",
                 "--auth-parameters", f"USERNAME=nora,PASSWORD={PASSWORD}")["AuthenticationResult"]
    assert aws("get-user", "--access-token", tokens["AccessToken"])["Username"] == "nora"
    # As the messaging application's script lists users.
    users = aws("list-users", *about, "--attributes-to-get", "preferred_username", "sub", "--page-size", "1")["Users"]
    assert [user["Username"] for user in users] == ["teo", "nora"]
    assert plain(users[1]["Attributes"])["preferred_username"] == "nora"
    found = aws("list-users", *about, "--filter", 'email = "nora@example.com"')["Users"]
    assert [user["Username"] for user in found] == ["nora"]
    aws("create-group", *about, "--group-name", "editors")
    aws("admin-add-user-to-group", *about, "--username", "nora", "--group-name", "editors")
    assert [user["Username"] for user in aws("list-users-in-group", *about, "--group-name", "editors")["Users"]] == ["nora"]
    # This version signs what needs no signature.
    aws("global-sign-out", "--access-token", tokens["AccessToken"])
    aws("get-user", "--access-token", tokens["AccessToken"], fails="Access Token has been revoked")
    aws("admin-disable-user", *about, "--username", "teo")
    assert aws("admin-get-user", *about, "--username", "teo")["Enabled"] is False
    aws("admin-delete-user", *about, "--username", "teo")
    aws("admin-get-user", *about, "--username", "teo", fails="(UserNotFoundException)")
    aws("delete-user-pool", *about)
    aws("list-users", *about, fails=f"User pool {pool} does not exist.")
