#!/usr/bin/env python3
"""schema_load.py [--no-index]"""
import os
import sys

import boto3

ddb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))

attributes = [
    {"AttributeName": "pk", "AttributeType": "S"},
    {"AttributeName": "sk", "AttributeType": "S"},
]
options = {}
if "--no-index" not in sys.argv:
    attributes.append({"AttributeName": "message_group_uuid", "AttributeType": "S"})
    options["GlobalSecondaryIndexes"] = [
        {
            "IndexName": "message-group-sk-index",
            "KeySchema": [
                {"AttributeName": "message_group_uuid", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        }
    ]

response = ddb.create_table(
    TableName="cruddur-messages",
    AttributeDefinitions=attributes,
    KeySchema=[
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    BillingMode="PROVISIONED",
    ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    **options,
)
ddb.get_waiter("table_exists").wait(TableName="cruddur-messages", WaiterConfig={"Delay": 1})
print(response["TableDescription"]["TableName"])
