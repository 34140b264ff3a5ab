"""What two servers may differ in without differing: ids, times, ARNs, the order of sets and of what has no order."""

import json
import re
from decimal import Decimal

# Members whose values are chosen by the server or follow later (sizes, counts), that are newer than dynoxide
# (WarmThroughput) or not in the model (TableThroughputModeSummary).
FREE = {"ItemCount", "WarmThroughput", "TableThroughputModeSummary", "NumberOfDecreasesToday",
        "TableId", "CreationDateTime", "TableArn", "IndexArn", "LatestStreamArn", "LatestStreamLabel", "LastIncreaseDateTime",
        "LastDecreaseDateTime", "LastUpdateToPayPerRequestDateTime", "TableSizeBytes", "IndexSizeBytes", "LastUpdateDateTime",
        "SizeEstimateRangeGB"}
# Lists of descriptions, whose order means nothing.
UNORDERED = {"AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "NonKeyAttributes", "Tags",
             "ConsumedCapacity"}


def stable(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def spelled(key):
    """An item's key, its numbers spelled in one way: a peer gives back the request's spelling."""
    return {name: {tag: str(Decimal(text).normalize()) if tag == "N" else text for tag, text in value.items()}
            for name, value in key.items()}


def normal(value, key=None):
    """A reply without what is free, sets and unordered lists sorted."""
    if key == "ItemCollectionKey":
        return spelled(value)
    if isinstance(value, dict):
        return {k: normal(v, k) for k, v in value.items() if k not in FREE}
    if isinstance(value, list):
        inner = [normal(v) for v in value]
        return sorted(inner, key=stable) if key in UNORDERED or key in ("SS", "NS", "BS") else inner
    return value


class Outcome:
    """A reply as far as it is compared."""

    def __init__(self, status, body):
        self.status = status
        self.raw = body
        self.type = self.message = ""
        self.body = {}
        self.reasons = None  # of a cancelled transaction
        if status == 200:
            self.body = normal(body)
        elif isinstance(body, dict):
            self.type = body.get("__type", "").rpartition("#")[2]
            self.message = plain_message(body.get("message", body.get("Message", "")))
            if "Item" in body:
                self.body = {"Item": normal(body["Item"])}
            if isinstance(body.get("CancellationReasons"), list):
                self.reasons = [Reason(reason) for reason in body["CancellationReasons"]]

    @property
    def ok(self):
        return self.status == 200

    def __str__(self):
        return stable(self.raw)[:900] if self.ok else f"{self.status} {self.type}: {self.message}"


class Reason(Outcome):
    """Why one action of a transaction was refused, as if it had been a request of its own; or that it was not."""

    TYPES = {"ConditionalCheckFailed": "ConditionalCheckFailedException", "ValidationError": "ValidationException"}

    def __init__(self, raw):
        code = raw.get("Code", "None")
        if code == "None":
            super().__init__(200, {})
        else:
            super().__init__(400, {"__type": "#" + self.TYPES.get(code, code), "message": raw.get("Message"),
                                   **({"Item": raw["Item"]} if "Item" in raw else {})})


def parts(body):
    """(kind, members) of each action of a transaction, as far as it is one."""
    items = body.get("TransactItems")
    for item in items if isinstance(items, list) else []:
        for kind, part in item.items() if isinstance(item, dict) else []:
            if isinstance(part, dict):
                yield kind, part


def plain_message(text):
    """Without the prefix that comes and goes; of a constraint only field and constraint (notes, section 4, "Errors")."""
    text = re.sub(r"^1 validation error detected: ", "", text or "")
    match = re.match(r"Value .*?\bat '([^']*)' failed to satisfy constraint: (.*)$", text, re.S)
    return f"Value at '{match[1].lower()}' failed to satisfy constraint: {match[2]}" if match else text


def difference(operation, body, a, b):
    """What differs between two outcomes, in a word; None if nothing does."""
    if a.status != b.status:
        return "status"
    if a.type != b.type:
        return "type"
    if a.reasons is not None and b.reasons is not None:
        whys = [difference("", {}, x, y) for x, y in zip(a.reasons, b.reasons)]
        return "reasons" if any(whys) or len(a.reasons) != len(b.reasons) else None
    if a.message != b.message:
        return "message"
    if operation in ("Query", "Scan") and a.ok:
        return _pages(body, a.body, b.body)
    if operation == "BatchGetItem" and a.ok:
        return _responses(a.body, b.body)
    return _path(a.body, b.body)


def _path(a, b):
    """Where two bodies differ first: "TableDescription.TableStatus"; down to what holds attribute values, not into it."""
    if isinstance(a, dict) and isinstance(b, dict):
        for member in sorted(set(a) | set(b)):
            if a.get(member) != b.get(member):
                deeper = None if member in ("Item", "Items", "Attributes") else _path(a.get(member), b.get(member))
                return f"{member}.{deeper}" if deeper else member
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return next((_path(x, y) for x, y in zip(a, b) if x != y), None)
    return None


def _responses(a, b):
    for side in (a, b):
        side["Responses"] = {table: sorted(items, key=stable) for table, items in side.get("Responses", {}).items()}
    return next((m for m in sorted(set(a) | set(b)) if a.get(m) != b.get(m)), None)


def _pages(body, a, b):
    """The driver has joined all pages of what has no order of its own; see run.py."""
    unordered = a.pop("$unordered", False)
    b.pop("$unordered", None)
    for member in sorted(set(a) | set(b)):
        left, right = a.get(member), b.get(member)
        if member == "Items" and unordered:
            left, right = (sorted(side or [], key=stable) for side in (left, right))
        if left != right:
            return member
    return None


def signature(operation, what, a, b):
    """Differences with the same signature are probably one."""
    def shape(outcome):
        text = re.sub(r"\{[^{}]*\}|'[^']*'|\"[^\"]*\"|\[[^\[\]]*\]|#\w+|:\w+|\d+", "~", outcome.message)
        return "ok" if outcome.ok else f"{outcome.type}: {text[:110]}"

    return f"{operation} {what} | {shape(a)} | {shape(b)}"
