"""The control plane of the Lambda API: functions, code, versions, aliases, settings. Running them is another file's.

Texts and shapes: notes on the Lambda API, sections 1.1 to 1.5, and recordings of AWS.
"""

import base64
import concurrent.futures
import hashlib
import io
import json
import os
import pathlib
import re
import subprocess
import urllib.error
import urllib.request
import uuid
import zipfile

import boto3
import botocore.config
import botocore.exceptions
import pytest

from support.server import Server

ROLE = "arn:aws:iam::000000000000:role/lambda-role"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:"
UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def make_zip(files=None, method=zipfile.ZIP_DEFLATED):
    """Names to texts, or to (text, Unix mode)."""
    files = files or {"app.py": "def handler(event, context):\n    return event\n"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            text, mode = content if isinstance(content, tuple) else (content, 0o100644)
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = method
            archive.writestr(info, text)
    return out.getvalue()


ZIP = make_zip()


def client_of(endpoint, region="us-east-1", **options):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=60, **options)
    return boto3.client("lambda", endpoint_url=endpoint, region_name=region, aws_access_key_id="test",
                        aws_secret_access_key="test", config=config)


@pytest.fixture(scope="module")
def lam(endpoint):
    return client_of(endpoint)


@pytest.fixture(scope="module")
def lax(endpoint):
    """A client that sends what the model forbids."""
    return client_of(endpoint, parameter_validation=False)


def unique(prefix="fn"):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


@pytest.fixture()
def create(lam):
    made = []

    def make(**changes):
        request = {"FunctionName": unique(), "Runtime": "python3.12", "Role": ROLE, "Handler": "app.handler",
                   "Code": {"ZipFile": ZIP}, **changes}
        made.append(request["FunctionName"])
        return lam.create_function(**{k: v for k, v in request.items() if v is not None})

    yield make
    for name in made:
        try:
            lam.delete_function(FunctionName=name)
        except botocore.exceptions.ClientError:
            pass


@pytest.fixture()
def fn(create):
    """The name of a function."""
    return create()["FunctionName"]


