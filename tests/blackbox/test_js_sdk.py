"""The SDK for JavaScript v3 (js/*.test.mjs), one pytest test for each of its tests."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent / "js"
FILES = sorted(path.name for path in HERE.glob("*.test.mjs"))
NAMES = [(file, name) for file in FILES for name in re.findall(r"^test\('([^']+)'", (HERE / file).read_text(), re.M)]


@pytest.fixture(scope="module")
def results(endpoint):
    """Name of a test -> None if it passed, else what it said."""
    if shutil.which("node") is None or not (HERE.parents[1] / "node_modules").is_dir():
        pytest.skip("node or the npm packages are not installed: bin/setup test")
    run = subprocess.run(["node", "--test", "--test-reporter=tap", *FILES], cwd=HERE, capture_output=True, text=True, timeout=240,
                         stdin=subprocess.DEVNULL, env=dict(os.environ, STATOR_ENDPOINT=endpoint))
    found = {}
    for state, name, rest in re.findall(r"^ *(ok|not ok) \d+ - (.+)\n((?:(?! *(?:ok|not ok|1\.\.) ?).*\n)*)", run.stdout, re.M):
        found[name.strip().replace("\\", "")] = None if state == "ok" else rest
    assert found, run.stdout + run.stderr
    return found


@pytest.mark.parametrize("file,name", NAMES)
def test_js(results, file, name):
    assert name in results, f"{file} did not run it: {sorted(results)}"
    assert results[name] is None, results[name]
