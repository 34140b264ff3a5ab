"""Raw HTTP: requests as a socket sees them, with and without a signature, and replies with all their headers."""

import base64
import datetime
import http.client
import json
import urllib.parse

TARGET = "DynamoDB_20120810."
CONTENT_TYPE = "application/x-amz-json-1.0"
# Any signature will do where the server does not check; some peers insist on its shape and on a date.
UNSIGNED = {
    "X-Amz-Date": "20261120T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20261120/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=00",
}


class ApiError(Exception):
    """A reply that is an error: its short type, full type, message, HTTP status and decoded body."""

    def __init__(self, status, body):
        self.status = status
        self.body = body
        self.full_type = body.get("__type", "")
        self.type = self.full_type.rpartition("#")[2]
        self.message = body.get("message", body.get("Message", ""))
        super().__init__(f"{self.type}: {self.message}")


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def error(self):
        return ApiError(self.status, self.json)


def encode(value):
    """JSON of a request whose binaries are bytes."""

    def binary(obj):
        if isinstance(obj, (bytes, bytearray)):
            return base64.b64encode(obj).decode()
        raise TypeError(f"{type(obj)} has no JSON form")

    return json.dumps(value, default=binary)


_TAGS = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"}


def decode(value):
    """A reply with every {"B": ...} and {"BS": ...} as bytes, as boto3 gives them."""
    if isinstance(value, list):
        return [decode(v) for v in value]
    if isinstance(value, dict):
        if len(value) == 1:
            (tag, inner), = value.items()
            if tag == "B" and isinstance(inner, str):
                return {"B": base64.b64decode(inner)}
            if tag == "BS" and isinstance(inner, list):
                return {"BS": [base64.b64decode(v) for v in inner]}
        return {k: decode(v) for k, v in value.items()}
    return value


def sign(url, headers, body, region="us-east-1", access_key="test", secret_key="test"):
    """The headers with a SigV4 signature over them."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest(method="POST", url=url, data=body, headers=headers)
    SigV4Auth(Credentials(access_key, secret_key), "dynamodb", region).add_auth(request)
    return dict(request.headers.items())


class Wire:
    """One keep-alive connection to an endpoint; reconnects when the server closed it."""

    def __init__(self, endpoint, signed=False, timeout=60):
        self.endpoint = endpoint
        self.signed = signed
        parts = urllib.parse.urlsplit(endpoint)
        self.host, self.port = parts.hostname, parts.port
        self._timeout = timeout
        self._connection = None

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def request(self, method, path, body=b"", headers=None):
        """Sends and gives the Reply; headers are sent as given."""
        if isinstance(body, str):
            body = body.encode()
        for attempt in (1, 2):
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self.host, self.port, timeout=self._timeout)
                attempt = 2
            try:
                self._connection.request(method, path, body, headers or {})
                response = self._connection.getresponse()
                data = response.read()
                return Reply(response.status, response.getheaders(), data)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.close()
                if attempt == 2:
                    raise
            except Exception:
                self.close()
                raise

    def post(self, operation, body, headers=None, target_prefix=TARGET):
        """Sends one operation; body is text, bytes or something to encode. Gives the Reply, error or not."""
        if not isinstance(body, (str, bytes)):
            body = encode(body)
        if isinstance(body, str):
            body = body.encode("utf-8", "surrogatepass")
        all_headers = {"Content-Type": CONTENT_TYPE, "X-Amz-Target": target_prefix + operation}
        if self.signed:
            all_headers = sign(self.endpoint, all_headers, body)
        else:
            all_headers.update(UNSIGNED)
        all_headers.update(headers or {})
        return self.request("POST", "/", body, all_headers)

    def call(self, operation, **parameters):
        """Sends one operation and gives its decoded answer; raises ApiError."""
        return self.send(operation, parameters)

    def send(self, operation, body):
        reply = self.post(operation, body)
        if reply.status != 200:
            raise reply.error()
        return decode(reply.json)


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)
