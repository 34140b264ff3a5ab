"""PutItem, GetItem and DeleteItem without expressions: every type, return values, keys, what is refused."""

import pytest
from support.expect import constraint, fails, invalid
from support.tables import b, l, m, n, ns, s, ss

EVERY_TYPE = {
    "string": s("hällo\u0000\U0001f600"),
    "number": n("-12.5"),
    "binary": b(bytes(range(256))),
    "true": {"BOOL": True},
    "false": {"BOOL": False},
    "null": {"NULL": True},
    "list": l(s("a"), n(1), l(), m()),
    "map": m(a=n(1), b=m(c=l(b(b"x")))),
    "strings": ss("b", "a", ""),
    "numbers": ns(3, 1, 2),
    "binaries": {"BS": [b"\x01", b"\x00", b""]},
}


def same(a, b):
    """Equal, sets in any order."""
    if isinstance(a, dict) and isinstance(b, dict) and len(a) == len(b) == 1:
        (ta, va), (tb, vb) = *a.items(), *b.items()
        if ta == tb and ta in ("SS", "NS", "BS"):
            return sorted(va) == sorted(vb)
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def test_every_type_comes_back(db, hash_table):
    item = {"pk": s("types"), **EVERY_TYPE}
    assert db.call("PutItem", TableName=hash_table, Item=item) == {}
    assert same(db.call("GetItem", TableName=hash_table, Key={"pk": s("types")})["Item"], item)


def test_every_type_comes_back_raw(raw, hash_table):
    item = {"pk": s("types-raw"), **EVERY_TYPE}
    raw.call("PutItem", TableName=hash_table, Item=item)
    assert same(raw.call("GetItem", TableName=hash_table, Key={"pk": s("types-raw")})["Item"], item)


def test_absent_item(db, hash_table):
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("absent")}) == {}
    assert db.call("DeleteItem", TableName=hash_table, Key={"pk": s("absent")}) == {}


@pytest.mark.parametrize("consistent", [True, False])
def test_read_after_write(db, hash_table, consistent):
    for i in range(20):
        db.call("PutItem", TableName=hash_table, Item={"pk": s("read"), "i": n(i)})
        item = db.call("GetItem", TableName=hash_table, Key={"pk": s("read")}, ConsistentRead=consistent)["Item"]
        assert item["i"] == n(i)


def test_put_replaces_the_whole_item(db, hash_table):
    db.call("PutItem", TableName=hash_table, Item={"pk": s("replace"), "a": n(1), "b": n(2)})
    db.call("PutItem", TableName=hash_table, Item={"pk": s("replace"), "c": n(3)})
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("replace")})["Item"] == {"pk": s("replace"), "c": n(3)}


@pytest.mark.parametrize("kind,values", [("S", ["a", "b", "ab", "é"]), ("N", ["1", "-1", "1.5", "1e20"]),
                                         ("B", [b"a", b"\x00", b"\x00\xff", b"\xff"])])
def test_key_types(db, make_table, kind, values):
    name = make_table(hash=("pk", kind), range=("sk", kind))
    for p in values:
        for q in values:
            db.call("PutItem", TableName=name, Item={"pk": {kind: p}, "sk": {kind: q}, "x": s(f"{p}{q}")})
    assert db.call("Scan", TableName=name)["Count"] == len(values) ** 2
    for p in values:
        for q in values:
            item = db.call("GetItem", TableName=name, Key={"pk": {kind: p}, "sk": {kind: q}})["Item"]
            assert item["x"] == s(f"{p}{q}")


def test_equal_numbers_are_one_key(db, make_table):
    name = make_table(hash=("pk", "N"))
    for spelling in ("1", "1.0", "0.1e1", "+1", "01", "10e-1"):
        db.raw.call("PutItem", TableName=name, Item={"pk": n(spelling)})
    assert db.call("Scan", TableName=name)["Items"] == [{"pk": n("1")}]


def test_return_values_of_put(db, hash_table):
    first, second = {"pk": s("rv"), "a": n(1)}, {"pk": s("rv"), "b": n(2)}
    assert db.call("PutItem", TableName=hash_table, Item=first, ReturnValues="ALL_OLD") == {}
    assert db.call("PutItem", TableName=hash_table, Item=second, ReturnValues="NONE") == {}
    assert db.call("PutItem", TableName=hash_table, Item=first, ReturnValues="ALL_OLD") == {"Attributes": second}


