#!/usr/bin/env python3
"""get_conversation.py GROUP [YEAR]: the 20 newest messages, newest first"""
import json
import os
import sys

import boto3

ddb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))

params = {
    "TableName": "cruddur-messages",
    "ScanIndexForward": False,
    "Limit": 20,
    "ReturnConsumedCapacity": "TOTAL",
    "KeyConditionExpression": "pk = :pk",
    "ExpressionAttributeValues": {":pk": {"S": f"MSG#{sys.argv[1]}"}},
}
if len(sys.argv) > 2:
    params["KeyConditionExpression"] += " AND begins_with(sk, :year)"
    params["ExpressionAttributeValues"][":year"] = {"S": sys.argv[2]}

response = ddb.query(**params)
print(json.dumps(response["ConsumedCapacity"], sort_keys=True), file=sys.stderr)
for item in response["Items"]:
    print(json.dumps({name: value["S"] for name, value in item.items()}, sort_keys=True))
