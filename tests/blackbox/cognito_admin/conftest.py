"""Pools of a test's own."""

import pytest
from support.pools import PoolOf


@pytest.fixture()
def make_pool(idp, endpoint):
    made = []

    def make(**options):
        made.append(PoolOf(idp, endpoint, **options))
        return made[-1]

    yield make
    for pool in made:
        pool.delete_user_pool()


@pytest.fixture()
def pool(make_pool):
    return make_pool(AutoVerifiedAttributes=["email"])
