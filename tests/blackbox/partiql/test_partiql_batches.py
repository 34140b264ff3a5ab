"""BatchExecuteStatement."""

from support.expect import constraint, invalid
from support.statements import batch, delete, insert, item_of, put, select, update, with_values
from support.tables import n, s

CONDITION = "The conditional request failed"
DUPLICATE = "Duplicate primary key exists in table"
KEY_NEEDED = "Where clause does not contain a mandatory equality on all key attributes"


def error(code, message, **more):
    return {"Error": {"Code": code, "Message": message}, **more}


def test_batch_of_reads(db, table, hash_table, pk):
    put(db, table, pk, x=n(1), y=n(2))
    put(db, table, pk, 2, x=n(3))
    db.call("PutItem", TableName=hash_table, Item={"pk": s(pk), "z": n(1)})
    answer = db.call("BatchExecuteStatement", ReturnConsumedCapacity="TOTAL", Statements=[
        {"Statement": select(table, pk)}, {"Statement": select(table, pk, 2, "x"), "ConsistentRead": True},
        {"Statement": select(table, pk, 3)}, with_values(f'SELECT z FROM "{hash_table}" WHERE pk = ?', s(pk)),
        {"Statement": select(table, pk, 4, rest="AND x = 1")}])
    assert answer["Responses"] == [
        {"TableName": table, "Item": {"pk": s(pk), "sk": n(1), "x": n(1), "y": n(2)}}, {"TableName": table, "Item": {"x": n(3)}},
        {"TableName": table}, {"TableName": hash_table, "Item": {"z": n(1)}}, {"TableName": table}]
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 2.5}, {"TableName": hash_table, "CapacityUnits": 0.5}]


def test_batch_of_writes(db, table, pk):
    for sk in (2, 3, 5, 6):
        put(db, table, pk, sk, x=n(sk))
    answer = db.call("BatchExecuteStatement", ReturnConsumedCapacity="TOTAL", Statements=[
        {"Statement": insert(table, pk)}, {"Statement": insert(table, pk, 2), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
        {"Statement": update(table, pk, 3, rest="RETURNING ALL NEW *")}, {"Statement": update(table, pk, 4)},
        {"Statement": update(table, pk, 5, rest="AND x = 77"), "ReturnValuesOnConditionCheckFailure": "ALL_OLD"},
        {"Statement": delete(table, pk, 6, rest="RETURNING ALL OLD *")}, {"Statement": delete(table, pk, 7)}])
    failed = error("ConditionalCheckFailed", CONDITION, TableName=table)
    assert answer["Responses"] == [
        {"TableName": table}, error("DuplicateItem", DUPLICATE, TableName=table),
        {"TableName": table, "Item": {"pk": s(pk), "sk": n(3), "x": n(9)}}, failed, failed,
        {"TableName": table, "Item": {"pk": s(pk), "sk": n(6), "x": n(6)}}, {"TableName": table}]
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 7.0}]
    assert item_of(db, table, pk) and not item_of(db, table, pk, 6) and item_of(db, table, pk, 5)["x"] == n(5)


def test_batch_with_faults_of_every_kind(db, table, pk):
    put(db, table, pk)
    key = "Select statements within BatchExecuteStatement must specify the primary key in the where clause."
    responses = batch(
        db, select(table, pk), f"""SELECT * FROM "{table}" WHERE pk = '{pk}'""", f'SELECT * FROM "{table}"',
        f"""SELECT * FROM "{table}"."by-g" WHERE g = 'x'""", f"""SELECT * FROM "{table}" WHERE pk IN ['{pk}'] AND sk IN [1, 2]""",
        "SELECT * FROM \"no-such-table\" WHERE pk = 'a'", select(table, pk, "'x'"), with_values(select(table, pk, 2), s("a")),
        {"Statement": f'SELECT * FROM "{table}" WHERE pk = ?'}, "FOO")
    assert responses[0]["Item"]["pk"] == s(pk)
    assert responses[1:5] == [error("ValidationError", key)] * 4
    assert responses[5]["Error"]["Code"] == "ResourceNotFound" and responses[5]["TableName"] == "no-such-table"
    assert responses[6] == error("ValidationError", "The provided key element does not match the schema")
    assert responses[7:9] == [error("ValidationError", "Number of parameters in request and statement don't match.")] * 2
    assert responses[9]["Error"]["Code"] == "ValidationError"
    assert responses[9]["Error"]["Message"].startswith("Statement wasn't well formed, can't be processed: ")


def test_faults_of_writes_leave_the_others_alone(db, table, pk):
    responses = batch(db, insert(table, pk), f"""DELETE FROM "{table}" WHERE pk = '{pk}'""", insert(table, pk, "'x'"),
                      f"""EXISTS(SELECT * FROM "{table}" WHERE pk = '{pk}' AND sk = 1)""", insert(table, pk, 2, ", 'g': 5"))
    assert responses[0] == {"TableName": table}
    assert [r.get("Error", {}).get("Code") for r in responses[1:]] == ["ValidationError"] * 4
    assert responses[1]["Error"]["Message"] == KEY_NEEDED
    assert item_of(db, table, pk) == {"pk": s(pk), "sk": n(1)}


def test_what_fails_a_whole_batch(db, table, pk):
    with invalid("Read and write requests together in the same batch is not supported."):
        batch(db, select(table, pk), insert(table, pk))
    with invalid("Provided list of item keys contains duplicates"):
        batch(db, insert(table, pk), update(table, pk))
    with invalid("Provided list of item keys contains duplicates"):
        batch(db, select(table, pk), select(table, pk, "1.0", "x"))
    with constraint("statements", "Member must have length less than or equal to 25"):
        batch(db, *[select(table, pk, i) for i in range(26)])
    with constraint("statements", "Member must have length greater than or equal to 1"):
        batch(db)
    assert item_of(db, table, pk) is None


def test_a_full_batch(db, table, pk):
    assert batch(db, *[insert(table, pk, i) for i in range(25)]) == [{"TableName": table}] * 25
    responses = batch(db, *[select(table, pk, i, "sk") for i in range(25)])
    assert [r["Item"]["sk"] for r in responses] == [n(i) for i in range(25)]
