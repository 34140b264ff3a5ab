"""User pools and their clients: making, describing, changing, listing; what a restart keeps and a reset forgets."""

import pytest
from support.controls import control
from support.pools import FLOWS, PASSWORD, AppPool, app_client, fails

pytestmark = pytest.mark.stator  # codes come from our outbox


def test_a_pool_is_described_as_it_was_made(endpoint):
    idp = app_client(endpoint)
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
    idp = app_client(endpoint)
    pool = idp.create_user_pool(PoolName="p", AutoVerifiedAttributes=["email"], DeletionProtection="ACTIVE")["UserPool"]
    fails("InvalidParameterException", "The user pool cannot be deleted because deletion protection is activated. "
          "Deletion protection must be inactivated first.", idp.delete_user_pool, UserPoolId=pool["Id"])
    idp.update_user_pool(UserPoolId=pool["Id"], MfaConfiguration="OPTIONAL")
    shown = idp.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
    assert shown["MfaConfiguration"] == "OPTIONAL" and "AutoVerifiedAttributes" not in shown
    assert shown["DeletionProtection"] == "INACTIVE" and shown["Name"] == "p"
    idp.delete_user_pool(UserPoolId=pool["Id"])


def test_pools_are_listed_in_pages(endpoint):
    idp = app_client(endpoint)
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
    idp = app_client(endpoint)
    fails("InvalidParameterException", "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
          idp.create_user_pool, PoolName="x", AliasAttributes=["email"], UsernameAttributes=["email"])
    fails("InvalidParameterException", "1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' "
          "failed to satisfy constraint: Member must have value greater than or equal to 6", idp.create_user_pool,
          PoolName="x", Policies={"PasswordPolicy": {"MinimumLength": 5}})


def test_custom_attributes_are_added(endpoint):
    idp = app_client(endpoint)
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


def test_a_restart_keeps_pools_users_and_sign_ins(serve, tmp_path, username):
    server = serve(data=tmp_path / "data")
    pool = AppPool(server.endpoint)
    pool.user(username)
    tokens = pool.tokens(username)
    pool.sign_up(username + "x")
    code = pool.code(username + "x")
    server.stop()
    server.start()
    pool.endpoint, pool.idp = server.endpoint, app_client(server.endpoint)
    assert pool.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == username
    assert "AuthenticationResult" in pool.start("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=tokens["RefreshToken"])
    assert "AuthenticationResult" in pool.srp(username)
    pool.confirm(username + "x", code)
    assert pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["EstimatedNumberOfUsers"] == 2
    # Nothing that lets anybody in lies in the folder.
    server.stop()
    secrets = [PASSWORD.encode(), tokens["RefreshToken"].encode(), tokens["AccessToken"].encode()]
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path
    server.start()


def test_reset_forgets_pools(serve, username):
    server = serve("--in-memory", "--test-controls")
    pool = AppPool(server.endpoint)
    pool.user(username)
    control(server.endpoint, "reset")
    assert pool.idp.list_user_pools(MaxResults=10)["UserPools"] == []
    assert pool.mail() == []
    fails("ResourceNotFoundException", f"User pool client {pool.client_id} does not exist.", pool.password, username)
