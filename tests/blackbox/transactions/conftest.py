import pytest
from support.tables import index, s, unique_name


@pytest.fixture(scope="module")
def table(module_table):
    """Keys pk (S), sk (N); indexes on g (S) and, local, on l (S)."""
    return module_table(range=("sk", "N"), attributes={"g": "S", "l": "S"}, gsis=[index("by-g", "g")],
                        lsis=[index("by-l", "pk", "l")])


@pytest.fixture()
def pk(request):
    """A partition of the test's own."""
    return s(unique_name(request.node.name))
