"""ExecuteTransaction."""

import concurrent.futures

import pytest
from support.expect import constraint, fails, invalid
from support.statements import batch, delete, execute, exists, insert, item_of, put, select, transact, update, with_values
from support.tables import n, s
from support.transactions import CONDITION, NONE, ONGOING, Own, reasons_of
from support.wire import ApiError

DUPLICATE = "Duplicate primary key exists in table"
KEY_NEEDED = "Where clause does not contain a mandatory equality on all key attributes"


def refused(db, *statements, **more):
    """The reasons of a transaction that is cancelled."""
    with fails("TransactionCanceledException") as caught:
        transact(db, *statements, **more)
    return reasons_of(caught.error)


def test_transaction_of_reads(db, table, pk):
    put(db, table, pk, x=n(1))
    put(db, table, pk, 2, x=n(2))
    answer = db.call("ExecuteTransaction", ReturnConsumedCapacity="INDEXES", TransactStatements=[
        {"Statement": select(table, pk)}, {"Statement": select(table, pk, 2, "x")}, {"Statement": select(table, pk, 3)},
        with_values(f'SELECT * FROM "{table}" WHERE pk = ? AND sk = ? AND x = ?', s(pk), n(4), n(5))])
    assert answer["Responses"] == [{"Item": {"pk": s(pk), "sk": n(1), "x": n(1)}}, {"Item": {"x": n(2)}}, {}, {}]
    units = {"CapacityUnits": 8.0, "ReadCapacityUnits": 8.0}
    assert answer["ConsumedCapacity"] == [{"TableName": table, **units, "Table": units}]


