"""What `cruddur` sends: signatures recomputed by botocore, credentials from every place, second attempts.

A recording server of the tests' own stands for AWS and its metadata services.
"""

import gzip
import http.server
import json
import threading

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from support.cruddur import cruddur_binary, environment, run

SECRET = "secret/of+the=test"


class Recorder:
    """Answers ListTables, or whatever `answers` holds next; keeps every request."""

    def __init__(self):
        self.requests, self.answers, self.pages = [], [], {}
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                recorder.requests.append((self.command, self.path, self.headers, body))
                status, headers, text = recorder.next_answer(self.command, self.path)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def next_answer(self, method, path):
        if (method, path) in self.pages:
            return 200, {}, self.pages[method, path].encode()
        if self.answers:
            return self.answers.pop(0)
        return 200, {}, b'{"TableNames":["one"]}'

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture()
def recorder():
    recorder = Recorder()
    yield recorder
    recorder.close()


@pytest.fixture()
def ddb(recorder, tmp_path):
    """cruddur ddb against the recorder, with nothing set but what the test gives."""

    def call(*arguments, **variables):
        env = environment(recorder.url, HOME=str(tmp_path))
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
            env.pop(name)
        env.update(variables)
        return run([cruddur_binary(), "ddb", *arguments], env)

    return call


def keys(**more):
    return dict(AWS_ACCESS_KEY_ID="AKIDTEST", AWS_SECRET_ACCESS_KEY=SECRET, **more)


def recomputed(recorder, request, secret=SECRET, token=None):
    """The Authorization header that botocore gives this request."""
    method, path, headers, body = request
    credential = headers["Authorization"].split("Credential=")[1].split("/")
    names = headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    signer = botocore.auth.SigV4Auth(botocore.credentials.Credentials(credential[0], secret, token), credential[3],
                                     credential[2])
    again = botocore.awsrequest.AWSRequest(method, recorder.url + path, data=body,
                                           headers={n: headers[n] for n in names if n != "host"})
    again.context["timestamp"] = headers["X-Amz-Date"]
    canonical = signer.canonical_request(again)
    return signer.signature(signer.string_to_sign(again, canonical), again), names


@pytest.mark.parametrize("region", ["eu-north-1", "ca-central-1"])
@pytest.mark.parametrize("token", [None, "session/token=="])
def test_signatures(recorder, ddb, region, token):
    more = {"AWS_SESSION_TOKEN": token} if token else {}
    for arguments in (["list-tables"], ["schema-load"], ["patterns", "list-conversations", "--user", "Inés"]):
        recorder.requests.clear()
        ddb(*arguments, **keys(AWS_REGION=region, **more))
        request = recorder.requests[0]
        signature, names = recomputed(recorder, request, token=token)
        authorization = request[2]["Authorization"]
        assert authorization.endswith(f"Signature={signature}")
        assert f"Credential=AKIDTEST/{request[2]['X-Amz-Date'][:8]}/{region}/dynamodb/aws4_request" in authorization
        assert {"host", "x-amz-date", "x-amz-target", "content-type"} <= set(names)
        assert request[2]["X-Amz-Security-Token"] == token


def key_id(recorder):
    return recorder.requests[-1][2]["Authorization"].split("Credential=")[1].split("/")[0]


def test_made_up_keys_at_home(recorder, ddb):
    assert ddb("list-tables").stdout == "one\n"
    assert key_id(recorder) == "stator"


def test_profiles(recorder, ddb, tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text(
        "[default]\naws_access_key_id = D\naws_secret_access_key = d\n[work]\naws_access_key_id = W\n"
        "aws_secret_access_key = w\n")
    (tmp_path / ".aws/config").write_text("[profile work]\nregion = sa-east-1\n")
    assert ddb("list-tables").returncode == 0 and key_id(recorder) == "D"
    assert ddb("list-tables", AWS_PROFILE="work").returncode == 0 and key_id(recorder) == "W"
    assert "/sa-east-1/" in recorder.requests[-1][2]["Authorization"]
    assert ddb("list-tables", "--profile", "work", **keys()).returncode == 0 and key_id(recorder) == "W"
    assert ddb("list-tables", **keys()).returncode == 0 and key_id(recorder) == "AKIDTEST"
    lost = ddb("list-tables", AWS_PROFILE="lost")
    assert lost.returncode == 1 and "no profile lost" in lost.stderr


ANSWER = json.dumps({"AccessKeyId": "TEMP", "SecretAccessKey": SECRET, "Token": "tok",
                     "Expiration": "2099-01-01T00:00:00Z"})


def prod(recorder):
    return ["list-tables", "prod", "--endpoint-url", recorder.url, "--region", "us-east-1"]


def test_container_credentials(recorder, ddb):
    recorder.pages["GET", "/creds?task=1"] = ANSWER
    done = ddb(*prod(recorder), AWS_CONTAINER_CREDENTIALS_FULL_URI=recorder.url + "/creds?task=1",
               AWS_CONTAINER_AUTHORIZATION_TOKEN="open sesame", http_proxy="http://127.0.0.1:1")
    assert done.returncode == 0, done.stderr
    assert recorder.requests[0][2]["Authorization"] == "open sesame"
    assert key_id(recorder) == "TEMP" and recorder.requests[-1][2]["X-Amz-Security-Token"] == "tok"


def test_instance_credentials(recorder, ddb):
    recorder.pages["PUT", "/latest/api/token"] = "session"
    recorder.pages["GET", "/latest/meta-data/iam/security-credentials/"] = "role"
    recorder.pages["GET", "/latest/meta-data/iam/security-credentials/role"] = ANSWER
    done = ddb(*prod(recorder), AWS_EC2_METADATA_SERVICE_ENDPOINT=recorder.url)
    assert done.returncode == 0, done.stderr
    assert [r[0] for r in recorder.requests] == ["PUT", "GET", "GET", "POST"]
    assert all(r[2]["X-aws-ec2-metadata-token"] == "session" for r in recorder.requests[1:3])
    assert key_id(recorder) == "TEMP"


def test_tries_again(recorder, ddb):
    throttled = json.dumps({"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow"}).encode()
    recorder.answers = [(500, {}, b""), (400, {}, throttled), (None, {}, b"")]
    assert ddb("list-tables").stdout == "one\n"
    assert len(recorder.requests) == 4


def test_gives_up_on_a_fault_of_its_own(recorder, ddb):
    recorder.answers = [(400, {}, b'{"__type":"com.amazon.coral.validate#ValidationException","message":"no"}')] * 9
    done = ddb("list-tables")
    assert done.returncode == 1 and done.stderr == "cruddur: ValidationException: no\n"
    assert len(recorder.requests) == 1


def test_compressed_answers(recorder, ddb):
    recorder.answers = [(200, {"Content-Encoding": "gzip"}, gzip.compress(b'{"TableNames":["zipped"]}'))]
    assert ddb("list-tables").stdout == "zipped\n"
    assert "gzip" in recorder.requests[0][2]["Accept-Encoding"]


def test_one_connection_for_many_calls(recorder, ddb):
    recorder.answers = [(200, {}, json.dumps({"TableNames": [str(i)], "LastEvaluatedTableName": str(i)}).encode())
                        for i in range(5)]
    assert ddb("list-tables").stdout == "0\n1\n2\n3\n4\none\n"
