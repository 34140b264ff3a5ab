"""Random expressions: grown from the grammar, now and then broken."""

from world import ATTRIBUTES, RESERVED, STRANGE, TYPES


class Expressions:
    """Collects the #names and :values of one request while its expressions are written."""

    def __init__(self, chance, values, table):
        self.chance, self.source, self.table = chance, values, table
        self.names, self.values = {}, {}

    def name(self, attribute=None):
        c = self.chance
        if attribute is None:
            attribute = c.choice(ATTRIBUTES if c.random() < 0.93 else RESERVED + STRANGE)
        if c.random() < 0.3 or (attribute in RESERVED + STRANGE and c.random() < 0.85):
            placeholder = next((k for k, v in self.names.items() if v == attribute), f"#n{len(self.names)}")
            self.names[placeholder] = attribute
            return placeholder
        return attribute

    def path(self):
        c = self.chance
        text = self.name()
        while c.random() < 0.25:
            text += f"[{c.randrange(4)}]" if c.random() < 0.5 else "." + self.name()
        return text

    def value(self, value=None):
        placeholder = f":v{len(self.values)}"
        if value is None:
            value = self.source.value() if self.chance.random() < 0.98 else self.source.bad()
        self.values[placeholder] = value
        return placeholder

    def operand(self, depth=0):
        roll = self.chance.random()
        if roll < 0.5:
            return self.path()
        if roll < 0.92:
            return self.value()
        return f"size({self.path()})"

    def condition(self, depth=0):
        c = self.chance
        roll = c.random()
        if depth < 3 and roll < 0.25:
            left, right = self.condition(depth + 1), self.condition(depth + 1)
            return f"{left} {c.choice(['AND', 'OR', 'and'])} {right}"
        if depth < 3 and roll < 0.33:
            return f"NOT {self.condition(depth + 1)}"
        if depth < 3 and roll < 0.4:
            return f"({self.condition(depth + 1)})"
        return self._predicate()

    def _predicate(self):
        c = self.chance
        kind = c.randrange(9)
        if kind <= 3:
            return f"{self.operand()} {c.choice(['=', '<>', '<', '<=', '>', '>='])} {self.operand()}"
        if kind == 4:
            low, high = (self.source.value(3), self.source.value(3)) if c.random() < 0.3 else sorted(
                ({"N": str(c.randrange(-5, 20))} for _ in range(2)), key=lambda v: int(v["N"]))
            return f"{self.path()} BETWEEN {self.value(low)} AND {self.value(high)}"
        if kind == 5:
            return f"{self.path()} IN ({', '.join(self.value() for _ in range(c.randrange(1, 4)))})"
        if kind == 6:
            return f"{c.choice(['attribute_exists', 'attribute_not_exists'])}({self.path()})"
        if kind == 7:
            return f"{c.choice(['contains', 'begins_with'])}({self.path()}, {self.value(self.source.scalar())})"
        return f"attribute_type({self.path()}, {self.value({'S': c.choice(TYPES + (['X'] if c.random() < 0.2 else []))})})"

    def update(self):
        c = self.chance
        clauses = c.sample(["SET", "REMOVE", "ADD", "DELETE"], c.choice([1, 1, 1, 2, 3]))
        if c.random() < 0.6 and "SET" not in clauses:
            clauses[0] = "SET"
        return " ".join(self._clause(clause) for clause in clauses)

    def _clause(self, clause):
        c = self.chance
        count = c.choice([1, 1, 1, 2, 3])
        if clause == "SET":
            return "SET " + ", ".join(f"{self.path()} = {self._set_value()}" for _ in range(count))
        if clause == "REMOVE":
            return "REMOVE " + ", ".join(self.path() for _ in range(count))
        if clause == "ADD":
            return "ADD " + ", ".join(f"{self.path()} {self.value(self._addable())}" for _ in range(count))
        kind = c.choice(["SS", "NS", "BS"]) if c.random() < 0.9 else c.choice(TYPES)
        return f"DELETE {self.path()} {self.value({kind: self.source.content(kind)})}"

    def _addable(self):
        kind = self.chance.choice(["N", "N", "N", "SS", "NS", "BS"]) if self.chance.random() < 0.93 else self.chance.choice(TYPES)
        return {kind: self.source.content(kind)}

    def _set_value(self):
        c = self.chance
        roll = c.random()
        if roll < 0.45:
            return self._set_operand()
        if roll < 0.75:
            left = c.choice([self.path(), self.value({"N": str(c.randrange(-9, 9))})])
            return f"{left} {c.choice('+-')} {self._number_operand()}"
        if roll < 0.9:
            return f"list_append({self._list_operand()}, {self._list_operand()})"
        return self._if_not_exists()

    def _set_operand(self):
        roll = self.chance.random()
        return self.value() if roll < 0.7 else self.path() if roll < 0.9 else self._if_not_exists()

    def _number_operand(self):
        return self.value({"N": str(self.chance.randrange(-9, 99))}) if self.chance.random() < 0.85 else self._set_operand()

    def _list_operand(self):
        return self.value({"L": self.source.content("L")}) if self.chance.random() < 0.6 else self.path()

    def _if_not_exists(self):
        return f"if_not_exists({self.path()}, {self.value()})"

    def projection(self):
        return ", ".join(self.path() for _ in range(self.chance.choice([1, 1, 2, 3])))

    def key_condition(self, keys):
        """keys: the hash and perhaps the range attribute of the table or index."""
        c = self.chance
        hash_value = self.source.key(self.table.types[keys[0]]) if c.random() < 0.95 else self.source.value()
        parts = [f"{self.name(keys[0])} = {self.value(hash_value)}"]
        if len(keys) > 1 and c.random() < 0.6:
            kind = self.table.types[keys[1]]

            def operand():
                return self.value(self.source.key(kind) if c.random() < 0.95 else self.source.value())

            name = self.name(keys[1])
            roll = c.random()
            if roll < 0.6:
                parts.append(f"{name} {c.choice(['=', '<', '<=', '>', '>='])} {operand()}")
            elif roll < 0.8:
                parts.append(f"{name} BETWEEN {operand()} AND {operand()}")
            else:
                parts.append(f"begins_with({name}, {operand()})")
        return " AND ".join(parts)

    def broken(self, text):
        """The expression with one token removed, doubled or replaced."""
        c = self.chance
        tokens = text.split(" ")
        i = c.randrange(len(tokens))
        kind = c.randrange(4)
        if kind == 0:
            del tokens[i]
        elif kind == 1:
            tokens.insert(i, tokens[i])
        elif kind == 2:
            tokens[i] = c.choice(["=", "AND", "(", ")", ",", "foo(a)", "5", "?", ":zz", "#zz", "SET", "name", "a.", "a[", "NOT"])
        else:
            return c.choice(["", " ", "((a = b))", "a", "a = a", text + ")", "(" + text])
        return " ".join(tokens)

    def into(self, body):
        """Adds what was collected to the request; now and then too much or too little."""
        c = self.chance
        if c.random() < 0.02:
            self.values[":unused"] = {"S": "x"}
        if c.random() < 0.02:
            self.names["#unused"] = "x"
        if self.names:
            body["ExpressionAttributeNames"] = self.names
        if self.values:
            body["ExpressionAttributeValues"] = self.values
        if c.random() < 0.01:
            body[c.choice(["ExpressionAttributeNames", "ExpressionAttributeValues"])] = {}
        if c.random() < 0.01:
            body.pop("ExpressionAttributeValues", None)