def test_transaction_of_writes(db, table, hash_table, pk):
    put(db, table, pk, x=n(1))
    put(db, table, pk, 2)
    answer = db.call("ExecuteTransaction", ReturnConsumedCapacity="TOTAL", TransactStatements=[
        {"Statement": update(table, pk, action="SET x = x + 1")}, {"Statement": delete(table, pk, 2)}, {"Statement": delete(table, pk, 9)},
        {"Statement": insert(table, pk, 3)}, with_values(f"""INSERT INTO "{hash_table}" VALUE {{'pk': ?}}""", s(pk))])
    assert answer["Responses"] == [{}] * 5
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0},
                                          {"TableName": hash_table, "CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}]
    assert item_of(db, table, pk)["x"] == n(2) and item_of(db, table, pk, 2) is None and item_of(db, table, pk, 3)


def test_reasons_in_the_order_of_statements(db, table, pk):
    put(db, table, pk, x=n(1))
    reasons = refused(
        db, insert(table, pk, 2), insert(table, pk), update(table, pk, 3), update(table, pk, 4, rest="AND x = 1"), delete(table, pk, 5, rest="AND x = 1"))
    failed = ("ConditionalCheckFailed", CONDITION)
    assert reasons == [NONE, ("DuplicateItem", DUPLICATE), failed, failed, NONE]
    assert item_of(db, table, pk, 2) is None


def test_the_item_that_a_condition_met(db, table, pk):
    put(db, table, pk, x=n(1))
    wanted = {"Statement": update(table, pk, rest="AND x = 2"), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    old = {"pk": s(pk), "sk": n(1), "x": n(1)}
    assert refused(db, wanted, insert(table, pk, 2)) == [("ConditionalCheckFailed", CONDITION, old), NONE]
    assert refused(db, insert(table, pk, 2), update(table, pk, rest="AND x = 2")) == [NONE, ("ConditionalCheckFailed", CONDITION)]


def test_exists(db, table, pk):
    put(db, table, pk, x=n(1))
    failed = ("ConditionalCheckFailed", CONDITION)
    assert transact(db, exists(table, pk, rest="AND x = 1"), insert(table, pk, 2)) == [{}, {}]
    assert transact(db, exists(table, pk)) == [{}]
    assert refused(db, insert(table, pk, 3), exists(table, pk, rest="AND x = 2")) == [NONE, failed]
    assert refused(db, exists(table, pk, 9), insert(table, pk, 3)) == [failed, NONE]
    assert refused(db, exists(table, pk, 9, rest="AND x IS MISSING"), insert(table, pk, 3)) == [failed, NONE]
    assert item_of(db, table, pk, 3) is None


def test_what_fails_a_whole_transaction(db, table, pk):
    mixed = "ExecuteTransaction API does not support both read and write operations in the same request."
    for statements in ((select(table, pk), insert(table, pk)), (exists(table, pk), select(table, pk, 2))):
        with invalid(mixed):
            transact(db, *statements)
    for other in (update(table, pk), delete(table, pk), exists(table, pk)):
        with invalid("Transaction request cannot include multiple operations on one item"):
            transact(db, insert(table, pk), other)
    with invalid("Transaction request cannot include multiple operations on one item"):
        transact(db, select(table, pk), select(table, pk, columns="x"))
    with invalid("Validation failed in TransactStatements[1]: RETURNING clause is not supported in ExecuteTransaction."):
        transact(db, insert(table, pk), update(table, pk, 2, rest="RETURNING ALL OLD *"))
    with invalid(matching="^Statement wasn't well formed"):
        transact(db, insert(table, pk), "FOO")
    with invalid("Number of parameters in request and statement don't match."):
        transact(db, insert(table, pk), with_values(insert(table, pk, 2), s("a")))
    with fails("ResourceNotFoundException"):
        transact(db, insert(table, pk), insert("no-such-table", pk))
    with invalid(matching="Key: pk$"):
        transact(db, insert(table, ""))
    with constraint("transactStatements", "Member must have length less than or equal to 100"):
        transact(db, *[insert(table, pk, i) for i in range(101)])
    with constraint("transactStatements", "Member must have length greater than or equal to 1"):
        transact(db)
    assert item_of(db, table, pk) is None


def test_keys_that_are_not_whole(db, table, pk):
    put(db, table, pk, 7)
    assert refused(db, insert(table, pk, 7), f"""DELETE FROM "{table}" WHERE pk = '{pk}'""", update(table, pk, 8), insert(table, pk, 9)) == [
        ("DuplicateItem", DUPLICATE), ("ValidationError", KEY_NEEDED), ("ConditionalCheckFailed", CONDITION), NONE]
    assert refused(db, insert(table, pk), f"""DELETE FROM "{table}" WHERE pk = '{pk}'""") == [NONE, ("ValidationError", KEY_NEEDED)]
    assert refused(db, insert(table, pk, "'x'"), insert(table, pk, 2))[0] == (
        "ValidationError", "One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S")
    (code, _), = refused(db, f"""SELECT * FROM "{table}" WHERE pk = '{pk}'""")
    assert code == "ValidationError"
    assert item_of(db, table, pk) is None


def test_a_token_stands_for_one_request(db, table, pk):
    put(db, table, pk, x=n(1))
    statement = with_values(f'UPDATE "{table}" SET x = x + ? WHERE pk = ? AND sk = 1', n(1), s(pk))

    def send(one, **more):
        return db.call("ExecuteTransaction", TransactStatements=[one], ClientRequestToken=f"token-{pk}", **more)

    send(statement)
    again = send(statement, ReturnConsumedCapacity="TOTAL")
    assert again == {"Responses": [{}], "ConsumedCapacity": [{"TableName": table, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}]}
    assert item_of(db, table, pk)["x"] == n(2)
    for other in ({**statement, "Parameters": [n(2), s(pk)]}, {**statement, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
                  {"Statement": update(table, pk)}):
        with fails("IdempotentParameterMismatchException"):
            send(other)
    assert item_of(db, table, pk)["x"] == n(2)


def test_a_hundred_statements(db, table, pk):
    assert transact(db, *[insert(table, pk, i) for i in range(100)]) == [{}] * 100
    assert len(transact(db, *[select(table, pk, i) for i in range(100)])) == 100


def test_transfers_under_contention(db, table, pk):
    """Money moves between accounts, some of it at the same time: none is lost, and what conflicts says so."""
    for sk in range(4):
        put(db, table, pk, sk, x=n(100))

    def move(i):
        there, here = i % 4, (i * 7 + 1) % 4
        if there == here:
            return "same"
        try:
            transact(db, update(table, pk, there, "SET x = x - 1", "AND x > 0"), update(table, pk, here, "SET x = x + 1"))
            return "done"
        except ApiError as caught:
            return {code for code, *_ in reasons_of(caught)} - {"None"}

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(move, range(160)))
    assert "done" in results
    assert all(r in ("done", "same", {"TransactionConflict"}) for r in results)
    found = transact(db, *[select(table, pk, sk) for sk in range(4)])
    assert sum(int(r["Item"]["x"]["N"]) for r in found) == 400


@pytest.mark.stator
def test_conflicts_on_demand(serve):
    own = Own(serve("--in-memory", "--test-controls"))
    one = {n: f"SELECT * FROM test WHERE pk = '{n}'" for n in "ab"}
    own.control("test/conflicts", {"table": "test", "key": {"pk": s("a")}, "times": 4})
    conflict = ("TransactionConflict", ONGOING)
    assert refused(own.db, "INSERT INTO test VALUE {'pk': 'b'}", "INSERT INTO test VALUE {'pk': 'a'}") == [NONE, conflict]
    assert refused(own.db, one["a"], one["b"]) == [conflict, NONE]
    with fails("TransactionConflictException", ONGOING):
        execute(own.db, "INSERT INTO test VALUE {'pk': 'a'}")
    codes = [r.get("Error", {}).get("Code") for r in batch(own.db, "DELETE FROM test WHERE pk = 'b'", "INSERT INTO test VALUE {'pk': 'a'}")]
    assert codes == [None, "TransactionConflict"]
    assert transact(own.db, "INSERT INTO test VALUE {'pk': 'a'}", "INSERT INTO test VALUE {'pk': 'b'}") == [{}, {}]
