"""Transactions in each other's way: conflicts made to order, and many at once."""

import concurrent.futures
import threading

import pytest
from support import client
from support.expect import fails
from support.tables import n, s
from support.transactions import NONE, ONGOING, Own, get, item_of, put, read, reasons_of, refused, update, write
from support.wire import ApiError, Wire


@pytest.mark.stator
def test_conflicts_on_demand(serve):
    own = Own(serve("--in-memory", "--test-controls"))
    here, there = {"pk": s("a")}, {"pk": s("b")}
    conflict = ("TransactionConflict", ONGOING)
    assert own.control("test/conflicts", {"table": "test", "key": here, "times": 5}).status == 200
    assert refused(write, own.db, put("test", there), put("test", here)) == [NONE, conflict]
    assert refused(read, own.db, get("test", here), get("test", there)) == [conflict, NONE]
    for operation, arguments in (("PutItem", {"Item": here}), ("DeleteItem", {"Key": here}), ("UpdateItem", {"Key": here})):
        with fails("TransactionConflictException", ONGOING):
            own.db.call(operation, TableName="test", **arguments)
    assert write(own.db, put("test", there), put("test", here)) == {}
    assert own.db.call("GetItem", TableName="test", Key=here)["Item"] == here


@pytest.mark.stator
def test_kinds_of_conflicts(serve):
    own = Own(serve("--in-memory", "--test-controls"))
    here = {"pk": s("a")}
    calls = {"write": lambda: own.db.call("PutItem", TableName="test", Item=here), "transaction": lambda: write(own.db, put("test", here)),
             "read": lambda: read(own.db, get("test", here))}
    for kind in calls:
        own.control("test/conflicts", {"table": "test", "key": here, "kind": kind})
        for name, call in calls.items():
            if name == kind:
                with pytest.raises(ApiError):
                    call()
            call()
    own.control("test/conflicts", {"table": "test", "key": here, "times": 100})
    own.db.call("BatchWriteItem", RequestItems={"test": [{"PutRequest": {"Item": here}}]})
    own.control("test/conflicts", {"table": "test", "key": here, "times": 0})
    for call in calls.values():
        call()
    own.control("test/conflicts", {"table": "test", "key": here, "times": 100})
    own.control("test/conflicts", {})
    for call in calls.values():
        call()


@pytest.mark.stator
def test_a_token_in_use_on_demand(serve):
    own = Own(serve("--in-memory", "--test-controls"))
    own.control("test/conflicts", {"token": "k"})
    with fails("TransactionInProgressException", "The transaction with the given request token is already in progress."):
        own.add("k")
    own.add("k")
    assert own.number() == 1


@pytest.mark.stator
@pytest.mark.parametrize("body", ["", "x", "[]", '{"times": 1}', '{"table": "test"}', '{"table": "test", "key": {"sk": {"S": "a"}}}',
                                  '{"table": "absent", "key": {"pk": {"S": "a"}}}', '{"table": "test", "key": {"pk": {"S": "a"}}, "times": -1}',
                                  '{"table": "test", "key": {"pk": {"S": "a"}}, "kind": "sometimes"}', '{"token": 5}',
                                  '{"table": "test", "key": 5}', '{"table": "test", "key": {"pk": {"S": "a"}}, "times": 1e300}'])
def test_bad_conflicts(serve, body):
    own = Own(serve("--in-memory", "--test-controls"))
    assert Wire(own.server.endpoint).request("POST", "/_stator/test/conflicts", body).status == 400


@pytest.mark.stator
def test_conflicts_only_on_test_servers(serve):
    assert Wire(serve("--in-memory").endpoint).request("POST", "/_stator/test/conflicts", "{}").status == 404


def test_contended_transfers_lose_nothing(endpoint, db, make_table):
    """Threads move amounts between a few accounts; each transfer may be told of conflicts, none may half happen."""
    table = make_table()
    names = ["a", "b", "c", "d"]
    write(db, *[put(table, {"pk": s(name), "n": n(100)}) for name in names])
    wrong = []

    def move(seed):
        own = client.Db(endpoint)
        for i in range(25):
            source, target = names[(seed + i) % 4], names[(seed * 3 + i * 2 + 1) % 4]
            if source == target:
                continue
            while True:
                try:
                    write(own, update(table, {"pk": s(source)}, "ADD n :d", {":d": n(-1)}),
                          update(table, {"pk": s(target)}, "ADD n :d", {":d": n(1)}))
                    break
                except ApiError as error:
                    if {code for code, *_ in reasons_of(error)} - {"None", "TransactionConflict"}:
                        wrong.append(error)
                        return

    def watch(stop):
        own = client.Db(endpoint)
        while not stop.is_set():
            try:
                answer = read(own, *[get(table, {"pk": s(name)}) for name in names])
            except ApiError as error:
                reasons_of(error)
                continue
            total = sum(int(r["Item"]["n"]["N"]) for r in answer["Responses"])
            if total != 400:
                wrong.append(total)

    stop = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        watching = pool.submit(watch, stop)
        try:
            list(pool.map(move, range(6)))
        finally:
            stop.set()
        watching.result()
    assert not wrong
    assert sum(int(item_of(db, table, {"pk": s(name)})["n"]["N"]) for name in names) == 400
