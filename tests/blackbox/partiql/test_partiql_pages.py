"""Pages of SELECT: Limit, NextToken, a megabyte."""

import base64

import pytest
from support import tables
from support.expect import constraint, fails, invalid
from support.statements import execute, items, keys, pages
from support.tables import n, s


@pytest.mark.parametrize("where", ["", "WHERE pk = 'a'", "WHERE pk IN ['c', 'b', 'a']", "WHERE num > 10", "WHERE pk IN ['a', 'b'] AND num > 20"])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_limit_counts_what_is_evaluated(db, letters, where, limit):
    statement = f'SELECT * FROM "{letters}" {where}'
    found = list(pages(db, statement, Limit=limit))
    assert all(len(page) <= limit for page in found)
    assert [item for page in found for item in page] == items(db, statement)
    evaluated = {"": 9, "WHERE pk = 'a'": 4, "WHERE num > 10": 9, "WHERE pk IN ['a', 'b'] AND num > 20": 8}.get(where, 9)
    assert len(found) in (-(-evaluated // limit), evaluated // limit + 1)


def test_last_evaluated_key_comes_with_the_token(db, letters):
    answer = execute(db, f"""SELECT num FROM "{letters}" WHERE pk = 'a'""", Limit=2)
    assert answer["Items"] == [{"num": n(10)}, {"num": n(20)}]
    assert answer["LastEvaluatedKey"] == {"pk": s("a"), "sk": n(2)}


def test_tokens_belong_to_statement_and_parameters(db, letters):
    statement = f'SELECT * FROM "{letters}" WHERE pk = ?'
    token = execute(db, statement, s("a"), Limit=1)["NextToken"]
    assert keys(items(db, statement, s("a"), NextToken=token)) == ["a2", "a3", "a4"]
    assert keys(execute(db, statement, s("a"), NextToken=token, Limit=2, ConsistentRead=True)["Items"]) == ["a2", "a3"]
    for other, value in ((statement, s("b")), (statement, {"B": b"a"}), (statement.replace("*", "pk"), s("a"))):
        with invalid("NextToken does not match request"):
            execute(db, other, value, NextToken=token)
    with fails("ValidationException"):
        execute(db, f"""INSERT INTO "{letters}" VALUE {{'pk': 'z', 'sk': 1}}""", NextToken=token)
    assert items(db, f"""SELECT * FROM "{letters}" WHERE pk = 'z'""") == []


def test_broken_tokens(db, letters):
    statement = f"""SELECT * FROM "{letters}" WHERE pk = 'a'"""
    token = execute(db, statement, Limit=1)["NextToken"]
    decoded = base64.b64decode(token)
    changed = [decoded[:i] + bytes([decoded[i] ^ 1]) + decoded[i + 1:] for i in range(len(decoded))]
    broken = ["abc", "====", "A" * 32768, token[:-4], token + token] + [base64.b64encode(text).decode() for text in changed]
    for text in broken:
        with invalid("Invalid NextToken"):
            execute(db, statement, NextToken=text)
    with constraint("nextToken", "Member must have length greater than or equal to 1"):
        execute(db, statement, NextToken="")
    with constraint("nextToken", "Member must have length less than or equal to 32768"):
        execute(db, statement, NextToken="A" * 32769)


@pytest.fixture(scope="module")
def big(module_table, db):
    """Three partitions of 60 items of 20 KB."""
    name = module_table(range=("sk", "N"))
    tables.fill(db, name, [{"pk": s(pk), "sk": n(sk), "x": s("x" * 20000)} for pk in "abc" for sk in range(60)])
    return name


@pytest.mark.parametrize("rest,expected", [
    ("WHERE pk = 'a'", [f"a{i}" for i in range(60)]),
    ("WHERE pk = 'a' ORDER BY sk DESC", [f"a{i}" for i in reversed(range(60))]),
    ("WHERE pk IN ['c', 'a']", [f"{pk}{i}" for pk in "ca" for i in range(60)]),
    ("WHERE pk IN ['c', 'a'] ORDER BY sk DESC, pk", [f"{pk}{i}" for i in reversed(range(60)) for pk in "ac"]),
    ("WHERE x > 'a'", None),
    ("", None),
])
def test_pages_of_a_megabyte(db, big, rest, expected):
    found = list(pages(db, f'SELECT pk, sk FROM "{big}" {rest}', ConsistentRead=True))
    together = keys([item for page in found for item in page])
    if expected is None:
        assert sorted(together) == sorted(f"{pk}{i}" for pk in "abc" for i in range(60))
    else:
        assert together == expected
    assert all(len(page) <= 53 for page in found)
    assert len(found) == -(-len(together) * 20009 // (1 << 20))


def test_a_page_costs_what_it_reads(db, big):
    answer = execute(db, f"""SELECT pk FROM "{big}" WHERE pk IN ['a', 'b']""", ReturnConsumedCapacity="TOTAL")
    assert 125 <= answer["ConsumedCapacity"]["CapacityUnits"] <= 135
