"""Moves a conversation to the top of its members' lists when a message is written.

A Lambda function for the table's stream (NEW_IMAGE). ../README.md says why nothing is lost or doubled: a row moves by
one transaction.

TABLE_NAME names the table. AWS_ENDPOINT_URL is followed where it is set; boto3 before 1.28 does not know it.
"""

import collections
import datetime
import os
import random
import time

import boto3

INDEX = "message-group-sk-index"
MOST_TRIES = 1000  # of one move
CONFLICT_SECONDS = 0.02  # the longest wait before the next try, when another transaction has the row

Message = collections.namedtuple("Message", "group sk text")

# What a move came to: done; the new key is another row's; the row is no longer as it was read.
DONE, TAKEN, CHANGED = "done", "taken", "changed"


class MoveFailed(Exception):
    """A row was moved by others, or met rows of other conversations, MOST_TRIES times."""


class Table:
    """The calls on the table, one method each. The tests have another one."""

    def __init__(self):
        self._table = boto3.resource("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL") or None).Table(
            os.environ.get("TABLE_NAME", "cruddur-messages"))
        self._client = self._table.meta.client

    def listed(self, group):
        """The rows of the conversation, by the index. It may be behind the table."""
        return self._all(IndexName=INDEX, KeyConditionExpression="message_group_uuid = :group",
                         ExpressionAttributeValues={":group": group})

    def present(self, pk, group, since):
        """One member's rows of the conversation, from that time on, ascending, as they are now."""
        return self._all(KeyConditionExpression="pk = :pk AND sk >= :since",
                         FilterExpression="message_group_uuid = :group", ConsistentRead=True, ScanIndexForward=True,
                         ExpressionAttributeValues={":pk": pk, ":since": since, ":group": group})

    def at(self, pk, sk):
        return self._table.get_item(Key={"pk": pk, "sk": sk}, ConsistentRead=True).get("Item")

    def move(self, row, to):
        """Puts `to` and deletes `row`, as it was read, in one step or not at all."""
        try:
            self._client.transact_write_items(TransactItems=[
                {"Put": {"TableName": self._table.name, "Item": to, "ConditionExpression": "attribute_not_exists(pk)"}},
                {"Delete": self._as_read(row)}])
            return DONE
        except self._client.exceptions.TransactionCanceledException as error:
            codes = [reason["Code"] for reason in error.response["CancellationReasons"]]
        if codes[0] == "ConditionalCheckFailed":
            return TAKEN
        if "TransactionConflict" in codes:
            time.sleep(random.uniform(0, CONFLICT_SECONDS))
        elif codes[1] != "ConditionalCheckFailed":
            raise MoveFailed(f"{to['pk']} {to['sk']}: {codes}")
        return CHANGED

    def delete(self, row):
        """Does nothing if the row is no longer the one that was read."""
        try:
            self._client.delete_item(**self._as_read(row))
        except self._client.exceptions.ConditionalCheckFailedException:
            pass

    def _as_read(self, row):
        return {"TableName": self._table.name, "Key": {"pk": row["pk"], "sk": row["sk"]},
                "ConditionExpression": "message_group_uuid = :group AND message = :message",
                "ExpressionAttributeValues": {":group": row["message_group_uuid"], ":message": row["message"]}}

    def _all(self, **query):
        rows = []
        while True:
            page = self._table.query(**query)
            rows += page["Items"]
            if "LastEvaluatedKey" not in page:
                return rows
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def message_of(record):
    """The message whose writing the record tells of; None if it tells of anything else."""
    if record.get("eventName") != "INSERT":
        return None
    image = record.get("dynamodb", {}).get("NewImage", {})
    pk, sk, text = (image.get(name, {}).get("S") for name in ("pk", "sk", "message"))
    if not pk or not pk.startswith("MSG#"):
        return None
    if not sk or text is None:
        print(f"passed over a message without a time or a text: {pk} {sk}")
        return None
    return Message(pk[len("MSG#"):], sk, text)


def newest_messages(records):
    """The last message of each conversation in a batch: the others would move it to where it does not stay."""
    newest = {}
    for message in filter(None, map(message_of, records)):
        if message.group not in newest or newest[message.group].sk < message.sk:
            newest[message.group] = message
    return list(newest.values())


def next_microsecond(sk):
    return (datetime.datetime.fromisoformat(sk) + datetime.timedelta(microseconds=1)).isoformat()


def move_conversation(table, message):
    """Gives the number of members whose row has moved."""
    rows_of = collections.defaultdict(list)
    for row in table.listed(message.group):
        if row["pk"].startswith("GRP#"):
            rows_of[row["pk"]].append(row)
    moved = 0
    for pk, rows in sorted(rows_of.items()):
        moved += move_row(table, pk, message, min(row["sk"] for row in rows))
    return moved


def move_row(table, pk, message, since):
    """Moves one member's row; False if it was there. `since`: a time at or before the row's."""
    sk = message.sk
    for _ in range(MOST_TRIES):
        rows = table.present(pk, message.group, since)
        if not rows:
            return False  # the member has left
        for row in rows[:-1]:
            table.delete(row)  # it has moved while it was read; or was left by a version of this without transactions
        newest = rows[-1]
        if newest["sk"] >= message.sk:
            return False
        outcome = table.move(newest, dict(newest, sk=sk, message=message.text))
        if outcome == DONE:
            return True
        if outcome == TAKEN:
            taken = table.at(pk, sk)
            if taken is not None and taken["message_group_uuid"] != message.group:
                # Another conversation was spoken in at the same time: its row has the key.
                sk = next_microsecond(sk)
    raise MoveFailed(f"{pk} {message.sk}")


TABLE = None  # made at the first event, kept between them


def lambda_handler(event, context):
    global TABLE
    TABLE = TABLE or Table()
    moved = 0
    for message in newest_messages(event.get("Records", [])):
        rows = move_conversation(TABLE, message)
        print(f"conversation {message.group}: {rows} rows moved to {message.sk}")
        moved += rows
    return {"rows_moved": moved}
