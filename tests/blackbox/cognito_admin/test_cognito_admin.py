"""What administrators do with users of a pool: notes on user pools, sections 3.3 and 3.4, through boto3."""

import datetime
import re
import uuid

import pytest
from support.pools import OTHER_PASSWORD, PASSWORD, attributes, plain, refuses

pytestmark = pytest.mark.stator


def test_create_user(pool):
    made = pool.admin_create_user(Username="nora", UserAttributes=attributes(email="nora@example.com", name="Nora"),
                                  TemporaryPassword=PASSWORD)["User"]
    assert set(made) == {"Username", "Attributes", "UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus"}
    assert (made["Username"], made["Enabled"], made["UserStatus"]) == ("nora", True, "FORCE_CHANGE_PASSWORD")
    assert abs((datetime.datetime.now(datetime.timezone.utc) - made["UserCreateDate"]).total_seconds()) < 60
    given = plain(made["Attributes"])
    assert uuid.UUID(given.pop("sub"))
    assert given == {"email": "nora@example.com", "name": "Nora"}
    got = pool.admin_get_user(Username="nora")
    assert (got["Username"], got["UserStatus"]) == ("nora", "FORCE_CHANGE_PASSWORD")
    assert plain(got["UserAttributes"])["email"] == "nora@example.com"
    mail = pool.mail("nora")[-1]
    assert (mail["kind"], mail["code"], mail["destination"]) == ("AdminCreateUser", PASSWORD, "nora@example.com")


def test_create_user_with_a_password_of_the_server(pool):
    pool.admin_create_user(Username="nora", UserAttributes=attributes(email="nora@example.com"))
    challenge = pool.sign_in("nora", pool.code("nora"))
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert len(challenge["Session"]) >= 20


