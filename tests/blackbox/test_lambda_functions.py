"""Functions: created, described, listed, deleted, refused. Running them is another file's.

Texts and shapes: notes on the Lambda API, sections 1.1 to 1.5, and recordings of AWS.
"""

import base64
import concurrent.futures
import hashlib
import json
import re
import urllib.error
import urllib.request

import pytest

from support.aws_cli import needs_aws
from support.functions import ARN, ROLE, UUID, ZIP, fails, raw, unique


# --- Creating and reading. ---


def test_create_answers_with_the_configuration(create):
    made = create(Description="d", Environment={"Variables": {"A1": "1"}})
    name = made["FunctionName"]
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", made.pop("LastModified"))
    assert UUID.match(made.pop("RevisionId"))
    made.pop("ResponseMetadata")
    made.pop("RuntimeVersionConfig", None)  # what Debian's client does not know, it drops
    made.pop("LoggingConfig", None)
    assert made == {
        "FunctionName": name, "FunctionArn": ARN + name, "Runtime": "python3.12", "Role": ROLE,
        "Handler": "app.handler", "CodeSize": len(ZIP), "Description": "d", "Timeout": 3, "MemorySize": 128,
        "CodeSha256": base64.b64encode(hashlib.sha256(ZIP).digest()).decode(), "Version": "$LATEST",
        "Environment": {"Variables": {"A1": "1"}}, "TracingConfig": {"Mode": "PassThrough"}, "State": "Pending",
        "StateReason": "The function is being created.", "StateReasonCode": "Creating", "PackageType": "Zip",
        "Architectures": ["x86_64"], "EphemeralStorage": {"Size": 512},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"}}


def test_members_that_newer_clients_know(endpoint, create):
    name = create()["FunctionName"]
    status, headers, body = raw(endpoint, "GET", f"/2015-03-31/functions/{name}/configuration")
    configuration = json.loads(body)
    assert status == 200 and headers["Content-Type"] == "application/json"
    assert re.fullmatch(r"arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}",
                        configuration["RuntimeVersionConfig"]["RuntimeVersionArn"])
    assert configuration["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}


def test_it_is_active_on_the_next_read(lam, create):
    made = create()
    first = lam.get_function_configuration(FunctionName=made["FunctionName"])
    assert (first["State"], first["LastUpdateStatus"]) == ("Active", "Successful")
    assert "StateReason" not in first and "LastUpdateStatus" not in made
    assert first["RevisionId"] != made["RevisionId"]
    second = lam.get_function_configuration(FunctionName=made["FunctionName"])
    assert second["RevisionId"] == first["RevisionId"]


@pytest.mark.parametrize("waiter", ["function_exists", "function_active", "function_active_v2", "function_updated",
                                    "function_updated_v2"])
def test_waiters(lam, fn, waiter):
    lam.get_waiter(waiter).wait(FunctionName=fn, WaiterConfig={"Delay": 1, "MaxAttempts": 2})


def test_get_function_and_its_code(lam, create):
    name = create(Tags={"k": "v"})["FunctionName"]
    got = lam.get_function(FunctionName=name)
    assert got["Configuration"]["FunctionName"] == name
    assert got["Code"]["RepositoryType"] == "S3"
    assert got["Tags"] == {"k": "v"}
    assert "Concurrency" not in got
    location = got["Code"]["Location"]
    with urllib.request.urlopen(location) as answer:
        assert answer.read() == ZIP
    with pytest.raises(urllib.error.HTTPError):  # once
        urllib.request.urlopen(location)


@pytest.mark.parametrize("form", ["{0}", "{0}:$LATEST", "000000000000:function:{0}", "function:{0}", ARN + "{0}",
                                  ARN + "{0}:$LATEST"])
def test_forms_of_a_name(lam, fn, form):
    assert lam.get_function_configuration(FunctionName=form.format(fn))["FunctionName"] == fn


def test_an_arn_of_another_region(lam, fn):
    name = f"arn:aws:lambda:eu-west-1:000000000000:function:{fn}"
    fails("ResourceNotFoundException", 404, lam.get_function, FunctionName=name,
          message="Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")


def test_not_found(lam):
    error = fails("ResourceNotFoundException", 404, lam.get_function, FunctionName="nothing",
                  message=f"Function not found: {ARN}nothing")
    assert error["Type"] == "User" and error["Message"] == f"Function not found: {ARN}nothing"
    for call in (lam.get_function_configuration, lam.delete_function, lam.list_versions_by_function, lam.list_aliases,
                 lam.get_function_concurrency, lam.publish_version, lam.update_function_configuration):
        fails("ResourceNotFoundException", 404, call, FunctionName="nothing",
              message=f"Function not found: {ARN}nothing")
    fails("ResourceNotFoundException", 404, lam.invoke, FunctionName="nothing",
          message=f"Function not found: {ARN}nothing:$LATEST")
    fails("ResourceNotFoundException", 404, lam.get_function, FunctionName="x" * 65)


def test_a_version_that_is_not_there(lam, fn):
    fails("ResourceNotFoundException", 404, lam.get_function, FunctionName=fn, Qualifier="7",
          message=f"Function not found: {ARN}{fn}:7")
    fails("InvalidParameterValueException", 400, lam.get_function, FunctionName=f"{fn}:1", Qualifier="2",
          message="The derived qualifier from the function name does not match the specified qualifier.")


def test_a_taken_name(create):
    name = create()["FunctionName"]
    error = fails("ResourceConflictException", 409, create, FunctionName=name,
                  message=f"Function already exist: {name}")
    assert error["Type"] == "User" and error["message"]


def test_many_at_once(lam, create):
    names = [unique("many") for _ in range(20)]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda name: create(FunctionName=name), names))
    found = [f["FunctionName"] for page in lam.get_paginator("list_functions").paginate(
        PaginationConfig={"PageSize": 7}) for f in page["Functions"]]
    assert found == sorted(found) and set(names) <= set(found) and len(found) == len(set(found))


