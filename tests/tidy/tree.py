"""The files of the repository, as git knows them."""

import functools
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
GENERATED = ("tests/package-lock.json", "tests/browser/package-lock.json", "web/messages/package-lock.json")


@functools.lru_cache
def files():
    """Paths of tracked and new files, without ignored and generated ones."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout
    return [path for path in sorted(set(listed.splitlines())) if (ROOT / path).is_file()]


@functools.lru_cache
def text(path):
    """Contents as text; None for a binary."""
    data = (ROOT / path).read_bytes()
    if b"\0" in data[:4096]:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def matching(prefix="", suffixes=("",)):
    return [path for path in files() if path.startswith(prefix) and path.endswith(tuple(suffixes)) and path not in GENERATED]
