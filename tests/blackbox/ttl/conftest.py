"""A server for the tests of this folder."""

import pytest
from support.ttl import Timed


@pytest.fixture(scope="module")
def timed(tmp_path_factory):
    with Timed(tmp_path_factory.mktemp("ttl")) as server:
        yield server
        assert server.server.process.poll() is None, server.server.stderr()
