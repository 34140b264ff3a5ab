"""The parameters that came before expressions."""

import pytest
from support.expect import fails, invalid
from support.tables import fill, index, l, n, ns, s, ss
from test_put_get import same

FAILED = "ConditionalCheckFailedException"
ITEM = {"pk": s("item"), "str": s("hello"), "num": n(5), "ss": ss("x", "y"), "lst": l(s("x"), n(1)), "nul": {"NULL": True}}


@pytest.fixture(scope="module")
def table(db, module_table):
    name = module_table()
    db.call("PutItem", TableName=name, Item=ITEM)
    return name


def holds(db, table, **condition):
    try:
        db.call("PutItem", TableName=table, Item=ITEM, **condition)
        return True
    except Exception as error:
        if getattr(error, "type", "") != FAILED:
            raise
        return False


COMPARISONS = [
    ("EQ", "num", [n("5.0")], True), ("EQ", "num", [n(6)], False), ("EQ", "absent", [n(6)], False),
    ("NE", "num", [n(6)], True), ("NE", "num", [n(5)], False), ("NE", "absent", [n(5)], True),
    ("LT", "num", [n(6)], True), ("LE", "num", [n(5)], True), ("GT", "num", [n(5)], False), ("GE", "num", [n(5)], True),
    ("LT", "str", [n(6)], False), ("NOT_NULL", "str", None, True), ("NULL", "str", None, False),
    ("NULL", "absent", None, True), ("NOT_NULL", "absent", None, False), ("NOT_NULL", "nul", None, True),
    ("CONTAINS", "str", [s("ell")], True), ("CONTAINS", "ss", [s("x")], True), ("CONTAINS", "lst", [n(1)], True),
    ("CONTAINS", "str", [s("z")], False), ("NOT_CONTAINS", "str", [s("z")], True),
    ("NOT_CONTAINS", "str", [s("ell")], False), ("BEGINS_WITH", "str", [s("he")], True),
    ("BEGINS_WITH", "str", [s("x")], False), ("IN", "num", [n(4), n(5)], True), ("IN", "num", [n(4)], False),
    ("BETWEEN", "num", [n(4), n(6)], True), ("BETWEEN", "num", [n(6), n(8)], False), ("EQ", "ss", [ss("y", "x")], True),
]


@pytest.mark.parametrize("operator,name,values,expected", COMPARISONS)
def test_expected(db, table, operator, name, values, expected):
    condition = {"ComparisonOperator": operator}
    if values is not None:
        condition["AttributeValueList"] = values
    assert holds(db, table, Expected={name: condition}) is expected


@pytest.mark.parametrize("operator,name,values,expected", COMPARISONS)
def test_scan_filter(db, table, operator, name, values, expected):
    condition = {"ComparisonOperator": operator}
    if values is not None:
        condition["AttributeValueList"] = values
    answer = db.call("Scan", TableName=table, ScanFilter={name: condition})
    assert (answer["Count"] == 1) is expected and answer["ScannedCount"] >= 1


def test_expected_value_and_exists(db, table):
    assert holds(db, table, Expected={"num": {"Value": n(5)}})
    assert holds(db, table, Expected={"num": {"Value": n(5), "Exists": True}})
    assert not holds(db, table, Expected={"num": {"Value": n(6)}})
    assert holds(db, table, Expected={"absent": {"Exists": False}})
    assert not holds(db, table, Expected={"num": {"Exists": False}})


def test_conditional_operator(db, table):
    both = {"num": {"Value": n(5)}, "str": {"Value": s("no")}}
    assert not holds(db, table, Expected=both)
    assert not holds(db, table, Expected=both, ConditionalOperator="AND")
    assert holds(db, table, Expected=both, ConditionalOperator="OR")


def test_expected_on_delete_and_update(db, table):
    key = {"pk": s("legacy-delete")}
    db.call("PutItem", TableName=table, Item={**key, "a": n(1)})
    with fails(FAILED, "The conditional request failed"):
        db.call("DeleteItem", TableName=table, Key=key, Expected={"a": {"Value": n(2)}})
    with fails(FAILED):
        db.call("UpdateItem", TableName=table, Key=key, Expected={"a": {"Value": n(2)}},
                AttributeUpdates={"a": {"Value": n(3)}})
    db.call("DeleteItem", TableName=table, Key=key, Expected={"a": {"Value": n(1)}})
    assert db.call("GetItem", TableName=table, Key=key) == {}


