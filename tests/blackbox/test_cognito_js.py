"""User pools through the libraries of browsers (js/cognito/*.test.mjs): amazon-cognito-identity-js, Amplify 6 and 5."""

import pytest
from support.node_tests import NodeTests

pytestmark = pytest.mark.stator  # codes come from our outbox
TESTS = NodeTests("cognito")


@pytest.fixture(scope="module")
def results(endpoint):
    return TESTS.run(endpoint)


@pytest.mark.parametrize("file,name", TESTS.names)
def test_cognito_js(results, file, name):
    TESTS.check(results, file, name)