def test_lists_leave_states_out(lam, create):
    name = create(Publish=True)["FunctionName"]
    rows = [f for page in lam.get_paginator("list_functions").paginate(FunctionVersion="ALL") for f in page["Functions"]
            if f["FunctionName"] == name]
    assert [row["FunctionArn"] for row in rows] == [f"{ARN}{name}:$LATEST", f"{ARN}{name}:1"]
    for row in rows:
        assert not {"State", "LastUpdateStatus", "RuntimeVersionConfig"} & set(row)
    paged = [f["FunctionArn"] for page in lam.get_paginator("list_functions").paginate(
        FunctionVersion="ALL", PaginationConfig={"PageSize": 1}) for f in page["Functions"]]
    assert len(paged) == len(set(paged)) and {row["FunctionArn"] for row in rows} <= set(paged)
    plain = [f["FunctionArn"] for page in lam.get_paginator("list_functions").paginate() for f in page["Functions"]]
    assert ARN + name in plain


def test_delete(lam, create):
    name = create()["FunctionName"]
    assert lam.delete_function(FunctionName=name)["ResponseMetadata"]["HTTPStatusCode"] == 204
    fails("ResourceNotFoundException", 404, lam.delete_function, FunctionName=name)
    create(FunctionName=name)


# --- What is refused. ---


ROLE_PATTERN = r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"


@pytest.mark.parametrize("changes,code,message", [
    ({"Role": "r1"}, "ValidationException", "1 validation error detected: Value 'r1' at 'role' failed to satisfy "
     "constraint: Member must satisfy regular expression pattern: " + ROLE_PATTERN),
    ({"Timeout": 0}, "ValidationException", "1 validation error detected: Value '0' at 'timeout' failed to satisfy "
     "constraint: Member must have value greater than or equal to 1"),
    ({"Timeout": 901}, "ValidationException", "1 validation error detected: Value '901' at 'timeout' failed to satisfy "
     "constraint: Member must have value less than or equal to 900"),
    ({"MemorySize": 127}, "ValidationException", "1 validation error detected: Value '127' at 'memorySize' failed to "
     "satisfy constraint: Member must have value greater than or equal to 128"),
    ({"MemorySize": 10241}, "ValidationException", "1 validation error detected: Value '10241' at 'memorySize' failed "
     "to satisfy constraint: Member must have value less than or equal to 10240"),
    ({"EphemeralStorage": {"Size": 511}}, "ValidationException", "1 validation error detected: Value '511' at "
     "'ephemeralStorage.size' failed to satisfy constraint: Member must have value greater than or equal to 512"),
    ({"Architectures": ["x86_64", "arm64"]}, "ValidationException", "1 validation error detected: Value "
     "'[x86_64, arm64]' at 'architectures' failed to satisfy constraint: Member must have length less than or equal "
     "to 1"),
    ({"Architectures": ["sparc"]}, "ValidationException", "1 validation error detected: Value '[sparc]' at "
     "'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value "
     "set: [x86_64, arm64], Member must not be null]"),
    ({"TracingConfig": {"Mode": "x"}}, "ValidationException", "1 validation error detected: Value 'x' at "
     "'tracingConfig.mode' failed to satisfy constraint: Member must satisfy enum value set: [Active, PassThrough]"),
    ({"Role": None}, "ValidationException", "1 validation error detected: Value null at 'role' failed to satisfy "
     "constraint: Member must not be null"),
    ({"Role": "r1", "Timeout": 0}, "ValidationException", "2 validation errors detected: Value 'r1' at 'role' failed "
     "to satisfy constraint: Member must satisfy regular expression pattern: " + ROLE_PATTERN + "; Value '0' at "
     "'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "InvalidParameterValueException", "Lambda was unable to "
     "configure your environment variables because the environment variables you have provided contains reserved keys "
     "that are currently not supported for modification. Reserved keys used in this request: AWS_REGION"),
    ({"Runtime": None}, "InvalidParameterValueException",
     "Runtime and Handler are mandatory parameters for functions created with deployment packages."),
    ({"Handler": None}, "InvalidParameterValueException",
     "Runtime and Handler are mandatory parameters for functions created with deployment packages."),
    ({"Code": {"ZipFile": b"no zip"}}, "InvalidParameterValueException",
     "Could not unzip uploaded file. Please check your file, then try to upload again."),
    ({"Code": {"S3Bucket": "bucket", "S3Key": "key"}}, "InvalidParameterValueException", "Error occurred while "
     "GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist"),
    ({"Code": {}}, "InvalidParameterValueException", "Please provide a source for function code."),
])
def test_refused(lax, changes, code, message):
    request = {"FunctionName": unique(), "Runtime": "python3.12", "Role": ROLE, "Handler": "app.handler",
               "Code": {"ZipFile": ZIP}, **changes}
    error = fails(code, 400, lax.create_function, message=message, **{k: v for k, v in request.items() if v is not None})
    assert ("Type" in error) == (code != "ValidationException")
    fails("ResourceNotFoundException", 404, lax.get_function, FunctionName=request["FunctionName"])


