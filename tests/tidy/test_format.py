"""C++ is formatted by clang-format 16 (skipped where it is not installed; CI has it)."""

import concurrent.futures
import shutil
import subprocess

import pytest
import tree

TOOL = shutil.which("clang-format-16")


def unformatted(path):
    result = subprocess.run([TOOL, "--dry-run", "--Werror", path], cwd=tree.ROOT, capture_output=True, text=True)
    return path if result.returncode else None


@pytest.mark.skipif(TOOL is None, reason="clang-format-16 is not installed")
def test_formatted():
    paths = [p for p in tree.matching("", (".cc", ".h")) if p.startswith(("src/", "apps/", "bench/", "fuzz/", "tests/"))]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        assert [path for path in pool.map(unformatted, paths) if path] == []


@pytest.mark.skipif(TOOL is None, reason="clang-format-16 is not installed")
def test_bad_form_is_found(tmp_path):
    bad = tmp_path / "bad.cc"
    bad.write_text("int  main( ) {return 0 ;}\n")
    (tmp_path / ".clang-format").write_text("BasedOnStyle: Google\n")
    assert unformatted(str(bad))
