"""Invoking functions: what comes back, what the log says, and what goes on when a function does not behave.

Texts and shapes: notes on the Lambda API, sections 1.6, 4 and 5.1, and recordings of AWS.
"""

import base64
import json
import os
import pathlib
import re
import shutil
import signal
import threading

import botocore.exceptions
import pytest
from support.client import boto3_client
from support.functions import ROLE, client_of, make_zip
from support.server import ROOT, Server
from support.waiting import until

pytestmark = pytest.mark.stator

class Functions:
    def __init__(self, endpoint):
        self.client = client_of(endpoint, max_pool_connections=50)
        self._count = 0

    def create(self, code, runtime="python3.12", handler="main.handler", file="main.py", **more):
        self._count += 1
        name = f"invoked-{self._count}"
        self.client.create_function(FunctionName=name, Runtime=runtime, Handler=handler, Role=ROLE,
                                    Code={"ZipFile": make_zip({file: (code, 0o100755)})}, **more)
        self.client.get_waiter("function_active").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return name

    def invoke(self, name, event=None, **more):
        """The answer with its payload read; `Log` is the tail in text."""
        answer = self.client.invoke(FunctionName=name, Payload=json.dumps(event).encode(), LogType="Tail", **more)
        answer["Payload"] = answer["Payload"].read().decode()
        answer["Log"] = base64.b64decode(answer.get("LogResult", "")).decode()
        answer["Id"] = answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]
        return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Server("--test-controls", data=tmp_path_factory.mktemp("invoke")) as running:
        yield running
        assert running.process.poll() is None, running.stderr()


@pytest.fixture(scope="module")
def functions(server):
    return Functions(server.endpoint)


@pytest.fixture(scope="module")
def echo(functions):
    """A function that must go on whatever the others do."""
    return functions.create("def handler(event, context):\n    return event\n")


def test_an_answer_and_its_headers(functions, echo):
    answer = functions.invoke(echo, {"a": [1, "ü"]})
    assert answer["StatusCode"] == 200 and "FunctionError" not in answer
    assert answer["ExecutedVersion"] == "$LATEST"
    assert json.loads(answer["Payload"]) == {"a": [1, "ü"]}
    assert re.fullmatch(
        rf"START RequestId: {answer['Id']} Version: \$LATEST\nEND RequestId: {answer['Id']}\n"
        rf"REPORT RequestId: {answer['Id']}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t"
        rf"Max Memory Used: \d+ MB\t(Init Duration: [\d.]+ ms\t)?\n", answer["Log"])


def test_what_a_handler_sees(functions):
    name = functions.create("""
def handler(event, context):
    return [context.function_name, context.function_version, context.invoked_function_arn, context.memory_limit_in_mb,
            context.aws_request_id, context.log_group_name, 0 < context.get_remaining_time_in_millis() <= 5000,
            context.client_context.custom]
""", Timeout=5)
    given = base64.b64encode(json.dumps({"custom": {"k": "v"}}).encode()).decode()
    answer = functions.invoke(name, ClientContext=given)
    assert json.loads(answer["Payload"]) == [
        name, "$LATEST", f"arn:aws:lambda:us-east-1:000000000000:function:{name}", "128", answer["Id"],
        f"/aws/lambda/{name}", True, {"k": "v"}]


def test_processes_stay_warm(functions):
    name = functions.create("import os\ndef handler(event, context):\n    return os.getpid()\n")
    assert len({functions.invoke(name)["Payload"] for _ in range(5)}) == 1


def test_new_code_gets_a_new_process(functions):
    name = functions.create("def handler(event, context):\n    return 1\n")
    assert functions.invoke(name)["Payload"] == "1"
    functions.client.update_function_code(
        FunctionName=name, ZipFile=make_zip({"main.py": "def handler(event, context):\n    return 2\n"}))
    assert functions.invoke(name)["Payload"] == "2"
    functions.client.update_function_configuration(FunctionName=name, Environment={"Variables": {"MINE": "b"}})
    assert "Init Duration" in functions.invoke(name)["Log"]


def test_a_handler_that_raises(functions):
    name = functions.create("def handler(event, context):\n    raise ValueError('bad ' + event)\n")
    answer = functions.invoke(name, "luck")
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    payload = json.loads(answer["Payload"])
    assert (payload["errorType"], payload["errorMessage"]) == ("ValueError", "bad luck")
    assert payload["requestId"] == answer["Id"] and "line 2, in handler" in payload["stackTrace"][0]
    assert "[ERROR] ValueError: bad luck\nTraceback (most recent call last):\n\u00a0\u00a0File" in answer["Log"]


