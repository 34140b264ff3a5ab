"""Tests written for Node's own runner, one pytest test for each of theirs."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

JS = pathlib.Path(__file__).parents[1] / "js"


class NodeTests:
    """The files *.test.mjs of a folder of tests/blackbox/js."""

    def __init__(self, folder=""):
        self.folder = JS / folder
        self.files = sorted(path.name for path in self.folder.glob("*.test.mjs"))
        self.names = [(file, name) for file in self.files
                      for name in re.findall(r"^test\('([^']+)'", (self.folder / file).read_text(), re.M)]

    def run(self, endpoint):
        """Name of a test -> None if it passed, else what it said."""
        if shutil.which("node") is None or not (JS.parents[1] / "node_modules").is_dir():
            pytest.skip("node or the npm packages are not installed: bin/setup test")
        run = subprocess.run(["node", "--test", "--test-reporter=tap", *self.files], cwd=self.folder, capture_output=True,
                             text=True, timeout=300, stdin=subprocess.DEVNULL, env=dict(os.environ, STATOR_ENDPOINT=endpoint))
        found = {}
        for state, name, rest in re.findall(r"^ *(ok|not ok) \d+ - (.+)\n((?:(?! *(?:ok|not ok|1\.\.) ?).*\n)*)", run.stdout, re.M):
            found[name.strip().replace("\\", "")] = None if state == "ok" else rest
        assert found, run.stdout + run.stderr
        return found

    @staticmethod
    def check(results, file, name):
        assert name in results, f"{file} did not run it: {sorted(results)}"
        assert results[name] is None, results[name]