def test_create_user_is_refused(pool):
    pool.make_user("nora")
    with refuses("UsernameExistsException", "User account already exists"):
        pool.admin_create_user(Username="nora")
    with refuses("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        pool.admin_create_user(Username="malik", TemporaryPassword="short")
    with refuses("InvalidParameterException"):
        pool.admin_create_user(Username="malik", UserAttributes=attributes(custom__none="x"))
    with refuses("UserNotFoundException", "User does not exist."):
        pool.admin_get_user(Username="malik")


def test_create_user_again_sends_the_invitation_again(pool):
    pool.admin_create_user(Username="nora", UserAttributes=attributes(email="nora@example.com"), MessageAction="SUPPRESS")
    assert pool.mail("nora") == []
    pool.admin_create_user(Username="nora", MessageAction="RESEND")
    first = pool.code("nora")
    pool.admin_create_user(Username="nora", MessageAction="RESEND", TemporaryPassword=PASSWORD)
    assert pool.code("nora") == PASSWORD != first
    with refuses("NotAuthorizedException", "Incorrect username or password."):
        pool.sign_in("nora", first)
    assert pool.sign_in("nora", PASSWORD)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    with refuses("UserNotFoundException"):
        pool.admin_create_user(Username="nobody", MessageAction="RESEND")
    pool.admin_set_user_password(Username="nora", Password=OTHER_PASSWORD, Permanent=True)
    with refuses("UnsupportedUserStateException"):
        pool.admin_create_user(Username="nora", MessageAction="RESEND")


def test_set_user_password(pool):
    pool.admin_create_user(Username="nora", MessageAction="SUPPRESS")
    answer = pool.admin_set_user_password(Username="nora", Password=PASSWORD, Permanent=True)
    assert set(answer) == {"ResponseMetadata"}
    assert pool.admin_get_user(Username="nora")["UserStatus"] == "CONFIRMED"
    assert pool.sign_in("nora")["AuthenticationResult"]["TokenType"] == "Bearer"
    pool.admin_set_user_password(Username="nora", Password=OTHER_PASSWORD, Permanent=False)
    assert pool.admin_get_user(Username="nora")["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    with refuses("NotAuthorizedException"):
        pool.sign_in("nora")
    with refuses("InvalidPasswordException", "Password did not conform with policy: Password must have symbol characters"):
        pool.admin_set_user_password(Username="nora", Password="Passw0rd1", Permanent=True)
    with refuses("UserNotFoundException", "User does not exist."):
        pool.admin_set_user_password(Username="nobody", Password=PASSWORD, Permanent=True)


def test_new_password_challenge(pool):
    pool.admin_create_user(Username="nora", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS",
                           UserAttributes=attributes(email="nora@example.com"))
    challenge = pool.sign_in("nora")
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    parameters = challenge["ChallengeParameters"]
    assert parameters["USER_ID_FOR_SRP"] == "nora"
    assert parameters["requiredAttributes"] == "[]"
    assert '"email":"nora@example.com"' in parameters["userAttributes"] and "sub" not in parameters["userAttributes"]

    def respond(password, session=challenge["Session"]):
        return pool.admin_respond_to_auth_challenge(ClientId=pool.client_id, ChallengeName="NEW_PASSWORD_REQUIRED", Session=session,
                                                    ChallengeResponses={"USERNAME": "nora", "NEW_PASSWORD": password})

    assert respond(OTHER_PASSWORD)["AuthenticationResult"]["AccessToken"]
    with refuses("NotAuthorizedException"):
        respond(OTHER_PASSWORD)
    assert pool.admin_get_user(Username="nora")["UserStatus"] == "CONFIRMED"
    pool.sign_in("nora", OTHER_PASSWORD)


def test_confirm_sign_up(pool, idp):
    idp.sign_up(ClientId=pool.client_id, Username="nora", Password=PASSWORD, UserAttributes=attributes(email="nora@example.com"))
    with refuses("UserNotConfirmedException", "User is not confirmed."):
        pool.sign_in("nora")
    pool.admin_confirm_sign_up(Username="nora")
    got = pool.admin_get_user(Username="nora")
    assert got["UserStatus"] == "CONFIRMED"
    assert "email_verified" not in plain(got["UserAttributes"]) or plain(got["UserAttributes"])["email_verified"] == "false"
    with refuses("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        pool.admin_confirm_sign_up(Username="nora")
    pool.sign_in("nora")


def test_disabled_users_are_out(pool, idp):
    pool.make_user("nora")
    token = pool.access_token("nora")
    pool.admin_disable_user(Username="nora")
    assert pool.admin_get_user(Username="nora")["Enabled"] is False
    with refuses("NotAuthorizedException", "User is disabled."):
        pool.sign_in("nora")
    with refuses("NotAuthorizedException"):
        idp.get_user(AccessToken=token)
    assert pool.names(Filter='status = "Disabled"') == ["nora"]
    pool.admin_enable_user(Username="nora")
    pool.sign_in("nora")


def test_delete_user(pool, idp):
    pool.make_user("nora")
    token = pool.access_token("nora")
    pool.admin_delete_user(Username="nora")
    with refuses("UserNotFoundException", "User does not exist."):
        pool.admin_delete_user(Username="nora")
    with refuses("UserNotFoundException", "User does not exist."):
        idp.get_user(AccessToken=token)
    assert pool.names() == []
    again = pool.make_user("nora")
    assert pool.names(Filter=f'sub = "{again}"') == ["nora"]


def test_update_and_delete_attributes(make_pool):
    schema = [{"Name": "team", "AttributeDataType": "String", "Mutable": True, "StringAttributeConstraints": {"MaxLength": "5"}},
              {"Name": "badge", "AttributeDataType": "Number", "Mutable": False}]
    pool = make_pool(Schema=schema)
    pool.make_user("nora", email_verified="true", custom__badge="7")

    def read():
        return plain(pool.admin_get_user(Username="nora")["UserAttributes"])

    pool.admin_update_user_attributes(Username="nora", UserAttributes=attributes(name="Nora", custom__team="red"))
    assert (read()["name"], read()["custom:team"], read()["email_verified"]) == ("Nora", "red", "true")
    pool.admin_update_user_attributes(Username="nora", UserAttributes=attributes(email="new@example.com"))
    assert read()["email"] == "new@example.com" and read().get("email_verified", "false") == "false"
    pool.admin_update_user_attributes(Username="nora", UserAttributes=attributes(email="b@example.com", email_verified="true"))
    assert read()["email_verified"] == "true"
    pool.admin_delete_user_attributes(Username="nora", UserAttributeNames=["custom:team", "nickname"])
    assert "custom:team" not in read()
    for wrong in (attributes(sub="x"), attributes(custom__team="too long"), attributes(custom__none="x"), attributes(custom__badge="8")):
        with refuses("InvalidParameterException"):
            pool.admin_update_user_attributes(Username="nora", UserAttributes=wrong)
    with refuses("UserNotFoundException"):
        pool.admin_update_user_attributes(Username="nobody", UserAttributes=attributes(name="x"))


def test_reset_password(pool, idp):
    pool.make_user("nora", email_verified="true")
    refresh = pool.sign_in("nora")["AuthenticationResult"]["RefreshToken"]
    pool.admin_reset_user_password(Username="nora")
    assert pool.admin_get_user(Username="nora")["UserStatus"] == "RESET_REQUIRED"
    with refuses("PasswordResetRequiredException", "Password reset required for the user"):
        pool.sign_in("nora")
    with refuses("NotAuthorizedException"):
        idp.initiate_auth(ClientId=pool.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": refresh})
    idp.confirm_forgot_password(ClientId=pool.client_id, Username="nora", ConfirmationCode=pool.code("nora"), Password=OTHER_PASSWORD)
    pool.sign_in("nora", OTHER_PASSWORD)
    pool.make_user("malik")
    with refuses("InvalidParameterException",
                 "Cannot reset password for the user as there is no registered/verified email or phone_number"):
        pool.admin_reset_user_password(Username="malik")


def test_global_sign_out(pool, idp):
    pool.make_user("nora")
    tokens = pool.sign_in("nora")["AuthenticationResult"]
    pool.admin_user_global_sign_out(Username="nora")
    with refuses("NotAuthorizedException", "Access Token has been revoked"):
        idp.get_user(AccessToken=tokens["AccessToken"])
    with refuses("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.admin_initiate_auth(ClientId=pool.client_id, AuthFlow="REFRESH_TOKEN_AUTH",
                                 AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})
    idp.get_user(AccessToken=pool.access_token("nora"))


def test_sign_in_by_the_administrator(make_pool):
    pool = make_pool(client={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]})
    pool.make_user("nora")
    with refuses("InvalidParameterException", "ADMIN_USER_PASSWORD_AUTH flow not enabled for this client"):
        pool.sign_in("nora")
    with refuses("ResourceNotFoundException", "User pool client 1example23456789abcdefghij does not exist."):
        pool.admin_initiate_auth(ClientId="1example23456789abcdefghij", AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                                 AuthParameters={"USERNAME": "nora", "PASSWORD": PASSWORD})
    other = make_pool()
    with refuses("ResourceNotFoundException"):
        other.admin_initiate_auth(ClientId=pool.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                                  AuthParameters={"USERNAME": "nora", "PASSWORD": PASSWORD})


def test_an_unknown_pool(idp):
    for operation, more in [("list_users", {}), ("list_groups", {}), ("admin_get_user", {"Username": "nora"}),
                            ("admin_create_user", {"Username": "nora"}), ("create_group", {"GroupName": "g"}),
                            ("admin_delete_user", {"Username": "nora"}), ("get_user_pool_mfa_config", {})]:
        with refuses("ResourceNotFoundException", "User pool us-east-1_nosuchpoo does not exist."):
            getattr(idp, operation)(UserPoolId="us-east-1_nosuchpoo", **more)


# --- Tags and second factors ---

def test_tags(make_pool, idp):
    pool = make_pool(UserPoolTags={"a": "1"})
    idp.tag_resource(ResourceArn=pool.arn, Tags={"b": "2", "a": "3"})
    assert idp.list_tags_for_resource(ResourceArn=pool.arn)["Tags"] == {"a": "3", "b": "2"}
    idp.untag_resource(ResourceArn=pool.arn, TagKeys=["a", "none"])
    assert idp.list_tags_for_resource(ResourceArn=pool.arn)["Tags"] == {"b": "2"}
    assert pool.describe_user_pool()["UserPool"]["UserPoolTags"] == {"b": "2"}
    with refuses("ResourceNotFoundException"):
        idp.list_tags_for_resource(ResourceArn=re.sub("/.*", "/us-east-1_nosuchpoo", pool.arn))
    with refuses("InvalidParameterException"):
        idp.list_tags_for_resource(ResourceArn="arn:aws:s3:::a-bucket-of-somebody")


def test_second_factors_are_off(pool, idp):
    assert pool.get_user_pool_mfa_config()["MfaConfiguration"] == "OFF"
    assert pool.set_user_pool_mfa_config(MfaConfiguration="OFF")["MfaConfiguration"] == "OFF"
    for wanted in ("ON", "OPTIONAL"):
        with refuses("InvalidParameterException"):
            pool.set_user_pool_mfa_config(MfaConfiguration=wanted, SoftwareTokenMfaConfiguration={"Enabled": True})
    pool.make_user("nora")
    token = pool.access_token("nora")
    idp.set_user_mfa_preference(AccessToken=token, SMSMfaSettings={"Enabled": False}, SoftwareTokenMfaSettings={"Enabled": False})
    with refuses("InvalidParameterException"):
        idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})