INIT = [
    ("x = 1\n", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'main'"),
    ("import nowhere\n", "Runtime.ImportModuleError", "Unable to import module 'main': No module named 'nowhere'"),
    ("def handler(event, context)\n", "Runtime.UserCodeSyntaxError", "Syntax error in module 'main': "),
    ("1 / 0\n", "ZeroDivisionError", "division by zero"),
]


@pytest.mark.parametrize("code,kind,message", INIT, ids=[case[1] for case in INIT])
def test_a_module_that_does_not_load(functions, echo, code, kind, message):
    answer = functions.invoke(functions.create(code))
    payload = json.loads(answer["Payload"])
    assert answer["FunctionError"] == "Unhandled" and payload["errorType"] == kind and payload["requestId"] == ""
    assert payload["errorMessage"].startswith(message)
    assert functions.invoke(echo, 1)["Payload"] == "1"


def test_an_endless_loop(functions, echo):
    name = functions.create("def handler(event, context):\n    while event: pass\n    return 'fine'\n", Timeout=3)
    answer = functions.invoke(name, True)
    assert json.loads(answer["Payload"]) == {
        "errorType": "Sandbox.Timedout", "errorMessage": f"RequestId: {answer['Id']} Error: Task timed out after 3.00 seconds"}
    assert f" {answer['Id']} Task timed out after 3.00 seconds\n" in answer["Log"]
    assert answer["Log"].endswith("\tStatus: timeout\n")
    assert functions.invoke(name, False)["Payload"] == '"fine"'
    assert functions.invoke(echo, 1)["Payload"] == "1"


EXITS = [
    ("os._exit(0)", "Runtime exited without providing a reason"),
    ("os._exit(127)", "Runtime exited with error: exit status 127"),
    ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ("os.kill(os.getpid(), 11)", "Runtime exited with error: signal: segmentation fault"),
]


@pytest.mark.parametrize("call,what", EXITS, ids=[case[0] for case in EXITS])
def test_a_process_that_ends(functions, echo, call, what):
    name = functions.create(f"import os\ndef handler(event, context):\n    if event: {call}\n    return 'fine'\n")
    answer = functions.invoke(name, True)
    assert json.loads(answer["Payload"]) == {"errorType": "Runtime.ExitError",
                                             "errorMessage": f"RequestId: {answer['Id']} Error: {what}"}
    assert answer["Log"].endswith("\tStatus: error\tError Type: Runtime.ExitError\n")
    assert functions.invoke(name, False)["Payload"] == '"fine"'
    assert functions.invoke(echo, 1)["Payload"] == "1"


def test_a_process_that_eats_memory(functions, echo):
    name = functions.create("def handler(event, context):\n    a = []\n    while True: a.append(b'x' * 1000000)\n", Timeout=60)
    answer = functions.invoke(name)
    assert json.loads(answer["Payload"])["errorType"] == "Runtime.OutOfMemory"
    assert "\tStatus: error\tError Type: Runtime.OutOfMemory\n" in answer["Log"]
    assert functions.invoke(echo, 1)["Payload"] == "1"


@pytest.mark.parametrize("end", ["\\n", ""], ids=["lines", "one endless line"])
def test_a_process_that_prints_without_end(functions, echo, end):
    name = functions.create(f"def handler(event, context):\n    while True: print('y' * 1000, end='{end}')\n", Timeout=2)
    answers = []
    caller = threading.Thread(target=lambda: answers.append(functions.invoke(name)))
    caller.start()
    while caller.is_alive():
        assert functions.invoke(echo, 1)["Payload"] == "1"
    assert json.loads(answers[0]["Payload"])["errorType"] == "Sandbox.Timedout"


def test_an_answer_that_is_too_large(functions):
    name = functions.create("def handler(event, context):\n    return 'x' * event\n")
    assert len(functions.invoke(name, 6291554)["Payload"]) == 6291556
    assert json.loads(functions.invoke(name, 6291555)["Payload"]) == {
        "errorType": "Function.ResponseSizeTooLarge",
        "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes)."}


def test_a_payload_that_is_too_large_or_no_json(functions, echo):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        functions.client.invoke(FunctionName=echo, Payload=b'"' + b"x" * 6291456 + b'"')
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        functions.client.invoke(FunctionName=echo, Payload=b"{not json")
    assert caught.value.response["Error"]["Code"] == "InvalidRequestContentException"
    assert caught.value.response["Error"]["Message"].startswith(
        "Could not parse request body into json: Could not parse payload into json: ")


def test_an_executable_of_ones_own(functions):
    bootstrap = "#!/bin/sh\nexec /usr/bin/python3 -c '" + """
import http.client, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    reply = api.getresponse()
    event = reply.read()
    api.request("POST", "/2018-06-01/runtime/invocation/" + reply.headers["Lambda-Runtime-Aws-Request-Id"] + "/response", event)
    api.getresponse().read()
""" + "'\n"
    name = functions.create(bootstrap, runtime="provided.al2023", handler="any", file="bootstrap")
    assert [functions.invoke(name, n)["Payload"] for n in range(3)] == ["0", "1", "2"]


def test_no_executable(functions):
    answer = functions.invoke(functions.create("", runtime="provided.al2023", handler="any", file="other"))
    assert json.loads(answer["Payload"]) == {
        "errorType": "Runtime.InvalidEntrypoint",
        "errorMessage": f"RequestId: {answer['Id']} Error: fork/exec /var/task/bootstrap: no such file or directory"}


@pytest.mark.skipif(not shutil.which("node"), reason="there is no node here")
def test_node(functions):
    name = functions.create("export const handler = async (event, context) => { console.log('hello', event); "
                            "if (event.fail) throw new RangeError('far'); return { id: context.awsRequestId }; };\n",
                            runtime="nodejs20.x", handler="index.handler", file="index.mjs")
    answer = functions.invoke(name, {})
    assert json.loads(answer["Payload"]) == {"id": answer["Id"]}
    assert re.search(rf"\n[-\d]+T[\d:.]+Z\t{answer['Id']}\tINFO\thello \{{\}}\n", answer["Log"])
    payload = json.loads(functions.invoke(name, {"fail": True})["Payload"])
    assert (payload["errorType"], payload["errorMessage"], payload["trace"][0]) == ("RangeError", "far", "RangeError: far")


def test_cpp(functions):
    program = pathlib.Path(os.environ.get("STATOR_BIN", ROOT / "build/release/stator")).parent / "functions/hello-cpp/bootstrap"
    if not program.exists():
        pytest.skip("the example is not built")
    name = functions.create(program.read_bytes(), runtime="provided.al2023", handler="any", file="bootstrap")
    assert json.loads(functions.invoke(name, {})["Payload"]) == {"greeting": "Hello from C++"}
    assert functions.invoke(name, {"Records": [{"eventID": "1"}, {"eventID": "2"}]})["Payload"] == '{"records":2}'


def test_boto3_inside_reaches_this_server(functions, server):
    db = boto3_client(server.endpoint)
    db.create_table(TableName="from-function", BillingMode="PAY_PER_REQUEST",
                    AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
                    KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}])
    db.get_waiter("table_exists").wait(TableName="from-function", WaiterConfig={"Delay": 1})
    name = functions.create("""
import boto3
plain = boto3.resource('dynamodb', endpoint_url='http://dynamodb.us-east-1.amazonaws.com')
secure = boto3.client('dynamodb')
def handler(event, context):
    plain.Table('from-function').put_item(Item={'k': event})
    return secure.get_item(TableName='from-function', Key={'k': {'S': event}})['Item']
""", Timeout=60)
    assert json.loads(functions.invoke(name, "v")["Payload"]) == {"k": {"S": "v"}}


