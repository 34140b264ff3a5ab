"""Sequences of calls as tools make them, read from the tools' sources and from what they sent here. A plan that is made
again must find nothing to change.
"""

import json

import pytest
from support.expect import fails
from support.tables import unique_name
from support.wire import ApiError


class Terraform:
    """aws_dynamodb_table and the resources that go with it, as HashiCorp's AWS provider looks after them."""

    def __init__(self, db):
        self.db = db

    def apply(self, name, tags=(), ttl=None, recovery=False, protected=False, stream=None, **create):
        request = {"TableName": name, "BillingMode": "PAY_PER_REQUEST", "TableClass": "STANDARD",
                   "DeletionProtectionEnabled": protected, "Tags": list(tags), **create}
        if stream:
            request["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": stream}
        self.db.call("CreateTable", **request)
        self.wait_active(name)
        if ttl:
            specification = {"AttributeName": ttl, "Enabled": True}
            self.db.call("UpdateTimeToLive", TableName=name, TimeToLiveSpecification=specification)
            assert self.ttl(name)["TimeToLiveStatus"] in ("ENABLING", "ENABLED")
        if recovery:
            self.db.call("UpdateContinuousBackups", TableName=name,
                         PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
        return self.read(name)

    def describe(self, name):
        """Raw: Debian's client drops newer members."""
        return self.db.raw.call("DescribeTable", TableName=name)["Table"]

    def wait_active(self, name):
        """waitTableActive, waitTableWarmThroughputActive, waitGSIActive."""
        table = self.describe(name)
        states = [table["TableStatus"], table["WarmThroughput"]["Status"]]
        for index in table.get("GlobalSecondaryIndexes", []):
            states += [index["IndexStatus"], index["WarmThroughput"]["Status"]]
        assert set(states) == {"ACTIVE"}

    def ttl(self, name):
        return self.db.call("DescribeTimeToLive", TableName=name)["TimeToLiveDescription"]

    def read(self, name):
        """What goes into the state: resourceTableRead, in its order."""
        table = self.describe(name)
        backups = self.db.call("DescribeContinuousBackups", TableName=name)["ContinuousBackupsDescription"]
        ttl = self.ttl(name)
        tags = self.db.call("ListTagsOfResource", ResourceArn=table["TableArn"])["Tags"]
        recovery = backups["PointInTimeRecoveryDescription"]
        return {"table": table, "ttl": (ttl.get("AttributeName"), ttl["TimeToLiveStatus"]), "tags": tags,
                "point_in_time_recovery": recovery["PointInTimeRecoveryStatus"] == "ENABLED"}

    def destroy(self, name):
        self.db.call("DeleteTable", TableName=name)
        with fails("ResourceNotFoundException"):
            self.db.call("DescribeTable", TableName=name)


@pytest.fixture()
def terraform(db):
    return Terraform(db)


def columns(**types):
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


KEY = [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]
INDEX = {"IndexName": "by-sk", "KeySchema": [{"AttributeName": "sk", "KeyType": "HASH"}],
         "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["a", "b"]}}


def settled(state):
    """Without the one state that a client sees pass."""
    attribute, status = state["ttl"]
    return {**state, "ttl": (attribute, {"ENABLING": "ENABLED"}.get(status, status))}


def test_terraform_table(db, terraform, make_table):
    name = make_table.own(unique_name("terraform"))
    tags = [{"Key": "environment", "Value": "test"}, {"Key": "owner", "Value": "me"}]
    applied = terraform.apply(name, AttributeDefinitions=columns(pk="S", sk="N"), KeySchema=KEY, tags=tags, ttl="expires",
                              GlobalSecondaryIndexes=[INDEX], stream="NEW_AND_OLD_IMAGES",
                              OnDemandThroughput={"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": -1})
    table = applied["table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert (table["AttributeDefinitions"], table["KeySchema"]) == (columns(pk="S", sk="N"), KEY)
    assert {k: table["GlobalSecondaryIndexes"][0][k] for k in INDEX} == INDEX
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert table["LatestStreamArn"].startswith(table["TableArn"])
    assert applied["tags"] == tags
    assert applied["ttl"][0] == "expires"
    assert not applied["point_in_time_recovery"]
    # plan, twice: nothing to change.
    for _ in range(2):
        assert settled(terraform.read(name)) == settled(applied)
    # Changes that the provider makes one by one, and a plan after them.
    arn = table["TableArn"]
    db.call("UntagResource", ResourceArn=arn, TagKeys=["owner"])
    db.call("TagResource", ResourceArn=arn, Tags=[{"Key": "environment", "Value": "production"}])
    db.call("UpdateTable", TableName=name, DeletionProtectionEnabled=True)
    terraform.wait_active(name)
    db.call("UpdateContinuousBackups", TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False})
    changed = terraform.read(name)
    assert changed["tags"] == [{"Key": "environment", "Value": "production"}]
    assert changed["table"]["DeletionProtectionEnabled"]
    assert settled(terraform.read(name)) == settled(changed)
    with pytest.raises(ApiError, match="(?i)protect"):
        db.call("DeleteTable", TableName=name)
    db.call("UpdateTable", TableName=name, DeletionProtectionEnabled=False)
    terraform.destroy(name)


def test_terraform_provisioned(db, terraform, make_table):
    name = make_table.own(unique_name("terraform"))
    units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
    terraform.apply(name, AttributeDefinitions=columns(pk="S", sk="N"), KeySchema=KEY, BillingMode="PROVISIONED",
                    ProvisionedThroughput=units, GlobalSecondaryIndexes=[{**INDEX, "ProvisionedThroughput": units}],
                    SSESpecification={"Enabled": True})
    before = terraform.read(name)
    assert before["table"]["SSEDescription"]["Status"] == "ENABLED"
    assert terraform.read(name) == before
    more = {"ReadCapacityUnits": 6, "WriteCapacityUnits": 5}
    db.call("UpdateTable", TableName=name, ProvisionedThroughput=more,
            GlobalSecondaryIndexUpdates=[{"Update": {"IndexName": "by-sk", "ProvisionedThroughput": more}}])
    terraform.wait_active(name)
    table = terraform.read(name)["table"]
    assert [t["ProvisionedThroughput"]["ReadCapacityUnits"] for t in [table] + table["GlobalSecondaryIndexes"]] == [6, 6]
    terraform.destroy(name)


def test_terraform_recovery_is_refused_at_once(terraform, make_table):
    """Rather than waited for: the provider repeats the call while backups "are being enabled"."""
    with fails("ContinuousBackupsUnavailableException"):
        terraform.apply(make_table.own(unique_name("terraform")), AttributeDefinitions=columns(pk="S", sk="S"),
                        KeySchema=KEY, recovery=True)


def test_terraform_takes_a_replica_away(db, make_table):
    """One that was never made: the provider goes on when it is told so in these words."""
    with pytest.raises(ApiError) as caught:
        db.call("UpdateTable", TableName=make_table(), ReplicaUpdates=[{"Delete": {"RegionName": "us-east-1"}}])
    assert caught.value.type == "ValidationException"
    assert "Replica specified in the Replica Update or Replica Delete action of the request was not found" in caught.value.message


def test_terraform_policy(db, terraform, make_table):
    """aws_dynamodb_resource_policy."""
    name = make_table.own(unique_name("terraform"))
    arn = terraform.apply(name, AttributeDefinitions=columns(pk="S", sk="S"), KeySchema=KEY)["table"]["TableArn"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "dynamodb:*", "Resource": arn}]})
    revision = db.call("PutResourcePolicy", ResourceArn=arn, Policy=policy)["RevisionId"]
    for _ in range(2):
        assert db.call("GetResourcePolicy", ResourceArn=arn) == {"Policy": policy, "RevisionId": revision}
    db.call("DeleteResourcePolicy", ResourceArn=arn, ExpectedRevisionId=revision)
    with fails("PolicyNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=arn)


def test_terraform_resources_beside_the_table(db, terraform, make_table):
    """aws_dynamodb_kinesis_streaming_destination, aws_dynamodb_contributor_insights, aws_dynamodb_table_item,
    aws_dynamodb_tag, as far as they read."""
    name = make_table.own(unique_name("terraform"))
    arn = terraform.apply(name, AttributeDefinitions=columns(pk="S", sk="S"), KeySchema=KEY)["table"]["TableArn"]
    assert db.call("DescribeKinesisStreamingDestination", TableName=name)["KinesisDataStreamDestinations"] == []
    assert db.call("DescribeContributorInsights", TableName=name)["ContributorInsightsStatus"] == "DISABLED"
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}, "n": {"N": "1"}}
    db.call("PutItem", TableName=name, Item=item, ConditionExpression="attribute_not_exists(#hk)",
            ExpressionAttributeNames={"#hk": "pk"})
    read = db.call("GetItem", TableName=name, Key={"pk": item["pk"], "sk": item["sk"]}, ConsistentRead=True,
                   ProjectionExpression="#a_pk, #a_sk, #a_n",
                   ExpressionAttributeNames={"#a_pk": "pk", "#a_sk": "sk", "#a_n": "n"})
    assert read["Item"] == item
    db.call("TagResource", ResourceArn=arn, Tags=[{"Key": "one", "Value": "more"}])
    assert db.call("ListTagsOfResource", ResourceArn=arn)["Tags"] == [{"Key": "one", "Value": "more"}]


