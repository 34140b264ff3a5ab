"""Sends the same random PartiQL statements to Stator and to dynoxide and reports every difference no rule explains.

    python3 tests/differential/statements.py [--seed S] [--seeds N] [--requests N]

Rows are compared without their order, all pages of a SELECT together: dynoxide knows no ORDER BY. After a write both must
hold the same items.
"""

import argparse
import json
import random
import re
import sys
import time

from compare import Outcome, normal, stable
from servers import DYNOXIDE, Dynoxide, Given, Stator, send
from world import Values, random_table

NAMES = ["a", "b", "c", "num", "str", "obj", "lst"]
MAX_PAGES = 100


# ---- Generating.


class Statements:
    """Random statements about the tables of one seed."""

    def __init__(self, chance, tables):
        self.chance, self.tables, self.values = chance, tables, Values(chance)
        self.parameters = []

    def one(self):
        """(operation, body)."""
        c = self.chance
        roll = c.random()
        if roll < 0.7:
            return "ExecuteStatement", {**self._statement(), **self._options()}
        # One of a kind: reads and writes do not mix.
        make = self._select_key if c.random() < 0.4 else lambda t: c.choice([self._insert, self._update, self._delete])(t)
        parts = [self._with(make) for _ in range(c.randrange(1, 4))]
        if c.random() < 0.1:
            parts.append(self._with(self._select_key))
        name = "Statements" if roll < 0.85 else "TransactStatements"
        return "BatchExecuteStatement" if roll < 0.85 else "ExecuteTransaction", {name: parts}

    def _options(self):
        c = self.chance
        options = {}
        if c.random() < 0.3:
            options["Limit"] = c.choice([1, 2, 5])
        if c.random() < 0.2:
            options["ConsistentRead"] = True
        return options

    def _statement(self):
        return self._with(self.chance.choice([self._select, self._select, self._select_key, self._insert, self._update, self._delete]))

    def _with(self, make):
        self.parameters = []
        text = make(self.chance.choice(self.tables))
        if self.chance.random() < 0.03:
            text = self._broken(text)
        return {"Statement": text, **({"Parameters": self.parameters} if self.parameters else {})}

    def _broken(self, text):
        words = text.split(" ")
        at = self.chance.randrange(len(words))
        return " ".join(words[:at] + self.chance.choice([[], ["FOO"], [words[at], words[at]]]) + words[at + 1:])

    # Values: as a parameter, or written in the statement.

    def _value(self, value):
        if self.chance.random() < 0.4 or "B'" in str(value) or "1e3" in str(value):
            self.parameters.append(value)
            return "?"
        return self._literal(value)

    def _literal(self, value):
        (tag, inner), = value.items()
        if tag == "S":
            return "'" + inner.replace("'", "''") + "'"
        if tag == "N":
            return inner
        if tag in ("BOOL", "NULL"):
            return {True: "TRUE", False: "FALSE"}[inner] if tag == "BOOL" else "NULL"
        if tag == "L":
            return "[" + ", ".join(self._literal(v) for v in inner) + "]"
        if tag == "M":
            return "{" + ", ".join(f"'{k}': {self._literal(v)}" for k, v in inner.items()) + "}"
        return "<<" + ", ".join(f"'{v}'" if tag == "SS" else v for v in inner) + ">>"

    def _plain(self):
        """A value without a binary, its numbers in a spelling that statements know."""
        c = self.chance
        return c.choice([{"S": c.choice(["", "a", "ab", "it's", "é"])}, {"N": c.choice(["0", "1", "2", "-1", "1.5"])}, {"BOOL": True},
                         {"NULL": True}, {"SS": ["a", "b"]}, {"NS": ["1", "2"]}, {"L": [{"N": "1"}, {"S": "x"}]}, {"M": {"k": {"N": "1"}}}])

    def _scalar(self):
        return self.chance.choice([{"S": "a"}, {"S": "ab"}, {"N": "1"}, {"N": "2"}, {"N": "-1"}])

    def _key(self, table, name):
        return self._value(self.values.key(table.types[name]))

    # Statements.

    def _select(self, table):
        c = self.chance
        text = f'SELECT {self._columns()} FROM "{table.name}"'
        index = c.choice(table.indexes) if table.indexes and c.random() < 0.25 else None
        if index:
            text += f'."{index.name}"'
        parts = [self._condition() for _ in range(c.choice([0, 0, 1, 1, 2]))]
        keys = index.keys if index else table.keys
        if c.random() < 0.7:
            parts.insert(0, f"{keys[0]} = {self._key(table, keys[0])}" if c.random() < 0.7 else
                         f"{keys[0]} IN [{self._key(table, keys[0])}, {self._key(table, keys[0])}]")
            if len(keys) > 1 and c.random() < 0.5:
                parts.append(f"{keys[1]} {c.choice(['=', '<', '<=', '>', '>='])} {self._key(table, keys[1])}")
        return text + (" WHERE " + " AND ".join(parts) if parts else "")

    def _columns(self):
        c = self.chance
        return "*" if c.random() < 0.6 else ", ".join(c.sample(["pk", "a", "num", "obj.k", "lst[0]", "str"], c.randrange(1, 4)))

    def _condition(self, depth=0):
        c = self.chance
        name = c.choice(NAMES)
        roll = c.randrange(9 if depth < 2 else 6)
        if roll <= 1:
            return f"{name} {c.choice(['=', '<>', '<', '<=', '>', '>='])} {self._value(self._scalar())}"
        if roll == 2:
            return f"{name} BETWEEN {c.randrange(-1, 2)} AND {c.randrange(2, 4)}"
        if roll == 3:
            return f"{name} IN [{self._value(self._scalar())}, {self._value(self._scalar())}]"
        if roll == 4:
            return f"{name} IS {c.choice(['', 'NOT '])}MISSING"
        if roll == 5:
            return f"{c.choice(['begins_with', 'contains'])}({name}, {self._value({'S': 'a'})})"
        if roll == 6:
            return f"({self._condition(depth + 1)} {c.choice(['AND', 'OR'])} {self._condition(depth + 1)})"
        return f"NOT ({self._condition(depth + 1)})"

    def _where_key(self, table):
        parts = [f"{name} = {self._key(table, name)}" for name in table.keys]
        if self.chance.random() < 0.05:
            parts.pop()
        if self.chance.random() < 0.25:
            parts.append(self._condition(2))
        return " WHERE " + " AND ".join(parts) if parts else ""

    def _select_key(self, table):
        return f'SELECT {self._columns()} FROM "{table.name}"' + self._where_key(table)

    def _insert(self, table):
        c = self.chance
        members = [f"'{name}': {self._key(table, name)}" for name in table.keys]
        members += [f"'{name}': {self._value(self._plain())}" for name in c.sample(NAMES, c.randrange(4))]
        return f'INSERT INTO "{table.name}" VALUE {{{", ".join(members)}}}'

    def _update(self, table):
        c = self.chance
        names = c.sample(NAMES, c.choice([1, 1, 2]))
        actions = []
        for name in names:
            kind = c.randrange(4)
            if kind == 0:
                actions.append(f"REMOVE {name}")
            elif kind == 1:
                actions.append(f"SET {name} = list_append([1], ['x'])")
            elif kind == 2 and "num" not in names:
                actions.append(f"SET {name} = num {c.choice('+-')} {self._value({'N': '1'})}")
            else:
                actions.append(f"SET {name} = {self._value(self._plain())}")
        text = f'UPDATE "{table.name}" ' + re.sub(" SET ", ", ", " ".join(sorted(actions, reverse=True))) + self._where_key(table)
        if c.random() < 0.4:
            text += f" RETURNING {c.choice(['ALL', 'MODIFIED'])} {c.choice(['OLD', 'NEW'])} *"
        return text

    def _delete(self, table):
        c = self.chance
        text = f'DELETE FROM "{table.name}"' + self._where_key(table)
        return text + (f" RETURNING {c.choice(['ALL OLD', 'ALL OLD', 'ALL NEW'])} *" if c.random() < 0.3 else "")


