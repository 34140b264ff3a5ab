"""The user directory: every `cruddur db` command, on SQLite files and on a PostgreSQL that the test starts itself."""

import itertools
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import urllib.parse

import pytest
from support.cruddur import cruddur_binary
from support.postgres import Postgres

pytestmark = pytest.mark.stator

PEOPLE = ["ines", "malik", "nora", "teo"]
MIGRATIONS = ["0001_users", "0002_activities", "0003_one_user_each"]
NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres():
    with Postgres() as server:
        yield server


class Db:
    """Runs `cruddur db` on one database; `execute` asks it past cruddur."""

    def __init__(self, kind, url):
        self.kind, self.url = kind, url
        self.path = urllib.parse.unquote(url.removeprefix("sqlite://")) if kind == "sqlite" else None

    def run(self, *arguments, stdin=None, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PG"))}
        return subprocess.run([cruddur_binary(), "db", *map(str, arguments)], capture_output=True, text=True,
                              timeout=120, env=dict(kept, DATABASE_URL=self.url, **more),
                              **({"input": stdin} if stdin else {"stdin": subprocess.DEVNULL}))

    def __call__(self, *arguments, **more):
        done = self.run(*arguments, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments):
        return json.loads(self(*arguments, "--json"))

    def fails(self, *arguments, **more):
        done = self.run(*arguments, **more)
        assert done.returncode == 1 and done.stderr.startswith("cruddur: "), done
        assert len(done.stderr.splitlines()) == 1
        return done.stderr

    def execute(self, sql, *parameters):
        if self.kind == "sqlite":
            with sqlite3.connect(self.path) as connection:
                return connection.execute(sql, parameters).fetchall()
        import psycopg2
        with psycopg2.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), parameters)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request, tmp_path):
    if request.param == "sqlite":
        yield Db("sqlite", f"sqlite://{tmp_path}/a folder/it's a \"directory\".db")
        return
    server = request.getfixturevalue("postgres")
    db = Db("postgresql", server.database(f"test_{next(NUMBERS)}"))
    yield db
    db.run("drop", "--force")


def test_setup_and_again(db):
    first = db.json("setup")
    assert (first["created"], first["migrations"], first["seeded"]) == (True, MIGRATIONS, PEOPLE)
    rows = db.execute("SELECT * FROM users ORDER BY handle")
    again = db.json("setup")
    assert (again["created"], again["migrations"], again["seeded"]) == (False, [], [])
    assert db.execute("SELECT * FROM users ORDER BY handle") == rows
    assert "kept" in db("setup")


def test_the_schema(db):
    db("setup")
    for table, columns in (("users", "uuid display_name handle email cognito_user_id created_at"),
                           ("activities", "uuid user_uuid message replies_count reposts_count likes_count "
                                          "reply_to_activity_uuid expires_at created_at")):
        db.execute(f"SELECT {', '.join(columns.split())} FROM {table}")
    users = db.execute("SELECT handle, cognito_user_id, email, uuid FROM users ORDER BY handle")
    assert [row[0] for row in users] == PEOPLE and {row[1] for row in users} == {"MOCK"}
    assert users[2][2] == "nora@example.com"
    # What the application's own scripts insert: everything else has a default.
    db.execute("INSERT INTO users (display_name, handle, email, cognito_user_id) VALUES ('A', 'a', 'a@b', 'c')")
    [(uuid, created)] = db.execute("SELECT uuid, created_at FROM users WHERE handle = 'a'")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uuid) and created
    db.execute("INSERT INTO activities (user_uuid, message) VALUES (?, 'hello')", uuid)
    assert db.execute("SELECT likes_count FROM activities WHERE message = 'hello'") == [(0,)]
    for twin in ("a", "A"):
        with pytest.raises(Exception, match="(?i)unique"):
            db.execute("INSERT INTO users (display_name, handle, email, cognito_user_id) VALUES ('A', ?, 'x', 'y')", twin)


def test_the_people_are_those_of_the_conversations(db, tmp_path):
    db("setup")
    from support.server import Server
    from support.cruddur import Cruddur
    with Server("--in-memory") as server:
        conversations = Cruddur(server.endpoint)
        conversations("schema-load")
        people = {p["user_handle"]: (p["user_uuid"], p["user_display_name"])
                  for c in conversations.json("seed")["conversations"] for p in c["people"]}
    rows = {handle: (uuid, name) for uuid, handle, name in db.execute("SELECT uuid, handle, display_name FROM users")}
    assert rows == people


