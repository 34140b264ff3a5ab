"""The function post-confirmation, in both languages and on both databases, invoked with what a user pool sends it."""

import concurrent.futures
import io
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
import zipfile

import boto3
import botocore.config
import pytest
from support.cruddur import cruddur_binary
from support.postgres import Postgres
from support.server import Server

pytestmark = pytest.mark.stator

FILES = {"cpp": ("bootstrap", "provided.al2023", "bootstrap", 0o755),
         "python": ("lambda_function.py", "python3.11", "lambda_function.lambda_handler", 0o644)}
EVIL = "x'); DROP TABLE users; --\" $1 ? %s {0}"


@pytest.fixture(scope="module")
def server():
    with Server("--in-memory") as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request):
    """A directory without users. Not in /tmp: functions have a /tmp of their own."""
    if request.param == "postgresql":
        with Postgres() as postgres:
            made = postgres.database("confirmed")
            make_tables(made)
            yield made
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cruddur-directory-", dir="/var/tmp"))
    made = f"sqlite://{folder}/directory.db"
    make_tables(made)
    yield made
    shutil.rmtree(folder)


def make_tables(url):
    for command in ("create", "migrate"):
        subprocess.run([cruddur_binary(), "db", command], check=True, capture_output=True, timeout=60,
                       env=dict(os.environ, DATABASE_URL=url))


def select(url, sql, *parameters):
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite://")) as connection:
            return connection.execute(sql, parameters).fetchall()
    import psycopg2
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(sql.replace("?", "%s"), parameters)
        return cursor.fetchall()


class Function:
    def __init__(self, endpoint, language, url):
        config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=120, max_pool_connections=20)
        self.client = boto3.client("lambda", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                                   aws_secret_access_key="test", config=config)
        name, runtime, handler, mode = FILES[language]
        code = (cruddur_binary().parent / "functions/post-confirmation" / name).read_bytes()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, code)
        self.name = f"confirmed-{uuid.uuid4()}"
        self.client.create_function(FunctionName=self.name, Runtime=runtime, Handler=handler, Timeout=60,
                                    Role="arn:aws:iam::000000000000:role/any", Code={"ZipFile": buffer.getvalue()},
                                    Environment={"Variables": {"DATABASE_URL": url}})
        self.client.get_waiter("function_active").wait(FunctionName=self.name)

    def __call__(self, event):
        answer = self.client.invoke(FunctionName=self.name, Payload=json.dumps(event))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())


@pytest.fixture(scope="module", params=["cpp", "python"])
def confirm(request, server, url):
    return Function(server.endpoint, request.param, url)


def event(handle, sub=None, **more):
    attributes = {"sub": sub or str(uuid.uuid4()), "cognito:user_status": "CONFIRMED", "email_verified": "true",
                  "email": "somebody@example.com", "name": "Some Body", "preferred_username": handle, **more}
    return {"version": "1", "region": "us-east-1", "userPoolId": "us-east-1_AbCdEfGhI", "userName": attributes["sub"],
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "c"},
            "triggerSource": "PostConfirmation_ConfirmSignUp",
            "request": {"userAttributes": {k: v for k, v in attributes.items() if v is not None}}, "response": {}}


def rows(url, sub):
    return select(url, "SELECT display_name, handle, email FROM users WHERE cognito_user_id = ?", sub)


def fresh():
    return "h" + uuid.uuid4().hex[:12]


def test_inserts_once_however_often_it_is_told(confirm, url):
    handle = fresh()
    told = event(handle)
    for _ in range(3):
        assert confirm(told) == (None, told)
    told["triggerSource"] = "PostConfirmation_ConfirmForgotPassword"
    assert confirm(told) == (None, told)
    assert rows(url, told["request"]["userAttributes"]["sub"]) == [("Some Body", handle, "somebody@example.com")]


def test_at_once(confirm, url):
    told = event(fresh())
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(confirm, [told] * 12))
    assert answers == [(None, told)] * 12
    assert len(rows(url, told["request"]["userAttributes"]["sub"])) == 1


def test_a_handle_that_is_taken(confirm, url):
    handle = fresh()
    assert confirm(event(handle))[0] is None
    for twin in (handle, handle.upper()):
        other = event(twin)
        failed, answer = confirm(other)
        assert failed and answer["errorMessage"] == f"the handle @{twin} is taken; choose another"
        assert rows(url, other["request"]["userAttributes"]["sub"]) == []


def test_text_is_only_text(confirm, url):
    handle = fresh() + EVIL
    sub = str(uuid.uuid4()) + EVIL
    told = event(handle, sub, name=EVIL + "é😀<script>", email=EVIL)
    assert confirm(told) == (None, told)
    assert rows(url, sub) == [(EVIL + "é😀<script>", handle, EVIL)]


@pytest.mark.parametrize("missing", ["sub", "email", "preferred_username"])
def test_users_without(confirm, missing):
    failed, answer = confirm(event("h", **{missing: None}) if missing != "sub" else
                             {"request": {"userAttributes": {"email": "e", "preferred_username": "h"}}})
    assert failed and answer["errorMessage"] == f"the user has no {missing}"


def test_texts_that_are_too_long_or_no_text(confirm):
    for handle in ("x" * 65, "a\0b", "@x"):
        failed, answer = confirm(event(handle))
        assert failed and "handle" in answer["errorMessage"] or "preferred_username" in answer["errorMessage"]
    assert confirm({"hello": "world"})[0]


def test_a_directory_that_is_not_there(server):
    nowhere = Function(server.endpoint, "cpp", "sqlite:///var/tmp/there-is-no-such-folder/directory.db")
    for _ in range(2):
        failed, answer = nowhere(event("h"))
        assert failed and "see the function's log" in answer["errorMessage"] and "/var/tmp" not in json.dumps(answer)
