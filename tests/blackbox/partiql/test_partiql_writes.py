"""INSERT, UPDATE and DELETE by ExecuteStatement."""

import concurrent.futures

import pytest
from support.expect import fails, invalid
from support.statements import execute, item_of, items, put
from support.tables import l, m, n, ns, s, ss
from support.wire import ApiError

CONDITION = "The conditional request failed"
KEY_NEEDED = "Where clause does not contain a mandatory equality on all key attributes"


# INSERT.


def test_insert(db, table, pk):
    answer = execute(db, f"""INSERT INTO "{table}" VALUE {{'pk': '{pk}', 'sk': 1, 'g': 'x', 'els': [1, 'two', {{'a': NULL}}],
        'flag': true, 'set': <<'a', 'b'>>, 'numbers': <<1, 2.0>>}}""", ReturnConsumedCapacity="INDEXES")
    assert answer == {"Items": [], "ConsumedCapacity": {"TableName": table, "CapacityUnits": 2.0, "Table": {"CapacityUnits": 1.0},
                                                        "GlobalSecondaryIndexes": {"by-g": {"CapacityUnits": 1.0}}}}
    found = item_of(db, table, pk)
    for name in ("set", "numbers"):
        (kind, members), = found.pop(name).items()
        found[name] = {kind: sorted(members)}
    assert found == {"pk": s(pk), "sk": n(1), "g": s("x"), "els": l(n(1), s("two"), m(a={"NULL": True})), "flag": {"BOOL": True},
                     "set": ss("a", "b"), "numbers": ns(1, 2)}


def test_insert_with_parameters(db, table, pk):
    execute(db, f"""INSERT INTO "{table}" VALUE {{'pk': ?, 'sk': ?, 'x': {{'y': ?}}}}""", s(pk), n(1), {"B": b"\x00\xff"})
    assert item_of(db, table, pk) == {"pk": s(pk), "sk": n(1), "x": m(y={"B": b"\x00\xff"})}


