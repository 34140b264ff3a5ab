"""`cruddur cognito` and `cruddur db update-cognito-user-ids`: the user pool made, read, signed in to, and told to the
directory; PostConfirmation from a sign-up to the row; and the back end on all of it. On SQLite and on PostgreSQL."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import urllib.request
import uuid

import boto3
import botocore.config
import pytest
from botocore import UNSIGNED
from support.cruddur import cruddur_binary
from support.pools import claims
from support.postgres import Postgres
from support.server import Server

pytestmark = pytest.mark.stator

PASSWORD = "Night-train-1842"


class World:
    """A server, a directory where its functions reach it, and `cruddur` for both."""

    def __init__(self, server, url):
        self.endpoint, self.url, self.more = server.endpoint, url, {}

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {**kept, "AWS_ENDPOINT_URL": self.endpoint, "DATABASE_URL": self.url, **self.more, **more}

    def run(self, *words, **more):
        return subprocess.run([cruddur_binary(), *map(str, words)], capture_output=True, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, env=self.environment(**more))

    def __call__(self, *words, **more):
        done = self.run(*words, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *words, **more):
        return json.loads(self(*words, "--json", **more))

    def fails(self, *words, **more):
        done = self.run(*words, **more)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done
        return done.stderr

    def rows(self, sql):
        """What the database answers, or nothing."""
        if self.url.startswith("sqlite"):
            with sqlite3.connect(self.url.removeprefix("sqlite://")) as connection:
                return connection.execute(sql).fetchall()
        import psycopg2
        with psycopg2.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def setup(self):
        """The ids that `cruddur cognito setup` prints, for all commands that follow."""
        made = self.json("cognito", "setup")
        self.more = {name: made[name] for name in ("AWS_COGNITO_USER_POOL_ID", "AWS_COGNITO_USER_POOL_CLIENT_ID")}
        return made


@contextlib.contextmanager
def directory(kind):
    """The address of a directory that functions reach: not in /tmp, of which they have their own."""
    if kind == "postgresql":
        with Postgres() as postgres:
            yield postgres.database("cruddur")
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cruddur-cognito-", dir="/var/tmp"))
    yield f"sqlite://{folder}/directory.db"
    shutil.rmtree(folder)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request):
    with directory(request.param) as url, Server("--in-memory") as server:
        made = World(server, url)
        made("db", "setup")
        made.setup()
        yield made


@pytest.fixture(scope="module")
def pool(world):
    return boto3.client("cognito-idp", endpoint_url=world.endpoint, region_name="us-east-1",
                        config=botocore.config.Config(signature_version=UNSIGNED))


def test_setup_keeps_what_is_there(world):
    again = world.json("cognito", "setup")
    assert {name: again[name] for name in world.more} == world.more
    assert (again["pool"], again["client"], again["function"], again["users_created"]) == ("kept", "kept", "kept", [])
    lines = world("cognito", "setup").splitlines()
    assert lines == [f"export {name}={value}" for name, value in world.more.items()]


def test_a_directory_that_functions_do_not_see_is_told_of(world):
    told = world.run("cognito", "setup", "--pool-name", "elsewhere", DATABASE_URL="sqlite:///tmp/directory.db")
    assert told.returncode == 0 and "/tmp of their own" in told.stderr
    world("cognito", "setup")  # the function is that of the module's directory again


def test_list_users(world):
    users = world.json("cognito", "list-users")["users"]
    assert {u["handle"] for u in users} >= {"nora", "malik", "teo"}
    shown = world("cognito", "list-users")
    for user in users:
        assert str(uuid.UUID(user["sub"])) == user["sub"] and re.search(user["handle"] + r" +" + user["sub"], shown)


def test_update_cognito_user_ids(world):
    subs = {u["handle"]: u["sub"] for u in world.json("cognito", "list-users")["users"]}
    world.rows("UPDATE users SET cognito_user_id = 'MOCK' WHERE handle IN ('nora', 'teo', 'malik')")
    done = world.json("db", "update-cognito-user-ids")
    assert sorted(done["updated"]) == ["malik", "nora", "teo"]
    stored = dict(world.rows("SELECT handle, cognito_user_id FROM users"))
    assert {handle: stored[handle] for handle in ("nora", "malik", "teo")} == {h: subs[h] for h in ("nora", "malik", "teo")}
    assert stored["ines"] == "MOCK"
    again = world.json("db", "update-cognito-user-ids")
    assert again["updated"] == [] and set(again["kept"]) >= {"nora", "malik", "teo"}
    assert "UPDATE" not in world("db", "update-cognito-user-ids", "--print-sql")


def test_sign_in(world):
    tokens = world.json("cognito", "sign-in", "--user", "nora@example.com", "--password", PASSWORD)
    sub = dict(world.rows("SELECT handle, cognito_user_id FROM users"))["nora"]
    assert claims(tokens["AccessToken"])["sub"] == sub == claims(tokens["IdToken"])["sub"]
    assert claims(tokens["IdToken"])["preferred_username"] == "nora"
    alone = world("cognito", "sign-in", "--user", "nora@example.com", "--token", "access", CRUDDUR_PASSWORD=PASSWORD)
    assert claims(alone.strip())["token_use"] == "access"
    lines = world("cognito", "sign-in", "--user", "nora@example.com", CRUDDUR_PASSWORD=PASSWORD).splitlines()
    assert [line.split("=")[0] for line in lines] == ["export ACCESS_TOKEN", "export ID_TOKEN", "export REFRESH_TOKEN"]


@pytest.mark.parametrize("user, password", [("nora@example.com", "Night-train-1843"), ("nora@example.com", ""),
                                            ("nobody@example.com", PASSWORD), ("' OR 1=1 --", PASSWORD)])
def test_wrong_passwords(world, user, password):
    told = world.fails("cognito", "sign-in", "--user", user, CRUDDUR_PASSWORD=password or "x")
    assert "Incorrect username or password" in told


def test_what_is_not_there(world):
    assert "cruddur cognito setup" in world.fails("cognito", "list-users", AWS_COGNITO_USER_POOL_ID="")
    assert "cruddur cognito setup" in world.fails("cognito", "list-users", "--user-pool-id", "us-east-1_nosuchone")
    sign_in = ("cognito", "sign-in", "--user", "nora@example.com", "--password", PASSWORD)
    assert "cruddur cognito setup" in world.fails(*sign_in, "--client-id", "0123456789012345678901234x")
    assert "cruddur db setup" in world.fails("db", "update-cognito-user-ids", DATABASE_URL="sqlite:///var/tmp/none.db")


def sign_up(world, pool, handle, email):
    pool.sign_up(ClientId=world.more["AWS_COGNITO_USER_POOL_CLIENT_ID"], Username=email, Password="Long-enough-1",
                 UserAttributes=[{"Name": n, "Value": v} for n, v in
                                 (("email", email), ("name", "New Person"), ("preferred_username", handle))])
    admin = boto3.client("cognito-idp", endpoint_url=world.endpoint, region_name="us-east-1", aws_access_key_id="x",
                         aws_secret_access_key="x")
    return lambda: admin.admin_confirm_sign_up(UserPoolId=world.more["AWS_COGNITO_USER_POOL_ID"], Username=email)


def test_a_sign_up_reaches_the_directory(world, pool):
    sign_up(world, pool, "newcomer", "newcomer@example.com")()
    [(name, email, sub)] = world.rows("SELECT display_name, email, cognito_user_id FROM users WHERE handle = 'newcomer'")
    assert (name, email) == ("New Person", "newcomer@example.com")
    users = {u["handle"]: u["sub"] for u in world.json("cognito", "list-users")["users"]}
    assert users["newcomer"] == sub


def test_a_handle_that_is_taken_is_told(world, pool):
    confirm = sign_up(world, pool, "Nora", "another@example.com")
    with pytest.raises(Exception, match="the handle @Nora is taken; choose another"):
        confirm()
    assert len(world.rows("SELECT uuid FROM users WHERE lower(handle) = 'nora'")) == 1


@pytest.fixture(scope="module")
def back_end(world):
    world("ddb", "schema-load")
    world("ddb", "seed")
    world("db", "update-cognito-user-ids")
    process = subprocess.Popen([cruddur_binary(), "serve", "--port", "0"], stdout=subprocess.PIPE, text=True,
                               env=world.environment())
    line = process.stdout.readline()
    yield line.removeprefix("cruddur: listening on ").strip()
    process.terminate()
    assert process.wait(30) == 0


def test_the_back_end_knows_people(world, back_end):
    token = world("cognito", "sign-in", "--user", "teo@example.com", "--token", "access",
                  CRUDDUR_PASSWORD=PASSWORD).strip()

    def get(path):
        request = urllib.request.Request(back_end + path, headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    assert get("/api/me")["handle"] == "teo"
    assert get("/api/users/@NORA/short")["display_name"] == "Nora Lindqvist"
    assert [user["handle"] for user in get("/api/users?search=lind")["users"]] == ["nora"]
    for pattern in ("%25", "_", "'", "%27%3B%20DROP%20TABLE%20users%3B--", "!"):
        assert get(f"/api/users?search={pattern}") == {"users": []}
    assert [group["handle"] for group in get("/api/message_groups")["message_groups"]] == ["nora"]


@pytest.mark.parametrize("command", ["setup", "list-users", "sign-in"])
def test_help(command):
    shown = subprocess.run([cruddur_binary(), "cognito", command, "--help"], capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0 and "--json" in shown.stdout and "Exit code" in shown.stdout
