"""The random world: tables of every shape, and small pools of names and values so that requests meet."""

STRINGS = ["", "a", "ab", "abc", "b", "B", "é", "z" * 40, "0", "item#1", "\U0001f600"]
NUMBERS = ["0", "1", "-1", "2", "10", "1.5", "-0.25", "1e3", "1E-3", "100", "12345678901234567890123456789012345678", "1e125",
           "-1e-130", "+5", ".5", "5.", "1.0", "007"]
BAD_NUMBERS = ["", "x", " 1", "1 ", "1e", "--1", "1e126", "1e-131", "1" * 39, "NaN", "1,5"]
BINARIES = ["", "AA==", "AAE=", "YQ==", "YWI=", "/w==", "//8="]
BAD_BINARIES = ["!", "YQ", "Y", "====", "YQ==="]
ATTRIBUTES = ["a", "b", "c", "d", "num", "str", "lst", "obj", "g", "h", "l"]
RESERVED = ["name", "size", "Status", "VALUES", "date", "count"]
STRANGE = ["a b", "a.b", "#x", "ünïcode", "x[0]", "_u", "9lives"]
TYPES = ["S", "N", "B", "SS", "NS", "BS", "L", "M", "BOOL", "NULL"]


class Index:
    def __init__(self, name, local, hash_name, range_name, projection, include):
        self.name, self.local, self.hash, self.range = name, local, hash_name, range_name
        self.projection, self.include = projection, include

    @property
    def keys(self):
        return [self.hash] + ([self.range] if self.range else [])

    def description(self, provisioned):
        projection = {"ProjectionType": self.projection}
        if self.projection == "INCLUDE":
            projection["NonKeyAttributes"] = self.include
        schema = [{"AttributeName": self.hash, "KeyType": "HASH"}]
        if self.range:
            schema.append({"AttributeName": self.range, "KeyType": "RANGE"})
        result = {"IndexName": self.name, "KeySchema": schema, "Projection": projection}
        if provisioned and not self.local:
            result["ProvisionedThroughput"] = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
        return result


class Table:
    """A table as the generator planned it; whether the servers agreed is what the comparison is about."""

    def __init__(self, name, types, hash_name, range_name, indexes, provisioned):
        self.name, self.types, self.hash, self.range = name, types, hash_name, range_name
        self.indexes, self.provisioned = indexes, provisioned

    @property
    def keys(self):
        return [self.hash] + ([self.range] if self.range else [])

    def request(self):
        used = set(self.keys)
        for index in self.indexes:
            used.update(index.keys)
        schema = [{"AttributeName": self.hash, "KeyType": "HASH"}]
        if self.range:
            schema.append({"AttributeName": self.range, "KeyType": "RANGE"})
        body = {"TableName": self.name, "KeySchema": schema,
                "AttributeDefinitions": [{"AttributeName": a, "AttributeType": self.types[a]} for a in sorted(used)]}
        if self.provisioned:
            body["ProvisionedThroughput"] = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
        else:
            body["BillingMode"] = "PAY_PER_REQUEST"
        for member, local in (("GlobalSecondaryIndexes", False), ("LocalSecondaryIndexes", True)):
            found = [i.description(self.provisioned) for i in self.indexes if i.local == local]
            if found:
                body[member] = found
        return body


def random_table(chance, name):
    types = {"pk": chance.choice("SSSNB"), "sk": chance.choice("SSNNB"), "g": chance.choice("SSN"), "h": chance.choice("SNB"),
             "l": chance.choice("SNB")}
    range_name = "sk" if chance.random() < 0.7 else None
    indexes = []
    for i in range(chance.choice([0, 0, 1, 1, 2, 3])):
        indexes.append(_index(chance, f"gsi{i}", False, "g" if chance.random() < 0.7 else "h",
                              chance.choice([None, "l", "pk", range_name])))
    if range_name:
        for i in range(chance.choice([0, 0, 0, 1, 2])):
            indexes.append(_index(chance, f"lsi{i}", True, "pk", chance.choice(["l", "h"])))
    return Table(name, types, "pk", range_name, indexes, chance.random() < 0.5)


def _index(chance, name, local, hash_name, range_name):
    if range_name == hash_name:
        range_name = None
    projection = chance.choice(["ALL", "ALL", "KEYS_ONLY", "INCLUDE"])
    return Index(name, local, hash_name, range_name, projection, chance.sample(["a", "b", "num", "obj"], 2))


class Values:
    """Attribute values, good and bad."""

    def __init__(self, chance):
        self.chance = chance

    def key(self, kind):
        """A key value of that type from a small pool, so that requests find each other's items."""
        pool = {"S": ["a", "ab", "b", "item#1", "é"], "N": ["1", "2", "-1", "1.5", "1e3", "10"], "B": BINARIES[1:]}[kind]
        return {kind: self.chance.choice(pool)}

    def scalar(self):
        kind = self.chance.choice(["S", "S", "N", "N", "B", "BOOL", "NULL"])
        return {kind: self.content(kind)}

    def content(self, kind, depth=0):
        c = self.chance
        if kind in ("S", "N", "B"):
            return c.choice({"S": STRINGS, "N": NUMBERS, "B": BINARIES}[kind])
        if kind == "SS":
            return c.sample(STRINGS, c.randrange(1, 4))
        if kind == "NS":
            return c.sample(NUMBERS[:8], c.randrange(1, 4))
        if kind == "BS":
            return c.sample(BINARIES, c.randrange(1, 4))
        if kind == "BOOL":
            return c.random() < 0.5
        if kind == "NULL":
            return True
        if kind == "L":
            return [self.value(depth + 1) for _ in range(c.randrange(0, 4))]
        return {c.choice(ATTRIBUTES + STRANGE[:2]): self.value(depth + 1) for _ in range(c.randrange(0, 4))}

    def value(self, depth=0):
        kinds = TYPES if depth < 3 else ["S", "N", "BOOL"]
        kind = self.chance.choice(kinds + ["S", "N"])
        return {kind: self.content(kind, depth)}

    def bad(self):
        """A value that is refused, by its JSON, its type or its content."""
        c = self.chance
        return c.choice([
            {}, {"S": "a", "N": "1"}, {"Q": "a"}, {"S": 1}, {"N": 1}, {"BOOL": "true"}, {"NULL": False}, {"SS": []}, {"NS": []},
            {"BS": []}, {"SS": ["a", "a"]}, {"NS": ["1", "1.0"]}, {"NS": ["x"]}, {"L": {}}, {"M": []}, {"L": [{}]},
            {"M": {"a": {"N": "x"}}}, {"SS": "a"}, "text", 5, None, [], {"N": c.choice(BAD_NUMBERS)}, {"B": c.choice(BAD_BINARIES)},
            {"BS": ["YQ==", "YQ=="]}, {"S": None}, {"L": ["a"]},
        ])
