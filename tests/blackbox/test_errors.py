"""The form of errors: type, prefix, message member, status, headers; what comes before what."""

import zlib

import pytest
from support.expect import fails
from support.tables import n, s
from support.wire import CONTENT_TYPE, TARGET, UNSIGNED

DYNAMO = "com.amazonaws.dynamodb.v20120810#"
VALIDATE = "com.amazon.coral.validate#"
SERVICE = "com.amazon.coral.service#"


def check_headers(reply):
    assert reply.headers["content-type"] == CONTENT_TYPE
    assert len(reply.headers["x-amzn-requestid"]) == 52
    assert int(reply.headers["x-amz-crc32"]) == zlib.crc32(reply.body)
    assert reply.headers["date"].endswith("GMT") and "server" in reply.headers


def test_success_headers(raw, hash_table):
    reply = raw.post("DescribeTable", {"TableName": hash_table})
    assert reply.status == 200
    check_headers(reply)


def test_request_ids_differ(raw):
    ids = {raw.post("ListTables", {}).headers["x-amzn-requestid"] for _ in range(20)}
    assert len(ids) == 20 and all(set(i) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") for i in ids)


@pytest.mark.parametrize("operation,body,kind", [
    ("DescribeTable", {"TableName": "no-such"}, DYNAMO + "ResourceNotFoundException"),
    ("DescribeTable", {}, VALIDATE + "ValidationException"),
    ("GetItem", {"TableName": "no-such", "Key": {"pk": s("a")}}, DYNAMO + "ResourceNotFoundException"),
    ("NoSuchOperation", {}, SERVICE + "UnknownOperationException"),
    ("GetItem", "{", SERVICE + "SerializationException"),
    ("PutItem", {"TableName": 1}, SERVICE + "SerializationException"),
])
def test_full_type(raw, operation, body, kind):
    reply = raw.post(operation, body)
    assert (reply.status, reply.json["__type"]) == (400, kind)
    check_headers(reply)


def test_condition_failed(raw, hash_table):
    reply = raw.post("PutItem", {"TableName": hash_table, "Item": {"pk": s("a")},
                                 "ConditionExpression": "attribute_exists(pk)"})
    assert reply.json == {"__type": DYNAMO + "ConditionalCheckFailedException", "message": "The conditional request failed"}


@pytest.mark.parametrize("operation", ["TransactWriteItems", "ExecuteStatement", "SearchVectors", "putItem", "", "Foo"])
def test_operations_not_here(raw, operation):
    reply = raw.post(operation, {})
    assert reply.status == 400
    assert reply.json["__type"].startswith("com.")
    if operation in ("SearchVectors", "putItem", "Foo"):
        assert reply.json["__type"] == SERVICE + "UnknownOperationException"


@pytest.mark.parametrize("target", ["Foo.PutItem", "DynamoDB_20111205.PutItem", "PutItem", ".", TARGET])
def test_other_targets(raw, target):
    reply = raw.request("POST", "/", b"{}", {"Content-Type": CONTENT_TYPE, "X-Amz-Target": target, **UNSIGNED})
    assert reply.status == 400 and reply.json["__type"] == SERVICE + "UnknownOperationException"


def test_no_target(raw):
    reply = raw.request("POST", "/", b"{}", {"Content-Type": CONTENT_TYPE, **UNSIGNED})
    assert reply.status in (400, 404)


BODIES = ["", "{", "}", "[]", "null", '"text"', "1", "true", "{]", '{"TableName"}', '{"TableName": }', "{'TableName': 'x'}",
          '{"TableName": "x",}', '{"TableName": "x"} x', '{"TableName": "\\ud800"}', '{"TableName": "a\x01b"}', "\x00", "{\x00}",
          '{"TableName": nul}', '{"TableName": 01}', "﻿{}"]


@pytest.mark.parametrize("body", BODIES, ids=[repr(b)[:40] for b in BODIES])
def test_bodies_that_are_no_object(raw, body):
    reply = raw.post("GetItem", body)
    assert reply.status == 400
    expected = {"SerializationException"} | ({"ValidationException"} if body in ("", '{"TableName": "\\ud800"}') else set())
    assert reply.error().type in expected, reply.body
    check_headers(reply)


@pytest.mark.parametrize("body", [b'{"TableName": "\xff\xfe"}', b'{"TableName": "\xc3"}', b'{"TableName": "\xed\xa0\x80"}',
                                  b"\xff", b'{"TableName": "\xc0\x80"}'])
def test_bad_utf8(raw, body):
    reply = raw.post("DescribeTable", body)
    assert reply.status == 400 and reply.error().type in ("SerializationException", "ValidationException")


TYPES = [
    ("GetItem", {"TableName": 1, "Key": {}}), ("GetItem", {"TableName": True}), ("GetItem", {"TableName": []}),
    ("GetItem", {"TableName": "abc", "Key": []}), ("GetItem", {"TableName": "abc", "Key": "x"}),
    ("GetItem", {"TableName": "abc", "Key": {"pk": s("a")}, "ConsistentRead": "maybe"}),
    ("Query", {"TableName": "abc", "Limit": "ten"}), ("Query", {"TableName": "abc", "KeyConditions": []}),
    ("Scan", {"TableName": "abc", "ExclusiveStartKey": 5}), ("Scan", {"TableName": "abc", "AttributesToGet": "a"}),
    ("ListTables", {"Limit": {}}), ("BatchGetItem", {"RequestItems": []}), ("BatchWriteItem", {"RequestItems": {"abc": {}}}),
    ("CreateTable", {"TableName": "abc", "KeySchema": {}}),
    ("CreateTable", {"TableName": "abc", "ProvisionedThroughput": {"ReadCapacityUnits": "x"}}),
    ("UpdateItem", {"TableName": "abc", "Key": {"pk": {"S": ["a"]}}}),
]


@pytest.mark.parametrize("operation,body", TYPES, ids=[f"{o}-{i}" for i, (o, _) in enumerate(TYPES)])
def test_types_come_before_everything(raw, operation, body):
    reply = raw.post(operation, body)
    assert (reply.status, reply.error().type) == (400, "SerializationException"), reply.body


def test_shape_comes_before_the_table(db):
    with fails("ValidationException"):
        db.call("PutItem", TableName="no-such", Item={"pk": s("a")}, ReturnValues="BAD")
    with fails("ValidationException"):
        db.call("PutItem", TableName="no-such", Item={"pk": n("x")})
    with fails("ValidationException"):
        db.call("Scan", TableName="no-such", FilterExpression="((")
    with fails("ResourceNotFoundException"):
        db.call("PutItem", TableName="no-such", Item={})


def test_first_error_only(raw):
    reply = raw.post("ListTables", {"Limit": 0, "ExclusiveStartTableName": "a"})
    assert reply.error().message.startswith("1 validation error detected: ")


def test_errors_change_nothing(db, hash_table):
    db.call("PutItem", TableName=hash_table, Item={"pk": s("keep"), "v": n(1)})
    for members in ({"Item": {"pk": s("keep"), "v": n("x")}}, {"Item": {"pk": s("keep")}, "ReturnValues": "ALL_NEW"},
                    {"Item": {"pk": s("keep")}, "ConditionExpression": "v = :missing"}):
        with fails("ValidationException"):
            db.call("PutItem", TableName=hash_table, **members)
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("keep")})["Item"] == {"pk": s("keep"), "v": n(1)}


