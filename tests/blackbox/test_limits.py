"""Sizes and counts at their exact boundaries: items, keys, nesting, expressions."""

import pytest
from support.expect import invalid
from support.tables import b, l, m, n, s

ITEM_LIMIT = 409_600
TOO_BIG = "Item size has exceeded the maximum allowed size"


def sized(size, key="a"):
    """pk: 2 + key, x: 1 + value."""
    return {"pk": s(key), "x": s("x" * (size - 2 - len(key) - 1))}


def test_item_size(db, hash_table):
    db.call("PutItem", TableName=hash_table, Item=sized(ITEM_LIMIT))
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("a")})["Item"] == sized(ITEM_LIMIT)
    with invalid(TOO_BIG):
        db.call("PutItem", TableName=hash_table, Item=sized(ITEM_LIMIT + 1))
    db.call("BatchWriteItem", RequestItems={hash_table: [{"PutRequest": {"Item": sized(ITEM_LIMIT, "b")}}]})
    with invalid(TOO_BIG):
        db.call("BatchWriteItem", RequestItems={hash_table: [{"PutRequest": {"Item": sized(ITEM_LIMIT + 1, "b")}}]})


def test_size_counts_bytes_not_characters(db, hash_table):
    item = {"pk": s("a"), "é": s("é" * ((ITEM_LIMIT - 3 - 2) // 2))}
    with invalid(TOO_BIG):
        db.call("PutItem", TableName=hash_table, Item={**item, "yy": s("")})
    db.call("PutItem", TableName=hash_table, Item=item)


@pytest.mark.parametrize("value,size", [
    ({"BOOL": True}, 1), ({"NULL": True}, 1), (b(b"abcd"), 4), ({"SS": ["ab", "c"]}, 3), ({"NS": ["12", "3"]}, 4),
    ({"BS": [b"ab", b"c"]}, 3), (l(), 3), (m(), 3), (l(s("ab"), n(1)), 3 + 1 + 2 + 1 + 2), (m(k=s("ab")), 3 + 1 + 1 + 2),
    (l(l(), m(q=m())), 3 + 1 + 3 + 1 + 3 + 1 + 1 + 3),
])
def test_size_of_types(db, make_table, value, size):
    """Measured by the step from one to two write units."""
    table = make_table()
    filler = 1024 - len("pk" + "a") - len("v") - size - len("x")
    for extra, expected in ((0, 1), (1, 2)):
        answer = db.call("PutItem", TableName=table, ReturnConsumedCapacity="TOTAL",
                         Item={"pk": s("a"), "v": value, "x": s("x" * (filler + extra))})
        assert answer["ConsumedCapacity"]["CapacityUnits"] == expected
        db.call("DeleteItem", TableName=table, Key={"pk": s("a")})


def test_update_may_not_outgrow(db, hash_table):
    db.call("PutItem", TableName=hash_table, Item=sized(ITEM_LIMIT - 10, "grow"))
    with invalid(matching="Item size to update has exceeded the maximum allowed size"):
        db.call("UpdateItem", TableName=hash_table, Key={"pk": s("grow")}, UpdateExpression="SET y = :y",
                ExpressionAttributeValues={":y": s("y" * 20)})
    assert "y" not in db.call("GetItem", TableName=hash_table, Key={"pk": s("grow")})["Item"]
    with invalid(matching="Item size to update has exceeded the maximum allowed size"):
        db.call("UpdateItem", TableName=hash_table, Key={"pk": s("fresh")}, UpdateExpression="SET y = :y",
                ExpressionAttributeValues={":y": s("y" * ITEM_LIMIT)})


@pytest.mark.parametrize("kind", ["S", "B"])
def test_key_sizes(db, make_table, kind):
    table = make_table(hash=("pk", kind), range=("sk", kind))

    def value(size):
        return {kind: "x" * size if kind == "S" else b"x" * size}

    key = {"pk": value(2048), "sk": value(1024)}
    db.call("PutItem", TableName=table, Item=key)
    assert db.call("GetItem", TableName=table, Key=key)["Item"] == key
    for bad, text in (({"pk": value(2049), "sk": value(1)}, "One or more parameter values were invalid: Size of hashkey has "
                                                          "exceeded the maximum size limit of2048 bytes"),
                      ({"pk": value(1), "sk": value(1025)}, "One or more parameter values were invalid: Aggregated size of "
                                                          "all range keys has exceeded the size limit of 1024 bytes")):
        for operation, member in (("PutItem", "Item"), ("GetItem", "Key"), ("UpdateItem", "Key"), ("DeleteItem", "Key")):
            with invalid(text):
                db.call(operation, TableName=table, **{member: bad})


def nest(depth, kind):
    value = s("leaf")
    for _ in range(depth):
        value = l(value) if kind == "L" else m(k=value)
    return value


@pytest.mark.parametrize("kind", ["L", "M"])
def test_nesting(db, hash_table, kind):
    db.call("PutItem", TableName=hash_table, Item={"pk": s("deep"), "x": nest(31, kind)})
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("deep")})["Item"]["x"] == nest(31, kind)
    text = "Nesting Levels have exceeded supported limits"
    with invalid(matching=text):
        db.call("PutItem", TableName=hash_table, Item={"pk": s("deep"), "x": nest(32, kind)})
    with invalid(matching=text):
        db.call("UpdateItem", TableName=hash_table, Key={"pk": s("deep")}, UpdateExpression="SET x = :x",
                ExpressionAttributeValues={":x": nest(32, kind)})
    with invalid(matching=text):
        db.call("Scan", TableName=hash_table, FilterExpression="x = :x", ExpressionAttributeValues={":x": nest(32, kind)})


@pytest.mark.parametrize("depth", [200, 5000, 100_000])
def test_absurd_nesting(raw, hash_table, depth):
    body = ('{"TableName":"%s","Item":{"pk":{"S":"a"},"x":' % hash_table + '{"L":[' * depth + '{"S":"a"}' + "]}" * depth
            + "}}")
    reply = raw.post("PutItem", body)
    assert reply.status == 400 and reply.error().type in ("ValidationException", "SerializationException")
    assert raw.call("GetItem", TableName=hash_table, Key={"pk": s("absurd")}) == {}


def long_expression(size):
    base = "attribute_exists(pk) OR pk = :v"
    return base + " " * (size - len(base))


def test_expression_size(db, hash_table):
    db.call("Scan", TableName=hash_table, FilterExpression=long_expression(4096), ExpressionAttributeValues={":v": s("a")})
    with invalid("Invalid FilterExpression: Expression size has exceeded the maximum allowed size; expression size: 4097"):
        db.call("Scan", TableName=hash_table, FilterExpression=long_expression(4097),
                ExpressionAttributeValues={":v": s("a")})
    with invalid(matching="Invalid UpdateExpression: Expression size has exceeded the maximum allowed size"):
        db.call("UpdateItem", TableName=hash_table, Key={"pk": s("a")}, UpdateExpression="SET x = y" + " " * 4090)
    with invalid(matching="Invalid ProjectionExpression: Expression size has exceeded the maximum allowed size"):
        db.call("GetItem", TableName=hash_table, Key={"pk": s("a")}, ProjectionExpression="x" + " " * 4096)


def test_operators(db, hash_table):
    def scan(count):
        expression = " OR ".join(["x=:v"] * count)  # count comparisons, count - 1 ORs
        return db.call("Scan", TableName=hash_table, FilterExpression=expression, ExpressionAttributeValues={":v": s("a")})

    scan(150)
    with invalid(matching="Invalid FilterExpression: The expression contains too many operators; operator count: 301"):
        scan(151)


def test_in_operands(db, hash_table):
    def scan(count):
        values = {f":v{i}": n(i) for i in range(count)}
        return db.call("Scan", TableName=hash_table, FilterExpression=f"x IN ({', '.join(values)})",
                       ExpressionAttributeValues=values)

    scan(100)
    with invalid(matching="Invalid FilterExpression: The IN operator is provided with too many operands; number of "
                          "operands: 101"):
        scan(101)


@pytest.mark.parametrize("expression", ["(" * 4000, "(" * 2000 + "a = :v" + ")" * 2000, "NOT " * 1000 + "a = :v",
                                        "a" + "[0]" * 1300 + " = :v", "a" + ".b" * 2000 + " = :v",
                                        "size(" * 800 + "a" + ")" * 800 + " = :v"])
def test_deep_expressions_do_no_harm(db, hash_table, expression):
    try:
        db.call("Scan", TableName=hash_table, FilterExpression=expression, ExpressionAttributeValues={":v": s("a")})
    except Exception as error:
        assert getattr(error, "type", None) == "ValidationException"


def test_depth_of_paths(db, hash_table):
    deep = "a" + ".b" * 31
    db.call("Scan", TableName=hash_table, FilterExpression=f"attribute_exists({deep})")
    with invalid(matching="nested|document path|depth"):
        db.call("Scan", TableName=hash_table, FilterExpression=f"attribute_exists({deep}.b)")


def test_values_of_two_megabytes(raw, hash_table):
    def scan(size):
        return raw.call("Scan", TableName=hash_table, FilterExpression="x IN (:a, :b, :c, :d, :e, :f)",
                        ExpressionAttributeValues={f":{k}": s("x" * (size // 6)) for k in "abcdef"})

    scan(2_000_000)
    with invalid(matching="ExpressionAttributeValues"):
        scan(2_200_000)


def test_long_names(db, hash_table):
    name = "n" * 65535
    db.call("PutItem", TableName=hash_table, Item={"pk": s("long-name"), name: n(1)})
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("long-name")})["Item"][name] == n(1)
    with invalid():
        db.call("PutItem", TableName=hash_table, Item={"pk": s("long-name"), name + "n": n(1)})


def test_request_of_many_attributes(db, hash_table):
    item = {"pk": s("many"), **{f"a{i}": n(i) for i in range(5000)}}
    db.call("PutItem", TableName=hash_table, Item=item)
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("many")})["Item"] == item


def test_huge_request(raw):
    try:
        assert raw.post("PutItem", b'{"TableName": "' + b"x" * (17 * 1024 * 1024)).status in (400, 413)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server did not want to hear the rest
    assert raw.post("ListTables", {}).status == 200
