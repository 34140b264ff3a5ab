"""BatchGetItem and BatchWriteItem: limits, duplicates, paging at 16 MB, what is left unprocessed."""

from support.expect import constraint, fails, invalid
from support.tables import all_items, fill, index, l, n, s, wait_active


def put(item):
    return {"PutRequest": {"Item": item}}


def delete(key):
    return {"DeleteRequest": {"Key": key}}


def test_write_and_read_over_tables(db, make_table):
    first, second = make_table(), make_table(range=("sk", "N"))
    answer = db.call("BatchWriteItem", RequestItems={
        first: [put({"pk": s("a"), "x": n(1)}), put({"pk": s("b")})], second: [put({"pk": s("a"), "sk": n(1)})]})
    assert answer == {"UnprocessedItems": {}}
    answer = db.call("BatchGetItem", RequestItems={
        first: {"Keys": [{"pk": s("a")}, {"pk": s("absent")}]}, second: {"Keys": [{"pk": s("a"), "sk": n("1.0")}]}})
    assert answer == {"Responses": {first: [{"pk": s("a"), "x": n(1)}], second: [{"pk": s("a"), "sk": n(1)}]},
                      "UnprocessedKeys": {}}
    db.call("BatchWriteItem", RequestItems={first: [delete({"pk": s("a")}), delete({"pk": s("absent")}),
                                                   put({"pk": s("c")})]})
    assert sorted(i["pk"]["S"] for i in all_items(db, "Scan", TableName=first)) == ["b", "c"]


def test_nothing_found(db, hash_table):
    answer = db.call("BatchGetItem", RequestItems={hash_table: {"Keys": [{"pk": s("absent")}]}})
    assert answer == {"Responses": {hash_table: []}, "UnprocessedKeys": {}}


def test_hundred_keys(db, hash_table):
    fill(db, hash_table, [{"pk": s(f"h{i}")} for i in range(100)])
    keys = [{"pk": s(f"h{i}")} for i in range(100)]
    answer = db.call("BatchGetItem", RequestItems={hash_table: {"Keys": keys, "ConsistentRead": True}})
    assert sorted(i["pk"]["S"] for i in answer["Responses"][hash_table]) == sorted(k["pk"]["S"] for k in keys)
    with invalid(matching="Too many items requested for the BatchGetItem call|"
                          "Member must have length less than or equal to 100"):
        db.call("BatchGetItem", RequestItems={hash_table: {"Keys": keys + [{"pk": s("more")}]}})


def test_hundred_keys_over_tables(db, hash_table, range_table):
    with invalid(matching="Too many items requested for the BatchGetItem call|less than or equal to 100"):
        db.call("BatchGetItem", RequestItems={
            hash_table: {"Keys": [{"pk": s(f"h{i}")} for i in range(60)]},
            range_table: {"Keys": [{"pk": s("p"), "sk": s(f"h{i}")} for i in range(41)]}})


def test_twenty_six_writes(db, hash_table, range_table):
    writes = [put({"pk": s(f"w{i}")}) for i in range(26)]
    with invalid(matching="Too many items requested for the BatchWriteItem call|"
                          "Member must have length less than or equal to 25"):
        db.call("BatchWriteItem", RequestItems={hash_table: writes})
    with invalid(matching="Too many items requested for the BatchWriteItem call|less than or equal to 25"):
        db.call("BatchWriteItem", RequestItems={hash_table: writes[:20],
                                                range_table: [put({"pk": s("a"), "sk": s(str(i))}) for i in range(6)]})
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("w1")}) == {}


def test_duplicates(db, hash_table, number_table):
    with invalid("Provided list of item keys contains duplicates"):
        db.call("BatchWriteItem", RequestItems={hash_table: [put({"pk": s("a")}), delete({"pk": s("a")})]})
    with invalid("Provided list of item keys contains duplicates"):
        db.call("BatchGetItem", RequestItems={hash_table: {"Keys": [{"pk": s("a")}, {"pk": s("a")}]}})
    with invalid("Provided list of item keys contains duplicates"):
        db.call("BatchGetItem", RequestItems={number_table: {"Keys": [
            {"pk": s("a"), "sk": n("1")}, {"sk": n("1.0"), "pk": s("a")}]}})


def test_empty_batches(db, hash_table):
    for operation in ("BatchGetItem", "BatchWriteItem"):
        with invalid(matching="Member must have length greater than or equal to 1|"
                              "The batch.*request list.*can not be empty|must have at least 1"):
            db.call(operation, RequestItems={})
    with invalid(matching="Member must have length greater than or equal to 1|can not be empty|cannot be empty"):
        db.call("BatchWriteItem", RequestItems={hash_table: []})
    with constraint(f"requestItems.{hash_table}.member.keys", "Member must have length greater than or equal to 1"):
        db.call("BatchGetItem", RequestItems={hash_table: {"Keys": []}})


