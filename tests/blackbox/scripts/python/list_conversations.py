#!/usr/bin/env python3
"""list_conversations.py USER_UUID: last spoken in first"""
import json
import os
import sys

import boto3
from boto3.dynamodb.conditions import Key

ddb = boto3.resource("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))

response = ddb.Table("cruddur-messages").query(
    KeyConditionExpression=Key("pk").eq(f"GRP#{sys.argv[1]}"),
    ScanIndexForward=False,
)
for item in response["Items"]:
    print(json.dumps(item, sort_keys=True))
