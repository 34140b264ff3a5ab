"""Runs Python functions: one process, one event after the other, over the Lambda Runtime API.

What a handler sees (context, logging, error objects, the form of tracebacks) is as on AWS. Standard library only.
"""

import decimal
import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback

BASE = "/2018-06-01/runtime/"
INDENT = "\u00a0\u00a0"
FRAMES_OF_OURS = (os.path.abspath(__file__), "<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")


class Api:
    """One connection, kept open. The server answers in one piece; when it is gone, so are we."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self._host = address
        self._address = (host, int(port))
        self._socket = None
        self._buffer = b""

    def call(self, method, path, headers="", body=b""):
        head = (f"{method} {BASE}{path} HTTP/1.1\r\nHost: {self._host}\r\n{headers}"
                f"Content-Length: {len(body)}\r\n\r\n").encode("utf-8")
        try:
            if self._socket is None:
                self._socket = socket.create_connection(self._address)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(head + body)
            return self._receive()
        except OSError:
            os._exit(1)

    def _fill(self):
        piece = self._socket.recv(262144)
        if not piece:
            raise ConnectionError
        self._buffer += piece

    def _receive(self):
        while True:
            end = self._buffer.find(b"\r\n\r\n")
            if end >= 0:
                break
            self._fill()
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        size = int(headers.get("content-length", 0))
        end += 4
        if len(self._buffer) - end < size:
            pieces, have = [self._buffer[end:]], len(self._buffer) - end
            while have < size:
                piece = self._socket.recv(min(1 << 20, size - have))
                if not piece:
                    raise ConnectionError
                pieces.append(piece)
                have += len(piece)
            body, self._buffer = b"".join(pieces), b""
        else:
            body, self._buffer = self._buffer[end:end + size], self._buffer[end + size:]
        return int(lines[0].split(" ", 2)[1]), headers, body


class Fault(Exception):
    """What the runtime, not the handler, reports: its type is not a class's name."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind = kind
        self.trace = trace


def log_whole(text):
    """One log event, newlines and all."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # a handler may have replaced or closed them
            pass
    data = text.encode("utf-8", "backslashreplace")
    data = b"\x1eF%08x" % len(data) + data
    while data:
        data = data[os.write(1, data):]


def indent_with_hard_spaces(line):
    bare = line.lstrip(" ")
    spaces = len(line) - len(bare)
    return INDENT * (spaces // 2) + " " * (spaces % 2) + bare


def log_error(error):
    lines = ["[ERROR] %s: %s" % (error["errorType"], error["errorMessage"]) if error["errorMessage"]
             else "[ERROR] " + error["errorType"], "Traceback (most recent call last):"]
    for element in error["stackTrace"]:
        lines += [indent_with_hard_spaces(line) for line in element.splitlines()] or [""]
    log_whole("\n".join(lines) + "\n")


def error_of(exception, request_id):
    if isinstance(exception, Fault):
        kind, trace = exception.kind, exception.trace or []
    else:
        kind, frames = type(exception).__name__, traceback.extract_tb(exception.__traceback__)
        while frames and frames[0].filename in FRAMES_OF_OURS:
            frames = frames[1:]
        trace = traceback.format_list(frames)
    return {"errorMessage": str(exception), "errorType": kind, "requestId": request_id, "stackTrace": trace}


class Formatter(logging.Formatter):
    converter = time.gmtime

    def __init__(self):
        super().__init__("[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s\n",
                         "%Y-%m-%dT%H:%M:%S")


class LogHandler(logging.Handler):
    """What `logging` writes: one record, one event, with the request's id."""

    request_id = ""

    def __init__(self):
        super().__init__()
        self.setFormatter(Formatter())

    def emit(self, record):
        try:
            record.aws_request_id = LogHandler.request_id
            log_whole(self.format(record))
        except Exception:
            self.handleError(record)


class CognitoIdentity:
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]

    def __init__(self):
        self.cognito_identity_id = self.cognito_identity_pool_id = None


class Client:
    __slots__ = ["installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"]

    def __init__(self, given):
        for name in self.__slots__:
            setattr(self, name, given.get(name))


class ClientContext:
    __slots__ = ["custom", "env", "client"]

    def __init__(self, given):
        self.custom, self.env = given.get("custom"), given.get("env")
        self.client = Client(given["client"]) if isinstance(given.get("client"), dict) else None


class LambdaContext:
    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        given = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(json.loads(given)) if given else None
        self.identity = CognitoIdentity()
        self._epoch_deadline_time_in_ms = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(self._epoch_deadline_time_in_ms - int(time.time() * 1000), 0)

    def log(self, message):
        log_whole(str(message))

    def __repr__(self):
        return "LambdaContext([%s])" % ",".join(f"{name}={value}" for name, value in vars(self).items()
                                                if not name.startswith("_"))


def refuse(value):
    if isinstance(value, decimal.Decimal):
        raise TypeError("Object of type Decimal is not JSON serializable")
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def new_encoder():
    """From python3.12 on, characters beyond ASCII stay as they are."""
    name = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("python3.")[2]
    return json.JSONEncoder(ensure_ascii=not (name.isdigit() and int(name) >= 12), default=refuse).encode


def load_handler():
    name = os.environ["_HANDLER"]
    try:
        module_name, handler_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    dotted = module_name.replace("/", ".")
    if dotted in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(dotted)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from None
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", trace) from None
    try:
        return getattr(module, handler_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{handler_name}' missing on module '{module_name}'") from None


def report_init_error(api, exception):
    error = error_of(exception, "")
    log_error(error)
    api.call("POST", "init/error", f"Lambda-Runtime-Function-Error-Type: {header_safe(error['errorType'])}\r\n",
             json.dumps(error).encode())
    sys.exit(1)


def header_safe(text):
    return "".join(c for c in text if " " <= c < "\x7f")


def run_one(handler, headers, body, encode):
    """The handler's result as JSON."""
    try:
        event = json.loads(body)
    except ValueError as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None
    result = handler(event, LambdaContext(headers))
    try:
        return encode(result).encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def serve(api, handler):
    encode = new_encoder()
    while True:
        status, headers, body = api.call("GET", "invocation/next")
        if status != 200:
            os._exit(1)
        request_id = LogHandler.request_id = headers["lambda-runtime-aws-request-id"]
        trace = headers.get("lambda-runtime-trace-id")
        if trace:
            os.environ["_X_AMZN_TRACE_ID"] = trace
        path = "invocation/" + request_id
        try:
            answer = run_one(handler, headers, body, encode)
        except Exception as exception:
            error = error_of(exception, request_id)
            log_error(error)
            api.call("POST", path + "/error",
                     f"Lambda-Runtime-Function-Error-Type: {header_safe(error['errorType'])}\r\n",
                     encode(error).encode("utf-8", "backslashreplace"))
            continue
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:  # a handler may have replaced or closed them
                pass
        api.call("POST", path + "/response", "Content-Type: application/json\r\n", answer)


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    api = Api(os.environ["AWS_LAMBDA_RUNTIME_API"])
    for folder in ("/opt/python", os.environ["LAMBDA_TASK_ROOT"]):
        if os.path.isdir(folder):
            sys.path.insert(0, folder)
    logging.getLogger().addHandler(LogHandler())
    try:
        handler = load_handler()
    except Exception as exception:
        report_init_error(api, exception)
    serve(api, handler)


if __name__ == "__main__":
    main()