def test_concurrency_is_kept_to(functions):
    name = functions.create("import time\ndef handler(event, context):\n    time.sleep(event)\n", Timeout=30)
    functions.client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=1)

    def throttled(event=0):
        try:
            functions.invoke(name, event)
        except botocore.exceptions.ClientError as error:
            return error.response
        return None

    # The one place may be taken by a probe just then.
    caller = threading.Thread(target=until, args=(lambda: throttled(2) is None,))
    caller.start()

    answer = until(throttled)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert (answer["Error"]["Code"], answer["Reason"]) == ("TooManyRequestsException",
                                                           "ReservedFunctionConcurrentInvocationLimitExceeded")
    caller.join()
    functions.client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    assert throttled()["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_events_and_where_their_outcomes_go(functions, tmp_path):
    name = functions.create(f"""
def handler(event, context):
    with open('{tmp_path}/calls', 'a') as out: out.write(context.aws_request_id + '\\n')
    if event['fail']: raise RuntimeError('no')
    return 'yes'
""")
    functions.client.put_function_event_invoke_config(
        FunctionName=name, MaximumRetryAttempts=0,
        DestinationConfig={"OnSuccess": {"Destination": "arn:aws:sqs:us-east-1:000000000000:good"},
                           "OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:bad"}})
    return_ids = {}
    for fail in (False, True):
        answer = functions.client.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps({"fail": fail}))
        assert answer["StatusCode"] == 202 and "ExecutedVersion" not in answer
        return_ids[fail] = answer["ResponseMetadata"]["HTTPHeaders"]["x-amzn-requestid"]
    calls = until(lambda: (tmp_path / "calls").exists() and len((tmp_path / "calls").read_text().split()) == 2
                       and (tmp_path / "calls").read_text().split())
    assert sorted(calls) == sorted(return_ids.values())


