"""What a server is told and asked beside the APIs: JSON over plain HTTP, the controls of test servers."""

import json
import urllib.request

from .wire import ApiError, Wire


def get_json(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return json.load(answer)


def post_json(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def control(endpoint, name, **body):
    """POST /_stator/test/NAME, or /_stator/reset."""
    path = "/_stator/reset" if name == "reset" else f"/_stator/test/{name}"
    wire = Wire(endpoint)
    reply = wire.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    wire.close()
    if reply.status != 200:
        raise ApiError(reply.status, reply.json)
