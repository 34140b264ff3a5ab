"""ClientRequestToken: good once, for ten minutes, also over a restart."""

import json

import pytest
from support.expect import constraint, fails
from support.tables import n, s, unique_name
from support.transactions import CONDITION, Own, item_of, key, put, refused, update, write
from support.wire import Wire


def test_a_token_is_good_once(db, table, pk):
    token = unique_name("token")
    add = update(table, key(pk), "ADD n :one SET fill = :fill", {":one": n(1), ":fill": s("x" * 5000)})
    first = write(db, add, ClientRequestToken=token, ReturnConsumedCapacity="INDEXES")
    assert first["ConsumedCapacity"][0]["WriteCapacityUnits"] == 10.0
    again = write(db, add, ClientRequestToken=token, ReturnConsumedCapacity="INDEXES")
    assert again["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0,
                                          "Table": {"CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}}]
    assert write(db, add, ClientRequestToken=token) == {}
    assert item_of(db, table, key(pk))["n"] == n(1)
    other = update(table, key(pk), "ADD n :one SET fill = :fill", {":one": n(2), ":fill": s("x" * 5000)})
    with fails("IdempotentParameterMismatchException"):
        write(db, other, ClientRequestToken=token)
    assert item_of(db, table, key(pk))["n"] == n(1)


def test_order_of_members_makes_no_other_request(db, table, pk):
    token = unique_name("token")
    raw = Wire(db.endpoint, signed=True)
    names = ["a", "b", "c"]
    texts = []
    for order in (names, names[::-1]):
        item = {**{name: n(1) for name in order}, **key(pk)}
        texts.append(json.dumps({"ClientRequestToken": token, "TransactItems": [put(table, item)]}))
    assert texts[0] != texts[1]
    for text in texts:
        assert raw.post("TransactWriteItems", text).status == 200


def test_a_cancelled_transaction_uses_up_no_token(db, table, pk):
    token = unique_name("token")
    action = update(table, key(pk), "ADD n :one", {":one": n(1)}, ConditionExpression="attribute_exists(pk)")
    for _ in range(2):
        assert refused(write, db, action, ClientRequestToken=token) == [("ConditionalCheckFailed", CONDITION)]
    db.call("PutItem", TableName=table, Item=key(pk))
    for _ in range(2):
        assert write(db, action, ClientRequestToken=token) == {}
    assert item_of(db, table, key(pk))["n"] == n(1)


def test_lengths_of_tokens(db, table, pk):
    with constraint("ClientRequestToken", "Member must have length greater than or equal to 1"):
        write(db, put(table, key(pk)), ClientRequestToken="")
    with constraint("ClientRequestToken", "Member must have length less than or equal to 36"):
        write(db, put(table, key(pk)), ClientRequestToken="x" * 37)


@pytest.mark.stator
@pytest.mark.parametrize("memory", [True, False])
def test_tokens_expire_after_ten_minutes(serve, tmp_path, memory):
    own = Own(serve("--in-memory", "--test-controls") if memory else serve("--test-controls", data=tmp_path / "data"))
    own.add("k")
    own.control("test/clock", {"advance_seconds": 590})
    own.add("k")
    assert own.number() == 1
    own.control("test/clock", {"advance_seconds": 11})
    own.add("k")
    assert own.number() == 2


@pytest.mark.stator
def test_tokens_survive_a_kill(serve, tmp_path):
    own = Own(serve("--test-controls", data=tmp_path / "data"))
    own.add("k")
    own.server.kill()
    again = Own(serve("--test-controls", data=tmp_path / "data"), table=False)
    again.add("k")
    assert again.number() == 1
    with fails("IdempotentParameterMismatchException"):
        again.add("k", pk="b")
    again.add("l")
    assert again.number() == 2


@pytest.mark.stator
def test_a_reset_forgets_tokens(serve):
    own = Own(serve("--in-memory", "--test-controls"))
    own.add("k")
    own.control("reset")
    own = Own(own.server)
    own.add("k", pk="b")
    assert own.number("b") == 1
