"""TransactWriteItems and TransactGetItems: all or nothing, reasons, tokens, capacity, conflicts."""

import concurrent.futures
import json
import threading

import pytest
from support import client
from support.expect import constraint, fails, invalid
from support.streams import Streams, stream_table
from support.tables import index, l, n, s, unique_name
from support.wire import ApiError, Wire

TOO_LARGE = ("Collection size of items exceeded, which can also be caused by the aggregate size of the items in the "
             "transaction exceeding the 4MB limit")
CONDITION = "The conditional request failed"
ONGOING = "Transaction is ongoing for the item"
KEY_SCHEMA = "The provided key element does not match the schema"
DUPLICATES = "Transaction request cannot include multiple operations on one item"


@pytest.fixture(scope="module")
def table(module_table):
    """Keys pk (S), sk (N); indexes on g (S) and, local, on l (S)."""
    return module_table(range=("sk", "N"), attributes={"g": "S", "l": "S"}, gsis=[index("by-g", "g")],
                        lsis=[index("by-l", "pk", "l")])


@pytest.fixture()
def pk(request):
    """A partition of the test's own."""
    return s(unique_name(request.node.name))


def key(pk, sk=1):
    return {"pk": pk, "sk": n(sk)}


def put(table, item, **more):
    return {"Put": {"TableName": table, "Item": item, **more}}


def update(table, key, expression, values=None, **more):
    values = {"ExpressionAttributeValues": values} if values else {}
    return {"Update": {"TableName": table, "Key": key, "UpdateExpression": expression, **values, **more}}


def delete(table, key, **more):
    return {"Delete": {"TableName": table, "Key": key, **more}}


def check(table, key, condition, **more):
    return {"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": condition, **more}}


def get(table, key, **more):
    return {"Get": {"TableName": table, "Key": key, **more}}


def write(db, *items, **more):
    return db.call("TransactWriteItems", TransactItems=list(items), **more)


def read(db, *items, **more):
    return db.call("TransactGetItems", TransactItems=list(items), **more)


def item_of(db, table, key):
    return db.call("GetItem", TableName=table, Key=key, ConsistentRead=True).get("Item")


def reasons_of(error):
    assert error.type == "TransactionCanceledException", error
    reasons = error.body["CancellationReasons"]
    codes = ", ".join(reason["Code"] for reason in reasons)
    assert error.message == f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return [(r["Code"], r.get("Message")) + ((r["Item"],) if "Item" in r else ()) for r in reasons]


NONE = ("None", None)


def refused(call, *arguments, **more):
    """The reasons of a transaction that is cancelled."""
    with fails("TransactionCanceledException") as caught:
        call(*arguments, **more)
    return reasons_of(caught.error)


def test_all_four_actions_over_two_tables(db, table, hash_table, pk):
    db.call("PutItem", TableName=table, Item={**key(pk, 2), "n": n(5)})
    db.call("PutItem", TableName=table, Item=key(pk, 3))
    answer = write(db, put(table, {**key(pk), "g": s("x")}), update(table, key(pk, 2), "ADD n :one", {":one": n(1)}),
                   delete(table, key(pk, 3)), check(table, key(pk, 4), "attribute_not_exists(pk)"),
                   put(hash_table, {"pk": pk, "x": n(1)}))
    assert answer == {}
    assert read(db, get(table, key(pk)), get(table, key(pk, 2)), get(table, key(pk, 3)), get(hash_table, {"pk": pk})) == {
        "Responses": [{"Item": {**key(pk), "g": s("x")}}, {"Item": {**key(pk, 2), "n": n(6)}}, {},
                      {"Item": {"pk": pk, "x": n(1)}}]}


def test_nothing_of_it_if_one_condition_fails(db, table, hash_table, pk):
    old = {**key(pk), "n": n(1), "g": s("before")}
    db.call("PutItem", TableName=table, Item=old)
    reasons = refused(
        write, db, put(table, {**key(pk), "g": s("after")}), put(table, key(pk, 2), ConditionExpression="attribute_exists(pk)"),
        check(hash_table, {"pk": pk}, "attribute_exists(pk)"), delete(table, key(pk, 3)),
        update(table, key(pk, 4), "SET x = :v", {":v": n(1)}, ConditionExpression="attribute_exists(pk)"))
    failed = ("ConditionalCheckFailed", CONDITION)
    assert reasons == [NONE, failed, failed, NONE, failed]
    assert item_of(db, table, key(pk)) == old
    assert item_of(db, table, key(pk, 2)) is None
    query = db.call("Query", TableName=table, IndexName="by-g", KeyConditionExpression="g = :g",
                    ExpressionAttributeValues={":g": s("after")})
    assert query["Count"] == 0


