"""Differences from dynoxide that are known and right: each says where it stands that we are right.

A rule explains a difference if it applies to it; `a` is our outcome, `b` dynoxide's; `a.facts` knows the tables (facts.py). More than forty would be a finding.
"note" is the project's note on the API; "manual" the DynamoDB developer guide or API reference.
"""

import re
from decimal import Decimal

import faults
from compare import difference, parts

RULES = []


class Rule:
    def __init__(self, name, source, applies):
        self.name, self.source, self.applies = name, source, applies
        self.count = 0


def rule(source):
    """Registers applies(operation, body, what, a, b); its name names the rule."""

    def register(applies):
        RULES.append(Rule(applies.__name__, source, applies))
        return applies

    return register


def explanation(operation, body, what, a, b):
    """The first rule that explains the difference, or None."""
    for one in RULES:
        if one.applies(operation, body, what, a, b):
            one.count += 1
            return one
    return _of_actions(body, a, b) if operation in ("TransactWriteItems", "TransactGetItems") else None


SINGLE = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Get": "GetItem", "ConditionCheck": "ConditionCheck"}


def _of_actions(body, a, b):
    """A transaction that went otherwise is explained if each of its actions that did is, as a request of its own."""
    actions = list(parts(body))
    sides = [outcome.reasons if outcome.reasons is not None else [outcome] * len(actions) for outcome in (a, b)]
    explained = None
    for (kind, part), x, y in zip(actions, *sides):
        x.facts = a.facts.of_action(part)
        what = difference(SINGLE.get(kind, kind), part, x, y) if not (x.ok and y.ok) else None
        if what is None:
            continue
        explained = explanation(SINGLE.get(kind, kind), part, what, x, y)
        if explained is None and x is not a and y is not b:
            return None  # both sides speak of this action
    return explained


@rule("manual, API reference: key attributes are scalars, so no path leads into one; dynoxide looks at filters and the index they run on only")
def keys_are_scalars(operation, body, what, a, b):
    return a.message.startswith("Key attributes must be scalars") and (b.ok or both_invalid(a, b))


@rule("manual, Error handling: the service's syntax errors name token and surroundings; dynoxide has texts of its own, and "
      "does not take an operand in parentheses, as dynalite does")
def syntax_error_texts(operation, body, what, a, b):
    if b.message.endswith("Expression: Expected operand, got ("):
        return True
    return what == "message" and re.match(r"Invalid \w+Expression: Syntax error; token: ", a.message) is not None and re.search(
        r"Expected|Unexpected|Syntax error", b.message) is not None


@rule("note, section 5: an update that only removes attributes does not create a missing item")
def removal_creates_nothing(operation, body, what, a, b):
    if what != "item" or a.body:
        return False
    updates = [part for kind, part in parts(body) if kind == "Update"] if operation == "TransactWriteItems" else [body]
    return operation in ("UpdateItem", "TransactWriteItems") and any(
        set(b.body["Item"]) == set(update["Key"]) for update in updates if isinstance(update.get("Key"), dict))


@rule("note, section 5: ALL_OLD of a new item returns no Attributes")
def all_old_of_nothing(operation, body, what, a, b):
    return (operation == "UpdateItem" and what == "Attributes" and body.get("ReturnValues") in ("ALL_OLD", "ALL_NEW")
            and "Attributes" not in a.body and set(b.body["Attributes"]) == set(body["Key"]))


@rule("note, section 5: DeleteTable's answer omits key schema, creation date and indexes")
def delete_table_answers_little(operation, body, what, a, b):
    return operation == "DeleteTable" and a.ok and b.ok and what.startswith("TableDescription") and a.body["TableDescription"][
        "TableName"] == b.body["TableDescription"]["TableName"]


@rule("manual, TransactWriteItems: ItemCollectionMetrics is a map of the tables that have a local index")
def item_collection_metrics(operation, body, what, a, b):
    return operation == "TransactWriteItems" and what == "ItemCollectionMetrics" and what not in b.body


@rule("note, section 4, Tables: UPDATING and DELETING are observable, and an index that is made says Backfilling")
def update_table_says_updating(operation, body, what, a, b):
    return operation == "UpdateTable" and what in ("TableDescription.TableStatus", "TableDescription.GlobalSecondaryIndexes.Backfilling"
                                                   ) or what.endswith(("IndexStatus", ".Backfilling")) or (
        what == "TableDescription.GlobalSecondaryIndexes" and "'Delete'" in str(body))


@rule("note, section 4, Paging: scan segments are hash ranges; which items a segment holds is the server's own")
def segments_differ(operation, body, what, a, b):
    return operation == "Scan" and a.ok and b.ok and body.get("TotalSegments", 1) not in (1, None)


