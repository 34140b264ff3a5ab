"""Signing up: names, passwords, attributes, aliases, codes."""

import threading

import botocore.exceptions
import pytest
from support.pools import AppPool, claims, fails, plain

pytestmark = pytest.mark.stator  # codes come from our outbox


def test_signing_up_and_confirming(pool, username):
    answer = pool.sign_up(username, preferred_username="nora")
    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"] == {"Destination": f"{username[0]}***@e***", "DeliveryMedium": "EMAIL",
                                             "AttributeName": "email"}
    fails("UserNotConfirmedException", "User is not confirmed.", pool.password, username)
    letter = pool.mail(username)[-1]
    assert letter["destination"] == f"{username}@example.com" and letter["code"].isdigit() and len(letter["code"]) == 6
    wrong = f"{(int(letter['code']) + 1) % 1000000:06}"
    fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.confirm, username, wrong)
    pool.confirm(username, letter["code"])
    fails("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED", pool.confirm, username,
          letter["code"])
    tokens = pool.tokens(username)
    shown = pool.idp.get_user(AccessToken=tokens["AccessToken"])
    assert shown["Username"] == username
    assert plain(shown["UserAttributes"]) == {"sub": answer["UserSub"], "email": f"{username}@example.com",
                                              "email_verified": "true", "preferred_username": "nora"}


def test_a_name_is_taken_once(pool, user):
    fails("UsernameExistsException", "User already exists", pool.sign_up, user)


def test_one_of_many_at_once_gets_a_name(pool, username):
    done = []

    def sign_up():
        try:
            pool.sign_up(username)
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
def test_passwords_that_will_not_do(pool, username, password, text):
    fails("InvalidPasswordException", f"Password did not conform with policy: {text}", pool.sign_up, username, password)


def test_attributes_that_will_not_do(pool, username):
    invalid = "InvalidParameterException"
    fails(invalid, "Invalid email address format.", pool.sign_up, username, email="nobody")
    fails(invalid, "Invalid phone number format.", pool.sign_up, username, phone_number="0123")
    fails(invalid, "Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.",
          pool.sign_up, username, custom__x="1")
    fails("NotAuthorizedException", "A client attempted to write unauthorized attribute", pool.sign_up, username,
          email_verified="true")


def test_required_attributes(endpoint, username):
    pool = AppPool(endpoint, Schema=[{"Name": "preferred_username", "Required": True, "AttributeDataType": "String"}])
    fails("InvalidParameterException",
          "Attributes did not conform to the schema: preferred_username: The attribute is required", pool.sign_up, username)
    pool.sign_up(username, preferred_username="x")


def test_signing_up_by_email(endpoint):
    pool = AppPool(endpoint, UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False})
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
    pool = AppPool(endpoint, AliasAttributes=["email", "preferred_username"])
    shared = "shared@example.com"
    pool.user("one", email=shared, preferred_username="uno")
    assert pool.tokens(shared) and pool.tokens("uno") and "AuthenticationResult" in pool.srp(shared)
    fails("InvalidParameterException",
          "Username cannot be of email format, since user pool is configured for email alias.", pool.sign_up,
          "two@example.com")
    pool.sign_up("two", email=shared)
    assert claims(pool.tokens(shared)["AccessToken"])["username"] == "one"
    fails("AliasExistsException", "An account with the email already exists.", pool.confirm, "two")
    pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username="two")
    pool.confirm("two", ForceAliasCreation=True)
    assert claims(pool.tokens(shared)["AccessToken"])["username"] == "two"
    token = pool.tokens("one")["AccessToken"]
    assert plain(pool.idp.get_user(AccessToken=token)["UserAttributes"])["email_verified"] == "false"


def test_names_and_case(endpoint):
    pool = AppPool(endpoint, UsernameConfiguration={"CaseSensitive": False})
    pool.user("Nora")
    fails("UsernameExistsException", "User already exists", pool.sign_up, "nORA")
    assert claims(pool.tokens("NORA")["AccessToken"])["username"] == "Nora"
    exact = AppPool(endpoint)
    exact.user("Nora")
    exact.user("nora")
    fails("UserNotFoundException", "User does not exist.", exact.password, "NORA")


def test_administrators_only(endpoint, username):
    pool = AppPool(endpoint, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    fails("NotAuthorizedException", "SignUp is not permitted for this user pool", pool.sign_up, username)


def test_codes_are_sent_again_and_wear_out(pool, username):
    pool.sign_up(username)
    first = pool.code(username)
    answer = pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=username)
    assert answer["CodeDeliveryDetails"]["AttributeName"] == "email"
    second = pool.code(username)
    if first != second:
        fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.confirm, username, first)
    wrong = f"{(int(second) + 1) % 1000000:06}"
    for _ in range(4 if first != second else 5):
        fails("CodeMismatchException", "Invalid verification code provided, please try again.", pool.confirm, username, wrong)
    fails("LimitExceededException", "Attempt limit exceeded, please try after some time.", pool.confirm, username, second)
    pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=username)
    pool.confirm(username)
    fails("InvalidParameterException", "User is already confirmed.", pool.idp.resend_confirmation_code,
          ClientId=pool.client_id, Username=username)