def test_the_item_that_a_condition_met(db, table, pk):
    old = {**key(pk), "n": n(1)}
    db.call("PutItem", TableName=table, Item=old)
    wanted = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    unless = {"ConditionExpression": "attribute_not_exists(pk)"}
    failed = ("ConditionalCheckFailed", CONDITION)
    for action in (put(table, key(pk), **unless, **wanted), delete(table, key(pk), **unless, **wanted),
                   update(table, key(pk), "SET n = :v", {":v": n(2)}, **unless, **wanted),
                   check(table, key(pk), "attribute_not_exists(pk)", **wanted)):
        assert refused(write, db, delete(table, key(pk, 2)), action) == [NONE, (*failed, old)]
    assert refused(write, db, put(table, key(pk), **unless)) == [failed]
    assert refused(write, db, check(table, key(pk, 9), "attribute_exists(pk)", **wanted)) == [failed], "there is no item"


def test_conditions_see_the_state_before(db, table, pk):
    write(db, put(table, {**key(pk), "n": n(1)}), put(table, {**key(pk, 2), "n": n(2)}))
    write(db, update(table, key(pk), "SET n = :v", {":v": n(9), ":one": n(1)}, ConditionExpression="n = :one"),
          update(table, key(pk, 2), "SET n = n + n", ConditionExpression="attribute_exists(n)"))
    assert item_of(db, table, key(pk, 2))["n"] == n(4)


def test_only_checks(db, table, pk):
    assert write(db, check(table, key(pk), "attribute_not_exists(pk)")) == {}
    assert refused(write, db, check(table, key(pk), "attribute_exists(pk)")) == [("ConditionalCheckFailed", CONDITION)]


def test_indexes_follow(db, table, pk):
    write(db, *[put(table, {**key(pk, i), "g": pk, "l": s(str(i))}) for i in range(10)])
    write(db, *[update(table, key(pk, i), "REMOVE g") for i in range(0, 10, 2)], *[delete(table, key(pk, i)) for i in (1, 3)])
    by_g = db.call("Query", TableName=table, IndexName="by-g", KeyConditionExpression="g = :g",
                   ExpressionAttributeValues={":g": pk})
    assert sorted(i["sk"]["N"] for i in by_g["Items"]) == ["5", "7", "9"]
    by_l = db.call("Query", TableName=table, IndexName="by-l", KeyConditionExpression="pk = :p",
                   ExpressionAttributeValues={":p": pk})
    assert [i["sk"]["N"] for i in by_l["Items"]] == ["0", "2", "4", "5", "6", "7", "8", "9"]


def test_hundred_and_no_more(db, table, pk):
    items = [put(table, key(pk, i)) for i in range(101)]
    with constraint("TransactItems", "Member must have length less than or equal to 100"):
        write(db, *items)
    assert write(db, *items[:100]) == {}
    gets = [get(table, key(pk, i)) for i in range(101)]
    with constraint("TransactItems", "Member must have length less than or equal to 100"):
        read(db, *gets)
    assert [r["Item"]["sk"]["N"] for r in read(db, *gets[:100])["Responses"]] == [str(i) for i in range(100)]


def test_none(db):
    with constraint("TransactItems", "Member must have length greater than or equal to 1"):
        write(db)
    with constraint("TransactItems", "Member must have length greater than or equal to 1"):
        read(db)
    for operation in ("TransactWriteItems", "TransactGetItems"):
        with constraint("TransactItems", "Member must not be null"):
            db.raw.send(operation, {})


def test_one_action_each(db, table, pk):
    with invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"):
        write(db, put(table, key(pk)), {})
    with invalid("TransactItems can only contain one of Check, Put, Update or Delete"):
        write(db, {**put(table, key(pk)), **delete(table, key(pk))})
    with constraint("TransactItems.1.member.Get", "Member must not be null"):
        db.raw.send("TransactGetItems", {"TransactItems": [{}]})


@pytest.mark.parametrize("kind,member", [("Put", "Item"), ("Put", "TableName"), ("Update", "UpdateExpression"), ("Update", "Key"),
                                         ("Delete", "Key"), ("ConditionCheck", "ConditionExpression")])
