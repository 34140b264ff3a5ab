"""One back end for all tests of this folder; tests that end it, or want another, start their own."""

import pytest
from support.messages import World


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    made = World(tmp_path_factory.mktemp("backend"))
    yield made
    assert made.server.process.poll() is None, made.server.stderr()
    assert made.backend.process.poll() is None, made.backend.stderr()
    made.close()


@pytest.fixture(scope="session")
def backend(world):
    return world.backend


@pytest.fixture()
def nora(world):
    return world.token("nora")


@pytest.fixture()
def malik(world):
    return world.token("malik")