def test_insert_is_no_upsert(db, table, pk):
    put(db, table, pk, x=n(1))
    with fails("DuplicateItemException", "Duplicate primary key exists in table") as caught:
        execute(db, f"""INSERT INTO "{table}" VALUE {{'pk': '{pk}', 'sk': 1}}""", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.error.full_type == "com.amazonaws.dynamodb.v20120810#DuplicateItemException"
    assert "Item" not in caught.error.body
    assert item_of(db, table, pk)["x"] == n(1)


@pytest.mark.parametrize("value,text", [
    ("{'pk': 'a'}", "One or more parameter values were invalid: Missing the key sk in the item"),
    ("{'pk': 'a', 'sk': 'b'}", "One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S"),
    ("{'pk': '', 'sk': 1}", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
     "empty string value. Key: pk"),
    ("{'pk': 'a', 'sk': 1, 'g': 5}",
     "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"),
])
def test_insert_what_does_not_fit(db, table, value, text):
    with invalid(text):
        execute(db, f'INSERT INTO "{table}" VALUE {value}')


def test_insert_too_large(db, table):
    with invalid("Item size has exceeded the maximum allowed size"):
        execute(db, f"""INSERT INTO "{table}" VALUE {{'pk': 'large', 'sk': 1, 'x': ?}}""", s("x" * 409600))


# UPDATE.


@pytest.mark.parametrize("actions,changed", [
    ("SET x = 5", {"x": n(5)}),
    ("SET x = x + 1", {"x": n(2)}),
    ("SET x = x - 1, y = 'new'", {"x": n(0), "y": s("new")}),
    ("SET x = 7 SET y = x", {"x": n(7), "y": n(1)}),
    ("SET els = list_append(els, ['c'])", {"els": l(s("a"), s("b"), s("c"))}),
    ("SET els[1] = 'z'", {"els": l(s("a"), s("z"))}),
    ("SET map.nest = {'k': [1]}", {"map": m(nest=m(k=l(n(1))), other=n(1))}),
    ("SET \"set\" = set_add(\"set\", <<'c'>>)", {"set": ss("a", "b", "c")}),
    ("SET \"set\" = set_delete(\"set\", <<'a'>>)", {"set": ss("b")}),
    ("SET fresh = set_add(fresh, <<'c'>>)", {"fresh": ss("c")}),
    ("REMOVE x", {"x": None}),
    ("REMOVE els[0] REMOVE map.other", {"els": l(s("b")), "map": m(nest=s("i"))}),
    ("SET x = 3 REMOVE y", {"x": n(3)}),
])
def test_update(db, table, pk, actions, changed):
    before = {"x": n(1), "els": l(s("a"), s("b")), "map": m(nest=s("i"), other=n(1)), "set": ss("a", "b")}
    put(db, table, pk, **before)
    assert execute(db, f"""UPDATE "{table}" {actions} WHERE pk = '{pk}' AND sk = 1""") == {"Items": []}
    after = {k: v for k, v in {"pk": s(pk), "sk": n(1), **before, **changed}.items() if v is not None}
    found = item_of(db, table, pk)
    for item in (found, after):
        for name in ("set", "fresh"):
            if name in item:
                item[name] = ss(*sorted(item[name]["SS"]))
    assert found == after


def test_update_needs_the_item(db, table, pk):
    for actions in ("SET x = 1", "REMOVE x"):
        with fails("ConditionalCheckFailedException", CONDITION) as caught:
            execute(db, f"""UPDATE "{table}" {actions} WHERE pk = '{pk}' AND sk = 1""", ReturnValuesOnConditionCheckFailure="ALL_OLD")
        assert "Item" not in caught.error.body
    assert item_of(db, table, pk) is None


@pytest.mark.parametrize("condition,holds", [
    ("x = 1", True), ("x = 2", False), ("x > 0 AND y IS MISSING", True), ("(x = 2 OR sk = 1)", True), ("NOT x = 1", False),
    ("sk > 0", True), ("sk > 1", False), ("pk = 'other'", False), ("x IN [1, 2]", True), ("begins_with(text, 't')", True),
])
def test_further_conditions_are_conditions(db, table, pk, condition, holds):
    put(db, table, pk, x=n(1), text=s("text"))
    statement = f"""UPDATE "{table}" SET x = 9 WHERE pk = '{pk}' AND sk = 1 AND {condition}"""
    if holds:
        execute(db, statement)
        assert item_of(db, table, pk)["x"] == n(9)
        return
    with fails("ConditionalCheckFailedException", CONDITION) as caught:
        execute(db, statement, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.error.body["Item"] == {"pk": s(pk), "sk": n(1), "x": n(1), "text": s("text")}
    with fails("ConditionalCheckFailedException", CONDITION) as caught:
        execute(db, statement)
    assert "Item" not in caught.error.body


@pytest.mark.parametrize("where", [
    "pk = 'a'", "sk = 1", "pk = 'a' AND sk > 1", "pk = 'a' AND sk IN [1, 2]", "pk = 'a' AND (sk = 1 OR x = 1)", "(pk = 'a' AND sk = 1) OR x = 1",
    "NOT (pk = 'a') AND sk = 1", "x = 1",
])
@pytest.mark.parametrize("verb", ['UPDATE "%s" SET x = 1 WHERE', 'DELETE FROM "%s" WHERE'])
def test_the_whole_key_is_needed(db, table, verb, where):
    with invalid(KEY_NEEDED):
        execute(db, verb.replace("%s", table) + " " + where)


@pytest.mark.parametrize("returning,expected", [
    ("ALL OLD", {"x": n(1), "y": n(1), "z": l(n(1))}), ("ALL NEW", {"x": n(2), "z": l(n(5))}),
    ("MODIFIED OLD", {"x": n(1), "y": n(1), "z": l(n(1))}), ("MODIFIED NEW", {"x": n(2), "z": l(n(5))}),
])
def test_update_returning(db, table, pk, returning, expected):
    put(db, table, pk, x=n(1), y=n(1), z=l(n(1)))
    answer = execute(db, f"""UPDATE "{table}" SET x = x + 1, z[0] = 5 REMOVE y WHERE pk = '{pk}' AND sk = 1 RETURNING {returning} *""")
    key = {"pk": s(pk), "sk": n(1)} if returning.startswith("ALL") else {}
    assert answer == {"Items": [{**key, **expected}]}


@pytest.mark.parametrize("actions,text", [
    ("SET pk = 'b'", "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"),
    ("REMOVE sk", "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key"),
    ("SET x = none + 1", "The provided expression refers to an attribute that does not exist in the item"),
    ("SET none.x = 1", "The document path provided in the update expression is invalid for update"),
    ("SET x = text + 1", "An operand in the update expression has an incorrect data type"),
])
def test_updates_that_cannot_be(db, table, pk, actions, text):
    put(db, table, pk, text=s("t"))
    with invalid(text):
        execute(db, f"""UPDATE "{table}" {actions} WHERE pk = '{pk}' AND sk = 1""")
    assert item_of(db, table, pk) == {"pk": s(pk), "sk": n(1), "text": s("t")}


def test_keys_of_the_wrong_type(db, table):
    for statement in (f"""UPDATE "{table}" SET x = 1 WHERE pk = 'a' AND sk = 'b'""", f'DELETE FROM "{table}" WHERE pk = 1 AND sk = 1'):
        with invalid("The provided key element does not match the schema"):
            execute(db, statement)


# DELETE.


def test_delete(db, table, pk):
    put(db, table, pk, g=s("x"))
    answer = execute(db, f"""DELETE FROM "{table}" WHERE pk = '{pk}' AND sk = 1""", ReturnConsumedCapacity="TOTAL")
    assert answer == {"Items": [], "ConsumedCapacity": {"TableName": table, "CapacityUnits": 2.0}}
    assert item_of(db, table, pk) is None
    answer = execute(db, f"""DELETE FROM "{table}" WHERE pk = '{pk}' AND sk = 1""", ReturnConsumedCapacity="TOTAL")
    assert answer == {"Items": [], "ConsumedCapacity": {"TableName": table, "CapacityUnits": 1.0}}


def test_delete_with_a_condition(db, table, pk):
    statement = f"""DELETE FROM "{table}" WHERE pk = '{pk}' AND sk = 1 AND x = 2"""
    assert execute(db, statement) == {"Items": []}  # of nothing, whatever the condition
    put(db, table, pk, x=n(1))
    with fails("ConditionalCheckFailedException", CONDITION) as caught:
        execute(db, statement, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.error.body["Item"]["x"] == n(1)
    put(db, table, pk, x=n(2))
    execute(db, statement)
    assert item_of(db, table, pk) is None


def test_delete_returning(db, table, pk):
    statement = f"""DELETE FROM "{table}" WHERE pk = '{pk}' AND sk = 1 RETURNING """
    assert execute(db, statement + "ALL OLD *") == {"Items": []}
    put(db, table, pk, x=n(1))
    for kind in ("ALL NEW", "MODIFIED OLD", "MODIFIED NEW"):
        with invalid(f"Invalid returning clause: RETURNING {kind} *. Only RETURNING ALL OLD * is allowed in DELETE statements."):
            execute(db, statement + kind + " *")
    assert execute(db, statement + "ALL OLD *") == {"Items": [{"pk": s(pk), "sk": n(1), "x": n(1)}]}


def test_tables_that_are_not_there(db):
    for statement in ("INSERT INTO \"no-such-table\" VALUE {'pk': 'a'}", "UPDATE \"no-such-table\" SET x = 1 WHERE pk = 'a'",
                      "DELETE FROM \"no-such-table\" WHERE pk = 'a'"):
        with fails("ResourceNotFoundException"):
            execute(db, statement)


def test_indexes_are_not_written_to(db, table):
    for statement in (f"""INSERT INTO "{table}"."by-g" VALUE {{'pk': 'a', 'sk': 1}}""", f"""UPDATE "{table}"."by-g" SET x = 1 WHERE g = 'a'""",
                      f"""DELETE FROM "{table}"."by-g" WHERE g = 'a'"""):
        with fails("ValidationException"):
            execute(db, statement)


def test_stream_records(db, streams, make_stream):
    name, arn = make_stream()
    execute(db, f"""INSERT INTO "{name}" VALUE {{'pk': 'a', 'x': 1}}""")
    execute(db, f"""UPDATE "{name}" SET x = 2 WHERE pk = 'a'""")
    execute(db, f"""UPDATE "{name}" SET x = 2 WHERE pk = 'a'""")  # changes nothing
    execute(db, f"""DELETE FROM "{name}" WHERE pk = 'a'""")
    records = streams.drain_all(arn)
    assert [r["eventName"] for r in records] == ["INSERT", "MODIFY", "REMOVE"]
    assert records[1]["dynamodb"]["OldImage"]["x"] == n(1) and records[1]["dynamodb"]["NewImage"]["x"] == n(2)


def test_counter_under_contention(db, table, pk):
    """Each UPDATE sees what the one before left."""
    put(db, table, pk, x=n(0))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: execute(db, f"""UPDATE "{table}" SET x = x + 1 WHERE pk = '{pk}' AND sk = 1"""), range(200)))
    assert items(db, f"""SELECT x FROM "{table}" WHERE pk = '{pk}' AND sk = 1""", ConsistentRead=True) == [{"x": n(200)}]


def test_one_insert_of_many_wins(db, table, pk):
    def insert(i):
        try:
            execute(db, f"""INSERT INTO "{table}" VALUE {{'pk': '{pk}', 'sk': 1, 'x': {i}}}""")
            return i
        except ApiError as error:
            assert error.type == "DuplicateItemException"
            return None

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        won = [i for i in pool.map(insert, range(32)) if i is not None]
    assert [item_of(db, table, pk)["x"]] == [n(i) for i in won]