def test_members_that_must_be_there(db, table, pk, kind, member):
    parts = {"TableName": table, "Key": key(pk), "Item": key(pk), "UpdateExpression": "REMOVE a",
             "ConditionExpression": "attribute_exists(a)"}
    del parts[member]
    with constraint(f"TransactItems.1.member.{kind}.{member}", "Member must not be null"):
        db.raw.send("TransactWriteItems", {"TransactItems": [{kind: parts}]})


def test_one_item_once(db, table, pk):
    for other in (put(table, {**key(pk, "1.0"), "x": n(1)}), delete(table, key(pk)), check(table, key(pk), "attribute_exists(pk)"),
                  update(table, key(pk), "REMOVE a")):
        with invalid(DUPLICATES):
            write(db, put(table, key(pk)), other)
    with invalid(DUPLICATES):
        read(db, get(table, key(pk)), get(table, key(pk)))
    with invalid(DUPLICATES):
        write(db, put(table, {**key(pk), "g": n(1)}), delete(table, key(pk)))
    assert item_of(db, table, key(pk)) is None


def test_same_key_of_two_tables(db, table, make_table, pk):
    other = make_table(range=("sk", "N"))
    assert write(db, put(table, key(pk)), put(other, key(pk))) == {}


def test_unknown_table(db, table, pk):
    with fails("ResourceNotFoundException", "Requested resource not found"):
        write(db, put(table, key(pk)), put("absent", key(pk)))
    with fails("ResourceNotFoundException", "Requested resource not found"):
        read(db, get(table, {"pk": n(1)}), get("absent", key(pk)))
    assert item_of(db, table, key(pk)) is None


@pytest.mark.parametrize("action,text", [
    (lambda t, k: put(t, k, ConditionExpression="attribute_exists(#a)"),
     "Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #a"),
    (lambda t, k: update(t, k, "SET a = :v"),
     "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v"),
    (lambda t, k: check(t, k, "a = :v"),
     "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v"),
    (lambda t, k: check(t, k, ""), "Invalid ConditionExpression: The expression can not be empty;"),
    (lambda t, k: put(t, k, ConditionExpression="attribute_exists(a)", ExpressionAttributeValues={":v": n(1)}),
     "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}"),
    (lambda t, k: delete(t, k, ExpressionAttributeValues={":v": n(1)}),
     "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null"),
    (lambda t, k: update(t, k, "SET a = = :v", {":v": n(1)}),
     'Invalid UpdateExpression: Syntax error; token: "=", near: "= = :v"'),
])
def test_faults_of_expressions_are_the_requests(db, table, pk, action, text):
    with invalid(text):
        write(db, put("absent", key(pk)), action(table, key(pk)))


def test_faults_of_projections_are_the_requests(db, table, pk):
    with invalid('Invalid ProjectionExpression: Syntax error; token: ".", near: "..b"'):
        read(db, get(table, key(pk), ProjectionExpression="a..b"))
    with invalid("ExpressionAttributeNames can only be specified when using expressions"):
        read(db, get(table, key(pk), ExpressionAttributeNames={"#a": "b"}))


def test_keys_of_the_wrong_type_are_reasons(db, table, pk):
    wrong, short = {"pk": n(1), "sk": n(1)}, {"pk": pk}
    fault = ("ValidationError", KEY_SCHEMA)
    for bad in (wrong, short, {**key(pk), "more": n(1)}):
        for action in (delete(table, bad), check(table, bad, "attribute_exists(pk)"), update(table, bad, "REMOVE a")):
            assert refused(write, db, put(table, key(pk, 2)), action) == [NONE, fault]
        assert refused(read, db, get(table, key(pk, 2)), get(table, bad)) == [NONE, fault]
    assert refused(write, db, put(table, wrong), put(table, short)) == [
        ("ValidationError", "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"),
        ("ValidationError", "One or more parameter values were invalid: Missing the key sk in the item")]
    assert item_of(db, table, key(pk, 2)) is None


def test_every_reason_at_once(db, table, pk):
    assert refused(write, db, put(table, {"pk": n(1), "sk": n(1)}), check(table, key(pk), "attribute_exists(pk)"),
                   update(table, key(pk, 2), "SET pk = :v", {":v": s("x")}), put(table, key(pk, 3))) == [
        ("ValidationError", "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"),
        ("ConditionalCheckFailed", CONDITION),
        ("ValidationError", "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"),
        NONE]


