"""Faults of requests: which text names which, and whether a request has it.

Of several faults only the first is sent, and which is first is not written down for all of them; so two servers may name
two different ones. Each entry of FAULTS is the text of a fault, either server's, and holds(request, match) -> bool.
"""

import re

from compare import parts

NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
TAGS = {"S", "N", "B", "SS", "NS", "BS", "L", "M", "BOOL", "NULL"}
BATCH = ("BatchGetItem", "BatchWriteItem")


class Request:
    def __init__(self, operation, body, facts):
        self.operation, self.body, self.facts = operation, body, facts

    @property
    def table(self):
        return self.facts.table(self.body.get("TableName"))

    def values(self):
        """Every value within the parts that hold attribute values."""
        for member in ("Item", "Key", "ExpressionAttributeValues", "Expected", "AttributeUpdates", "ExclusiveStartKey", "QueryFilter",
                       "ScanFilter", "KeyConditions", "RequestItems"):
            yield from walk(self.body.get(member))

    def batch(self):
        """(table or None, key, item or None) of each item of a batch."""
        for name, request in (self.body.get("RequestItems") or {}).items():
            table = self.facts.table(name)
            if self.operation == "BatchGetItem":
                yield from ((table, key, None) for key in request.get("Keys") or [])
                continue
            for write in request:
                item = write.get("PutRequest", {}).get("Item")
                if item is None:
                    yield table, write.get("DeleteRequest", {}).get("Key") or {}, None
                else:
                    yield table, {name: item[name] for name in (table.keys if table else item) if name in item}, item

    def written(self):
        """The items that the request would have there be, as far as they can be told: what it gives, and what is there."""
        yield self.body.get("Item") or {}
        yield from (item for _, _, item in self.batch() if item)
        values = {**(self.body.get("ExpressionAttributeValues") or {})}
        names = {**(self.body.get("ExpressionAttributeNames") or {})}
        if self.operation != "UpdateItem":
            return
        for name, update in (self.body.get("AttributeUpdates") or {}).items():
            yield {name: update.get("Value")}
        item = self.facts.before or self.facts.item(self.body.get("TableName"), self.body.get("Key")) or {}
        yield item
        for name in set(re.findall(r"#\w+|\b\w+\b", str(self.body.get("UpdateExpression")))):
            yield from ({names.get(name, name): value} for value in (*values.values(), *item.values()))


def walk(value):
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from walk(inner)


def spelled(key):
    """Equal for equal keys, however their numbers are written."""
    return sorted((name, tag, str(float(text)) if tag == "N" else str(text)) for name, value in key.items() for tag, text in value.items()
                  if tag in TAGS)


def has_duplicates(request):
    seen = {}
    for table, key, _ in request.batch():
        of_table = seen.setdefault(id(table), [])
        try:
            if spelled(key) in of_table:
                return True
            of_table.append(spelled(key))
        except (AttributeError, ValueError):
            pass  # no key; another fault
    return False


def repeats_an_item(request):
    """Two actions of a transaction are on one item, as far as they give its key."""
    seen = []
    for _, part in parts(request.body):
        table = request.facts.table(part.get("TableName"))
        item = part.get("Item") or part.get("Key") or {}
        key = {name: str(item[name]) for name in table.keys if name in item} if table else {}
        if key and any(name == part["TableName"] and all(other.get(n, v) == v for n, v in key.items()) for name, other in seen):
            return True
        seen.append((part.get("TableName"), key))
    return False


def mismatched_index_key(request, match):
    attribute, expected, actual, index = match.groups()
    names = set()
    for name in {request.body.get("TableName"), *(request.body.get("RequestItems") or {})}:
        table = request.facts.table(name) if name else None
        if table and attribute in (table.index(index) or []) and table.types[attribute] == expected:
            names.add(name)
    return bool(names) and any(isinstance(item.get(attribute), dict) and actual in item[attribute] for item in request.written())


def empty(value):
    return value in ({"S": ""}, {"B": ""})


