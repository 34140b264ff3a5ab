"""Texts and their order, case by case: what is easily almost right.

Sources: "note" is the project's note on the API (section in brackets); "peer" an implementation that was measured
against the service; "manual" the developer guide.
"""

import gzip

import pytest

from support.expect import VALIDATION, fails
from support.tables import definitions, index, key_schema, n, s
from support.wire import ApiError

PREFIX = "1 validation error detected: "


@pytest.fixture(scope="module")
def table(module_table):
    return module_table(
        range=("sk", "S"), attributes={"g": "S", "gb": "B", "l": "N"},
        gsis=[index("by-g", "g", projection="KEYS_ONLY"), index("by-gb", "gb")],
        lsis=[index("by-l", "pk", "l"), index("by-lg", "pk", "g")])


def text_of(db, operation, body):
    with pytest.raises(ApiError) as caught:
        db.call(operation, **body)
    assert caught.value.status == 400
    return f"{caught.value.type}: {caught.value.message}"


# A null stands where the shape wants a list, a structure or a map (note [4] "Errors": Member must not be null).
@pytest.mark.parametrize("operation,body,path", [
    ("BatchWriteItem", {"RequestItems": {"abc": None}}, "RequestItems.abc.member"),
    ("BatchWriteItem", {"RequestItems": {"abc": [None]}}, "RequestItems.abc.member.1.member"),
    ("BatchGetItem", {"RequestItems": {"abc": None}}, "RequestItems.abc.member"),
    ("BatchGetItem", {"RequestItems": {"abc": {"Keys": [None]}}}, "RequestItems.abc.member.Keys.1.member"),
    ("CreateTable", {"TableName": "abc", "KeySchema": [None]}, "KeySchema.1.member"),
    ("UpdateTable", {"TableName": "abc", "GlobalSecondaryIndexUpdates": [None]}, "GlobalSecondaryIndexUpdates.1.member"),
    ("TagResource", {"ResourceArn": "abc", "Tags": [None]}, "Tags.1.member"),
    ("Scan", {"TableName": "abc", "ScanFilter": {"a": None}}, "ScanFilter.a.member"),
])
def test_null_elements(db, operation, body, path):
    text = text_of(db, operation, body)
    assert text.lower() == f"{VALIDATION}: {PREFIX}Value null at '{path}' failed to satisfy constraint: Member must not be null".lower()


# Names (peer: the data plane's model asks for one character; what is too short is not there).
@pytest.mark.parametrize("operation,more", [
    ("GetItem", {"Key": {"pk": s("a")}}),
    ("PutItem", {"Item": {"pk": s("a")}}),
    ("UpdateItem", {"Key": {"pk": s("a")}}),
    ("DeleteItem", {"Key": {"pk": s("a")}}),
    ("Scan", {}),
    ("Query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": s("a")}}),
])
def test_short_names_of_the_data_plane(db, operation, more):
    assert text_of(db, operation, dict(more, TableName="ab")) == "ResourceNotFoundException: Requested resource not found"
    assert "Member must have length greater than or equal to 1" in text_of(db, operation, dict(more, TableName=""))


def test_short_names_in_batches(db):
    for operation, value in [("BatchGetItem", {"Keys": [{"pk": s("a")}]}),
                             ("BatchWriteItem", [{"PutRequest": {"Item": {"pk": s("a")}}}])]:
        assert text_of(db, operation, {"RequestItems": {"ab": value}}) == (
            "ResourceNotFoundException: Requested resource not found")


@pytest.mark.parametrize("operation", ["DescribeTable", "DeleteTable"])
def test_short_names_of_the_control_plane(db, operation):
    assert text_of(db, operation, {"TableName": "ab"}) == (
        f"{VALIDATION}: TableName must be at least 3 characters long and at most 255 characters long")


# A write request without an action (peer: the same words as of one with two).
@pytest.mark.parametrize("request_", [{}, {"PutRequest": None}, {"PutRequest": {"Item": {"pk": s("a")}},
                                                                  "DeleteRequest": {"Key": {"pk": s("a")}}}])
def test_actions_of_a_batch(db, table, request_):
    assert text_of(db, "BatchWriteItem", {"RequestItems": {table: [request_]}}) == (
        f"{VALIDATION}: Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
        "datatypes")


# Which texts carry the prefix in which operation (note [5]; peer for the choice).
def test_prefixes(db, table):
    item, key = {"pk": s("a"), "sk": s("b")}, {"pk": s("a"), "sk": s("b")}
    mixed = dict(Expected={"x": {"Exists": False}}, ConditionExpression="x = y")
    words = ("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
             "{Expected} Expression parameters: {ConditionExpression}")
    assert text_of(db, "PutItem", dict(TableName=table, Item=item, **mixed)) == f"{VALIDATION}: {PREFIX}{words}"
    assert text_of(db, "UpdateItem", dict(TableName=table, Key=key, **mixed)) == f"{VALIDATION}: {PREFIX}{words}"
    assert text_of(db, "DeleteItem", dict(TableName=table, Key=key, **mixed)) == f"{VALIDATION}: {words}"
    words = "ReturnValues can only be ALL_OLD or NONE"
    assert text_of(db, "PutItem", dict(TableName=table, Item=item, ReturnValues="ALL_NEW")) == f"{VALIDATION}: {PREFIX}{words}"
    assert text_of(db, "DeleteItem", dict(TableName=table, Key=key, ReturnValues="ALL_NEW")) == f"{VALIDATION}: {words}"


