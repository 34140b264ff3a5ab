#!/usr/bin/env python3
"""drop.py TABLE"""
import os
import sys

import boto3

if len(sys.argv) != 2:
    sys.exit("usage: drop.py TABLE")

ddb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))
ddb.delete_table(TableName=sys.argv[1])
ddb.get_waiter("table_not_exists").wait(TableName=sys.argv[1], WaiterConfig={"Delay": 1})
print("deleted", sys.argv[1])
