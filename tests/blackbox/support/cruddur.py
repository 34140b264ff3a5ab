"""The command `cruddur` and the scripts a newcomer would write instead of it."""

import json
import os
import pathlib
import subprocess
import sys

from .server import stator_binary

SCRIPTS = pathlib.Path(__file__).resolve().parents[1] / "scripts"
TABLE = "cruddur-messages"


def cruddur_binary():
    return pathlib.Path(os.environ.get("CRUDDUR_BIN", stator_binary().parent / "cruddur"))


def environment(endpoint, **more):
    """A shell in which nothing but the endpoint and throw-away keys is set up."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return dict(kept, AWS_ENDPOINT_URL=endpoint, AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test",
                AWS_DEFAULT_REGION="us-east-1", AWS_PAGER="", **more)


def run(command, env):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, env=env,
                          stdin=subprocess.DEVNULL)


class Cruddur:
    """Runs `cruddur ddb ...` against one endpoint; `table` for all commands that take the option."""

    def __init__(self, endpoint, table=None):
        self.endpoint, self.table = endpoint, table

    def run(self, *arguments, **more):
        if self.table and arguments[0] not in ("drop", "list-tables"):
            arguments = (*arguments, "--table", self.table)
        return run([cruddur_binary(), "ddb", *arguments], environment(self.endpoint, **more))

    def __call__(self, *arguments):
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments):
        return json.loads(self(*arguments, "--json"))


class Scripts:
    """Runs the scripts of scripts/python or scripts/shell by the same names."""

    def __init__(self, kind, endpoint):
        self.kind, self.endpoint = kind, endpoint

    def run(self, name, *arguments):
        if self.kind == "python":
            command = [sys.executable, SCRIPTS / "python" / (name.replace("-", "_") + ".py"), *arguments]
        else:
            command = [SCRIPTS / "shell" / name, *arguments]
        return run(command, environment(self.endpoint))

    def __call__(self, name, *arguments):
        done = self.run(name, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, name, *arguments):
        """Items as plain dictionaries, whichever form the script prints them in."""
        out = self(name, *arguments)
        if self.kind == "python":
            return [json.loads(line) for line in out.splitlines()]
        return [{key: value["S"] for key, value in item.items()} for item in json.loads(out)["Items"]]
