#!/usr/bin/env python3
"""move_group.py GROUP TEXT: a new last message; every group row moves to its time"""
import os
import sys
from datetime import datetime, timezone

import boto3

ddb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))
group, text = sys.argv[1:]
now = datetime(2026, 2, 1, 8, 30, tzinfo=timezone.utc).isoformat()

rows = ddb.query(
    TableName="cruddur-messages",
    IndexName="message-group-sk-index",
    KeyConditionExpression="message_group_uuid = :group",
    ExpressionAttributeValues={":group": {"S": group}},
)["Items"]
for row in rows:
    ddb.delete_item(TableName="cruddur-messages", Key={"pk": row["pk"], "sk": row["sk"]},
                    ConditionExpression="attribute_exists(pk)")
    ddb.put_item(TableName="cruddur-messages", Item=dict(row, sk={"S": now}, message={"S": text}))
print("moved", len(rows), "rows")