def is_segment(request, _):
    total, segment = request.body.get("TotalSegments"), request.body.get("Segment")
    return (total is None) != (segment is None) or (total is not None and segment >= total)


def projects_nothing(request, _):
    return request.body.get("Select") == "SPECIFIC_ATTRIBUTES" and not {"ProjectionExpression", "AttributesToGet"} & set(request.body)


def keys_of(request):
    table = request.table
    return (table.keys if request.body.get("IndexName") is None else table.index(request.body["IndexName"])) or [] if table else []


FAULTS = [(re.compile(text, re.S), holds) for text, holds in [
    (r"Requested resource not found.*", lambda r, m: r.operation in BATCH and any(t is None for t, _, _ in r.batch()) or any(
        r.facts.table(part.get("TableName")) is None for _, part in parts(r.body))),
    (r"Provided list of item keys contains duplicates", lambda r, m: has_duplicates(r)),
    (r"Transaction request cannot include multiple operations on one item", lambda r, m: repeats_an_item(r)),
    (r"Transaction cancelled, .*ValidationError.*", lambda r, m: r.operation.startswith("Transact")),
    (r"The provided key element does not match the schema", lambda r, m: any(t and not t.is_key(key) for t, key, _ in r.batch())),
    (r"One or more parameter values were invalid: Missing the key (\w+) in the item",
     lambda r, m: any(t and m[1] in t.keys and m[1] not in key for t, key, _ in r.batch())),
    (r"One or more parameter values were invalid: Type mismatch for Index Key (\w+) Expected: (\w+) Actual: (\w+) IndexName: (\S+)",
     mismatched_index_key),
    (r".*A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty "
     r"\w+ value. IndexName: \S+, IndexKey: (\w+)", lambda r, m: any(empty(item.get(m[1])) for item in r.written())),
    (r"One or more parameter values are not valid\. The AttributeValue for a key attribute cannot contain an empty \w+ value\. Key: (\w+)",
     lambda r, m: any(empty(key.get(m[1])) for _, key, _ in r.batch())),
    (r"One or more parameter values are not valid\. The update expression attempted to update a secondary index key to a value that is not "
     r"supported\. The AttributeValue for a key attribute cannot contain an empty \w+ value\.",
     lambda r, m: any(empty(value) for value in walk(r.body))),
    (r"The table does not have the specified index.*",
     lambda r, m: r.table is not None and r.table.index(r.body.get("IndexName")) is None),
    (r"Consistent reads are not supported on global secondary indexes",
     lambda r, m: bool(r.body.get("ConsistentRead")) and r.table is not None and r.body.get("IndexName") not in r.table.local),
    (r"ExpressionAttributeNames must not be empty", lambda r, m: r.body.get("ExpressionAttributeNames") == {}),
    (r"ExpressionAttributeValues must not be empty", lambda r, m: r.body.get("ExpressionAttributeValues") == {}),
    (r"Supplied AttributeValue is empty.*", lambda r, m: any(value in ({}, None) for value in r.values())),
    (r"Supplied AttributeValue has more than one datatypes set.*", lambda r, m: any(
        isinstance(v, dict) and len(set(v) & TAGS) > 1 for v in r.values())),
    (r".*Null attribute value types must have the value of true", lambda r, m: any(
        isinstance(v, dict) and v.get("NULL") is False for v in r.values())),
    (r".*An? (number|string|binary) set +may not be empty", lambda r, m: any(
        isinstance(v, dict) and [] in (v.get("SS"), v.get("NS"), v.get("BS")) for v in r.values())),
    (r".*Input collection.*contains duplicates\.?", lambda r, m: any(
        isinstance(v, list) and len({str(e) for e in v}) < len(v) for v in r.values())),
    (r"The parameter cannot be converted to a numeric value.*",
     lambda r, m: any(isinstance(v, dict) and not NUMBER.fullmatch(str(v.get("N", "0"))) for v in r.values()) or any(
         isinstance(v, dict) and not all(NUMBER.fullmatch(str(n)) for n in v.get("NS") or []) for v in r.values())),
    (r"Value at 'tablename' failed to satisfy constraint.*", lambda r, m: not NAME.fullmatch(str(r.body.get("TableName")))),
    (r"Conditions can be of length 1 or 2 only", lambda r, m: r.body.get("KeyConditions") == {}),
    (r"Either the KeyConditions or KeyConditionExpression parameter must be specified in the request\.",
     lambda r, m: not r.body.get("KeyConditions") and not r.body.get("KeyConditionExpression")),
    (r"Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES", projects_nothing),
    (r"ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
     lambda r, m: r.body.get("Select") == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in r.body),
    (r"Cannot specify the ProjectionExpression when choosing to get (\w+)",
     lambda r, m: r.body.get("Select") == m[1] and "ProjectionExpression" in r.body),
    (r"Cannot specify the ProjectionExpression when choosing to get only the Count",
     lambda r, m: r.body.get("Select") == "COUNT" and "ProjectionExpression" in r.body),
    (r"Query filter contains a sort key condition but the table has no sort key",
     lambda r, m: "IndexName" in r.body and len(keys_of(r)) == 1),
    (r"One or more parameter values were invalid: Invalid number of argument\(s\) for the (\w+) ComparisonOperator",
     lambda r, m: m[1] in str(r.body)),
    (r"One or more parameter values were invalid: AttributeValues inside AttributeValueList must be of same type",
     lambda r, m: any(len({tag for value in condition.get("AttributeValueList") or [] for tag in value}) > 1
                      for member in ("Expected", "QueryFilter", "ScanFilter") for condition in (r.body.get(member) or {}).values())),
    (r"One or more parameter values were invalid: Value or AttributeValueList must be used with ComparisonOperator: (\w+) for "
     r"Attribute: (\w+)", lambda r, m: not {"Value", "AttributeValueList"} & set((r.body.get("Expected") or {}).get(m[2], {"Value": 0}))),
    (r"One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified",
     lambda r, m: any("Value" not in update and update.get("Action") != "DELETE" for update in (r.body.get("AttributeUpdates") or {}).values())),
    (r"One or more parameter values were invalid: AttributeValueList can only be used with a ComparisonOperator for Attribute: (\w+)",
     lambda r, m: "ComparisonOperator" not in r.body["Expected"][m[1]]),
    (r"Invalid KeyConditionExpression: The expression can not be empty;", lambda r, m: r.body.get("KeyConditionExpression") == ""),
    (r"QueryFilter can only contain non-primary key attributes: Primary key attribute: (\w+)",
     lambda r, m: m[1] in keys_of(r) and "QueryFilter" in r.body),
    (r"One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: (\w+)",
     lambda r, m: "Value" not in (r.body.get("Expected") or {}).get(m[1], {"Value": None})),
    (r"One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index.*",
     lambda r, m: r.body.get("Select") == "ALL_ATTRIBUTES" and r.table is not None and r.body.get("IndexName") in r.table.globals),
    (r"The (Total)?Segments? parameter is .*", is_segment),
    (r"Filter Expression can only contain non-primary key attributes: Primary key attribute: (\w+)",
     lambda r, m: m[1] in keys_of(r) and bool({"FilterExpression", "QueryFilter"} & set(r.body))),
    (r"Query condition missed key schema element: (\w+)", lambda r, m: m[1] in keys_of(r)),
    (r"Cannot convert partition key value to string",
     lambda r, m: any(not {"S", "N", "B"} & set(value) for value in r.body.get("ExpressionAttributeValues", {}).values())),
    (r"The provided starting key is .*", lambda r, m: "ExclusiveStartKey" in r.body),
]]


def has(operation, body, facts, message):
    """The request has the fault that this message names."""
    request = Request(operation, body, facts)
    for text, holds in FAULTS:
        match = text.fullmatch(message)
        try:
            if match and holds(request, match):
                return True
        except (AttributeError, TypeError, KeyError):
            pass  # a request with a broken structure has other faults
    return False