def test_empty_keys_are_the_requests(db, table, pk):
    for action in (put(table, {"pk": s(""), "sk": n(1)}), delete(table, {"pk": s(""), "sk": n(1)}),
                   check(table, {"pk": s(""), "sk": n(1)}, "attribute_exists(a)")):
        with invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
                     "empty string value. Key: pk"):
            write(db, put(table, {"pk": n(1), "sk": n(1)}), action)
    with invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
                 "AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-g, IndexKey: g"):
        write(db, put(table, {**key(pk), "g": s("")}))
    with invalid("One or more parameter values are not valid. The update expression attempted to update a secondary index key to a "
                 "value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value."):
        write(db, update(table, key(pk), "SET g = :v", {":v": s("")}))


def test_index_keys_of_the_wrong_type_are_reasons(db, table, pk):
    fault = ("ValidationError", "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N "
                                "IndexName: by-g")
    assert refused(write, db, put(table, {**key(pk), "g": n(1)})) == [fault]
    assert refused(write, db, delete(table, key(pk, 2)), update(table, key(pk), "SET g = :v", {":v": n(1)})) == [NONE, fault]


@pytest.mark.parametrize("expression,values,text", [
    ("SET a = a + :v", {":v": n(1)}, "An operand in the update expression has an incorrect data type"),
    ("SET absent.b = :v", {":v": n(1)}, "The document path provided in the update expression is invalid for update"),
    ("SET b = absent", None, "The provided expression refers to an attribute that does not exist in the item"),
])
def test_updates_the_item_does_not_allow_are_reasons(db, table, pk, expression, values, text):
    db.call("PutItem", TableName=table, Item={**key(pk), "a": s("text")})
    assert refused(write, db, update(table, key(pk), expression, values)) == [("ValidationError", text)]


def test_sizes(db, table, pk):
    big = s("x" * 410_000)
    with invalid("Item size has exceeded the maximum allowed size"):
        write(db, put(table, {**key(pk), "b": big}))
    assert refused(write, db, update(table, key(pk), "SET b = :b", {":b": big})) == [
        ("ValidationError", "Item size to update has exceeded the maximum allowed size")]
    large = [{**key(pk, i), "b": s("x" * 400_000)} for i in range(11)]
    with invalid(TOO_LARGE):
        write(db, *[put(table, item) for item in large])
    assert write(db, *[put(table, item) for item in large[:10]]) == {}
    assert len(read(db, *[get(table, key(pk, i)) for i in range(10)])["Responses"]) == 10
    db.call("PutItem", TableName=table, Item=large[10])
    with invalid(TOO_LARGE):
        read(db, *[get(table, key(pk, i)) for i in range(11)])
    with invalid(TOO_LARGE):
        write(db, *[update(table, key(pk, i), "SET c = :c", {":c": n(1)}) for i in range(11)])
    assert write(db, *[delete(table, key(pk, i)) for i in range(11)]) == {}, "what goes does not count"


def test_an_update_is_measured_by_its_result(db, table, pk):
    # 409,600 bytes in all: pk and its value, sk and its value, the name b.
    room = 409_600 - (2 + len(pk["S"])) - (2 + 2) - 1
    assert write(db, update(table, key(pk), "SET b = :b", {":b": s("x" * room)})) == {}
    assert refused(write, db, update(table, key(pk, 2), "SET b = :b", {":b": s("x" * (room + 1))})) == [
        ("ValidationError", "Item size to update has exceeded the maximum allowed size")]


def test_projections(db, table, pk):
    db.call("PutItem", TableName=table, Item={**key(pk), "a": l(n(1), n(2)), "b": n(3)})
    answer = read(db, get(table, key(pk), ProjectionExpression="#a[1], b", ExpressionAttributeNames={"#a": "a"}),
                  get(table, key(pk, 2), ProjectionExpression="b"))
    assert answer == {"Responses": [{"Item": {"a": l(n(2)), "b": n(3)}}, {}]}
    db.call("PutItem", TableName=table, Item=key(pk, 3))
    assert db.raw.send("TransactGetItems", {"TransactItems": [get(table, key(pk, 3), ProjectionExpression="zzz")]}) == {
        "Responses": [{"Item": {}}]}


# Capacity.


