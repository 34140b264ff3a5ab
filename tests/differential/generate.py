"""Random requests over the whole API, valid and invalid; a seed gives the same stream every time.

The stream depends on nothing but the seed, so that any prefix or subset of it can be sent again.
"""

import copy
import random

from expressions import Expressions
from world import ATTRIBUTES, Index, Values, random_table

BAD_NAMES = ["", "a", "no-such", "bad name", "x" * 256, 5, None, ["t"]]
WEIGHTS = {
    "PutItem": 20, "GetItem": 8, "UpdateItem": 22, "DeleteItem": 7, "Query": 16, "Scan": 9, "BatchGetItem": 4, "BatchWriteItem": 5,
    "CreateTable": 2, "DescribeTable": 2, "DeleteTable": 0.4, "ListTables": 1, "UpdateTable": 2, "TagResource": 0.7,
    "UntagResource": 0.4, "ListTagsOfResource": 0.7, "TransactWriteItems": 9, "TransactGetItems": 3,
}


class Generator:
    def __init__(self, seed, invalid=0.12):
        self.chance = random.Random(seed)
        self.values = Values(self.chance)
        self.invalid = invalid
        self.tables = []
        self._made = 0
        self._sent = []  # the last transactions with a token

    def requests(self, count):
        """(operation, body) pairs; the first ones create tables."""
        for _ in range(3):
            yield self._plain_create()
        for _ in range(count - 3):
            operation = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
            if operation == "DeleteTable" and len(self.tables) < 3:
                operation = "CreateTable"
            body = getattr(self, "_" + operation)()
            if self.chance.random() < self.invalid:
                # Whether a broken request was the same as a whole one is each server's own.
                body.pop("ClientRequestToken", None)
                body = self._spoil(body)
            yield operation, body

    def _plain_create(self):
        self._made += 1
        table = random_table(self.chance, f"table{self._made}")
        self.tables.append(table)
        return "CreateTable", table.request()

    def _spoil(self, body):
        """Breaks one thing at a random depth."""
        c = self.chance
        spots = [(container, key) for container, key in _walk(body)]
        if not spots:
            return body
        container, key = c.choice(spots)
        roll = c.random()
        if roll < 0.25 and isinstance(container, dict):
            del container[key]
        elif roll < 0.4:
            container[key] = c.choice([None, 1, -1, "x", "", [], {}, True, 0, 10**12, 1.5, "ALL"])
        elif roll < 0.6:
            container[key] = self.values.bad()
        elif roll < 0.7 and isinstance(container, dict):
            container["NoSuchMember"] = c.choice([1, "x", {}])
        elif roll < 0.85:
            container[key] = self.values.value()
        elif isinstance(container, dict):
            container[c.choice(ATTRIBUTES + ["Key", "Item", "Limit"])] = container.pop(key)
        return body

    # Parts of requests.

    def _table(self):
        return self.chance.choice(self.tables)

    def _name(self, table):
        return table.name if self.chance.random() < 0.985 else self.chance.choice(BAD_NAMES)

    def _key(self, table):
        key = {name: self.values.key(table.types[name]) for name in table.keys}
        if self.chance.random() < 0.02:
            key[self.chance.choice(table.keys + ["zz"])] = self.values.value()
        return key

    def _item(self, table):
        c = self.chance
        item = {name: self.values.key(table.types[name]) for name in table.keys}
        for name in c.sample(ATTRIBUTES, c.randrange(0, 7)):
            if name in ("g", "h", "l") and c.random() < 0.93:
                item[name] = self.values.key(table.types[name])
            elif name == "num" and c.random() < 0.8:
                item[name] = {"N": self.values.content("N")}
            elif name == "lst" and c.random() < 0.8:
                item[name] = {"L": self.values.content("L")}
            elif name == "obj" and c.random() < 0.8:
                item[name] = {"M": self.values.content("M")}
            else:
                item[name] = self.values.value()
        return item

    def _returns(self, body, values):
        c = self.chance
        if c.random() < 0.35:
            body["ReturnValues"] = c.choice(values) if c.random() < 0.95 else c.choice(["ALL_NEW", "UPDATED_OLD", "BAD", ""])
        if c.random() < 0.25:
            body["ReturnConsumedCapacity"] = c.choice(["TOTAL", "INDEXES", "INDEXES", "NONE"])
        if c.random() < 0.05:
            body["ReturnItemCollectionMetrics"] = c.choice(["SIZE", "NONE"])

    def _expected(self):
        c = self.chance
        expected = {}
        for name in c.sample(ATTRIBUTES, c.choice([1, 1, 2])):
            if c.random() < 0.4:
                expected[name] = c.choice([{"Exists": False}, {"Value": self.values.value()},
                                           {"Value": self.values.value(), "Exists": True}])
            else:
                expected[name] = self._comparison()
        return expected

    def _comparison(self):
        c = self.chance
        operator = c.choice(["EQ", "NE", "LT", "LE", "GT", "GE", "NULL", "NOT_NULL", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IN",
                             "BETWEEN"])
        counts = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2, "IN": c.randrange(1, 4)}
        count = counts.get(operator, 1) if c.random() < 0.97 else c.randrange(0, 3)
        condition = {"ComparisonOperator": operator}
        if count or c.random() < 0.1:
            values = [self.values.scalar() for _ in range(count)]
            if operator == "BETWEEN" and c.random() < 0.9:
                values = [{"N": "0"}, {"N": "9"}]
            condition["AttributeValueList"] = values
        return condition

    def _condition(self, table, body, expressions):
        c = self.chance
        roll = c.random()
        if roll < 0.35:
            text = expressions.condition()
            body["ConditionExpression"] = text if c.random() < 0.93 else expressions.broken(text)
            if c.random() < 0.3:
                body["ReturnValuesOnConditionCheckFailure"] = c.choice(["ALL_OLD", "ALL_OLD", "NONE"])
        elif roll < 0.45:
            body["Expected"] = self._expected()
            if len(body["Expected"]) > 1 and c.random() < 0.5:
                body["ConditionalOperator"] = c.choice(["AND", "OR"])

    # Operations.

    def _PutItem(self):
        table = self._table()
        body = {"TableName": self._name(table), "Item": self._item(table)}
        expressions = Expressions(self.chance, self.values, table)
        self._condition(table, body, expressions)
        expressions.into(body)
        self._returns(body, ["NONE", "ALL_OLD"])
        return body

    def _DeleteItem(self):
        table = self._table()
        body = {"TableName": self._name(table), "Key": self._key(table)}
        expressions = Expressions(self.chance, self.values, table)
        self._condition(table, body, expressions)
        expressions.into(body)
        self._returns(body, ["NONE", "ALL_OLD"])
        return body

    def _UpdateItem(self):
        c = self.chance
        table = self._table()
        body = {"TableName": self._name(table), "Key": self._key(table)}
        expressions = Expressions(c, self.values, table)
        roll = c.random()
        if roll < 0.8:
            text = expressions.update()
            body["UpdateExpression"] = text if c.random() < 0.93 else expressions.broken(text)
        elif roll < 0.95:
            body["AttributeUpdates"] = {name: self._attribute_update() for name in c.sample(ATTRIBUTES, c.choice([1, 1, 2]))}
        if "AttributeUpdates" in body and c.random() < 0.3:
            body["Expected"] = self._expected()
        elif "UpdateExpression" in body and c.random() < 0.5:
            self._condition(table, body, expressions)
        expressions.into(body)
        self._returns(body, ["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
        return body

    def _attribute_update(self):
        c = self.chance
        action = c.choice(["PUT", "PUT", "ADD", "DELETE", None])
        update = {} if action is None else {"Action": action}
        if action == "ADD":
            kind = c.choice(["N", "N", "SS", "NS", "L"])
            update["Value"] = {kind: self.values.content(kind)}
        elif action == "DELETE":
            if c.random() < 0.5:
                update["Value"] = {"SS": self.values.content("SS")}
        else:
            update["Value"] = self.values.value()
        return update

    def _part(self, kind, table):
        """A part of a transaction: what the single operation takes, without its legacy parameters and return values."""
        c = self.chance
        body = {"TableName": self._name(table)}
        expressions = Expressions(c, self.values, table)
        if kind == "Put":
            body["Item"] = self._item(table)
        else:
            body["Key"] = self._key(table)
        if kind == "Update":
            body["UpdateExpression"] = expressions.update()
        if kind == "ConditionCheck" or c.random() < 0.25:
            text = expressions.condition()
            body["ConditionExpression"] = text if c.random() < 0.95 else expressions.broken(text)
            if c.random() < 0.3:
                body["ReturnValuesOnConditionCheckFailure"] = c.choice(["ALL_OLD", "ALL_OLD", "NONE"])
        expressions.into(body)
        return body

    def _TransactWriteItems(self):
        c = self.chance
        items = []
        for _ in range(c.choice([1, 2, 2, 3, 4, 6])):
            kind = c.choices(["Put", "Update", "Delete", "ConditionCheck"], [6, 6, 3, 2])[0]
            items.append({kind: self._part(kind, self._table())})
        body = {"TransactItems": items}
        if c.random() < 0.3:
            body["ReturnConsumedCapacity"] = c.choice(["TOTAL", "INDEXES", "INDEXES", "NONE"])
        if c.random() < 0.1:
            body["ReturnItemCollectionMetrics"] = c.choice(["SIZE", "NONE"])
        if c.random() < 0.15 and self._sent:  # again, or the same token for something else
            again = c.choice(self._sent)
            if c.random() < 0.6:
                return dict(copy.deepcopy(again), **{k: v for k, v in body.items() if k != "TransactItems"})
            body["ClientRequestToken"] = again["ClientRequestToken"]
        elif c.random() < 0.4:
            body["ClientRequestToken"] = f"token-{c.randrange(10**9)}"
            self._sent = self._sent[-3:] + [copy.deepcopy(body)]
        return body

    def _TransactGetItems(self):
        c = self.chance
        items = []
        for _ in range(c.choice([1, 2, 3, 5])):
            table = self._table()
            get = {"TableName": self._name(table), "Key": self._key(table)}
            if c.random() < 0.3:
                expressions = Expressions(c, self.values, table)
                get["ProjectionExpression"] = expressions.projection()
                expressions.into(get)
            items.append({"Get": get})
        body = {"TransactItems": items}
        if c.random() < 0.4:
            body["ReturnConsumedCapacity"] = c.choice(["TOTAL", "INDEXES", "NONE"])
        return body

    def _GetItem(self):
        c = self.chance
        table = self._table()
        body = {"TableName": self._name(table), "Key": self._key(table)}
        expressions = Expressions(c, self.values, table)
        if c.random() < 0.4:
            text = expressions.projection()
            body["ProjectionExpression"] = text if c.random() < 0.9 else expressions.broken(text)
        elif c.random() < 0.1:
            body["AttributesToGet"] = c.sample(ATTRIBUTES, 2)
        if c.random() < 0.3:
            body["ConsistentRead"] = c.random() < 0.7
        if c.random() < 0.3:
            body["ReturnConsumedCapacity"] = c.choice(["TOTAL", "INDEXES", "NONE"])
        expressions.into(body)
        return body

    def _read(self, table, body, expressions, legacy_filter):
        c = self.chance
        if table.indexes and c.random() < 0.5:
            body["IndexName"] = c.choice(table.indexes).name if c.random() < 0.97 else c.choice(["nope", "x", ""])
        if c.random() < 0.25:
            text = expressions.condition()
            body["FilterExpression"] = text if c.random() < 0.93 else expressions.broken(text)
        elif c.random() < 0.1:
            body[legacy_filter] = {c.choice(ATTRIBUTES): self._comparison()}
        if c.random() < 0.2:
            text = expressions.projection()
            body["ProjectionExpression"] = text if c.random() < 0.93 else expressions.broken(text)
        if c.random() < 0.1:
            body["Select"] = c.choice(["ALL_ATTRIBUTES", "COUNT", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES"])
        if c.random() < 0.25:
            body["ReturnConsumedCapacity"] = c.choice(["TOTAL", "INDEXES", "NONE"])
        if c.random() < 0.2:
            body["ConsistentRead"] = c.random() < 0.5
        if c.random() < 0.02:
            body["Limit"] = c.choice([0, -1, "x", 10**6])

    def _index_of(self, table, body):
        return next((i for i in table.indexes if i.name == body.get("IndexName")), None)

    def _Query(self):
        c = self.chance
        table = self._table()
        body = {"TableName": self._name(table)}
        expressions = Expressions(c, self.values, table)
        self._read(table, body, expressions, "QueryFilter")
        index = self._index_of(table, body)
        keys = index.keys if index else table.keys
        if c.random() < 0.9:
            text = expressions.key_condition(keys)
            body["KeyConditionExpression"] = text if c.random() < 0.95 else expressions.broken(text)
        else:
            body["KeyConditions"] = {keys[0]: {"ComparisonOperator": "EQ", "AttributeValueList": [
                self.values.key(table.types[keys[0]])]}}
        if c.random() < 0.5:
            body["ScanIndexForward"] = c.random() < 0.5
        if c.random() < 0.3:
            body["Limit"] = c.choice([1, 2, 3, 5])
        if c.random() < 0.08:
            body["ExclusiveStartKey"] = self._start_key(table, index)
        expressions.into(body)
        return body

    def _start_key(self, table, index):
        names = set(table.keys) | set(index.keys if index else [])
        key = {name: self.values.key(table.types[name]) for name in sorted(names)}
        if self.chance.random() < 0.3:
            key.pop(self.chance.choice(sorted(key)))
        return key

    def _Scan(self):
        c = self.chance
        table = self._table()
        body = {"TableName": self._name(table)}
        expressions = Expressions(c, self.values, table)
        self._read(table, body, expressions, "ScanFilter")
        if c.random() < 0.1:
            body["TotalSegments"] = c.choice([1, 1, 2, 0])
            body["Segment"] = c.choice([0, 0, 1])
        elif c.random() < 0.02:
            body[c.choice(["TotalSegments", "Segment"])] = 1
        expressions.into(body)
        return body

    def _BatchGetItem(self):
        c = self.chance
        items = {}
        for table in c.sample(self.tables, min(len(self.tables), c.choice([1, 1, 2]))):
            keys = [self._key(table) for _ in range(c.randrange(1, 6))]
            if c.random() < 0.9:
                keys = _without_equal(keys)
            request = {"Keys": keys}
            if c.random() < 0.2:
                expressions = Expressions(c, self.values, table)
                request["ProjectionExpression"] = expressions.projection()
                if expressions.names:
                    request["ExpressionAttributeNames"] = expressions.names
            if c.random() < 0.2:
                request["ConsistentRead"] = True
            items[table.name if c.random() < 0.97 else "no-such"] = request
        body = {"RequestItems": items}
        if c.random() < 0.3:
            body["ReturnConsumedCapacity"] = c.choice(["TOTAL", "INDEXES"])
        return body

    def _BatchWriteItem(self):
        c = self.chance
        items = {}
        for table in c.sample(self.tables, min(len(self.tables), c.choice([1, 1, 2]))):
            writes, seen = [], []
            for _ in range(c.randrange(1, 8)):
                item = self._item(table) if c.random() < 0.7 else self._key(table)
                key = {name: item.get(name) for name in table.keys}
                if key in seen and c.random() < 0.95:
                    continue
                seen.append(key)
                writes.append({"PutRequest": {"Item": item}} if len(item) > len(key) or c.random() < 0.3 else {
                    "DeleteRequest": {"Key": key}})
            items[table.name] = writes
        body = {"RequestItems": items}
        self._returns(body, ["NONE"])
        body.pop("ReturnValues", None)
        return body

    def _CreateTable(self):
        c = self.chance
        if c.random() < 0.3 and len(self.tables) < 8:
            return self._plain_create()[1]
        body = random_table(c, f"other{c.randrange(10**6)}").request()
        roll = c.random()
        if roll < 0.2:
            body["TableName"] = self._table().name
        elif roll < 0.35:
            body["AttributeDefinitions"] = body["AttributeDefinitions"][1:]
        elif roll < 0.45:
            body["AttributeDefinitions"].append({"AttributeName": "unused", "AttributeType": "S"})
        elif roll < 0.55:
            body["KeySchema"] = body["KeySchema"][::-1]
        elif roll < 0.65:
            body["KeySchema"] = body["KeySchema"] + [{"AttributeName": "g", "KeyType": "RANGE"}]
        elif roll < 0.75:
            body["BillingMode"] = c.choice(["PAY_PER_REQUEST", "PROVISIONED", "OTHER"])
        else:
            return self._spoil(body)
        return body

    def _DescribeTable(self):
        return {"TableName": self._name(self._table())}

    def _DeleteTable(self):
        if self.chance.random() < 0.5:
            return {"TableName": self.chance.choice(BAD_NAMES)}
        return {"TableName": self.tables.pop(self.chance.randrange(len(self.tables))).name}

    def _ListTables(self):
        c = self.chance
        body = {}
        if c.random() < 0.5:
            body["Limit"] = c.choice([1, 2, 3, 100, 0, 101, "x"])
        if c.random() < 0.5:
            body["ExclusiveStartTableName"] = c.choice(["table1", "table2", "aaa", "zzz", "a", ""])
        return body

    def _UpdateTable(self):
        c = self.chance
        table = self._table()
        body = {"TableName": table.name}
        roll = c.random()
        if roll < 0.3:
            body["BillingMode"] = "PROVISIONED" if c.random() < 0.5 else "PAY_PER_REQUEST"
            if c.random() < 0.6:
                body["ProvisionedThroughput"] = {"ReadCapacityUnits": c.choice([1, 5, 6]), "WriteCapacityUnits": c.choice([1, 5, 0])}
            table.provisioned = body["BillingMode"] == "PROVISIONED"
        elif roll < 0.5:
            body["ProvisionedThroughput"] = {"ReadCapacityUnits": c.choice([1, 5, 6]), "WriteCapacityUnits": 5}
        elif roll < 0.6:
            body["DeletionProtectionEnabled"] = False
        elif roll < 0.8:
            index = Index(f"late{c.randrange(1000)}", False, c.choice(["g", "h"]), c.choice([None, "l"]), "ALL", [])
            used = set(table.keys) | set(index.keys)
            if c.random() < 0.9:
                body["AttributeDefinitions"] = [{"AttributeName": a, "AttributeType": table.types[a]} for a in sorted(used)]
            body["GlobalSecondaryIndexUpdates"] = [{"Create": index.description(table.provisioned)}]
            if sum(not i.local for i in table.indexes) < 4:
                table.indexes.append(index)
            else:
                body["GlobalSecondaryIndexUpdates"] = []
        elif roll < 0.95:
            name = next((i.name for i in table.indexes if not i.local), "nope")
            body["GlobalSecondaryIndexUpdates"] = [{"Delete": {"IndexName": name}}]
            table.indexes = [i for i in table.indexes if i.name != name]
        return body

    def _arn(self):
        """Resolved by the driver to each server's own ARN."""
        if self.chance.random() < 0.1:
            return self.chance.choice(["", "x", "arn:aws:dynamodb:us-east-1:000000000000:table/no-such", "arn:aws:s3:::bucket"])
        return {"$arn": self._table().name}

    def _TagResource(self):
        c = self.chance
        tags = [{"Key": c.choice(["a", "b", "c", "é", ""]), "Value": c.choice(["", "x", "y" * 256, "y" * 257])}
                for _ in range(c.randrange(0, 3))]
        return {"ResourceArn": self._arn(), "Tags": tags}

    def _UntagResource(self):
        return {"ResourceArn": self._arn(), "TagKeys": self.chance.sample(["a", "b", "c", "é"], self.chance.randrange(0, 3))}

    def _ListTagsOfResource(self):
        return {"ResourceArn": self._arn()}


def _walk(node):
    if isinstance(node, dict):
        if "$arn" in node:
            return
        for key in list(node):
            yield node, key
            yield from _walk(node[key])
    elif isinstance(node, list):
        for i, inner in enumerate(node):
            yield node, i
            yield from _walk(inner)


def _without_equal(values):
    kept = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept
