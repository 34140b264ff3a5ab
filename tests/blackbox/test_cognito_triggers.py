"""Functions that a user pool calls: notes on user pools, section 7. One Python function for all of them; what it answers,
and whether it fails, the names of users say."""

import json

import pytest
from support.functions import ROLE, client_of, make_zip
from support.pools import OTHER_PASSWORD, PASSWORD, PoolOf, attributes, claims, plain, refuses

pytestmark = pytest.mark.stator

HANDLER = '''
import json
import os


def handler(event, context):
    with open(os.environ["EVENTS"], "a") as out:
        out.write(json.dumps(event) + "\\n")
    source, name, answer = event["triggerSource"], event["userName"], event["response"]
    if name == "fails-" + source:
        raise Exception("no room for " + name)
    if name == "none-" + source:
        return None
    if name == "exits-" + source:
        os._exit(3)
    if source == "PreSignUp_SignUp":
        answer.update(autoConfirmUser=name.startswith("auto"), autoVerifyEmail=name.startswith("auto"))
    elif source.startswith("CustomMessage"):
        answer.update(emailSubject="From " + source, emailMessage="The word is " + event["request"]["codeParameter"])
    elif source.startswith("TokenGeneration"):
        answer["claimsOverrideDetails"] = {"claimsToAddOrOverride": {"color": "blue", "sub": "forged"}, "claimsToSuppress": ["email"],
                                           "groupOverrideDetails": {"groupsToOverride": ["painters"]}}
    elif source.startswith("UserMigration"):
        if event["request"].get("password") == "Old-passw0rd":
            more = {"custom:none": "x"} if name == "odd" else {}
            answer.update(userAttributes={"email": name + "@example.com", "email_verified": "true", "name": "Moved", **more},
                          finalUserStatus="CONFIRMED", messageAction="SUPPRESS")
    return event
'''


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    path = tmp_path_factory.mktemp("hooks") / "events.jsonl"
    path.touch()
    return path


@pytest.fixture(scope="module")
def arn(endpoint, events):
    client = client_of(endpoint)
    made = client.create_function(FunctionName="pool-hooks", Runtime="python3.12", Handler="main.handler", Role=ROLE, Timeout=10,
                                  Code={"ZipFile": make_zip({"main.py": HANDLER})}, Environment={"Variables": {"EVENTS": str(events)}})
    client.get_waiter("function_active").wait(FunctionName="pool-hooks", WaiterConfig={"Delay": 1})
    yield made["FunctionArn"]
    client.delete_function(FunctionName="pool-hooks")


@pytest.fixture()
def make_pool(idp, endpoint, arn, events):
    made = []

    def make(*triggers, **options):
        events.write_text("")
        made.append(PoolOf(idp, endpoint, AutoVerifiedAttributes=["email"], LambdaConfig={name: arn for name in triggers}, **options))
        return made[-1]

    yield make
    for pool in made:
        pool.delete_user_pool()


@pytest.fixture()
def told(events):
    """What the function was told, oldest first."""
    return lambda: [json.loads(line) for line in events.read_text().splitlines()]


def sign_up(idp, pool, name, **more):
    return idp.sign_up(ClientId=pool.client_id, Username=name, Password=PASSWORD,
                       UserAttributes=attributes(email=f"{name}@example.com", name="A Name"), **more)


def confirm(idp, pool, name, **more):
    return idp.confirm_sign_up(ClientId=pool.client_id, Username=name, ConfirmationCode=pool.code(name), **more)


def test_post_confirmation(make_pool, idp, told):
    pool = make_pool("PostConfirmation")
    sub = sign_up(idp, pool, "nora")["UserSub"]
    assert told() == []
    confirm(idp, pool, "nora", ClientMetadata={"from": "web"})
    assert told() == [{
        "version": "1", "region": "us-east-1", "userPoolId": pool.id, "userName": "nora",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": pool.client_id},
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "request": {"userAttributes": {"sub": sub, "cognito:user_status": "CONFIRMED", "email": "nora@example.com",
                                       "email_verified": "true", "name": "A Name"}, "clientMetadata": {"from": "web"}},
        "response": {}}]


def test_post_confirmation_by_an_administrator_and_after_recovery(make_pool, idp, told):
    pool = make_pool("PostConfirmation")
    sign_up(idp, pool, "nora")
    pool.admin_confirm_sign_up(Username="nora")
    assert [event["triggerSource"] for event in told()] == ["PostConfirmation_ConfirmSignUp"]
    pool.admin_update_user_attributes(Username="nora", UserAttributes=attributes(email_verified="true"))
    idp.forgot_password(ClientId=pool.client_id, Username="nora")
    idp.confirm_forgot_password(ClientId=pool.client_id, Username="nora", ConfirmationCode=pool.code("nora"), Password=OTHER_PASSWORD)
    assert [event["triggerSource"] for event in told()][1:] == ["PostConfirmation_ConfirmForgotPassword"]
    pool.make_user("malik")
    assert len(told()) == 2  # nobody that an administrator made is told of


def test_a_post_confirmation_that_fails_leaves_the_user_confirmed(make_pool, idp):
    pool = make_pool("PostConfirmation")
    name = "fails-PostConfirmation_ConfirmSignUp"
    sign_up(idp, pool, name)
    code = pool.code(name)
    with refuses("UserLambdaValidationException", f"PostConfirmation failed with error no room for {name}."):
        confirm(idp, pool, name)
    assert pool.admin_get_user(Username=name)["UserStatus"] == "CONFIRMED"
    with refuses("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        idp.confirm_sign_up(ClientId=pool.client_id, Username=name, ConfirmationCode=code)
    assert pool.sign_in(name)["AuthenticationResult"]


def test_answers_that_are_no_events(make_pool, idp):
    pool = make_pool("PostConfirmation")
    sign_up(idp, pool, "none-PostConfirmation_ConfirmSignUp")
    with refuses("InvalidLambdaResponseException", "Unrecognizable lambda output"):
        confirm(idp, pool, "none-PostConfirmation_ConfirmSignUp")
    sign_up(idp, pool, "exits-PostConfirmation_ConfirmSignUp")
    with refuses("UserLambdaValidationException"):
        confirm(idp, pool, "exits-PostConfirmation_ConfirmSignUp")


def test_a_function_that_is_not_there(idp, endpoint, arn):
    pool = PoolOf(idp, endpoint, LambdaConfig={"PreSignUp": arn.replace("pool-hooks", "gone")})
    with refuses("UnexpectedLambdaException"):
        sign_up(idp, pool, "nora")
    assert pool.names() == []
    pool.delete_user_pool()


def test_pre_sign_up(make_pool, idp, told):
    pool = make_pool("PreSignUp", "PostConfirmation")
    assert sign_up(idp, pool, "nora", ValidationData=attributes(invite="7"))["UserConfirmed"] is False
    event = told()[0]
    assert event["triggerSource"] == "PreSignUp_SignUp"
    assert event["request"]["validationData"] == {"invite": "7"}
    assert event["request"]["userAttributes"] == {"email": "nora@example.com", "email_verified": "false", "name": "A Name"}
    assert event["response"] == {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
    assert sign_up(idp, pool, "auto-malik")["UserConfirmed"] is True
    assert plain(pool.admin_get_user(Username="auto-malik")["UserAttributes"])["email_verified"] == "true"
    assert pool.mail("auto-malik") == []
    assert told()[-1]["triggerSource"] == "PostConfirmation_ConfirmSignUp"
    with refuses("UserLambdaValidationException", "PreSignUp failed with error no room for fails-PreSignUp_SignUp."):
        sign_up(idp, pool, "fails-PreSignUp_SignUp")
    with refuses("UserNotFoundException"):
        pool.admin_get_user(Username="fails-PreSignUp_SignUp")


def test_pre_sign_up_by_an_administrator(make_pool, told):
    pool = make_pool("PreSignUp")
    pool.admin_create_user(Username="nora", MessageAction="SUPPRESS")
    assert [event["triggerSource"] for event in told()] == ["PreSignUp_AdminCreateUser"]
    assert told()[0]["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
    with refuses("UserLambdaValidationException"):
        pool.admin_create_user(Username="fails-PreSignUp_AdminCreateUser", MessageAction="SUPPRESS")


def test_authentication(make_pool, told):
    pool = make_pool("PreAuthentication", "PostAuthentication")
    pool.make_user("nora")
    pool.sign_in("nora")
    assert [event["triggerSource"] for event in told()] == ["PreAuthentication_Authentication", "PostAuthentication_Authentication"]
    assert told()[1]["request"]["newDeviceUsed"] is False
    with refuses("NotAuthorizedException"):
        pool.sign_in("nora", "Wrong-passw0rd")
    assert [event["triggerSource"] for event in told()][2:] == ["PreAuthentication_Authentication"]
    pool.make_user("fails-PreAuthentication_Authentication")
    with refuses("UserLambdaValidationException", "PreAuthentication failed with error no room for fails-PreAuthentication_Authentication."):
        pool.sign_in("fails-PreAuthentication_Authentication")


def test_token_generation(make_pool, idp, told):
    pool = make_pool("PreTokenGeneration")
    sub = pool.make_user("nora")
    tokens = pool.sign_in("nora")["AuthenticationResult"]
    said = claims(tokens["IdToken"])
    assert said["color"] == "blue" and "email" not in said and said["cognito:groups"] == ["painters"] and said["sub"] == sub
    assert "color" not in claims(tokens["AccessToken"])
    event = told()[0]
    assert event["triggerSource"] == "TokenGeneration_Authentication"
    assert event["request"]["groupConfiguration"] == {"groupsToOverride": [], "iamRolesToOverride": [], "preferredRole": None}
    again = idp.initiate_auth(ClientId=pool.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]})
    assert claims(again["AuthenticationResult"]["IdToken"])["color"] == "blue"
    assert told()[1]["triggerSource"] == "TokenGeneration_RefreshTokens"


def test_custom_messages(make_pool, idp, told):
    pool = make_pool("CustomMessage")
    sign_up(idp, pool, "nora")
    mail = pool.mail("nora")[-1]
    assert (mail["subject"], mail["message"]) == ("From CustomMessage_SignUp", f"The word is {mail['code']}")
    confirm(idp, pool, "nora")
    idp.forgot_password(ClientId=pool.client_id, Username="nora")
    assert pool.mail("nora")[-1]["subject"] == "From CustomMessage_ForgotPassword"
    pool.admin_create_user(Username="malik", UserAttributes=attributes(email="malik@example.com"))
    assert pool.mail("malik")[-1]["subject"] == "From CustomMessage_AdminCreateUser"
    assert told()[-1]["request"]["usernameParameter"] == "{username}"


def test_users_are_brought_over_when_they_sign_in(make_pool, idp, told):
    pool = make_pool("UserMigration")

    def sign_in(name, password):
        return idp.initiate_auth(ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": password})

    with refuses("UserNotFoundException"):
        sign_in("nora", "Wrong-passw0rd")
    with refuses("InvalidParameterException"):
        sign_in("odd", "Old-passw0rd")
    assert pool.names() == []
    said = claims(sign_in("nora", "Old-passw0rd")["AuthenticationResult"]["IdToken"])
    assert (said["cognito:username"], said["email"], said["name"]) == ("nora", "nora@example.com", "Moved")
    asked = len(told())
    sign_in("nora", "Old-passw0rd")
    assert len(told()) == asked
    assert told()[-1]["request"] == {"password": "Old-passw0rd"}