# ---- Comparing.


def perform(server, operation, body):
    status, answer = send(server, operation, body)
    pages = 1
    while status == 200 and "NextToken" in answer and pages < MAX_PAGES:
        status, more = send(server, operation, {**body, "NextToken": answer["NextToken"]})
        if status != 200:
            return Outcome(status, more)
        answer = {"Items": answer["Items"] + more["Items"], **{k: v for k, v in more.items() if k != "Items"}}
        pages += 1
    if status == 200:
        answer.pop("LastEvaluatedKey", None)
        if "Items" in answer:
            answer["Items"] = sorted((normal(item) for item in answer["Items"]), key=stable)
    return Outcome(status, answer)


def texts(body):
    return " ; ".join(part["Statement"] for part in parts_of(body) or [body])


def responses(outcome):
    """The members of a batch."""
    for response in outcome.body.get("Responses", []):
        if "Error" not in response:
            yield Outcome(200, response)
        else:
            yield Outcome(400, {"__type": "#" + response["Error"]["Code"], "message": response["Error"]["Message"]})


def differs(a, b):
    if (a.ok, a.type) != (b.ok, b.type):
        return "type"
    if a.reasons is not None and b.reasons is not None:
        return "reasons" if any(differs(x, y) for x, y in zip(a.reasons, b.reasons)) else None
    if a.message != b.message:
        return "message"
    return "body" if a.body != b.body else None


