#!/usr/bin/env python3
"""A short conversation, one put_item at a time."""
import os
import uuid
from datetime import datetime, timedelta, timezone

import boto3

ddb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))

GROUP = "5ae290ed-55d1-47a0-bc6d-fe2bc2700399"
PEOPLE = {
    "lena": {"uuid": "c1f8b33a-21a5-4f6d-9d0c-1f2b9f0b8f01", "name": "Lena Fischer"},
    "sam": {"uuid": "7d1c1de6-4c0f-4a52-8a6e-6c2f9a4b7702", "name": "Sam Duarte"},
}
CONVERSATION = """
lena: Did the seeds arrive?
sam: This morning! Three kinds of beans and one that only says "surprise".
lena: Plant the surprise by the fence, so it has something to climb.
sam: What if it doesn't climb?
lena: Then it has something to look at.
sam: I dug for ten minutes and met eleven worms.
lena: That's a very good garden.
sam: That's a very crowded garden.
lena: Happy new year, by the way. I forgot, with all the beans.
sam: Happy new year. May everything come up.
"""


def create_message(text, author, at):
    ddb.put_item(
        TableName="cruddur-messages",
        Item={
            "pk": {"S": f"MSG#{GROUP}"},
            "sk": {"S": at},
            "message_uuid": {"S": str(uuid.uuid4())},
            "message": {"S": text},
            "user_uuid": {"S": PEOPLE[author]["uuid"]},
            "user_display_name": {"S": PEOPLE[author]["name"]},
            "user_handle": {"S": author},
        },
    )


def create_message_group(owner, other, last_message, last_message_at):
    ddb.put_item(
        TableName="cruddur-messages",
        Item={
            "pk": {"S": f"GRP#{PEOPLE[owner]['uuid']}"},
            "sk": {"S": last_message_at},
            "message_group_uuid": {"S": GROUP},
            "message": {"S": last_message},
            "user_uuid": {"S": PEOPLE[other]["uuid"]},
            "user_display_name": {"S": PEOPLE[other]["name"]},
            "user_handle": {"S": other},
        },
    )


at = datetime(2025, 12, 31, 23, 57, tzinfo=timezone.utc)
for line in CONVERSATION.strip().splitlines():
    author, text = line.split(": ", 1)
    at += timedelta(seconds=30)
    create_message(text, author, at.isoformat())
create_message_group("lena", "sam", text, at.isoformat())
create_message_group("sam", "lena", text, at.isoformat())
print("seeded", len(CONVERSATION.strip().splitlines()), "messages")
