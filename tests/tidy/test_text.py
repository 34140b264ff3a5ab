"""Plain text, nothing that should have stayed at home, files one can read in one sitting."""

import checks
import pytest
import tree

TEXTS = [path for path in tree.files() if tree.text(path) is not None and path not in tree.GENERATED]
# Tables of data may be as long as their subject.
TABLES = (".def", "shapes.cc", "_shapes.cc")


def test_there_are_files():
    assert len(TEXTS) > 50


def test_no_leaks():
    findings = [f for path in tree.files() if tree.text(path) is not None for f in checks.check_leaks(path, tree.text(path))]
    assert findings == []


def test_plain_text():
    assert [f for path in TEXTS if path != "LICENSE" for f in checks.check_text(path, tree.text(path))] == []


def test_headers():
    headers = [p for p in tree.matching("", (".h",)) if not p.startswith("tests/")]
    assert [f for path in headers for f in checks.check_header(path, tree.text(path))] == []


def test_python():
    assert [f for path in tree.matching("", (".py",)) for f in checks.check_python(path, tree.text(path))] == []


def test_sizes():
    sources = [p for p in tree.matching("src/", (".cc", ".h")) + tree.matching("apps/", (".cc", ".h"))
               if not p.endswith(TABLES)]
    assert [f for path in sources for f in checks.check_size(path, tree.text(path))] == []


@pytest.mark.parametrize("text", [
    "see /wo" "rk/main/src", "in /ho" "me/someone/x", "// TO" "DO: later", "# FIX" "ME", "<" * 7 + " HEAD\n", "=" * 7 + "\n",
    '"resol' 'ved": "https://x"', "AKIA" + "ABCDEFGHIJKLMNOP", "-----BEGIN PRIV" "ATE KEY-----",
])
def test_leaks_are_found(text):
    assert checks.check_leaks("x", text)


@pytest.mark.parametrize("text", ["a /workspace/ b", "framework/main", "https://example.com/home/index", "a == b", "======\n"])
def test_other_things_are_not(text):
    assert checks.check_leaks("x", text) == []


@pytest.mark.parametrize("path,text", [("x.cc", "a \n"), ("x.cc", "\ta\n"), ("x.py", "a"), ("x.md", "a\n\n"), ("x.sh", "a\r\n")])
def test_bad_text_is_found(path, text):
    assert checks.check_text(path, text)


def test_bad_headers_are_found():
    good = "// What it is.\n#pragma once\n"
    assert checks.check_header("x.h", good) == []
    for bad in ("#pragma once\n", "// What it is.\n", good + "using namespace std;\n"):
        assert checks.check_header("x.h", bad)


def test_long_files_are_found():
    assert checks.check_size("x.cc", "a\n" * (checks.SOURCE_LINES + 1))
    assert not checks.check_size("x.cc", "a\n" * checks.SOURCE_LINES)


def test_bad_python_is_found():
    assert checks.check_python("x.py", "import os\nimport re as r\n\n\ndef f():\n    return r.x(os.y)\n") == []
    assert checks.check_python("x.py", "import os\n")
    assert checks.check_python("x.py", "def f():\n    pass\n\n\ndef f():\n    pass\n")