def both_invalid(a, b):
    return a.type == b.type == "ValidationException"


@rule("note, section 4, Errors: syntax and shape checks come before table lookup")
def checks_before_lookup(operation, body, what, a, b):
    return what == "type" and a.type == "ValidationException" and b.type == "ResourceNotFoundException"


@rule("note, sections 4 and 5: faults of expressions (names and values that are unused or not defined, literal operands of a wrong "
      "type, reversed BETWEEN bounds, a = a) are decided at parse time, before keys, indexes and items are looked at")
def expressions_before_keys(operation, body, what, a, b):
    if re.match(r"Value provided in ExpressionAttribute(Names|Values) unused|Invalid (Condition|Filter|KeyCondition)Expression: "
                r"(Incorrect operand type|The BETWEEN operator|The first operand|Invalid attribute type)|"
                r"The BETWEEN condition was provided a range", a.message):
        return True
    return re.match(r"Invalid \w+Expression: |ExpressionAttribute(Names|Values) (can only|must not)|Can not use both", a.message) is not None and (
        both_invalid(a, b) or b.ok or b.type in ("ConditionalCheckFailedException", "TransactionCanceledException", "IdempotentParameterMismatchException"))


@rule("note, section 4, Errors: the type of JSON comes before everything")
def types_before_everything(operation, body, what, a, b):
    return a.type == "SerializationException"


@rule("manual, CreateTable: DeletionProtectionEnabled is part of every table description")
def deletion_protection_is_described(operation, body, what, a, b):
    return what.endswith(".DeletionProtectionEnabled") and a.ok


@rule("manual, KeyConditionExpression: equality on the hash key, one condition on the sort key, values of the key's type, not empty")
def key_conditions(operation, body, what, a, b):
    return operation == "Query" and re.search("Condition parameter type does not match schema type|Query key condition not supported|"
                                              "for a key attribute cannot contain an empty", a.message) is not None




@rule("note, section 4, Indexes: GSI: unprojected attributes are an error")
def unprojected_attributes(operation, body, what, a, b):
    return "does not project" in a.message


@rule("note, section 5: KeyConditions together with FilterExpression or ProjectionExpression is legal")
def key_conditions_with_expressions(operation, body, what, a, b):
    return operation == "Query" and "KeyConditions" in body and b.message.startswith("Can not use both") and "{KeyConditions}" in b.message


@rule("manual, Query: ExclusiveStartKey lies within what the key condition selects")
def start_key_in_bounds(operation, body, what, a, b):
    return operation == "Query" and a.message.startswith(("The provided starting key is", "The provided starting key does not match"))


RUN_ERRORS = ("The document path provided in the update expression is invalid for update",
              "An operand in the update expression has an incorrect data type",
              "The provided expression refers to an attribute that does not exist in the item")


@rule("manual, UpdateItem: of several faults in one update any may be reported; dynoxide has other texts and another order")
def which_fault_of_an_update(operation, body, what, a, b):
    return operation == "UpdateItem" and what == "message" and both_invalid(a, b) and (
        a.message in RUN_ERRORS or (b.message in RUN_ERRORS and "38 significant digits" in a.message))


@rule("manual, Update expressions: the parent of a path must exist, the list of an element too")
def parents_exist(operation, body, what, a, b):
    return operation == "UpdateItem" and b.ok and a.message == RUN_ERRORS[0] and re.search(
        r"\b(ADD|DELETE|REMOVE)\b|\[\d+\]|\.", str(body.get("UpdateExpression"))) is not None


@rule("manual, API reference: constraints of the model hold for every operation, an element of a transaction is exactly one action; "
      "dynoxide checks some of them late or not")
def constraints_of_the_model(operation, body, what, a, b):
    return a.type == "ValidationException" and ("failed to satisfy constraint" in a.message or a.message.startswith(
        ("TransactItems can only contain one of", "Invalid Request: TransactWriteRequest should contain")))


@rule("manual, API reference DeleteItem: ReturnValues is one shape for all operations")
def return_values_of_delete(operation, body, what, a, b):
    return what == "message" and a.message == "ReturnValues can only be ALL_OLD or NONE"


@rule("note, section 4, Expressions: on a missing attribute every comparison but <> is false, NOT_CONTAINS too")
def not_contains_of_nothing(operation, body, what, a, b):
    return "NOT_CONTAINS" in str(body)


def is_part(x, y):
    """x has some of the members and elements of y."""
    if isinstance(x, dict) and isinstance(y, dict):
        return all(name in y and is_part(value, y[name]) for name, value in x.items())
    if isinstance(x, list) and isinstance(y, list):
        rest = iter(y)
        return all(any(is_part(value, other) for other in rest) for value in x)
    return x == y


