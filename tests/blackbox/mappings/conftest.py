"""A server for the tests of this folder."""

import pytest
from support import mappings


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = mappings.World(tmp_path_factory.mktemp("mappings"))
    with made.server:
        yield made
