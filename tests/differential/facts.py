"""What rules may ask about the tables of a request: their keys, indexes and items, as our server has them."""

from servers import send


class Table:
    """A table as it is described; keys are in order, hash first."""

    def __init__(self, description):
        self.types = {a["AttributeName"]: a["AttributeType"] for a in description["AttributeDefinitions"]}
        self.keys = _names(description)
        self.local = {i["IndexName"]: _names(i) for i in description.get("LocalSecondaryIndexes", [])}
        self.globals = {i["IndexName"]: _names(i) for i in description.get("GlobalSecondaryIndexes", [])}

    def index(self, name):
        """The names of an index's keys, or None."""
        return self.local.get(name, self.globals.get(name))

    def fits(self, attribute, value):
        """The value has the type of a key attribute."""
        return isinstance(value, dict) and list(value) == [self.types[attribute]]

    def is_key(self, key):
        return isinstance(key, dict) and set(key) == set(self.keys) and all(self.fits(name, key[name]) for name in self.keys)

    def is_unfit(self, attribute, item, index):
        """The item has this key attribute of the index, with another type or empty."""
        return attribute in (self.index(index) or []) and attribute in item and not (
            self.fits(attribute, item[attribute]) and "" not in item[attribute].values())

    def is_skipped(self, item, index):
        """The item has the keys of the index, and one of them is unfit: backfilling passes it over."""
        names = self.index(index) or []
        return all(name in item for name in names) and any(self.is_unfit(name, item, index) for name in names)


def _names(described):
    return [key["AttributeName"] for key in sorted(described["KeySchema"], key=lambda key: key["KeyType"])]


class Facts:
    """Of one request; asked for lazily, after it."""

    def __init__(self, server, replaced=()):
        self._server, self._tables = server, {}
        self.replaced = replaced  # (table, item) of each that was to be written, where they were looked at

    @property
    def before(self):
        """The item that was to be written by a request that writes one."""
        return self.replaced[0][1] if self.replaced else None

    def of_action(self, part):
        """Of one action of a transaction that was refused."""
        name = part.get("TableName")
        known = isinstance(name, str) and isinstance(part.get("Key"), dict)
        seen = (item for table, item in self.replaced if known and table == name and part["Key"].items() <= item.items())
        item = next(seen, None) or (self.item(name, part["Key"]) if known else None)
        facts = Facts(self._server, [(name, item)] if item else ())
        facts._tables = self._tables
        return facts

    def table(self, name):
        """None if there is none of that name (or ARN)."""
        if name not in self._tables:
            status, answer = send(self._server, "DescribeTable", {"TableName": name})
            self._tables[name] = Table(answer["Table"]) if status == 200 else None
        return self._tables[name]

    def item(self, table, key):
        """As it is now; None without one."""
        status, answer = send(self._server, "GetItem", {"TableName": table, "Key": key, "ConsistentRead": True})
        return answer.get("Item") if status == 200 else None

    def entries_skipped_before(self):
        """How many entries of late indexes the items that were to be written did not have."""
        tables = [(self.table(name), item) for name, item in self.replaced]
        return sum(table.is_skipped(item, index) for table, item in tables for index in table.globals if index.startswith("late"))

    def skipped(self, table, index):
        """How many items of a table its index passes over."""
        described = self.table(table)
        status, answer = send(self._server, "Scan", {"TableName": table})
        items = answer["Items"] if status == 200 else []
        return sum(described.is_skipped(item, index) for item in items)
