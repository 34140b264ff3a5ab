"""Transactions in short: their actions, the reasons why one is cancelled, a server with test controls for them."""

import json

from . import client
from .expect import fails
from .tables import n, s
from .wire import Wire

TOO_LARGE = ("Collection size of items exceeded, which can also be caused by the aggregate size of the items in the "
             "transaction exceeding the 4MB limit")
CONDITION = "The conditional request failed"
ONGOING = "Transaction is ongoing for the item"
KEY_SCHEMA = "The provided key element does not match the schema"
DUPLICATES = "Transaction request cannot include multiple operations on one item"
NONE = ("None", None)


def key(pk, sk=1):
    return {"pk": pk, "sk": n(sk)}


def put(table, item, **more):
    return {"Put": {"TableName": table, "Item": item, **more}}


def update(table, key, expression, values=None, **more):
    values = {"ExpressionAttributeValues": values} if values else {}
    return {"Update": {"TableName": table, "Key": key, "UpdateExpression": expression, **values, **more}}


def delete(table, key, **more):
    return {"Delete": {"TableName": table, "Key": key, **more}}


def check(table, key, condition, **more):
    return {"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": condition, **more}}


def get(table, key, **more):
    return {"Get": {"TableName": table, "Key": key, **more}}


def write(db, *items, **more):
    return db.call("TransactWriteItems", TransactItems=list(items), **more)


def read(db, *items, **more):
    return db.call("TransactGetItems", TransactItems=list(items), **more)


def item_of(db, table, key):
    return db.call("GetItem", TableName=table, Key=key, ConsistentRead=True).get("Item")


def reasons_of(error):
    assert error.type == "TransactionCanceledException", error
    reasons = error.body["CancellationReasons"]
    codes = ", ".join(reason["Code"] for reason in reasons)
    assert error.message == f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return [(r["Code"], r.get("Message")) + ((r["Item"],) if "Item" in r else ()) for r in reasons]


def refused(call, *arguments, **more):
    """The reasons of a transaction that is cancelled."""
    with fails("TransactionCanceledException") as caught:
        call(*arguments, **more)
    return reasons_of(caught.error)


class Own:
    """A server with test controls of the test's own, and a table on it."""

    def __init__(self, server, table=True):
        self.server = server
        self.db = client.Db(server.endpoint)
        if table:
            self.db.call("CreateTable", TableName="test", BillingMode="PAY_PER_REQUEST",
                         KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                         AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])

    def control(self, name, body=None):
        return Wire(self.server.endpoint).request("POST", f"/_stator/{name}", json.dumps(body if body is not None else {}))

    def add(self, token, pk="a"):
        return write(self.db, update("test", {"pk": s(pk)}, "ADD n :one", {":one": n(1)}), ClientRequestToken=token)

    def number(self, pk="a"):
        return int(item_of(self.db, "test", {"pk": s(pk)})["n"]["N"])
