"""A back end of Cruddur Messages between a server, a directory and a pool; what tests ask of it.

The server, the table with its function and the directory are real; the pool is one of a few lines (support/pool.py),
since the tokens that matter here are those that no pool gives out.
"""

import sqlite3
import uuid

from . import server as servers
from .backend import Backend
from .client import boto3_client
from .cruddur import TABLE, Cruddur, cruddur_binary, environment, run
from .pool import Pool

HANDLES = ("nora", "malik", "teo")

# The calls that ask for a token.
PROTECTED = [("GET", "/api/message_groups"), ("GET", f"/api/messages/{uuid.UUID(int=1)}"), ("POST", "/api/messages"),
             ("GET", "/api/users/@malik/short"), ("GET", "/api/users?search=m"), ("GET", "/api/me"), ("GET", "/api/live")]


class World:
    """A server, a directory of three people and a back end between them."""

    def __init__(self, folder):
        self.server = servers.Server("--test-controls", data=folder / "data")
        command = Cruddur(self.server.endpoint)
        command("schema-load", "--quiet")
        command("seed", "--quiet")
        self.database = folder / "directory.sqlite3"
        self.database_url = f"sqlite:///{self.database}"
        env = environment(self.server.endpoint, DATABASE_URL=self.database_url)
        done = run([cruddur_binary(), "db", "setup", "--quiet"], env)
        assert done.returncode == 0, done.stderr
        self.subs = {handle: str(uuid.uuid4()) for handle in HANDLES}
        with sqlite3.connect(self.database) as directory:
            for handle, sub in self.subs.items():
                directory.execute("UPDATE users SET cognito_user_id = ? WHERE handle = ?", (sub, handle))
            self.users = {handle: uuid_ for handle, uuid_ in directory.execute("SELECT handle, uuid FROM users")}
        self.pool = Pool()
        self.backend = self.start()
        self.boto = boto3_client(self.server.endpoint)

    def start(self, *arguments, **options):
        return Backend(self.server.endpoint, self.pool.id, self.pool.client_id, self.database_url, *arguments,
                       pool_endpoint=self.pool.endpoint, **options)

    def token(self, handle, **changed):
        return self.pool.token(self.subs[handle], **changed)

    def add_user(self, handle=None, display_name="Somebody"):
        """A user of the directory who can sign in."""
        handle = handle or "u" + uuid.uuid4().hex[:12]
        self.subs[handle] = str(uuid.uuid4())
        self.users[handle] = str(uuid.uuid4())
        with sqlite3.connect(self.database) as directory:
            directory.execute("INSERT INTO users (uuid, display_name, handle, email, cognito_user_id) VALUES (?, ?, ?, ?, ?)",
                              (self.users[handle], display_name, handle, f"{handle}@example.com", self.subs[handle]))
        return handle

    def rows(self):
        items, more = [], {}
        while True:
            page = self.boto.scan(TableName=TABLE, ConsistentRead=True, **more)
            items += [{name: value["S"] for name, value in item.items()} for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                return items
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def close(self):
        self.backend.stop()
        self.pool.close()
        self.server.__exit__()


def groups(backend, token, **parameters):
    answer = backend.get("/api/message_groups", token, **parameters)
    assert answer.status == 200, answer.body
    return answer.json


def messages(backend, token, group, **parameters):
    answer = backend.get(f"/api/messages/{group}", token, **parameters)
    assert answer.status == 200, answer.body
    return answer.json


def group_with(backend, token, handle):
    return next(group for group in groups(backend, token)["message_groups"] if group["handle"] == handle)


def stored_unchanged(world):
    """A context: the table holds the same rows at its end."""
    class Unchanged:
        def __enter__(self):
            self.before = world.rows()

        def __exit__(self, kind, *_):
            if kind is None:
                key = lambda row: (row["pk"], row["sk"])  # noqa: E731
                assert sorted(world.rows(), key=key) == sorted(self.before, key=key)
    return Unchanged()