# ---- What is known and right. "guide": the developer guide, "PartiQL reference for DynamoDB".

def not_that_type(text, a, b):
    return a.message.startswith("One or more parameter values were invalid: Condition parameter type does not match") or (
        a.message == "The provided key element does not match the schema")


def first_of_two(text, a, b):
    known = ("Invalid returning clause", "Validation failed in TransactStatements", "Where clause does not contain", "ExecuteTransaction API")
    return a.message.startswith(known) and b.message.startswith(known)


def of_a_statement(text, a, b):
    return re.match("Statement wasn't well formed|Unexpected|Unsupported|Aliasing", a.message) or re.search(
        "Statement wasn't well formed|(UPDATE|DELETE) requires|Expected", b.message)


def no_items(text, a, b):
    return a.ok and b.ok and a.body == {"Items": [], **b.body} and re.match("INSERT|UPDATE|DELETE", text) and "RETURNING" not in text


RULES = {
    "api, ExecuteStatement, Items: for write operations this value is empty; dynoxide leaves it out without RETURNING": no_items,
    "guide: each parser has its own words for what is no statement; several SET, sets in items and functions are statements": of_a_statement,
    "api: the number of parameters is that of the question marks": lambda text, a, b: a.message.startswith("Number of parameters"),
    "guide, UPDATE and DELETE: WHERE must hold the whole key by equality": lambda text, a, b: "mandatory equality" in a.message,
    "manual, Query, GetItem: the values of keys have the keys' types": not_that_type,
    "manual, Condition expressions: a literal of a type that a function does not take is refused":
        lambda text, a, b: a.message.startswith("Incorrect operand type"),
    "note, section 4, Errors: of two faults only the first is sent; which it is is not written down": first_of_two,
    "note, section 4, Transactions: what is wrong with the request itself is no reason":
        lambda text, a, b: b.type == "TransactionCanceledException" and a.type == "ValidationException",
    "api, ExecuteTransaction: a statement is about one item; dynoxide gives one of many":
        lambda text, a, b: a.type == "TransactionCanceledException" and b.ok and any(
            x.message.startswith("Select statements within") for x in a.reasons),
    "guide, SET: a value is computed of attributes that are there, of its type; dynoxide passes over others":
        lambda text, a, b: a.message.startswith(("The provided expression refers to", "An operand in the update")),
    "manual, UpdateItem, UPDATED_OLD: what a path held before; of a path that held nothing, nothing":
        lambda text, a, b: "RETURNING MODIFIED OLD" in text and a.ok and b.ok and ";" not in text,
    "manual, Update expressions: paths of one update do not overlap": lambda text, a, b: "Two document paths overlap" in a.message,
    "note, section 4, Indexes: LSI: fetched from the table, before the filter looks":
        lambda text, a, b: '"lsi' in text and a.ok and b.ok,
    "guide, WHERE: a key compared with an attribute is not known":
        lambda text, a, b: "FOO" in text and a.message.startswith("Select statements within"),
    "api, ResourceNotFoundException: its text in the data plane": lambda text, a, b: a.message == "Requested resource not found",
    "note, section 4, Indexes: GSI: unprojected attributes an error; in which order they are named is not written down":
        lambda text, a, b: "does not project" in a.message and (a.type == b.type or b.ok),
}


def parts_of(body):
    return body.get("Statements", body.get("TransactStatements", []))


def sides(body, outcome):
    """What became of each statement of many, as if it had been a request."""
    if outcome.reasons is not None:
        return outcome.reasons
    if "Statements" in body and outcome.ok:
        return list(responses(outcome))
    return [outcome] * len(parts_of(body))


def of_each(body, a, b):
    """Each statement that went otherwise is explained by itself; dynoxide stops at the first that fails."""
    pairs = list(zip(parts_of(body), sides(body, a), sides(body, b)))
    return bool(pairs) and all(not differs(x, y) or (y.ok and (not b.ok or x.ok and not a.ok)) or explanation(part, x, y)
                               for part, x, y in pairs)


def of_whole_requests(body, a, b):
    """One says that reads and writes mix or that an item comes twice, the other looks at single statements first."""
    whole = ("Read and write requests together", "Provided list of item keys", "Transaction request cannot include multiple")
    return any(one.message.startswith(whole) and any(not x.ok for x in sides(body, other)) for one, other in ((a, b), (b, a)))


