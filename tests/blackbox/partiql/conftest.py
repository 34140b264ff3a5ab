"""Tables that the tests of statements share."""

import pytest
from support import tables
from support.tables import index, l, m, n, s, ss, unique_name


@pytest.fixture(scope="module")
def letters(module_table, db):
    """Keys pk (S), sk (N): partitions a and b of four items, c of one; indexes on g and sk (keys only) and, local, on l."""
    name = module_table(range=("sk", "N"), attributes={"g": "S", "l": "S"}, gsis=[index("by-g", "g", "sk", "KEYS_ONLY")],
                        lsis=[index("by-l", "pk", "l", "KEYS_ONLY")])
    tables.fill(db, name, [
        {"pk": s(pk), "sk": n(sk), "g": s("x" if sk % 2 else "y"), "l": s(f"l{9 - sk}"), "num": n(sk * 10), "text": s(f"{pk}{sk}"),
         "map": m(els=l(n(sk), s("end")), nest=m(deep=n(sk))), "set": ss("p", f"q{sk}")}
        for pk, count in (("a", 4), ("b", 4), ("c", 1)) for sk in range(1, count + 1)])
    return name


@pytest.fixture(scope="module")
def table(module_table):
    """Keys pk (S), sk (N); index on g (S)."""
    return module_table(range=("sk", "N"), attributes={"g": "S"}, gsis=[index("by-g", "g")])


@pytest.fixture()
def pk():
    """A partition of the test's own."""
    return unique_name("p")
