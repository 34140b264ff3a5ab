"""What users do with their accounts: passwords forgotten and changed, attributes, leaving."""

import pytest
from support.pools import FLOWS, PASSWORD, attributes, claims, fails, plain

pytestmark = pytest.mark.stator  # codes come from our outbox


def test_recovering_a_password(pool, user):
    answer = pool.idp.forgot_password(ClientId=pool.client_id, Username=user)
    assert answer["CodeDeliveryDetails"]["Destination"] == f"{user[0]}***@e***"
    code = pool.code(user)
    wrong = f"{(int(code) + 1) % 1000000:06}"
    request = {"ClientId": pool.client_id, "Username": user, "Password": "N3w one!!"}
    fails("CodeMismatchException", "Invalid verification code provided, please try again.",
          pool.idp.confirm_forgot_password, ConfirmationCode=wrong, **request)
    fails("InvalidPasswordException", "Password did not conform with policy: Password not long enough",
          pool.idp.confirm_forgot_password, ConfirmationCode=code, **dict(request, Password="x"))
    pool.idp.confirm_forgot_password(ConfirmationCode=code, **request)
    assert pool.tokens(user, "N3w one!!") and "AuthenticationResult" in pool.srp(user, "N3w one!!")
    fails("NotAuthorizedException", "Incorrect username or password.", pool.password, user)
    fails("ExpiredCodeException", "Invalid code provided, please request a code again.",
          pool.idp.confirm_forgot_password, ConfirmationCode=code, **request)


def test_recovering_without_an_address(pool, username):
    pool.sign_up(username)
    fails("InvalidParameterException",
          "Cannot reset password for the user as there is no registered/verified email or phone_number",
          pool.idp.forgot_password, ClientId=pool.client_id, Username=username)
    fails("UserNotFoundException", "User does not exist.", pool.idp.forgot_password, ClientId=pool.client_id,
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
        return pool.idp.update_user_attributes(AccessToken=token, UserAttributes=attributes(**values))

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
    pool.idp.update_user_attributes(AccessToken=token, UserAttributes=attributes(name="Nora"))
    assert set(plain(pool.idp.get_user(AccessToken=token)["UserAttributes"])) == {"sub", "name"}
    fails("NotAuthorizedException", "A client attempted to write unauthorized attribute",
          pool.idp.update_user_attributes, AccessToken=token, UserAttributes=attributes(nickname="n"))


def test_a_user_leaves(pool, user):
    tokens = pool.tokens(user)
    pool.idp.delete_user(AccessToken=tokens["AccessToken"])
    fails("UserNotFoundException", "User does not exist.", pool.idp.get_user, AccessToken=tokens["AccessToken"])
    fails("NotAuthorizedException", "Invalid Refresh Token", pool.start, "REFRESH_TOKEN_AUTH",
          REFRESH_TOKEN=tokens["RefreshToken"])
    # Whoever takes the name is somebody else.
    pool.user(user)
    fails("UserNotFoundException", "User does not exist.", pool.idp.get_user, AccessToken=tokens["AccessToken"])


def test_what_is_stored_comes_back_as_it_was(pool, username):
    odd = "'; DROP TABLE users; -- <script>alert(1)</script> \u202e ☂"
    pool.user(username, preferred_username=odd)
    assert claims(pool.tokens(username)["IdToken"])["preferred_username"] == odd