def test_return_values_of_delete(db, hash_table):
    item = {"pk": s("rvd"), "a": n(1)}
    db.call("PutItem", TableName=hash_table, Item=item)
    assert db.call("DeleteItem", TableName=hash_table, Key={"pk": s("rvd")}, ReturnValues="ALL_OLD") == {
        "Attributes": item}
    assert db.call("DeleteItem", TableName=hash_table, Key={"pk": s("rvd")}, ReturnValues="ALL_OLD") == {}
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("rvd")}) == {}


@pytest.mark.parametrize("operation", ["PutItem", "DeleteItem"])
@pytest.mark.parametrize("value", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_return_values_that_do_not_fit(db, hash_table, operation, value):
    key = {"Item" if operation == "PutItem" else "Key": {"pk": s("a")}}
    with invalid("ReturnValues can only be ALL_OLD or NONE"):
        db.call(operation, TableName=hash_table, ReturnValues=value, **key)


def test_unknown_return_values(db, hash_table):
    with constraint("returnValues", "Member must satisfy enum value set: ["):
        db.call("PutItem", TableName=hash_table, Item={"pk": s("a")}, ReturnValues="SOME")
    with constraint("returnConsumedCapacity", "Member must satisfy enum value set: ["):
        db.call("PutItem", TableName=hash_table, Item={"pk": s("a")}, ReturnConsumedCapacity="SOME")
    with constraint("returnItemCollectionMetrics", "Member must satisfy enum value set: ["):
        db.call("PutItem", TableName=hash_table, Item={"pk": s("a")}, ReturnItemCollectionMetrics="SOME")


def test_unknown_table(db):
    with fails("ResourceNotFoundException", "Requested resource not found"):
        db.call("PutItem", TableName="no-such", Item={"pk": s("a")})
    with fails("ResourceNotFoundException", "Requested resource not found"):
        db.call("GetItem", TableName="no-such", Key={"pk": s("a")})
    with fails("ResourceNotFoundException", "Requested resource not found"):
        db.call("DeleteItem", TableName="no-such", Key={"pk": s("a")})


@pytest.mark.parametrize("member", ["Key", "TableName"])
def test_required_members(db, hash_table, member):
    request = {"TableName": hash_table, "Key": {"pk": s("a")}}
    del request[member]
    field = member[0].lower() + member[1:]
    with invalid(matching=rf"(?i)at '{field}' failed to satisfy constraint: Member must not be null|"
                          rf"The parameter '{member}' is required but was not present in the request"):
        db.call("GetItem", **request)


KEY_DOES_NOT_MATCH = "The provided key element does not match the schema"


@pytest.mark.parametrize("key", [
    {}, {"other": s("a")}, {"pk": s("a"), "other": s("b")}, {"pk": n(1)}, {"pk": {"BOOL": True}}, {"pk": ss("a")},
    {"pk": {"NULL": True}}, {"pk": m(a=s("b"))},
])
def test_keys_that_do_not_match(db, hash_table, key):
    for operation in ("GetItem", "DeleteItem", "UpdateItem"):
        with invalid(KEY_DOES_NOT_MATCH):
            db.call(operation, TableName=hash_table, Key=key)


def test_range_key_missing(db, range_table):
    with invalid(KEY_DOES_NOT_MATCH):
        db.call("GetItem", TableName=range_table, Key={"pk": s("a")})
    with invalid("One or more parameter values were invalid: Missing the key sk in the item"):
        db.call("PutItem", TableName=range_table, Item={"pk": s("a")})


def test_items_without_or_with_wrong_key(db, hash_table):
    with invalid("One or more parameter values were invalid: Missing the key pk in the item"):
        db.call("PutItem", TableName=hash_table, Item={"a": s("a")})
    with invalid("One or more parameter values were invalid: Missing the key pk in the item"):
        db.call("PutItem", TableName=hash_table, Item={})
    with invalid("One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N"):
        db.call("PutItem", TableName=hash_table, Item={"pk": n(1)})
    with invalid("One or more parameter values were invalid: Type mismatch for key pk expected: S actual: M"):
        db.call("PutItem", TableName=hash_table, Item={"pk": m()})


@pytest.mark.parametrize("kind,value", [("S", ""), ("B", b"")])
def test_empty_keys(db, make_table, kind, value):
    name = make_table(hash=("pk", kind))
    what = "string" if kind == "S" else "binary"
    text = ("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
            f"{what} value. Key: pk")
    for operation, member in (("PutItem", "Item"), ("GetItem", "Key"), ("DeleteItem", "Key"), ("UpdateItem", "Key")):
        with invalid(text):
            db.call(operation, TableName=name, **{member: {"pk": {kind: value}}})


MALFORMED = {
    "no type": ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    "unknown type": ({"X": "a"}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    "two types": ({"S": "a", "N": "1"}, "Supplied AttributeValue has more than one datatypes set, must contain exactly "
                                        "one of the supported datatypes"),
    "null that is not": ({"NULL": False}, "One or more parameter values were invalid: Null attribute value types must "
                                          "have the value of true"),
    "empty string set": ({"SS": []}, "One or more parameter values were invalid: An string set  may not be empty"),
    "empty number set": ({"NS": []}, "One or more parameter values were invalid: An number set  may not be empty"),
    "empty binary set": ({"BS": []}, "One or more parameter values were invalid: Binary sets should not be empty"),
    "duplicate strings": (ss("a", "b", "a"), "One or more parameter values were invalid: Input collection [a, b, a] "
                                             "contains duplicates."),
    "duplicate numbers": (ns("1", "1"), "Input collection contains duplicates"),
    "equal numbers": (ns("1", "1.0"), "Input collection contains duplicates"),
    "duplicate binaries": ({"BS": ["YQ==", "YQ=="]}, "One or more parameter values were invalid: Input collection "
                                                     "[YQ==, YQ==]of type BS contains duplicates."),
    "no number": (n(""), "The parameter cannot be converted to a numeric value"),
    "not a number": (n("abc"), "The parameter cannot be converted to a numeric value: abc"),
    "empty in number set": (ns("1", ""), "The parameter cannot be converted to a numeric value"),
}


@pytest.mark.parametrize("case", MALFORMED)
@pytest.mark.parametrize("nested", [False, True])
def test_malformed_values(db, hash_table, case, nested):
    value, text = MALFORMED[case]
    item = {"pk": s("malformed"), "x": l(m(y=value)) if nested else value}
    with invalid(text):
        db.raw.call("PutItem", TableName=hash_table, Item=item)
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("malformed")}) == {}


