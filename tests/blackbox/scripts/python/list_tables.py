#!/usr/bin/env python3
import os

import boto3

ddb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL", "http://localhost:8000"))

for name in ddb.list_tables()["TableNames"]:
    print(name)