# --- Pools that are set otherwise ---

def test_pools_that_sign_in_by_address(make_pool):
    pool = make_pool(UsernameAttributes=["email"])
    made = pool.admin_create_user(Username="nora@example.com", MessageAction="SUPPRESS")["User"]
    sub = plain(made["Attributes"])["sub"]
    assert made["Username"] == sub
    assert plain(made["Attributes"])["email"] == "nora@example.com"
    pool.admin_set_user_password(Username="nora@example.com", Password=PASSWORD, Permanent=True)
    assert pool.admin_get_user(Username="nora@example.com")["Username"] == pool.admin_get_user(Username=sub)["Username"] == sub
    for name in ("nora@example.com", sub):
        assert pool.sign_in(name)["AuthenticationResult"]["AccessToken"]
    with refuses("UsernameExistsException", "An account with the given email already exists."):
        pool.admin_create_user(Username="nora@example.com")
    with refuses("InvalidParameterException", "Username should be an email."):
        pool.admin_create_user(Username="nora")
    pool.admin_delete_user(Username="nora@example.com")
    assert pool.names() == []


def test_aliases_have_one_owner(make_pool):
    pool = make_pool(AliasAttributes=["email"])
    pool.make_user("nora", email="shared@example.com", email_verified="true")
    assert pool.sign_in("shared@example.com")["AuthenticationResult"]
    theirs = {"UserAttributes": attributes(email="shared@example.com", email_verified="true"), "MessageAction": "SUPPRESS"}
    with refuses("AliasExistsException", "An account with the email already exists."):
        pool.admin_create_user(Username="malik", **theirs)
    pool.admin_create_user(Username="malik", ForceAliasCreation=True, **theirs)
    assert pool.admin_get_user(Username="shared@example.com")["Username"] == "malik"
    assert plain(pool.admin_get_user(Username="nora")["UserAttributes"])["email_verified"] == "false"
    with refuses("InvalidParameterException"):
        pool.admin_create_user(Username="teo@example.com")