def test_outcomes_are_files(tmp_path):
    with Server("--test-controls", data=tmp_path / "data") as server:
        functions = Functions(server.endpoint)
        name = functions.create("def handler(event, context):\n    raise RuntimeError('no')\n")
        functions.client.put_function_event_invoke_config(
            FunctionName=name, MaximumRetryAttempts=0,
            DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:bad"}})
        functions.client.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n": 1}')
        folder = tmp_path / "data/destinations/arn-aws-sqs-us-east-1-000000000000-bad"
        [path] = until(lambda: list(folder.glob("*.json")))
        record = json.loads(path.read_text())
        assert record["requestPayload"] == {"n": 1} and record["requestContext"]["condition"] == "RetriesExhausted"
        assert record["requestContext"]["functionArn"].endswith(f":function:{name}:$LATEST")
        assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
        assert record["responsePayload"]["errorType"] == "RuntimeError"


def test_an_accepted_event_survives_a_kill(tmp_path):
    code = f"""
import os, time
def handler(event, context):
    with open('{tmp_path}/calls', 'a') as out: out.write(context.aws_request_id + '\\n')
    while not os.path.exists('{tmp_path}/go'): time.sleep(0.01)
    open('{tmp_path}/done', 'w').close()
"""
    with Server(data=tmp_path / "data") as server:
        functions = Functions(server.endpoint)
        functions.client.invoke(FunctionName=functions.create(code, Timeout=60), InvocationType="Event", Payload=b"{}")
        until((tmp_path / "calls").exists)
        server.process.kill()
        server.process.wait()
    (tmp_path / "go").touch()
    with Server(data=tmp_path / "data"):
        until((tmp_path / "done").exists)
    assert len(set((tmp_path / "calls").read_text().split())) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_server(tmp_path, how):
    with Server("--in-memory") as server:
        functions = Functions(server.endpoint)
        pid = int(functions.invoke(functions.create("import os\ndef handler(event, context):\n    return os.getpid()\n"))["Payload"])
        assert pathlib.Path(f"/proc/{pid}").exists()
        server.process.send_signal(how)
        server.process.wait(60)
        until(lambda: not pathlib.Path(f"/proc/{pid}").exists())


def test_a_stop_does_not_wait_for_long_invocations(tmp_path):
    with Server("--in-memory") as server:
        functions = Functions(server.endpoint)
        name = functions.create(f"import time\ndef handler(event, context):\n    open('{tmp_path}/began', 'w').close()\n"
                                "    time.sleep(600)\n", Timeout=900)
        answers = []
        caller = threading.Thread(target=lambda: answers.append(functions.invoke(name)))
        caller.start()
        until((tmp_path / "began").exists)
        server.process.terminate()
        assert server.process.wait(60) == 0
        caller.join()
    assert "signal: killed" in answers[0]["Payload"]


def test_a_folder_is_loaded_again_when_it_changes(functions, tmp_path):
    (tmp_path / "main.py").write_text("def handler(event, context):\n    return 'old'\n")
    functions.client.create_function(FunctionName="hot", Runtime="python3.12", Handler="main.handler", Role=ROLE,
                                     Code={"S3Bucket": "hot-reload", "S3Key": str(tmp_path)})
    functions.client.get_waiter("function_active").wait(FunctionName="hot", WaiterConfig={"Delay": 1})
    assert functions.invoke("hot")["Payload"] == '"old"'
    (tmp_path / "main.py").write_text("def handler(event, context):\n    return 'changed'\n")
    assert functions.invoke("hot")["Payload"] == '"changed"'


def test_functions_do_not_see_the_data(server, functions):
    name = functions.create("import os\ndef handler(event, context):\n    return os.listdir(event)\n")
    seen = json.loads(functions.invoke(name, str(server.data))["Payload"])
    if "CURRENT" in seen:
        pytest.skip("this system forbids mount namespaces")
    assert set(seen) <= {"functions", "ca"}
