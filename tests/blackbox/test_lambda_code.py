"""Code of functions: what zips may hold, where it lies, how it and the configuration change.

Texts and shapes: notes on the Lambda API, sections 1.1 to 1.5, and recordings of AWS.
"""

import base64
import hashlib
import os
import urllib.error
import urllib.request
import zipfile

import pytest

from support.functions import ARN, ROLE, ZIP, client_of, fails, make_zip


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
