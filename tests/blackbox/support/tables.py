"""Making tables, and short spellings of keys, indexes and values."""

import itertools
import os
import time

from .wire import ApiError

_counter = itertools.count()


def unique_name(prefix="t"):
    return f"{prefix}-{os.getpid()}-{next(_counter)}"


def s(value):
    return {"S": value}


def n(value):
    return {"N": str(value)}


def b(value):
    return {"B": value}


def m(**members):
    return {"M": members}


def l(*elements):  # noqa: E743
    return {"L": list(elements)}


def ss(*members):
    return {"SS": list(members)}


def ns(*members):
    return {"NS": [str(member) for member in members]}


def key_schema(hash_name, range_name=None):
    schema = [{"AttributeName": hash_name, "KeyType": "HASH"}]
    if range_name:
        schema.append({"AttributeName": range_name, "KeyType": "RANGE"})
    return schema


def definitions(types):
    """{"pk": "S"} as AttributeDefinitions."""
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


def index(name, hash_name, range_name=None, projection="ALL", include=None, throughput=None):
    """projection: ALL, KEYS_ONLY, or INCLUDE with the names of `include`."""
    shape = {"ProjectionType": projection}
    if include is not None:
        shape["NonKeyAttributes"] = list(include)
    description = {"IndexName": name, "KeySchema": key_schema(hash_name, range_name), "Projection": shape}
    if throughput:
        description["ProvisionedThroughput"] = units(*throughput)
    return description


def units(read, write):
    return {"ReadCapacityUnits": read, "WriteCapacityUnits": write}


def table_request(name=None, hash=("pk", "S"), range=None, attributes=None, gsis=(), lsis=(), **more):
    """A CreateTable request; `attributes` names the types of index keys."""
    types = dict([hash] + ([range] if range else []))
    types.update(attributes or {})
    request = {
        "TableName": name or unique_name(),
        "KeySchema": key_schema(hash[0], range[0] if range else None),
        "AttributeDefinitions": definitions(types),
    }
    if "ProvisionedThroughput" not in more:
        request["BillingMode"] = "PAY_PER_REQUEST"
    if gsis:
        request["GlobalSecondaryIndexes"] = list(gsis)
    if lsis:
        request["LocalSecondaryIndexes"] = list(lsis)
    request.update(more)
    return request


def wait_active(db, name, seconds=30):
    """Until the table and all its indexes are ACTIVE; gives the description."""
    deadline = time.monotonic() + seconds
    while True:
        table = db.call("DescribeTable", TableName=name)["Table"]
        states = [table["TableStatus"]] + [i["IndexStatus"] for i in table.get("GlobalSecondaryIndexes", [])]
        if all(state == "ACTIVE" for state in states):
            return table
        assert time.monotonic() < deadline, f"{name} is {states} after {seconds} s"
        time.sleep(0.02)


def wait_gone(db, name, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            db.call("DescribeTable", TableName=name)
        except ApiError as error:
            assert error.type == "ResourceNotFoundException"
            return
        assert time.monotonic() < deadline, f"{name} still exists after {seconds} s"
        time.sleep(0.02)


def fill(db, table, items):
    """Writes items in batches of 25."""
    items = iter(items)
    while chunk := list(itertools.islice(items, 25)):
        requests = [{"PutRequest": {"Item": item}} for item in chunk]
        while requests:
            answer = db.call("BatchWriteItem", RequestItems={table: requests})
            requests = answer.get("UnprocessedItems", {}).get(table)


def pages(db, operation, **parameters):
    """Every page of a Query or Scan."""
    while True:
        page = db.call(operation, **parameters)
        yield page
        if "LastEvaluatedKey" not in page:
            return
        parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def all_items(db, operation, **parameters):
    return [item for page in pages(db, operation, **parameters) for item in page["Items"]]
