"""A PostgreSQL of the test's own: `cruddur db start` in a folder, on a free port; stopped at the end.

Debian's package postgresql must be installed (bin/setup test). PostgreSQL refuses to run as root; cruddur then runs it as
the user postgres, who needs a folder that he reaches: not below pytest's, which are root's alone.
"""

import json
import pathlib
import shutil
import subprocess
import tempfile

from .cruddur import cruddur_binary
from .server import free_port


class Postgres:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cruddur-postgres-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.port = free_port()
        self.url = None

    def command(self, word, *more):
        done = subprocess.run([cruddur_binary(), "db", word, "--folder", self.folder / "server", "--json", *map(str, more)],
                              capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def __enter__(self):
        self.server = self.command("start", "--port", self.port)["DATABASE_URL"].rsplit("/", 1)[0]
        return self

    def __exit__(self, *_):
        self.command("stop")
        shutil.rmtree(self.folder)

    def database(self, name):
        """The address of a database of that name on it, made or not."""
        return f"{self.server}/{name}"
