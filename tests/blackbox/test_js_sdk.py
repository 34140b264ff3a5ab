"""The SDK for JavaScript v3 (js/*.test.mjs), one pytest test for each of its tests."""

import pytest
from support.node_tests import NodeTests

TESTS = NodeTests()


@pytest.fixture(scope="module")
def results(endpoint):
    return TESTS.run(endpoint)


@pytest.mark.parametrize("file,name", TESTS.names)
def test_js(results, file, name):
    TESTS.check(results, file, name)
