"""Functions: zips to make them of, clients to make them with."""

import io
import json
import re
import urllib.error
import urllib.request
import uuid
import zipfile

import boto3
import botocore.config
import botocore.exceptions
import pytest

ROLE = "arn:aws:iam::000000000000:role/lambda-role"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:"
UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def make_zip(files=None, method=zipfile.ZIP_DEFLATED):
    """Names to texts, or to (text, Unix mode)."""
    files = files or {"app.py": "def handler(event, context):\n    return event\n"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            text, mode = content if isinstance(content, tuple) else (content, 0o100644)
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = method
            archive.writestr(info, text)
    return out.getvalue()


ZIP = make_zip()


def client_of(endpoint, region="us-east-1", **options):
    config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=60, **options)
    return boto3.client("lambda", endpoint_url=endpoint, region_name=region, aws_access_key_id="test",
                        aws_secret_access_key="test", config=config)


def unique(prefix="fn"):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def fails(code, status, call, message=None, matching=None, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    error = caught.value.response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == (code, status), error
    if message is not None:
        assert error["Error"]["Message"] == message
    if matching is not None:
        assert re.search(matching, error["Error"]["Message"]), error["Error"]["Message"]
    return error


def raw(endpoint, method, path, body=None, headers=None):
    """Status, headers and body of an unsigned request."""
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    request = urllib.request.Request(endpoint + path, data=data, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()
