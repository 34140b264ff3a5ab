"""PartiQL statements, short."""

from .tables import n, s


def execute(db, statement, *parameters, **more):
    """ExecuteStatement's answer."""
    if parameters:
        more["Parameters"] = list(parameters)
    return db.call("ExecuteStatement", Statement=statement, **more)


def items(db, statement, *parameters, **more):
    """The items of the only page."""
    answer = execute(db, statement, *parameters, **more)
    assert "NextToken" not in answer
    return answer["Items"]


def pages(db, statement, *parameters, **more):
    """The items of each page."""
    while True:
        answer = execute(db, statement, *parameters, **more)
        yield answer["Items"]
        if "NextToken" not in answer:
            assert "LastEvaluatedKey" not in answer
            return
        more["NextToken"] = answer["NextToken"]


def all_items(db, statement, *parameters, **more):
    return [item for page in pages(db, statement, *parameters, **more) for item in page]


def batch(db, *statements, **more):
    """The responses of BatchExecuteStatement; a statement is text or a dictionary of its members."""
    return db.call("BatchExecuteStatement", Statements=[_members(one) for one in statements], **more)["Responses"]


def transact(db, *statements, **more):
    """The responses of ExecuteTransaction."""
    return db.call("ExecuteTransaction", TransactStatements=[_members(one) for one in statements], **more)["Responses"]


def keys(found):
    """Of items with pk and sk, as in a1."""
    return [item["pk"]["S"] + item["sk"]["N"] for item in found]


def _members(statement):
    return {"Statement": statement} if isinstance(statement, str) else statement


def with_values(statement, *parameters, **more):
    """The members of one statement of many."""
    return {"Statement": statement, "Parameters": list(parameters), **more}


# What the tests write to and look at by other ways.


def put(db, table, pk, sk=1, **more):
    db.call("PutItem", TableName=table, Item={"pk": s(pk), "sk": n(sk), **more})


def item_of(db, table, pk, sk=1):
    return db.call("GetItem", TableName=table, Key={"pk": s(pk), "sk": n(sk)}, ConsistentRead=True).get("Item")


# Statements about one item.


def select(table, pk, sk=1, columns="*", rest=""):
    return f"""SELECT {columns} FROM "{table}" WHERE pk = '{pk}' AND sk = {sk} {rest}"""


def insert(table, pk, sk=1, rest=""):
    return f"""INSERT INTO "{table}" VALUE {{'pk': '{pk}', 'sk': {sk}{rest}}}"""


def update(table, pk, sk=1, action="SET x = 9", rest=""):
    return f"""UPDATE "{table}" {action} WHERE pk = '{pk}' AND sk = {sk} {rest}"""


def delete(table, pk, sk=1, rest=""):
    return f"""DELETE FROM "{table}" WHERE pk = '{pk}' AND sk = {sk} {rest}"""


def exists(table, pk, sk=1, rest=""):
    return f"EXISTS({select(table, pk, sk, rest=rest)})"