@rule("manual, Update expressions: setting an element beyond the end of a list appends it, removing one there does nothing; "
      "and UpdateItem: UPDATED_OLD and UPDATED_NEW have the elements that were updated, where dynoxide has the list")
def lists_grow_at_the_end(operation, body, what, a, b):
    if operation != "UpdateItem" or not re.search(r"\[\d+\]", str(body.get("UpdateExpression"))):
        return False
    if what == "Attributes" and str(body.get("ReturnValues")).startswith("UPDATED_"):
        return is_part(a.body.get("Attributes", {}), b.body["Attributes"])
    return what in ("item", "Attributes") and str(b.body).count("'NULL'") > str(a.body).count("'NULL'")


def units(outcome):
    """Of all tables together."""
    consumed = outcome.body["ConsumedCapacity"]
    return sum(of_table["CapacityUnits"] for of_table in (consumed if isinstance(consumed, list) else [consumed]))


@rule("note, section 5: backfilling skips items whose key attributes have the wrong type; a write of such an item fails afterwards")
def backfill_skips(operation, body, what, a, b):
    if what == "ConsumedCapacity.CapacityUnits":  # dynoxide charges for removing an entry that was skipped
        skipped = a.facts.entries_skipped_before()
        return skipped > 0 and units(b) - units(a) == skipped
    table = a.facts.table(body.get("TableName")) if isinstance(body.get("TableName"), str) else None
    if table is None:
        return False
    if what == "status" and operation == "UpdateItem" and b.ok:
        before = a.facts.before or {}
        if "attempted to update a secondary index key to a value that is not supported" in a.message:
            return any(table.is_unfit(name, before, index) for index in table.globals if index.startswith("late") for name in before)
        match = re.search(r"Index Key (?P<key>\w+) Expected: \w+ Actual: \w+ IndexName: (?P<index>late\d+)|"
                          r"cannot contain an empty \w+ value. IndexName: (?P<named>late\d+), IndexKey: (?P<empty>\w+)", a.message)
        return bool(match) and table.is_unfit(match["key"] or match["empty"], before, match["index"] or match["named"])
    index = str(body.get("IndexName"))
    if not index.startswith("late") or not (a.ok and b.ok) or what not in ("Count", "ScannedCount", "Items"):
        return False
    return 0 < b.body["ScannedCount"] - a.body["ScannedCount"] <= a.facts.skipped(body["TableName"], index)


@rule("manual, UpdateTable: BillingModeSummary stays once on demand was chosen; provisioning it wants every index's throughput")
def billing_mode_changes(operation, body, what, a, b):
    return operation in ("UpdateTable", "DescribeTable") and (
        what.endswith(("BillingModeSummary", "GlobalSecondaryIndexes.ProvisionedThroughput.ReadCapacityUnits"))
        or "ProvisionedThroughput must be specified for index" in a.message)


@rule("manual, legacy Condition: operators say how many values their AttributeValueList has, of which types, and all of one")
def types_of_legacy_values(operation, body, what, a, b):
    if "Invalid number of argument(s) for the" in a.message:  # an empty list is a list; dynoxide takes it for none
        return "'AttributeValueList': []" in str(body) and "Value or AttributeValueList must be used" in b.message
    return re.search(r"ComparisonOperator \w+ is not valid for|AttributeValues inside AttributeValueList", a.message) is not None


@rule("manual, TagResource, ListTagsOfResource: an unknown table is ResourceNotFoundException; a bad ARN says so at length")
def resources_of_tags(operation, body, what, a, b):
    return "tag" in operation.lower() and (a.type == "ResourceNotFoundException" or a.message.startswith(("Invalid TableArn", "One or more")))


@rule("manual, CreateTable: every definition is used by a key, every key is defined; the text lists the keys of that schema")
def definitions_and_keys(operation, body, what, a, b):
    if operation == "UpdateTable" and a.ok:  # note, section 4, Tables: definitions are merged
        return "Some index key attributes are not defined in AttributeDefinitions" in b.message
    return operation in ("CreateTable", "UpdateTable") and "AttributeDefinitions" in a.message and both_invalid(a, b)


@rule("manual, UpdateTable: an index that is not there is ResourceNotFoundException; dynoxide names it a table")
def unknown_index_of_update(operation, body, what, a, b):
    return operation == "UpdateTable" and a.type == b.type == "ResourceNotFoundException"


@rule("manual, Query: ExclusiveStartKey is where the last page ended; on a table without sort key nothing comes after it")
def nothing_after_the_only_item(operation, body, what, a, b):
    return operation == "Query" and "ExclusiveStartKey" in body and a.ok and b.ok and a.body["ScannedCount"] == 0