def test_one_of_put_and_delete(db, hash_table):
    text = "Supplied WriteRequest must contain exactly one of|Supplied AttributeValue has more than one datatypes set"
    for request in ({}, {**put({"pk": s("a")}), **delete({"pk": s("b")})}):
        with invalid(matching=text + "|must contain"):
            db.call("BatchWriteItem", RequestItems={hash_table: [request]})


def test_one_bad_entry_stops_all(db, hash_table):
    mismatch = "The provided key element does not match the schema"
    for bad, text in [(put({"x": s("a")}), "Missing the key pk in the item|" + mismatch),
                      (put({"pk": n(1)}), "Type mismatch for key pk expected: S actual: N|" + mismatch),
                      (delete({"x": s("a")}), mismatch),
                      (put({"pk": s("b"), "x": s("x" * 409600)}), "Item size has exceeded the maximum allowed size")]:
        with invalid(matching=text):
            db.call("BatchWriteItem", RequestItems={hash_table: [put({"pk": s("good")}), bad]})
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("good")}) == {}


def test_unknown_table(db, hash_table):
    with fails("ResourceNotFoundException", "Requested resource not found"):
        db.call("BatchWriteItem", RequestItems={hash_table: [put({"pk": s("lost")})], "no-such": [put({"pk": s("a")})]})
    with fails("ResourceNotFoundException", "Requested resource not found"):
        db.call("BatchGetItem", RequestItems={"no-such": {"Keys": [{"pk": s("a")}]}})
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("lost")}) == {}


def test_names_per_table(db, hash_table):
    fill(db, hash_table, [{"pk": s("names"), "name": s("x"), "y": l(n(1), n(2))}])
    answer = db.call("BatchGetItem", RequestItems={hash_table: {
        "Keys": [{"pk": s("names")}], "ProjectionExpression": "#n, y[1]", "ExpressionAttributeNames": {"#n": "name"}}})
    assert answer["Responses"] == {hash_table: [{"name": s("x"), "y": l(n(2))}]}


def test_get_stops_at_16_mb(db, make_table):
    table = make_table()
    for i in range(0, 45, 5):
        fill(db, table, [{"pk": s(f"{i + j:03}"), "x": s("x" * 399_000)} for j in range(5)])
    assert wait_active(db, table)["ItemCount"] == 45
    wanted = {f"{i:03}" for i in range(45)}
    request, calls, got = {table: {"Keys": [{"pk": s(k)} for k in sorted(wanted)], "ConsistentRead": True}}, [], set()
    while request:
        answer = db.call("BatchGetItem", RequestItems=request)
        got |= {i["pk"]["S"] for i in answer["Responses"][table]}
        calls.append(len(answer["Responses"][table]))
        request = answer["UnprocessedKeys"]
        if request:
            assert request[table]["ConsistentRead"] is True
    assert got == wanted and len(calls) == 2 and calls[0] in range(40, 44), calls


def test_write_refuses_too_much(raw, hash_table):
    try:
        reply = raw.post("BatchWriteItem", {"RequestItems": {hash_table: [
            put({"pk": s(f"big{i}"), "x": s("x" * 700_000)}) for i in range(25)]}})
        assert reply.status in (400, 413)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server did not want to hear the rest
    assert raw.call("GetItem", TableName=hash_table, Key={"pk": s("big0")}) == {}


def test_later_entry_wins_nothing_between_calls(db, make_table):
    table = make_table()
    for value in range(3):
        db.call("BatchWriteItem", RequestItems={table: [put({"pk": s(str(i)), "v": n(value)}) for i in range(25)]})
    assert {i["v"]["N"] for i in all_items(db, "Scan", TableName=table)} == {"2"}


def test_large_items_in_many_indexes(db, make_table):
    names = [f"g{i}" for i in range(8)]
    table = make_table(attributes={name: "S" for name in names}, gsis=[index(f"by-{name}", name) for name in names],
                       StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})
    for round_ in ("first", "second"):
        items = [{"pk": s(str(i)), "v": s(round_ + "x" * 390_000), **{name: s("g") for name in names}} for i in range(25)]
        assert db.call("BatchWriteItem", RequestItems={table: [put(item) for item in items]})["UnprocessedItems"] == {}
    assert db.call("GetItem", TableName=table, Key={"pk": s("24")})["Item"] == items[24]
    answer = db.call("Query", TableName=table, IndexName="by-g7", Select="COUNT", KeyConditionExpression="g7 = :g",
                     ExpressionAttributeValues={":g": s("g")})
    assert answer["Count"] > 0