def test_pools_that_do_not_care_for_case(make_pool):
    pool = make_pool(UsernameConfiguration={"CaseSensitive": False})
    pool.make_user("Nora", preferred_username="Handle")
    assert pool.admin_get_user(Username="NORA")["Username"] == "Nora"
    with refuses("UsernameExistsException"):
        pool.admin_create_user(Username="nora")
    assert pool.names(Filter='preferred_username = "HANDLE"') == ["Nora"]
    assert pool.names(Filter='preferred_username ^= "han"') == ["Nora"]
    strict = make_pool()
    strict.make_user("Nora")
    strict.make_user("nora")
    with refuses("UserNotFoundException"):
        strict.admin_get_user(Username="NORA")


def test_attributes_that_the_pool_requires_are_asked_for_at_the_first_sign_in(make_pool):
    pool = make_pool(Schema=[{"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": True}])
    pool.admin_create_user(Username="nora", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    challenge = pool.sign_in("nora")
    assert challenge["ChallengeParameters"]["requiredAttributes"] == '["userAttributes.name"]'
    answers = {"USERNAME": "nora", "NEW_PASSWORD": OTHER_PASSWORD, "userAttributes.name": "Nora"}
    pool.admin_respond_to_auth_challenge(ClientId=pool.client_id, ChallengeName="NEW_PASSWORD_REQUIRED", Session=challenge["Session"],
                                         ChallengeResponses=answers)
    assert plain(pool.admin_get_user(Username="nora")["UserAttributes"])["name"] == "Nora"


@pytest.mark.parametrize("name", ["two words", "tab\there", "\u202eevil", "no\u00a0break", "\u200b", "x" * 129])
def test_names_that_cannot_be(pool, name):
    with refuses("InvalidParameterException") as caught:
        pool.admin_create_user(Username=name)
    assert "at 'username' failed to satisfy constraint" in caught.message and name not in caught.message