@pytest.mark.parametrize("runtime", ["Python3.12", "python2.7", "cobol", "java17"])
def test_unknown_runtimes(create, runtime):
    fails("InvalidParameterValueException", 400, create, Runtime=runtime,
          matching=rf"^Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
                   r"\[.*\] or be a valid ARN$")


@pytest.mark.parametrize("name", ["_HANDLER", "AWS_LAMBDA_FUNCTION_NAME", "AWS_ACCESS_KEY_ID", "LAMBDA_TASK_ROOT"])
def test_reserved_variables(create, name):
    fails("InvalidParameterValueException", 400, create, Environment={"Variables": {name: "x"}},
          matching=f"Reserved keys used in this request: {name}$")


def test_environments_have_four_kilobytes(create):
    create(Environment={"Variables": {"AA": "x" * (4096 - len('{"AA":""}'))}})
    fails("InvalidParameterValueException", 400, create, Environment={"Variables": {"AA": "x" * 4096}},
          message="Lambda was unable to configure your environment variables because the environment variables you "
                  'have provided exceeded the 4KB limit. String measured: {"AA":"' + "x" * 4096 + '"}')


def test_a_bad_variable_name_keeps_its_value_secret(create):
    error = fails("ValidationException", 400, create, Environment={"Variables": {"1": "secret"}})
    assert error["Error"]["Message"].startswith(
        "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must "
        "satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+")


def test_error_headers_and_bodies(endpoint):
    status, headers, body = raw(endpoint, "GET", "/2015-03-31/functions/nothing")
    assert (status, headers["x-amzn-ErrorType"]) == (404, "ResourceNotFoundException")
    assert json.loads(body) == {"Type": "User", "Message": f"Function not found: {ARN}nothing"}
    status, headers, body = raw(endpoint, "GET", "/2015-03-31/nothing")
    assert (status, headers["x-amzn-ErrorType"]) == (404, "UnknownOperationException")
    status, headers, body = raw(endpoint, "POST", "/2015-03-31/functions", b"{no json")
    assert (status, headers["x-amzn-ErrorType"]) == (400, "InvalidRequestContentException")
    assert json.loads(body)["message"].startswith("Could not parse request body into json: ")


def test_collections_end_in_a_slash_or_not(endpoint, fn):
    for slash in ("", "/"):
        status, _, body = raw(endpoint, "GET", f"/2015-03-31/functions{slash}")
        assert status == 200 and json.loads(body)["Functions"]


# --- Other clients. ---


@pytest.fixture()
def aws(aws_cli):
    return aws_cli("lambda")


@needs_aws
def test_aws_cli(aws, tmp_path):
    name = unique("cli")
    (tmp_path / "code.zip").write_bytes(ZIP)
    made = aws("create-function", "--function-name", name, "--runtime", "python3.12", "--role", ROLE, "--handler",
               "app.handler", "--zip-file", f"fileb://{tmp_path}/code.zip", "--environment", "Variables={AA=1}")
    assert made["State"] == "Pending"
    aws("wait", "function-active-v2", "--function-name", name)
    aws("publish-version", "--function-name", name)
    aws("create-alias", "--function-name", name, "--name", "live", "--function-version", "1")
    assert aws("get-alias", "--function-name", name, "--name", "live")["FunctionVersion"] == "1"
    aws("update-function-configuration", "--function-name", name, "--timeout", "9")
    aws("wait", "function-updated-v2", "--function-name", name)
    assert name in [f["FunctionName"] for f in aws("list-functions")["Functions"]]
    aws("delete-function", "--function-name", name)