def explanation(body, a, b):
    for name, applies in RULES.items():
        if applies(texts(body), a, b):
            return name
    for applies in (of_whole_requests, of_each):
        if parts_of(body) and applies(body, a, b):
            return applies.__doc__
    return None


# ---- Running.


def seeded(servers, seed):
    """Two tables with items on both servers; gives the tables."""
    chance = random.Random(seed)
    values = Values(chance)
    tables = [random_table(chance, f"table{i}") for i in range(2)]
    for table in tables:
        requests = [("CreateTable", table.request())]
        for _ in range(30):
            item = {name: values.key(table.types[name]) for name in table.keys}
            for name in chance.sample(NAMES + ["g", "h", "l"], chance.randrange(6)):
                item[name] = values.key(table.types[name]) if name in table.types else chance.choice(
                    [{"S": "a"}, {"S": "abc"}, {"N": "1"}, {"N": "2"}, {"M": {"k": {"N": "1"}}}, {"L": [{"S": "a"}]}, {"SS": ["a", "b"]}])
            requests.append(("PutItem", {"TableName": table.name, "Item": item}))
        for operation, body in requests:
            for server in servers:
                send(server, operation, body)
    return tables


def contents(server, table):
    items, start = [], {}
    while True:
        _, answer = send(server, "Scan", {"TableName": table.name, "ConsistentRead": True, **start})
        items += [normal(item) for item in answer["Items"]]
        if "LastEvaluatedKey" not in answer:
            return {stable(normal({k: item[k] for k in table.keys})): item for item in items}
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def agree(servers, tables):
    """The second server is brought in line; whether it was not."""
    different = False
    for table in tables:
        ours, theirs = (contents(server, table) for server in servers)
        for key in set(ours) | set(theirs):
            if ours.get(key) == theirs.get(key):
                continue
            different = True
            if key in ours:
                send(servers[1], "PutItem", {"TableName": table.name, "Item": ours[key]})
            else:
                send(servers[1], "DeleteItem", {"TableName": table.name, "Key": {k: theirs[key][k] for k in table.keys}})
    return different


def run_seed(servers, seed, count, counts, found):
    for server in servers:
        server.empty()
    tables = seeded(servers, seed)
    statements = Statements(random.Random(seed + 1), tables)
    for number in range(count):
        operation, body = statements.one()
        a, b = (perform(server, operation, body) for server in servers)
        what = differs(a, b)
        if what is None and re.search("INSERT|UPDATE|DELETE", texts(body)) and agree(servers, tables):
            what = "items"
        if what is None:
            continue
        agree(servers, tables)
        why = explanation(body, a, b)
        counts[why] = counts.get(why, 0) + 1
        if why is None:
            signature = (operation, what, a.type, re.sub(r"'[^']*'|\d+", "_", a.message), b.type, re.sub(r"'[^']*'|\d+", "_", b.message))
            found.setdefault(signature, []).append((seed, number, body, a, b))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds to run, one after the other")
    parser.add_argument("--requests", type=int, default=500, help="statements per seed")
    parser.add_argument("--ours", help="endpoint instead of starting build/release/stator (or STATOR_BIN)")
    parser.add_argument("--theirs", help="endpoint instead of starting dynoxide")
    arguments = parser.parse_args()
    if not arguments.theirs and not DYNOXIDE.exists():
        sys.exit(f"{DYNOXIDE} is not installed: bin/setup test")
    servers = (Given(arguments.ours) if arguments.ours else Stator(), Given(arguments.theirs) if arguments.theirs else Dynoxide())
    counts, found = {}, {}
    begin = time.monotonic()
    try:
        for seed in range(arguments.seed, arguments.seed + arguments.seeds):
            run_seed(servers, seed, arguments.requests, counts, found)
    finally:
        for server in servers:
            server.stop()
    for signature, examples in sorted(found.items(), key=lambda pair: -len(pair[1])):
        seed, number, body, a, b = examples[0]
        print(f"\n{len(examples)} x {signature}\n  seed {seed}, statement {number}\n    {json.dumps(body, ensure_ascii=False)}"
              f"\n    ours:   {a}\n    theirs: {b}")
    print(f"\n{arguments.seeds * arguments.requests} requests in {time.monotonic() - begin:.0f} s: {counts.pop(None, 0)} differences of "
          f"{len(found)} kinds; explained:")
    for why, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        print(f"  {count:6} {why}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
