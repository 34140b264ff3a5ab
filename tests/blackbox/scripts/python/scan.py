#!/usr/bin/env python3
import json
import os

import boto3

ddb = boto3.resource("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))
table = ddb.Table("cruddur-messages")

response = table.scan()
for item in response["Items"]:
    print(json.dumps(item, sort_keys=True))
while "LastEvaluatedKey" in response:
    response = table.scan(ExclusiveStartKey=response["LastEvaluatedKey"])
    for item in response["Items"]:
        print(json.dumps(item, sort_keys=True))
