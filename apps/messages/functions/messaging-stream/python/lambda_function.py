"""Moves a conversation to the top of its members' lists when a message is written.

A Lambda function for the table's stream (NEW_IMAGE). ../README.md says why nothing is lost or doubled; the order of
the calls below is what that hangs on.

TABLE_NAME names the table. AWS_ENDPOINT_URL is followed where it is set; boto3 before 1.28 does not know it.
"""

import collections
import datetime
import os

import boto3

INDEX = "message-group-sk-index"
MOST_TRIES = 1000  # to find a free key

Message = collections.namedtuple("Message", "group sk text")


class KeyTaken(Exception):
    """No free key was found for a row: more conversations than MOST_TRIES were spoken in at one microsecond."""


class Table:
    """The calls on the table, one method each. The tests have another one."""

    def __init__(self):
        self._table = boto3.resource("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL") or None).Table(
            os.environ.get("TABLE_NAME", "cruddur-messages"))
        self._refused = self._table.meta.client.exceptions.ConditionalCheckFailedException

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

    def put_new(self, row):
        """False if there is a row of that key."""
        return self._unless_refused(self._table.put_item, Item=row, ConditionExpression="attribute_not_exists(pk)")

    def delete(self, row):
        """Does nothing if the row is no longer the one that was read."""
        return self._unless_refused(
            self._table.delete_item, Key={"pk": row["pk"], "sk": row["sk"]},
            ConditionExpression="message_group_uuid = :group AND message = :message",
            ExpressionAttributeValues={":group": row["message_group_uuid"], ":message": row["message"]})

    def _unless_refused(self, call, **parameters):
        try:
            call(**parameters)
            return True
        except self._refused:
            return False

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
        newest = max(rows, key=lambda row: row["sk"])
        oldest_sk = min(row["sk"] for row in rows)
        if newest["sk"] < message.sk:
            moved += put_on_top(table, dict(newest, sk=message.sk, message=message.text))
        # The place for a transaction: this Put and the Delete of `newest` as one TransactWriteItems.
        remove_all_but_newest(table, pk, message.group, min(oldest_sk, message.sk))
    return moved


def put_on_top(table, row):
    """True if this call has put it; False if it was there."""
    for _ in range(MOST_TRIES):
        if table.put_new(row):
            return True
        taken = table.at(row["pk"], row["sk"])
        if taken is None:
            continue  # gone in this moment
        if taken["message_group_uuid"] == row["message_group_uuid"] and taken["message"] == row["message"]:
            return False
        # Another conversation was spoken in at the same time: its row has the key.
        row["sk"] = next_microsecond(row["sk"])
    raise KeyTaken(f"{row['pk']} {row['sk']}")


def remove_all_but_newest(table, pk, group, since):
    rows = sorted(table.present(pk, group, since), key=lambda row: row["sk"])
    for row in rows[:-1]:
        table.delete(row)


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