def test_capacity_of_writes_is_double_on_the_table(db, table, pk):
    item = {**key(pk), "g": s("x"), "l": s("y"), "pad": s("x" * 1500)}
    (capacity,) = write(db, put(table, item), ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert capacity == {
        "TableName": table, "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0, "Table": {"CapacityUnits": 4.0, "WriteCapacityUnits": 4.0},
        "GlobalSecondaryIndexes": {"by-g": {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}},
        "LocalSecondaryIndexes": {"by-l": {"CapacityUnits": 2.0, "WriteCapacityUnits": 2.0}}}
    (capacity,) = write(db, update(table, key(pk), "REMOVE g, l"), ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert capacity["Table"]["CapacityUnits"] == 4.0 and capacity["CapacityUnits"] == 8.0
    (capacity,) = write(db, put(table, {**item, "g": s("x")}), check(table, key(pk, 9), "attribute_not_exists(pk)"),
                        delete(table, key(pk, 8)), ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    assert capacity == {"TableName": table, "CapacityUnits": 12.0, "WriteCapacityUnits": 12.0}


def test_capacity_of_reads_is_double(db, table, hash_table, pk):
    db.call("PutItem", TableName=table, Item={**key(pk), "pad": s("x" * 5000)})
    answer = read(db, get(table, key(pk)), get(table, key(pk, 2)), get(hash_table, {"pk": pk}), ReturnConsumedCapacity="INDEXES")
    assert answer["ConsumedCapacity"] == [
        {"TableName": table, "CapacityUnits": 6.0, "ReadCapacityUnits": 6.0, "Table": {"CapacityUnits": 6.0, "ReadCapacityUnits": 6.0}},
        {"TableName": hash_table, "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0,
         "Table": {"CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}}]


def test_cancelled_ones_tell_no_capacity(db, table, pk):
    with fails("TransactionCanceledException") as caught:
        write(db, check(table, key(pk), "attribute_exists(pk)"), ReturnConsumedCapacity="TOTAL")
    assert "ConsumedCapacity" not in caught.error.body


def test_item_collection_metrics(db, table, hash_table, pk):
    answer = write(db, put(table, key(pk)), delete(table, key(pk, 2)), put(hash_table, {"pk": pk}),
                   check(table, {"pk": s("other"), "sk": n(1)}, "attribute_not_exists(pk)"), ReturnItemCollectionMetrics="SIZE")
    assert answer == {"ItemCollectionMetrics": {table: [{"ItemCollectionKey": {"pk": pk}, "SizeEstimateRangeGB": [0.0, 1.0]}]}}


# Tokens.


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


class Own:
    """A server with test controls of the test's own, and a table on it."""

    def __init__(self, server, table=True):
        self.server = server
        self.db = client.Db(server.endpoint)
        if table:
            self.db.call("CreateTable", TableName="test", BillingMode="PAY_PER_REQUEST",
                         KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                         AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])

    def control(self, name, body=None):
        return Wire(self.server.endpoint).request("POST", f"/_stator/{name}", json.dumps(body if body is not None else {}))

    def add(self, token, pk="a"):
        return write(self.db, update("test", {"pk": s(pk)}, "ADD n :one", {":one": n(1)}), ClientRequestToken=token)

    def number(self, pk="a"):
        return int(item_of(self.db, "test", {"pk": s(pk)})["n"]["N"])


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


# Conflicts on demand.


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


# Together.


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


def test_a_transaction_stands_together_in_the_stream(endpoint, db, make_table):
    name, arn = stream_table(db)
    make_table.own(name)
    write(db, *[put(name, {"pk": s(str(i)), "v": n(i)}) for i in range(8)])
    refused(write, db, put(name, {"pk": s("9")}), check(name, {"pk": s("absent")}, "attribute_exists(pk)"))
    write(db, delete(name, {"pk": s("3")}), update(name, {"pk": s("4")}, "SET v = :v", {":v": n(4)}),
          update(name, {"pk": s("5")}, "SET v = :v", {":v": n(50)}), check(name, {"pk": s("6")}, "attribute_exists(pk)"))
    records = Streams(endpoint).drain_all(arn)
    assert [(r["eventName"], r["dynamodb"]["Keys"]["pk"]["S"]) for r in records] == [
        *[("INSERT", str(i)) for i in range(8)], ("REMOVE", "3"), ("MODIFY", "5")], "what changes nothing is not told"
    times = [r["dynamodb"]["ApproximateCreationDateTime"] for r in records]
    assert len(set(times[:8])) == 1 and len(set(times[8:])) == 1