@pytest.mark.parametrize("value", [{"S": 1}, {"N": 1}, {"BOOL": "maybe"}, {"NULL": "x"}, {"SS": "a"}, {"SS": [1]},
                                   {"M": []}, {"L": {}}, {"B": 1}, "a", 1, []])
def test_json_of_the_wrong_type(db, hash_table, value):
    with fails("SerializationException"):
        db.raw.call("PutItem", TableName=hash_table, Item={"pk": s("wrong"), "x": value})
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("wrong")}) == {}


@pytest.mark.parametrize("text", ["a", "a===", "!!!!", "YQ"])
def test_bad_base64(db, hash_table, text):
    with pytest.raises(Exception) as caught:
        db.raw.call("PutItem", TableName=hash_table, Item={"pk": s("base64"), "x": {"B": text}})
    assert caught.value.type in ("SerializationException", "ValidationException")


@pytest.mark.parametrize("text,value", [("true", True), ("YES", True), ("1", True), ("False", False), ("no", False), ("0", False)])
def test_booleans_as_text(raw, hash_table, text, value):
    raw.call("PutItem", TableName=hash_table, Item={"pk": s("bool"), "x": {"BOOL": text}})
    assert raw.call("GetItem", TableName=hash_table, Key={"pk": s("bool")})["Item"]["x"] == {"BOOL": value}


def test_unknown_members_are_ignored(db, hash_table):
    db.raw.call("PutItem", TableName=hash_table, Item={"pk": s("unknown")}, NoSuchMember=1)
    assert db.raw.call("GetItem", TableName=hash_table, Key={"pk": s("unknown")}, Foo={}, ConsistentRead=None)["Item"]


def test_attribute_names(db, hash_table):
    item = {"pk": s("names"), "a b": n(1), "ü": n(2), "#x": n(3), "a.b[0]": n(4)}
    db.call("PutItem", TableName=hash_table, Item=item)
    assert db.call("GetItem", TableName=hash_table, Key={"pk": s("names")})["Item"] == item
