"""Pages that a program writes are what it writes now."""

import subprocess

import pytest

from support.server import ROOT, stator_binary

pytestmark = pytest.mark.stator


def test_operations_page_is_current():
    written = subprocess.run([stator_binary().with_name("stator_describe")], capture_output=True, text=True, check=True)
    page = (ROOT / "docs/operations.md").read_text()
    assert page == written.stdout, "run: build/release/stator_describe > docs/operations.md"