# Select (note [4] "Indexes": wrapped differently for Query and Scan).
def test_select(db, table):
    query = dict(TableName=table, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": s("a")})
    words = "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
    assert text_of(db, "Query", dict(query, Select="SPECIFIC_ATTRIBUTES")) == f"{VALIDATION}: {PREFIX}{words}"
    assert text_of(db, "Scan", dict(TableName=table, Select="SPECIFIC_ATTRIBUTES")) == f"{VALIDATION}: {words}"
    for select, end in [("COUNT", "only the Count"), ("ALL_ATTRIBUTES", "ALL_ATTRIBUTES")]:
        words = f"{VALIDATION}: Cannot specify the ProjectionExpression when choosing to get {end}"
        assert text_of(db, "Scan", dict(TableName=table, Select=select, ProjectionExpression="x")) == words
        assert text_of(db, "Query", dict(query, Select=select, ProjectionExpression="x")) == words


INVALID = "The provided starting key is invalid"
UNFIT = INVALID + ": The provided key element does not match the schema"


@pytest.mark.parametrize("start,scan,query", [
    ({"pk": s("a")}, UNFIT, INVALID),
    ({"pk": s("a"), "sk": s("b"), "x": s("c")}, UNFIT, INVALID),
    ({"pk": s("a"), "x": s("b")}, UNFIT, UNFIT),
    ({"pk": s("a"), "sk": n(1)}, UNFIT, UNFIT),
    ({"pk": s("a"), "sk": {}}, INVALID + ": Supplied AttributeValue is empty, must contain exactly one of the supported "
     "datatypes", INVALID + ": Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"pk": s("q"), "sk": s("b")}, None,
     "The provided starting key is outside query boundaries based on provided conditions"),
    ({"pk": s("a"), "sk": s("z")}, None, "The provided starting key does not match the range key predicate"),
])
def test_starting_keys(db, table, start, scan, query):
    if scan:
        assert text_of(db, "Scan", dict(TableName=table, ExclusiveStartKey=start)) == f"{VALIDATION}: {scan}"
    body = dict(TableName=table, KeyConditionExpression="pk = :p AND sk < :s",
                ExpressionAttributeValues={":p": s("a"), ":s": s("c")}, ExclusiveStartKey=start)
    assert text_of(db, "Query", body) == f"{VALIDATION}: {query}"


# Index keys: the global index is named first; an update that empties one has words of its own (peer).
def test_unusable_index_keys(db, table):
    key = {"pk": s("a"), "sk": s("b")}
    put = ("One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
           "AttributeValue for a key attribute cannot contain an empty {} value. IndexName: {}, IndexKey: {}")
    update = ("One or more parameter values are not valid. The update expression attempted to update a secondary index key "
              "to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty {} value.")
    for name, value, kind, named in [("g", s(""), "string", "by-g"), ("gb", {"B": b""}, "binary", "by-gb")]:
        with fails(VALIDATION, put.format(kind, named, name)):
            db.call("PutItem", TableName=table, Item=dict(key, **{name: value}))
        with fails(VALIDATION, put.format(kind, named, name)):
            db.call("BatchWriteItem", RequestItems={table: [{"PutRequest": {"Item": dict(key, **{name: value})}}]})
        with fails(VALIDATION, update.format(kind)):
            db.call("UpdateItem", TableName=table, Key=key, UpdateExpression=f"SET {name} = :v",
                    ExpressionAttributeValues={":v": value})
        with fails(VALIDATION, update.format(kind)):
            db.call("UpdateItem", TableName=table, Key=key, AttributeUpdates={name: {"Value": value}})
    with fails(VALIDATION, "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N "
               "IndexName: by-g"):
        db.call("PutItem", TableName=table, Item=dict(key, g=n(1)))
    assert "Item" not in db.call("GetItem", TableName=table, Key=key)


# An update that only removes does not create the item (note [5]); a path that leads nowhere is still an error.
@pytest.mark.parametrize("expression,values,good", [
    ("REMOVE x", None, True),
    ("REMOVE x, y", None, True),
    ("DELETE x :v", {":v": {"SS": ["a"]}}, True),
    ("REMOVE x.y", None, False),
    ("REMOVE x[0]", None, False),
    ("DELETE x.y :v", {":v": {"SS": ["a"]}}, False),
])
def test_removing_from_a_missing_item(db, table, expression, values, good):
    key = {"pk": s("nobody"), "sk": s("b")}
    body = dict(TableName=table, Key=key, UpdateExpression=expression)
    if values:
        body["ExpressionAttributeValues"] = values
    if good:
        assert db.call("UpdateItem", **body) == {}
    else:
        with fails(VALIDATION, "The document path provided in the update expression is invalid for update"):
            db.call("UpdateItem", **body)
    assert db.call("GetItem", TableName=table, Key=key) == {}


# CreateTable checks names as the model does (peer).
@pytest.mark.parametrize("name,words", [
    ("ab", "Member must have length greater than or equal to 3"),
    ("a" * 256, "Member must have length less than or equal to 255"),
    ("abc$", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
])
def test_names_of_new_tables(db, name, words):
    body = dict(TableName=name, KeySchema=key_schema("pk"), AttributeDefinitions=definitions({"pk": "S"}),
                BillingMode="PAY_PER_REQUEST")
    text = text_of(db, "CreateTable", body)
    assert text.lower() == f"{VALIDATION}: {PREFIX}Value at 'TableName' failed to satisfy constraint: {words}".lower()


# Bodies that cannot be read are the server's fault (note [5]), in the service's form, with every header.
@pytest.mark.parametrize("encoding,body", [
    ("gzip", b"not gzip"),
    ("gzip", gzip.compress(b"{}")[:-3]),
    ("br", b"{}"),
    ("x-unknown", b"{}"),
])
def test_bodies_that_do_not_inflate(raw, encoding, body):
    reply = raw.post("ListTables", body, {"Content-Encoding": encoding})
    assert reply.status == 500
    assert reply.json["__type"].endswith("#InternalServerError")
    for header in ("server", "date", "content-type", "x-amzn-requestid", "x-amz-crc32"):
        assert header in reply.headers


# UpdateItem measures the new item without its key, and 3 bytes + 19 for each action that writes + 2 for each that clears
# (note [4] "Sizes"); the new item itself must fit, too.
@pytest.mark.parametrize("before,expression,overhead", [
    (0, "SET a = :a", 3 + 19),
    (1000, "SET a = :a", 3 + 19),
    (1000, "SET a = :a, c = :c", 3 + 19 + 19 + 2),
    (1000, "SET a = :a REMOVE d", 3 + 19 + 2),
    (1000, "SET a = :a REMOVE d, e", 3 + 19 + 2 + 2),
])
def test_size_of_updates(db, hash_table, before, expression, overhead):
    limit = 409_600 - overhead - len("a") - (len("b") + before if before else 0)
    for length, good in [(limit, True), (limit + 1, False)]:
        item = {"pk": s("k")}
        if before:
            item["b"] = s("y" * before)
        db.call("PutItem", TableName=hash_table, Item=item)
        values = {":a": s("x" * length)}
        if ":c" in expression:
            values[":c"] = s("z")
        body = dict(TableName=hash_table, Key={"pk": s("k")}, UpdateExpression=expression,
                    ExpressionAttributeValues=values)
        if good:
            db.call("UpdateItem", **body)
        else:
            with fails(VALIDATION, "Item size to update has exceeded the maximum allowed size"):
                db.call("UpdateItem", **body)


# No path of a read leads into a key attribute; conditions and updates have errors of their own (peer).
@pytest.mark.parametrize("operation,more,kind,name", [
    ("GetItem", {"Key": {"pk": s("a"), "sk": s("b")}, "ProjectionExpression": "pk.x"}, "Key", "pk"),
    ("GetItem", {"Key": {"pk": s("a"), "sk": s("b")}, "ProjectionExpression": "g[1]"}, "IndexKey", "g"),
    ("Scan", {"FilterExpression": "attribute_exists(sk[2])"}, "Key", "sk"),
    ("Scan", {"IndexName": "by-l", "FilterExpression": "attribute_exists(l[2])"}, "IndexKey", "l"),
    ("Query", {"KeyConditionExpression": "pk = :v", "ExpressionAttributeValues": {":v": s("a")}, "ProjectionExpression": "gb.x"}, "IndexKey", "gb"),
])
def test_keys_are_scalars(db, table, operation, more, kind, name):
    assert text_of(db, operation, {"TableName": table, **more}).endswith(
        f"Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {kind}: {name}")


def test_keys_are_scalars_in_batches(db, table):
    get = {table: {"Keys": [{"pk": s("a"), "sk": s("b")}], "ProjectionExpression": "pk.x"}}
    assert text_of(db, "BatchGetItem", {"RequestItems": get}).endswith("Key: pk")


def test_query_names_its_own_key_first(db, table):
    query = {"TableName": table, "KeyConditionExpression": "pk = :v", "ExpressionAttributeValues": {":v": s("a")},
             "FilterExpression": "attribute_exists(pk.x)"}
    assert "Filter Expression can only contain non-primary key attributes" in text_of(db, "Query", query)
