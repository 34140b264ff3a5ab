"""Fixtures of the black-box tests.

They run against `stator serve` (the release build, or STATOR_BIN) with a fresh data folder, or against whatever
endpoint STATOR_ENDPOINT names: the tests know nothing of the implementation. Tests marked `stator` are about the
program itself and are skipped for a foreign endpoint.
"""

import os
import pathlib
import signal
import sys
import uuid

import botocore.exceptions
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support import aws_cli as command_line, cruddur as command, server as servers, streams as reading  # noqa: E402
from support import client, functions, pools, tables, wire  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "stator: about the program and its extensions, not the API")
    config.addinivalue_line("markers", "slow: takes seconds")
    # Who starts the tests in the background of a script makes them deaf to Ctrl-C, and with them every program that a
    # test means to end with it.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    if os.environ.get("STATOR_ENDPOINT"):
        skip = pytest.mark.skip(reason="STATOR_ENDPOINT is not a server of ours")
        for item in items:
            if item.get_closest_marker("stator"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory):
    """URL of the server under test."""
    given = os.environ.get("STATOR_ENDPOINT")
    if given:
        yield given
        return
    with servers.Server(data=tmp_path_factory.mktemp("data")) as server:
        yield server.endpoint
        assert server.process.poll() is None, "the server died:\n" + server.stderr()


@pytest.fixture(scope="session")
def aws_cli(endpoint, tmp_path_factory):
    """aws_cli("dynamodb"): the aws command line for one service."""
    home = tmp_path_factory.mktemp("home")
    return lambda service: command_line.AwsCli(service, endpoint, home)


@pytest.fixture(scope="session")
def db(endpoint):
    return client.Db(endpoint)


@pytest.fixture(scope="session")
def boto(endpoint):
    return client.boto3_client(endpoint)


@pytest.fixture()
def raw(endpoint):
    connection = wire.Wire(endpoint)
    yield connection
    connection.close()


class Maker:
    """Creates tables and deletes them at the end of the test, class or module."""

    def __init__(self, db):
        self._db = db
        self._names = []

    def __call__(self, *args, **kwargs):
        """The arguments are those of tables.table_request; gives the table's name, once it is ACTIVE."""
        request = tables.table_request(*args, **kwargs)
        self._names.append(request["TableName"])
        self._db.call("CreateTable", **request)
        tables.wait_active(self._db, request["TableName"])
        return request["TableName"]

    def own(self, name):
        """A table that the test creates itself."""
        self._names.append(name)
        return name

    def close(self):
        for name in self._names:
            try:
                self._db.call("DeleteTable", TableName=name)
            except wire.ApiError:
                pass


@pytest.fixture()
def make_table(db):
    maker = Maker(db)
    yield maker
    maker.close()


@pytest.fixture(scope="module")
def module_table(db):
    """The same for tables that a whole file shares."""
    maker = Maker(db)
    yield maker
    maker.close()


@pytest.fixture(scope="module")
def hash_table(module_table):
    """Key pk (S)."""
    return module_table()


@pytest.fixture(scope="module")
def range_table(module_table):
    """Key pk (S), sk (S)."""
    return module_table(range=("sk", "S"))


@pytest.fixture(scope="module")
def number_table(module_table):
    """Key pk (S), sk (N)."""
    return module_table(range=("sk", "N"))


@pytest.fixture()
def serve(tmp_path):
    """Starts servers of the test's own; each is stopped at the end."""
    started = []

    def start(*arguments, **options):
        server = servers.Server(*arguments, **options)
        started.append(server)
        return server

    yield start
    for server in started:
        server.__exit__()


@pytest.fixture(scope="module")
def lam(endpoint):
    return functions.client_of(endpoint)


@pytest.fixture(scope="module")
def lax(endpoint):
    """A client that sends what the model forbids."""
    return functions.client_of(endpoint, parameter_validation=False)


@pytest.fixture()
def create(lam):
    made = []

    def make(**changes):
        request = {"FunctionName": functions.unique(), "Runtime": "python3.12", "Role": functions.ROLE, "Handler": "app.handler",
                   "Code": {"ZipFile": functions.ZIP}, **changes}
        made.append(request["FunctionName"])
        return lam.create_function(**{k: v for k, v in request.items() if v is not None})

    yield make
    for name in made:
        try:
            lam.delete_function(FunctionName=name)
        except botocore.exceptions.ClientError:
            pass


@pytest.fixture()
def fn(create):
    """The name of a function."""
    return create()["FunctionName"]


@pytest.fixture(scope="module")
def streams(endpoint):
    return reading.Streams(endpoint)


@pytest.fixture()
def make_stream(db, make_table):
    """Creates a table with a stream; gives its name and the stream's ARN."""

    def make(view="NEW_AND_OLD_IMAGES", **options):
        name, arn = reading.stream_table(db, view, **options)
        make_table.own(name)
        tables.wait_active(db, name)
        return name, arn

    return make


@pytest.fixture(scope="module")
def idp(endpoint):
    return pools.idp_client(endpoint)


@pytest.fixture(scope="module")
def pool(endpoint):
    made = pools.AppPool(endpoint)
    yield made
    made.delete_user_pool()


@pytest.fixture()
def username():
    return "u" + uuid.uuid4().hex[:12]


@pytest.fixture()
def user(pool, username):
    """The name of a confirmed user."""
    return pool.user(username)


@pytest.fixture()
def cruddur(endpoint, db):
    """The command on the table it names if it is told nothing else; the table goes at the end."""
    yield command.Cruddur(endpoint)
    try:
        db.call("DeleteTable", TableName=command.TABLE)
    except wire.ApiError:
        pass