def test_step_by_step(db):
    assert "cruddur db setup" in db.fails("schema-load")
    assert "cruddur db setup" in db.fails("seed")
    assert db.json("create")["created"] is True
    assert "already" in db.fails("create")
    assert db.json("create", "--if-missing")["created"] is False
    assert "cruddur db schema-load" in db.fails("seed")
    assert db.json("schema-load")["migrations"] == MIGRATIONS
    assert "cruddur db migrate" in db.fails("schema-load")
    assert db.json("schema-load", "--if-missing")["migrations"] == []
    assert db.json("seed")["seeded"] == PEOPLE
    assert db.json("seed")["seeded"] == []
    assert db.json("drop")["dropped"] is True
    assert "cruddur db setup" in db.fails("drop")


def test_migrations_go_up_and_down(db):
    db("create")
    assert db.json("migrate")["migrations"] == MIGRATIONS
    assert db.json("migrate")["migrations"] == []
    assert db.json("rollback")["rolled_back"] == MIGRATIONS[-1:]
    assert "cruddur db migrate" in db.fails("seed")
    assert db.json("rollback", "--steps", "9")["rolled_back"] == MIGRATIONS[1::-1]
    assert "nothing to roll back" in db("rollback")
    assert db.json("setup")["migrations"] == MIGRATIONS
    db.execute("INSERT INTO schema_migrations (version, name) VALUES (99, 'from a later program')")
    for command in ("seed", "migrate", "rollback", "setup"):
        assert "does not know" in db.fails(command)


def test_a_failed_migration_leaves_nothing(db):
    db("create")
    db.execute("CREATE TABLE activities (mine text)")
    db.fails("migrate")
    assert [name for (name,) in db.execute("SELECT name FROM schema_migrations")] == MIGRATIONS[:1]
    db.execute("DROP TABLE activities")
    assert db.json("migrate")["migrations"] == MIGRATIONS[1:]


def test_migrating_at_once_does_each_step_once(db):
    db("create")
    command = [cruddur_binary(), "db", "migrate", "--json"]
    running = [subprocess.Popen(command, env=dict(os.environ, DATABASE_URL=db.url), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True) for _ in range(4)]
    done = []
    for process in running:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        done += json.loads(out)["migrations"]
    assert sorted(done) == MIGRATIONS


def test_print_sql(db):
    shown = db("setup", "--print-sql")
    for text in ("CREATE TABLE users", "CREATE TABLE activities", "INSERT INTO users", "-- $3 = 'nora'"):
        assert text in shown
    if db.kind == "postgresql":
        assert re.search(r'CREATE DATABASE "test_\d+"', shown)
    quiet = db.run("seed", "--print-sql", "--json")
    assert json.loads(quiet.stdout)["seeded"] == [] and "INSERT INTO users" in quiet.stderr
    assert "ROLLBACK" not in shown and "DROP INDEX" in db("rollback", "--print-sql")
    for command in ("migrate", "sessions", "drop"):
        assert db(command, "--print-sql").strip()


def test_connect(db):
    db("setup")
    asked = db("connect", stdin="SELECT display_name FROM users WHERE handle = 'nora';\n")
    assert "Nora Lindqvist" in asked
    assert "install" in db.fails("connect", PATH="/nowhere")


def test_sessions_and_drop(db):
    db("setup")
    assert db.json("sessions")["sessions"] == []
    assert "nobody" in db("sessions")
    if db.kind == "sqlite":
        other = sqlite3.connect(db.path)
        other.execute("BEGIN IMMEDIATE")
    else:
        import psycopg2
        other = psycopg2.connect(db.url, application_name="somebody")
    [session] = db.json("sessions")["sessions"]
    assert session["pid"] == str(os.getpid()) if db.kind == "sqlite" else session["application"] == "somebody"
    assert session["pid"] in db("sessions")
    assert "cruddur db drop --force" in db.fails("drop")
    assert db.json("drop", "--force")["dropped"] is True
    other.close()
    assert "cruddur db setup" in db.fails("sessions")