def test_cloudformation_handler(db, make_table):
    """AWS::DynamoDB::Table: what its handler calls to create, to read (drift), and to delete."""
    name = make_table(Tags=[{"Key": "aws-cdk:id", "Value": "t"}], StreamSpecification={
        "StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})

    def read():
        table = db.call("DescribeTable", TableName=name)["Table"]
        resources = [table["TableArn"], table["LatestStreamArn"]]
        answers = [db.call(operation, TableName=name) for operation in (
            "DescribeContinuousBackups", "DescribeTimeToLive", "DescribeContributorInsights",
            "DescribeKinesisStreamingDestination", "DescribeTableReplicaAutoScaling")]
        for resource in resources:
            with fails("PolicyNotFoundException"):
                db.call("GetResourcePolicy", ResourceArn=resource)
        answers.append(db.call("ListTagsOfResource", ResourceArn=table["TableArn"]))
        return [table] + answers

    assert read() == read()
    db.call("DeleteTable", TableName=name)


def test_administrators_pages(db, boto, make_table):
    """What dynamodb-admin and NoSQL Workbench call to show a table."""
    name = make_table(range=("sk", "S"))
    assert db.call("DescribeEndpoints")["Endpoints"][0]["Address"]
    assert db.call("DescribeLimits")["TableMaxReadCapacityUnits"] > 0
    listed = [table for page in boto.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1})
              for table in page["TableNames"]]
    assert name in listed
    table = db.call("DescribeTable", TableName=name)["Table"]
    assert (table["ItemCount"], table["TableSizeBytes"]) == (0, 0)
    for operation in ("DescribeTimeToLive", "DescribeContinuousBackups", "DescribeContributorInsights",
                      "DescribeKinesisStreamingDestination"):
        db.call(operation, TableName=name)
    for operation in ("ListBackups", "ListContributorInsights"):
        db.call(operation, TableName=name)
    for operation in ("ListExports", "ListImports"):
        db.call(operation, TableArn=table["TableArn"])
    assert db.call("ListTagsOfResource", ResourceArn=table["TableArn"])["Tags"] == []
    assert db.call("Scan", TableName=name, Limit=25)["Count"] == 0


def test_waiters(boto, make_table):
    name = make_table()
    boto.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 2})
    boto.delete_table(TableName=name)
    boto.get_waiter("table_not_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 2})