UPDATES = [
    ({"a": {"Value": n(9)}}, {"a": n(9)}),
    ({"a": {"Action": "PUT", "Value": s("z")}, "new": {"Action": "PUT", "Value": l()}}, {"a": s("z"), "new": l()}),
    ({"a": {"Action": "ADD", "Value": n(2)}}, {"a": n(3)}),
    ({"new": {"Action": "ADD", "Value": n(2)}}, {"new": n(2)}),
    ({"set": {"Action": "ADD", "Value": ss("c")}}, {"set": ss("a", "b", "c")}),
    ({"new": {"Action": "ADD", "Value": ns(1)}}, {"new": ns(1)}),
    ({"lst": {"Action": "ADD", "Value": l(n(2))}}, {"lst": l(n(1), n(2))}),
    ({"a": {"Action": "DELETE"}}, {"a": None}),
    ({"absent": {"Action": "DELETE"}}, {}),
    ({"set": {"Action": "DELETE", "Value": ss("a")}}, {"set": ss("b")}),
    ({"set": {"Action": "DELETE", "Value": ss("a", "b")}}, {"set": None}),
]


@pytest.mark.parametrize("updates,changed", UPDATES)
def test_attribute_updates(db, table, updates, changed):
    base = {"pk": s("legacy-update"), "a": n(1), "set": ss("a", "b"), "lst": l(n(1))}
    db.call("PutItem", TableName=table, Item=base)
    answer = db.call("UpdateItem", TableName=table, Key={"pk": base["pk"]}, AttributeUpdates=updates,
                     ReturnValues="ALL_NEW")
    assert same(answer["Attributes"], {k: v for k, v in {**base, **changed}.items() if v is not None})


def test_attributes_to_get(db, table):
    key = {"pk": s("item")}
    assert db.call("GetItem", TableName=table, Key=key, AttributesToGet=["num", "absent"])["Item"] == {"num": n(5)}
    answer = db.call("BatchGetItem", RequestItems={table: {"Keys": [key], "AttributesToGet": ["num"]}})
    assert answer["Responses"] == {table: [{"num": n(5)}]}
    answer = db.call("Query", TableName=table, KeyConditions={
        "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("item")]}}, AttributesToGet=["str"])
    assert answer["Items"] == [{"str": s("hello")}]


@pytest.fixture(scope="module")
def sorted_table(db, module_table):
    name = module_table(range=("sk", "N"), attributes={"l": "N"}, lsis=[index("by-l", "pk", "l")])
    fill(db, name, [{"pk": s("p"), "sk": n(i), "l": n(10 - i), "odd": n(i % 2)} for i in range(10)])
    return name


@pytest.mark.parametrize("operator,values,expected", [
    ("EQ", [3], [3]), ("LT", [3], [0, 1, 2]), ("LE", [3], [0, 1, 2, 3]), ("GT", [7], [8, 9]), ("GE", [7], [7, 8, 9]),
    ("BETWEEN", [3, 5], [3, 4, 5]),
])
def test_key_conditions(db, sorted_table, operator, values, expected):
    conditions = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("p")]},
                  "sk": {"ComparisonOperator": operator, "AttributeValueList": [n(v) for v in values]}}
    answer = db.call("Query", TableName=sorted_table, KeyConditions=conditions)
    assert [int(i["sk"]["N"]) for i in answer["Items"]] == expected
    answer = db.call("Query", TableName=sorted_table, KeyConditions=conditions, ScanIndexForward=False,
                     QueryFilter={"odd": {"ComparisonOperator": "EQ", "AttributeValueList": [n(1)]}})
    assert [int(i["sk"]["N"]) for i in answer["Items"]] == [v for v in expected[::-1] if v % 2]
    assert answer["ScannedCount"] == len(expected)


def test_key_conditions_with_expressions(db, sorted_table):
    conditions = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("p")]}}
    answer = db.call("Query", TableName=sorted_table, KeyConditions=conditions, FilterExpression="odd = :o",
                     ExpressionAttributeValues={":o": n(1)}, ProjectionExpression="sk")
    assert answer["Items"] == [{"sk": n(i)} for i in range(1, 10, 2)]


MIXED = "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "


@pytest.mark.parametrize("operation,members,text", [
    ("PutItem", {"Item": ITEM, "Expected": {"a": {"Exists": False}}, "ConditionExpression": "attribute_exists(a)"},
     MIXED + "{Expected} Expression parameters: {ConditionExpression}"),
    ("UpdateItem", {"Key": {"pk": s("a")}, "AttributeUpdates": {"a": {"Value": n(1)}}, "UpdateExpression": "SET a = b"},
     MIXED + "{AttributeUpdates} Expression parameters: {UpdateExpression}"),
    ("GetItem", {"Key": {"pk": s("a")}, "AttributesToGet": ["a"], "ProjectionExpression": "a"},
     MIXED + "{AttributesToGet} Expression parameters: {ProjectionExpression}"),
    ("Scan", {"ScanFilter": {"a": {"ComparisonOperator": "NULL"}}, "FilterExpression": "attribute_exists(a)"},
     MIXED + "{ScanFilter} Expression parameters: {FilterExpression}"),
    ("Query", {"KeyConditions": {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("a")]}},
               "KeyConditionExpression": "pk = :v", "ExpressionAttributeValues": {":v": s("a")}},
     MIXED + "{KeyConditions} Expression parameters: {KeyConditionExpression}"),
])
def test_not_mixed_with_expressions(db, table, operation, members, text):
    with invalid(text):
        db.call(operation, TableName=table, **members)


