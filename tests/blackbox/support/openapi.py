"""apps/messages/api/openapi.json, as far as it says which answers there are."""

import json
import re

from .server import ROOT

DOCUMENT = json.loads((ROOT / "apps/messages/api/openapi.json").read_text())
# Every described answer: (method, path, status).
DESCRIBED = {(method.upper(), path, int(status)) for path, calls in DOCUMENT["paths"].items()
             for method, call in calls.items() for status in call["responses"]}
_PATTERNS = {path: re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))) for path in DOCUMENT["paths"]}


def path_of(address):
    """The described path that the address is one of; None if there is none."""
    return next((path for path, pattern in _PATTERNS.items() if pattern.fullmatch(address.partition("?")[0])), None)


def check_described(method, address, answer):
    """An answer of a described path must be described itself. Foreign pages and other methods are HTTP's business."""
    path = path_of(address)
    outside = path is None or answer.status == 405 or (answer.status == 403 and answer.error == "forbidden")
    if not outside and method in ("GET", "POST"):
        assert (method, path, answer.status) in DESCRIBED, answer.body