HOLES = [
    ("CreateTable", {"KeySchema": [None]}), ("CreateTable", {"AttributeDefinitions": [None]}), ("CreateTable", {"Tags": [None]}),
    ("CreateTable", {"GlobalSecondaryIndexes": [None]}), ("PutItem", {"Item": {"pk": s("a")}, "Expected": {"a": None}}),
    ("UpdateItem", {"Key": {"pk": s("a")}, "AttributeUpdates": {"a": None}}), ("Query", {"KeyConditions": {"pk": None}}),
    ("Scan", {"ScanFilter": {"a": None}}), ("Scan", {"AttributesToGet": [None]}), ("UpdateTable", {"GlobalSecondaryIndexUpdates": [None]}),
    ("UpdateTable", {"AttributeDefinitions": [None], "BillingMode": "PAY_PER_REQUEST"}),
    ("PutItem", {"Item": {"pk": s("a"), "x": {"L": [None]}}}), ("PutItem", {"Item": {"pk": s("a"), "x": {"SS": [None]}}}),
    ("PutItem", {"Item": {"pk": None}}), ("BatchGetItem", {"RequestItems": {"abc": None}}),
    ("BatchGetItem", {"RequestItems": {"abc": {"Keys": [None]}}}), ("BatchWriteItem", {"RequestItems": {"abc": None}}),
    ("BatchWriteItem", {"RequestItems": {"abc": [None]}}), ("TagResource", {"ResourceArn": "arn", "Tags": [None]}),
]


@pytest.mark.parametrize("operation,members", HOLES, ids=[f"{o}-{i}" for i, (o, _) in enumerate(HOLES)])
def test_null_in_lists_and_maps(raw, hash_table, operation, members):
    body = {"TableName": "new-table" if operation == "CreateTable" else hash_table, "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST"} if operation == "CreateTable" else {"TableName": hash_table}
    reply = raw.post(operation, {**body, **members})
    assert reply.status == 400 and reply.error().type in ("ValidationException", "SerializationException"), reply.body