@rule("manual, API reference: null is as good as absent, \"true\" as true, 1.5 as 1, and a member of another operation is ignored")
def lenient_reader(operation, body, what, a, b):
    if what.startswith("Table.ProvisionedThroughput.") and what.endswith("CapacityUnits"):  # dynoxide takes 1.5 as 0 there
        return [outcome.body["Table"]["ProvisionedThroughput"][what.rsplit(".")[-1]] for outcome in (a, b)] == [1, 0]
    texts = (r"^invalid type: (null|floating point)|expected boolean for BOOL" + (
        "|more than one datatypes set|TRUE_VALUE" if "None" in str(body) else ""))
    if "Supplied AttributeValue is empty" in a.message or re.search(texts, b.message):
        return True
    return b.type == "SerializationException" and (
        re.search("boolean|floating point", b.message) is not None or bool({"Item", "Key", "Limit"} & set(body)))


@rule("manual, legacy parameters: ConditionalOperator counts among the non-expression parameters and wants Expected or a filter")
def conditional_operator_counts(operation, body, what, a, b):
    return "ConditionalOperator" in a.message


@rule("manual, Expression attribute values and Expected: every value is checked, however deep; the text says where it stands")
def every_value_is_checked(operation, body, what, a, b):
    return a.type == "ValidationException" and re.search(
        r"contains invalid (value|key)|contains duplicates|may not be empty|should not be empty|numeric value|have the value of true|"
        r"more than 38 significant digits|Number (under|over)flow",
        a.message) is not None



@rule("manual, API reference: the text of IdempotentParameterMismatchException; dynoxide sends a placeholder, and looks at the token "
      "before the tables and the items")
def tokens(operation, body, what, a, b):
    if a.type == b.type == "IdempotentParameterMismatchException":
        return what == "message"
    if "ClientRequestToken" in body and b.type == "IdempotentParameterMismatchException":
        return a.type in ("ResourceNotFoundException", "ValidationException")
    return "ClientRequestToken" in body and a.type == "ResourceNotFoundException" and b.ok


@rule("note, section 4, Expressions: a projection that matches nothing still returns {} for a present item; and the manual: a projection "
      "gives what it names, in transactions too, where dynoxide adds the key")
def projected_in_transactions(operation, body, what, a, b):
    if operation != "TransactGetItems" or not what.startswith("Responses") or not (a.ok and b.ok):
        return False

    def bare(response, part):
        return {name: value for name, value in response.get("Item", {}).items() if name not in part.get("Key", {})}
    return all(bare(x, part) == bare(y, part) for x, y, (_, part) in zip(a.body["Responses"], b.body["Responses"], parts(body)))


@rule("note, section 4, Indexes: LSI: fetched from the table and charged; an LSI's own reads are on its arm")
def local_indexes_fetch(operation, body, what, a, b):
    return str(body.get("IndexName")).startswith("lsi") and a.ok and b.ok and what.startswith(("Items", "Count", "ConsumedCapacity"))


def numbers(value):
    """The members of number sets anywhere within, each as it is spelled."""
    if isinstance(value, dict):
        return [n for tag, inner in value.items() for n in (inner if tag == "NS" and isinstance(inner, list) else numbers(inner))]
    return [n for inner in value for n in numbers(inner)] if isinstance(value, list) else []


@rule("note, section 4, Numbers: equal numbers spelled differently are one member of a set; dynoxide finds duplicates in it, or does "
      "not find the member that DELETE names")
def numbers_spelled_differently(operation, body, what, a, b):
    if what in ("item", "Attributes") and "DELETE" in str(body.get("UpdateExpression", body.get("AttributeUpdates"))):
        kept = set(numbers(b.body)) - set(numbers(a.body))
        named = [n for n in numbers(body) if n not in kept]
        return bool(kept) and all(any(Decimal(n) == Decimal(k) for n in named) for k in kept)
    return b.message == "Input collection contains duplicates" and "'NS'" in str(body)


@rule("note, section 4, Errors: only the first fault is sent; which of several is first is not written down for those of faults.py")
def two_faults(operation, body, what, a, b):
    return what in ("message", "type") and a.message != b.message and all(
        faults.has(operation, body, a.facts, outcome.message) for outcome in (a, b))


@rule("manual, CreateTable, UpdateTable: throughput goes with PROVISIONED, for indexes too, and not with PAY_PER_REQUEST")
def throughput_and_billing(operation, body, what, a, b):
    return operation in ("CreateTable", "UpdateTable") and "ProvisionedThroughput" in a.message or (
        "ReadCapacityUnits and WriteCapacityUnits must both be specified" in a.message)