def fails(code, status, call, message=None, matching=None, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == (code, status), error
    if message is not None:
        assert error["Error"]["Message"] == message
    if matching is not None:
        assert re.search(matching, error["Error"]["Message"]), error["Error"]["Message"]
    return error


def raw(endpoint, method, path, body=None, headers=None):
    """Status, headers and body of an unsigned request."""
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    request = urllib.request.Request(endpoint + path, data=data, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


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


# --- Zips. ---


@pytest.mark.parametrize("files", [
    {"../out.py": "x"}, {"a/../../out.py": "x"}, {"/tmp/out.py": "x"},
    {"link": ("../..", 0o120777)}, {"link": ("/etc/passwd", 0o120777)},
    {"link": (".", 0o120777), "link/app.py": "x"},
    {"file": "x", "file/app.py": "x"}])
def test_zips_that_lead_out(create, files):
    fails("InvalidParameterValueException", 400, create, Code={"ZipFile": make_zip(files)},
          message="Could not unzip uploaded file. Please check your file, then try to upload again.")


def test_a_zip_that_unpacks_to_too_much(create):
    bomb = make_zip({"zeros": b"\0" * 262_144_001})
    assert len(bomb) < 1 << 20
    fails("InvalidParameterValueException", 400, create, Code={"ZipFile": bomb},
          message="Unzipped size must be smaller than 262144000 bytes")


def test_a_zip_that_lies_about_its_size(create):
    honest = make_zip({"a": b"\0" * 100_000})
    lying = bytearray(honest)
    directory = honest.index(b"PK\x01\x02")
    lying[directory + 24:directory + 28] = (1 << 31).to_bytes(4, "little")
    fails("InvalidParameterValueException", 400, create, Code={"ZipFile": bytes(lying)},
          message="Unzipped size must be smaller than 262144000 bytes")
    lying[directory + 24:directory + 28] = (10).to_bytes(4, "little")
    fails("InvalidParameterValueException", 400, create, Code={"ZipFile": bytes(lying)})


@pytest.mark.slow
def test_a_zip_that_is_too_large(lam, create):
    fails("RequestEntityTooLargeException", 413, create, Code={"ZipFile": os.urandom(52_428_801)},
          message="Zipped size must be smaller than 52428800 bytes")
    assert lam.list_functions()["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.slow
def test_a_request_that_is_too_large(create):
    error = fails("RequestEntityTooLargeException", 413, create, Code={"ZipFile": b"x" * 53_000_000},
                  message="Request must be smaller than 70167211 bytes for the CreateFunction operation")
    assert "Type" not in error


def test_a_large_zip_fits(lam, create):
    noise = make_zip({"app.py": "x", "noise": os.urandom(20_000_000)}, zipfile.ZIP_STORED)
    made = create(Code={"ZipFile": noise})
    assert made["CodeSize"] == len(noise)


@pytest.mark.stator
def test_code_on_disk_keeps_modes_and_links(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    lam = client_of(server.endpoint)
    code = make_zip({"bootstrap": ("#!/bin/sh\n", 0o100755), "private": ("x", 0o100600), "lib/a.txt": "a",
                     "lib/link": ("a.txt", 0o120777)})
    lam.create_function(FunctionName="f", Runtime="provided.al2023", Role=ROLE, Handler="x", Code={"ZipFile": code})
    folders = [p for p in (tmp_path / "data/functions/f").iterdir() if p.is_dir()]
    assert len(folders) == 1
    folder = folders[0]
    assert (folder / "bootstrap").stat().st_mode & 0o777 == 0o755
    assert (folder / "private").stat().st_mode & 0o444 == 0o444
    assert os.readlink(folder / "lib/link") == "a.txt" and (folder / "lib/link").read_text() == "a"
    lam.update_function_code(FunctionName="f", ZipFile=make_zip({"bootstrap": "2"}))
    lam.delete_function(FunctionName="f")


@pytest.mark.stator
def test_functions_survive_a_kill(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    lam = client_of(server.endpoint)
    lam.create_function(FunctionName="f", Runtime="python3.12", Role=ROLE, Handler="app.handler", Publish=True,
                        Code={"ZipFile": ZIP}, Tags={"k": "v"}, Environment={"Variables": {"AA": "1"}})
    lam.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    lam.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=2)
    before = lam.get_function(FunctionName="f")
    server.process.kill()
    server.process.wait()
    leftover = tmp_path / "data/functions/f/0000.new"
    leftover.mkdir()
    after = client_of(serve(data=tmp_path / "data").endpoint).get_function(FunctionName="f")
    assert after["Configuration"] == before["Configuration"]
    assert after["Tags"] == {"k": "v"} and after["Concurrency"] == {"ReservedConcurrentExecutions": 2}
    with urllib.request.urlopen(after["Code"]["Location"]) as answer:
        assert answer.read() == ZIP
    assert not leftover.exists()


@pytest.mark.stator
def test_hot_reload(lam, create, tmp_path):
    made = create(Code={"S3Bucket": "hot-reload", "S3Key": str(tmp_path)})
    assert lam.get_function(FunctionName=made["FunctionName"])["Code"]["Location"] == f"file://{tmp_path}"
    fails("InvalidParameterValueException", 400, create, Code={"S3Bucket": "hot-reload", "S3Key": "relative/path"},
          matching="^Error occurred while GetObject. S3 Error Code: NoSuchKey.")
    fails("InvalidParameterValueException", 400, create,
          Code={"S3Bucket": "hot-reload", "S3Key": str(tmp_path / "nothing")})


# --- Changing. ---


def test_update_code(lam, fn):
    before = lam.get_function_configuration(FunctionName=fn)
    other = make_zip({"app.py": "other"})
    changed = lam.update_function_code(FunctionName=fn, ZipFile=other)
    assert changed["CodeSha256"] == base64.b64encode(hashlib.sha256(other).digest()).decode()
    assert (changed["State"], changed["LastUpdateStatus"]) == ("Active", "InProgress")
    assert changed["LastUpdateStatusReason"] == "The function is being created."
    assert changed["LastUpdateStatusReasonCode"] == "Creating"
    after = lam.get_function_configuration(FunctionName=fn)
    assert (after["LastUpdateStatus"], after["Version"]) == ("Successful", "$LATEST")
    assert len({before["RevisionId"], changed["RevisionId"], after["RevisionId"]}) == 3


def test_dry_run_changes_nothing(lam, fn):
    before = lam.get_function_configuration(FunctionName=fn)
    other = make_zip({"app.py": "other"})
    tried = lam.update_function_code(FunctionName=fn, ZipFile=other, DryRun=True)
    assert tried["CodeSize"] == len(other)
    after = lam.get_function_configuration(FunctionName=fn)
    before.pop("ResponseMetadata"), after.pop("ResponseMetadata")
    assert after == before
    fails("InvalidParameterValueException", 400, lam.update_function_code, FunctionName=fn, ZipFile=b"x", DryRun=True)


def test_update_code_and_publish(lam, fn):
    changed = lam.update_function_code(FunctionName=fn, ZipFile=make_zip({"app.py": "other"}), Publish=True)
    assert (changed["Version"], changed["FunctionArn"]) == ("1", f"{ARN}{fn}:1")


def test_update_configuration(lam, fn):
    changed = lam.update_function_configuration(
        FunctionName=fn, Timeout=30, MemorySize=256, Description="new", Environment={"Variables": {"BB": "2"}},
        Handler="other.handler", Runtime="nodejs20.x", EphemeralStorage={"Size": 1024},
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:us-east-1:000000000000:dead"}, TracingConfig={"Mode": "Active"})
    assert changed["LastUpdateStatus"] == "InProgress"
    after = lam.get_function_configuration(FunctionName=fn)
    assert (after["Timeout"], after["MemorySize"], after["Description"], after["Handler"], after["Runtime"]) == (
        30, 256, "new", "other.handler", "nodejs20.x")
    assert after["Environment"] == {"Variables": {"BB": "2"}}
    assert after["DeadLetterConfig"] == {"TargetArn": "arn:aws:sqs:us-east-1:000000000000:dead"}
    assert after["TracingConfig"] == {"Mode": "Active"} and after["EphemeralStorage"] == {"Size": 1024}
    lam.update_function_configuration(FunctionName=fn, Environment={"Variables": {}})
    last = lam.get_function_configuration(FunctionName=fn)
    assert "Environment" not in last and last["Timeout"] == 30
    fails("InvalidParameterValueException", 400, lam.update_function_configuration, FunctionName=fn, Runtime="cobol")


def test_revisions_guard_changes(lam, fn):
    message = ("The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to "
               "retrieve the latest Revision Id")
    for call, arguments in ((lam.update_function_configuration, {"Timeout": 9}),
                            (lam.update_function_code, {"ZipFile": ZIP}), (lam.publish_version, {})):
        fails("PreconditionFailedException", 412, call, FunctionName=fn, RevisionId="nonsense", message=message,
              **arguments)
    revision = lam.get_function_configuration(FunctionName=fn)["RevisionId"]
    lam.update_function_configuration(FunctionName=fn, Timeout=9, RevisionId=revision)
    fails("PreconditionFailedException", 412, lam.update_function_configuration, FunctionName=fn, Timeout=9,
          RevisionId=revision)


@pytest.mark.stator
def test_states_last_as_long_as_asked(serve):
    lam = client_of(serve("--in-memory", "--state-delay", "2").endpoint)
    made = lam.create_function(FunctionName="f", Runtime="python3.12", Role=ROLE, Handler="app.handler",
                               Code={"ZipFile": ZIP})
    pending = lam.get_function_configuration(FunctionName="f")
    assert (pending["State"], pending["RevisionId"]) == ("Pending", made["RevisionId"])
    fails("ResourceConflictException", 409, lam.update_function_configuration, FunctionName="f", Timeout=9,
          message=f"The operation cannot be performed at this time. An update is in progress for resource: {ARN}f")
    fails("ResourceConflictException", 409, lam.invoke, FunctionName="f",
          message="The operation cannot be performed at this time. The function is currently in the following state: "
                  "Pending")
    lam.get_waiter("function_active_v2").wait(FunctionName="f")


# --- Versions and aliases. ---


def test_versions(lam, fn):
    first = lam.publish_version(FunctionName=fn, Description="one")
    assert first["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert (first["Version"], first["FunctionArn"], first["Description"]) == ("1", f"{ARN}{fn}:1", "one")
    lam.get_waiter("published_version_active").wait(FunctionName=fn, Qualifier="1",
                                                    WaiterConfig={"Delay": 1, "MaxAttempts": 2})
    assert lam.publish_version(FunctionName=fn)["Version"] == "1"  # nothing has changed
    lam.update_function_configuration(FunctionName=fn, Timeout=10)
    assert lam.publish_version(FunctionName=fn)["Version"] == "2"
    assert lam.get_function_configuration(FunctionName=fn, Qualifier="1")["Timeout"] == 3
    assert lam.get_function_configuration(FunctionName=f"{fn}:2")["Timeout"] == 10
    versions = [v["Version"] for page in lam.get_paginator("list_versions_by_function").paginate(
        FunctionName=fn, PaginationConfig={"PageSize": 1}) for v in page["Versions"]]
    assert versions == ["$LATEST", "1", "2"]
    lam.delete_function(FunctionName=fn, Qualifier="1")
    fails("ResourceNotFoundException", 404, lam.get_function, FunctionName=fn, Qualifier="1")
    fails("InvalidParameterValueException", 400, lam.delete_function, FunctionName=fn, Qualifier="$LATEST",
          message="$LATEST version cannot be deleted without deleting the function.")
    lam.update_function_configuration(FunctionName=fn, Timeout=11)
    assert lam.publish_version(FunctionName=fn)["Version"] == "3"  # numbers are not used again


def test_publishing_other_code_than_expected(lam, fn):
    sha = lam.get_function_configuration(FunctionName=fn)["CodeSha256"]
    fails("InvalidParameterValueException", 400, lam.publish_version, FunctionName=fn, CodeSha256="other",
          message=f"CodeSHA256 (other) is different from current CodeSHA256 in $LATEST ({sha}). Please try again with "
                  "the CodeSHA256 in $LATEST.")
    assert lam.publish_version(FunctionName=fn, CodeSha256=sha)["Version"] == "1"


def test_aliases(lam, fn):
    lam.publish_version(FunctionName=fn)
    lam.update_function_configuration(FunctionName=fn, Timeout=10)
    lam.publish_version(FunctionName=fn)
    made = lam.create_alias(FunctionName=fn, Name="live", FunctionVersion="1", Description="d")
    assert made.pop("ResponseMetadata")["HTTPStatusCode"] == 201
    revision = made.pop("RevisionId")
    assert made == {"AliasArn": f"{ARN}{fn}:live", "Name": "live", "FunctionVersion": "1", "Description": "d"}
    got = lam.get_function_configuration(FunctionName=fn, Qualifier="live")
    assert (got["Version"], got["FunctionArn"]) == ("1", f"{ARN}{fn}:live")
    changed = lam.update_alias(FunctionName=fn, Name="live", FunctionVersion="2", RevisionId=revision,
                               RoutingConfig={"AdditionalVersionWeights": {"1": 0.25}})
    assert changed["RoutingConfig"] == {"AdditionalVersionWeights": {"1": 0.25}} and changed["Description"] == "d"
    fails("PreconditionFailedException", 412, lam.update_alias, FunctionName=fn, Name="live", RevisionId=revision)
    lam.create_alias(FunctionName=fn, Name="latest", FunctionVersion="$LATEST")
    names = [a["Name"] for page in lam.get_paginator("list_aliases").paginate(
        FunctionName=fn, PaginationConfig={"PageSize": 1}) for a in page["Aliases"]]
    assert names == ["latest", "live"]
    assert [a["Name"] for a in lam.list_aliases(FunctionName=fn, FunctionVersion="2")["Aliases"]] == ["live"]
    fails("ResourceConflictException", 409, lam.delete_function, FunctionName=fn, Qualifier="1", matching="live")
    assert lam.delete_alias(FunctionName=fn, Name="live")["ResponseMetadata"]["HTTPStatusCode"] == 204
    lam.delete_alias(FunctionName=fn, Name="live")
    fails("ResourceNotFoundException", 404, lam.get_alias, FunctionName=fn, Name="live",
          message=f"Cannot find alias arn: {ARN}{fn}:live")


def test_aliases_that_are_refused(lam, lax, fn):
    lam.publish_version(FunctionName=fn)
    lam.create_alias(FunctionName=fn, Name="live", FunctionVersion="1")
    fails("ResourceConflictException", 409, lam.create_alias, FunctionName=fn, Name="live", FunctionVersion="1",
          message=f"Alias already exists: {ARN}{fn}:live")
    fails("ResourceNotFoundException", 404, lam.create_alias, FunctionName=fn, Name="other", FunctionVersion="9",
          message=f"Function not found: {ARN}{fn}:9")
    fails("ResourceNotFoundException", 404, lam.update_alias, FunctionName=fn, Name="other",
          message=f"Alias not found: {ARN}{fn}:other")
    fails("ValidationException", 400, lax.create_alias, FunctionName=fn, Name="12", FunctionVersion="1",
          matching="^1 validation error detected: Value '12' at 'name' failed to satisfy constraint: Member must satisfy "
                   "regular expression pattern: ")
    routing = {"AdditionalVersionWeights": {"1": 0.5}}
    fails("InvalidParameterValueException", 400, lam.update_alias, FunctionName=fn, Name="live", RoutingConfig=routing,
          message="Invalid function version 1. Function version 1 is already included in routing configuration.")
    fails("InvalidParameterValueException", 400, lam.create_alias, FunctionName=fn, Name="x", FunctionVersion="$LATEST",
          RoutingConfig=routing, message="$LATEST is not supported for an alias pointing to more than 1 version")


# --- Settings. ---


def test_concurrency(lam, fn):
    assert "ReservedConcurrentExecutions" not in lam.get_function_concurrency(FunctionName=fn)
    put = lam.put_function_concurrency(FunctionName=fn, ReservedConcurrentExecutions=5)
    assert put["ReservedConcurrentExecutions"] == 5
    assert lam.get_function_concurrency(FunctionName=fn)["ReservedConcurrentExecutions"] == 5
    assert lam.get_function(FunctionName=fn)["Concurrency"] == {"ReservedConcurrentExecutions": 5}
    fails("InvalidParameterValueException", 400, lam.put_function_concurrency, FunctionName=fn,
          ReservedConcurrentExecutions=901, message="Specified ReservedConcurrentExecutions for function decreases "
          "account's UnreservedConcurrentExecution below its minimum value of [100].")
    assert lam.delete_function_concurrency(FunctionName=fn)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert "ReservedConcurrentExecutions" not in lam.get_function_concurrency(FunctionName=fn)


def test_account(lam, fn):
    lam.put_function_concurrency(FunctionName=fn, ReservedConcurrentExecutions=7)
    account = lam.get_account_settings()
    assert account["AccountLimit"]["ConcurrentExecutions"] == 1000
    assert account["AccountLimit"]["UnreservedConcurrentExecutions"] <= 993
    assert account["AccountUsage"]["FunctionCount"] >= 1 and account["AccountUsage"]["TotalCodeSize"] >= len(ZIP)


def test_event_invoke_configs(lam, fn):
    fails("ResourceNotFoundException", 404, lam.get_function_event_invoke_config, FunctionName=fn,
          message=f"The function {ARN}{fn}:$LATEST doesn't have an EventInvokeConfig")
    fails("InvalidParameterValueException", 400, lam.put_function_event_invoke_config, FunctionName=fn,
          message="You must specify at least one of error handling or destination setting.")
    queue = "arn:aws:sqs:us-east-1:000000000000:failures"
    put = lam.put_function_event_invoke_config(FunctionName=fn, MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60,
                                               DestinationConfig={"OnFailure": {"Destination": queue}})
    assert put["FunctionArn"] == f"{ARN}{fn}:$LATEST"
    assert put["DestinationConfig"] == {"OnSuccess": {}, "OnFailure": {"Destination": queue}}
    lam.update_function_event_invoke_config(FunctionName=fn, MaximumRetryAttempts=0)
    got = lam.get_function_event_invoke_config(FunctionName=fn)
    assert (got["MaximumRetryAttempts"], got["MaximumEventAgeInSeconds"]) == (0, 60)
    assert got["DestinationConfig"]["OnFailure"] == {"Destination": queue}
    assert len(lam.list_function_event_invoke_configs(FunctionName=fn)["FunctionEventInvokeConfigs"]) == 1
    lam.delete_function_event_invoke_config(FunctionName=fn)
    fails("ResourceNotFoundException", 404, lam.get_function_event_invoke_config, FunctionName=fn)
    fails("ResourceNotFoundException", 404, lam.get_function_event_invoke_config, FunctionName="nothing",
          message="The function doesn't exist.")


def test_permissions(lam, fn):
    fails("ResourceNotFoundException", 404, lam.get_policy, FunctionName=fn,
          message="The resource you requested does not exist.")
    added = lam.add_permission(FunctionName=fn, StatementId="s3", Action="lambda:InvokeFunction",
                               Principal="s3.amazonaws.com", SourceArn="arn:aws:s3:::bucket",
                               SourceAccount="000000000000")
    assert added["ResponseMetadata"]["HTTPStatusCode"] == 201
    statement = {"Sid": "s3", "Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"},
                 "Action": "lambda:InvokeFunction", "Resource": ARN + fn,
                 "Condition": {"StringEquals": {"AWS:SourceAccount": "000000000000"},
                               "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::bucket"}}}
    assert json.loads(added["Statement"]) == statement
    policy = json.loads(lam.get_policy(FunctionName=fn)["Policy"])
    assert policy == {"Version": "2012-10-17", "Id": "default", "Statement": [statement]}
    fails("ResourceConflictException", 409, lam.add_permission, FunctionName=fn, StatementId="s3",
          Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
          message="The statement id (s3) provided already exists. Please provide a new statement id, or remove the "
                  "existing statement.")
    fails("ResourceNotFoundException", 404, lam.remove_permission, FunctionName=fn, StatementId="other",
          message="Statement other is not found in resource policy.")
    lam.remove_permission(FunctionName=fn, StatementId="s3")
    fails("ResourceNotFoundException", 404, lam.remove_permission, FunctionName=fn, StatementId="s3",
          message="No policy is associated with the given resource.")


def test_tags(lam, fn):
    lam.tag_resource(Resource=ARN + fn, Tags={"a": "1", "b": "2"})
    lam.tag_resource(Resource=ARN + fn, Tags={"b": "3"})
    assert lam.list_tags(Resource=ARN + fn)["Tags"] == {"a": "1", "b": "3"}
    lam.untag_resource(Resource=ARN + fn, TagKeys=["a", "x"])
    assert lam.list_tags(Resource=ARN + fn)["Tags"] == {"b": "3"}
    fails("ResourceNotFoundException", 404, lam.list_tags, Resource=ARN + "nothing",
          message=f"Function not found: {ARN}nothing")
    fails("InvalidParameterValueException", 400, lam.list_tags, Resource=f"{ARN}{fn}:1")


def test_recursion_is_configured_and_never_refused(endpoint, fn):
    path = f"/2024-08-31/functions/{fn}/recursion-config"
    assert json.loads(raw(endpoint, "GET", path)[2]) == {"RecursiveLoop": "Terminate"}
    assert json.loads(raw(endpoint, "PUT", path, {"RecursiveLoop": "Allow"})[2]) == {"RecursiveLoop": "Allow"}
    assert json.loads(raw(endpoint, "GET", path)[2]) == {"RecursiveLoop": "Allow"}


def test_layers_are_not_there(lam, create):
    assert lam.list_layers()["Layers"] == []
    layer = "arn:aws:lambda:us-east-1:000000000000:layer:mine:1"
    fails("InvalidParameterValueException", 400, create, Layers=[layer],
          message=f"Layer version {layer} does not exist.")


# --- What Invoke refuses before anything runs. ---


def test_invoke_dry_run(lam, fn):
    answer = lam.invoke(FunctionName=fn, InvocationType="DryRun")
    assert answer["StatusCode"] == 204 and "ExecutedVersion" not in answer


def test_invocations_that_are_refused(lam, lax, fn):
    fails("InvalidRequestContentException", 400, lam.invoke, FunctionName=fn, Payload=b"{no",
          matching="^Could not parse request body into json: Could not parse payload into json: ")
    fails("ValidationException", 400, lax.invoke, FunctionName=fn, InvocationType="Later",
          message="1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member "
                  "must satisfy enum value set: [Event, RequestResponse, DryRun]")
    fails("RequestEntityTooLargeException", 413, lam.invoke, FunctionName=fn, InvocationType="Event",
          Payload=b'"' + b"x" * 1_048_575 + b'"',
          message="1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)")
    fails("RequestEntityTooLargeException", 413, lam.invoke, FunctionName=fn, Payload=b'"' + b"x" * 6_291_456 + b'"',
          message="Request must be smaller than 6291456 bytes for the InvokeFunction operation")


# --- Other clients. ---


@pytest.fixture()
def aws(endpoint, tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    env = dict(kept, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1",
               AWS_PAGER="", HOME=str(tmp_path))

    def run(*arguments):
        done = subprocess.run(["aws", "--endpoint-url", endpoint, "--output", "json", "lambda", *arguments], env=env,
                              capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return run


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
