#!/usr/bin/env python3
"""list_members.py GROUP: the rows of the index"""
import json
import os
import sys

import boto3

ddb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))

response = ddb.query(
    TableName="cruddur-messages",
    IndexName="message-group-sk-index",
    KeyConditionExpression="message_group_uuid = :group",
    ExpressionAttributeValues={":group": {"S": sys.argv[1]}},
)
for item in response["Items"]:
    print(json.dumps({name: value["S"] for name, value in item.items()}, sort_keys=True))
