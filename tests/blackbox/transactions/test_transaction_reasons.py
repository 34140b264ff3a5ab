"""What is wrong with a transaction: which faults are the request's, which are reasons, one for each action."""

import pytest
from support.expect import constraint, fails, invalid
from support.tables import n, s
from support.transactions import (CONDITION, DUPLICATES, KEY_SCHEMA, NONE, check, delete, get, item_of, key, put, read,
                                  refused, update, write)


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