def test_somebody_else_has_a_seeded_handle(db):
    db("create")
    db("migrate")
    db.execute("INSERT INTO users (display_name, handle, email, cognito_user_id) VALUES ('N', 'Nora', 'a@b', 'c')")
    assert "@nora is taken" in db.fails("seed")
    assert db.execute("SELECT count(*) FROM users") == [(1,)]  # all of it, or nothing


def test_errors_as_json(db):
    done = db.run("seed", "--json")
    assert done.returncode == 1 and json.loads(done.stderr)["error"]["name"] == "NoDatabase"
    assert db.run("rollback", "--steps", "0").returncode == 2
    assert db.run("nonsense").returncode == 2


@pytest.mark.parametrize("command", ["setup", "create", "drop", "schema-load", "seed", "connect", "sessions", "migrate",
                                     "rollback", "start", "stop", "update-cognito-user-ids"])
def test_help(command):
    shown = subprocess.run([cruddur_binary(), "db", command, "--help"], capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0
    for word in ("--print-sql", "--json", "Exit code"):
        assert word in shown.stdout


@pytest.mark.parametrize("url", ["mysql://localhost/x", "directory.db", "sqlite://directory.db", "sqlite:", " "])
def test_addresses_that_are_none(url):
    assert "sqlite:///PATH" in Db("sqlite", url).fails("setup")


def test_the_default_place(tmp_path):
    db = Db("sqlite", "")
    place = tmp_path / "cruddur" / "directory.sqlite3"
    assert json.loads(db("setup", "--json", XDG_DATA_HOME=str(tmp_path)))["directory"] == str(place)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    home = {name: str(tmp_path / "home") for name in ("HOME",)}
    made = subprocess.run([cruddur_binary(), "db", "setup", "--json"], capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], **home})
    assert json.loads(made.stdout)["directory"] == str(tmp_path / "home/.local/share/cruddur/directory.sqlite3")


def test_other_files_are_left_alone(tmp_path):
    letter = tmp_path / "letter"
    letter.write_text("This is a letter and not a database.\n")
    db = Db("sqlite", f"sqlite://{letter}")
    for command in (["setup"], ["drop"], ["drop", "--force"], ["seed"]):
        assert "no SQLite database" in db.fails(*command)
    assert letter.read_text().startswith("This is a letter")


def test_nobody_listens():
    db = Db("postgresql", "postgresql://nora:secret-word@127.0.0.1:1/x")
    for command in ("setup", "seed", "drop"):
        told = db.fails(command)
        assert "cruddur db start" in told and "secret-word" not in told


def test_a_database_with_any_name(postgres):
    db = Db("postgresql", postgres.database(urllib.parse.quote('x"; DROP DATABASE postgres; --')))
    db("setup")
    assert db("connect", stdin="SELECT current_database();\n").count("DROP DATABASE postgres") == 1
    db("drop")


def test_start_and_stop(postgres):
    again = postgres.command("start")
    assert again["started"] is False and again["DATABASE_URL"].startswith(postgres.server)
    assert (postgres.folder / "server").stat().st_mode & 0o077 == 0
    assert postgres.command("stop")["stopped"] is True
    assert postgres.command("stop")["stopped"] is False
    back = postgres.command("start")  # on the port of the last start
    assert back["started"] is True and back["DATABASE_URL"].startswith(postgres.server)
    wrong = Db("postgresql", postgres.database("x").replace(":" + postgres.server.split(":")[2].split("@")[0], ":wrong"))
    assert "password" in wrong.fails("setup")


def test_the_layer_below(postgres):
    """The unit tests of the layer on PostgreSQL, where the program of tests was built."""
    program = cruddur_binary().parent / "messages_directory_test"
    if not program.exists():
        pytest.skip("the unit tests are not built here")
    done = subprocess.run([program], capture_output=True, text=True, timeout=300,
                          env=dict(os.environ, CRUDDUR_TEST_POSTGRES=postgres.server))
    assert done.returncode == 0 and "/Postgres" in done.stdout, done.stdout[-4000:]


def test_programs_are_there():
    assert shutil.which("sqlite3") and shutil.which("psql"), "bin/setup test installs them"