INVALID = "One or more parameter values were invalid: "


@pytest.mark.parametrize("condition,text", [
    ({"Value": n(1), "Exists": False}, INVALID + "Value cannot be used when Exists is false for Attribute: a"),
    ({"Exists": True}, INVALID + "Value must be provided when Exists is true for Attribute: a"),
    ({}, INVALID + "Value must be provided when Exists is null for Attribute: a"),
    ({"ComparisonOperator": "EQ", "Value": n(1), "AttributeValueList": [n(1)]},
     INVALID + "Value and AttributeValueList cannot be used together for Attribute: a"),
    ({"AttributeValueList": [n(1)]},
     INVALID + "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"),
    ({"ComparisonOperator": "EQ", "Exists": True, "AttributeValueList": [n(1)]},
     INVALID + "Exists and ComparisonOperator cannot be used together for Attribute: a"),
    ({"ComparisonOperator": "EQ"},
     INVALID + "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a"),
    ({"ComparisonOperator": "EQ", "AttributeValueList": [n(1), n(2)]},
     INVALID + "Invalid number of argument(s) for the EQ ComparisonOperator"),
    ({"ComparisonOperator": "BETWEEN", "AttributeValueList": [n(1)]},
     INVALID + "Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
    ({"ComparisonOperator": "NULL", "AttributeValueList": [n(1)]},
     INVALID + "Invalid number of argument(s) for the NULL ComparisonOperator"),
    ({"ComparisonOperator": "LT", "AttributeValueList": [ss("a")]},
     INVALID + "ComparisonOperator LT is not valid for SS AttributeValue type"),
    ({"ComparisonOperator": "BEGINS_WITH", "AttributeValueList": [n(1)]},
     INVALID + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"),
])
def test_bad_expected(db, table, condition, text):
    with invalid(text):
        db.call("PutItem", TableName=table, Item=ITEM, Expected={"a": condition})


def test_bad_updates(db, table):
    key = {"pk": s("item")}

    def update(name, change):
        db.call("UpdateItem", TableName=table, Key=key, AttributeUpdates={name: change})

    with invalid(INVALID + "Only DELETE action is allowed when no attribute value is specified"):
        update("a", {"Action": "PUT"})
    with invalid(INVALID + "ADD action is not supported for the type S"):
        update("a", {"Action": "ADD", "Value": s("x")})
    with invalid(INVALID + "DELETE action with value is not supported for the type N"):
        update("a", {"Action": "DELETE", "Value": n(1)})
    with invalid("Type mismatch for attribute to update"):
        update("str", {"Action": "ADD", "Value": n(1)})
    with invalid(INVALID + "Cannot update attribute pk. This attribute is part of the key"):
        update("pk", {"Value": s("x")})


def test_conditional_operator_alone(db, table):
    with invalid(matching="ConditionalOperator cannot be used without (Expected|Filter)"):
        db.call("PutItem", TableName=table, Item=ITEM, ConditionalOperator="AND")
    with invalid(matching="ConditionalOperator can only be used when Filter or Expected has two or more elements"):
        db.call("PutItem", TableName=table, Item=ITEM, Expected={"a": {"Exists": False}}, ConditionalOperator="AND")


@pytest.mark.parametrize("conditions,text", [
    ({}, r"Conditions can be of length 1 or 2 only"),
    ({"sk": ("EQ", [n(1)])}, r"Query condition missed key schema element: pk"),
    ({"pk": ("GT", [s("p")])}, r"Query key condition not supported"),
    ({"pk": ("EQ", [s("p")]), "x": ("EQ", [n(1)])}, r"Query condition missed key schema element: sk"),
    ({"pk": ("EQ", [s("p")]), "sk": ("NE", [n(1)])}, r"Attempted conditional constraint is not an indexable operation"),
    ({"pk": ("EQ", [n(1)])}, r"Condition parameter type does not match schema type"),
    ({"pk": ("EQ", [s("p")]), "sk": ("EQ", [n(1)]), "x": ("EQ", [n(1)])}, r"Conditions can be of length 1 or 2 only"),
])
def test_bad_key_conditions(db, sorted_table, conditions, text):
    with invalid(matching=text):
        db.call("Query", TableName=sorted_table, KeyConditions={
            name: {"ComparisonOperator": operator, "AttributeValueList": values}
            for name, (operator, values) in conditions.items()})


def test_query_filter_on_keys(db, sorted_table):
    with invalid(matching="QueryFilter can only contain non-primary key attributes: Primary key attribute: sk"):
        db.call("Query", TableName=sorted_table, KeyConditions={
            "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("p")]}},
            QueryFilter={"sk": {"ComparisonOperator": "EQ", "AttributeValueList": [n(1)]}})
