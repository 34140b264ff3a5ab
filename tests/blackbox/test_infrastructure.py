"""What infrastructure tools, administrators' pages and waiters call beside the tables themselves.

Names, members and errors: botocore's model and the notes, sections 1 and 3. Texts of features that are not there are
the server's own where AWS's are not known; what is asserted of those is the error's name.
"""

import pytest
from support.expect import fails, invalid
from support.tables import unique_name
from support.wire import ApiError

# Section 1 of the notes: names that Debian's model does not have yet.
NEWER = ["PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy", "UpdateKinesisStreamingDestination",
         "StartBulkPutItems", "DescribeBulkOperation", "ListBulkOperations", "CancelBulkOperation"]

@pytest.fixture(scope="module")
def table(module_table):
    return module_table()


@pytest.fixture(scope="module")
def arn(db, table):
    return db.call("DescribeTable", TableName=table)["Table"]["TableArn"]


# --- Every name ---------------------------------------------------------------------------------------------------


def test_every_operation_is_known(boto, raw):
    names = list(boto.meta.service_model.operation_names) + NEWER
    assert len(names) == 61, "the 62 of the notes, but for SearchVectors"
    assert [name for name in names if b"UnknownOperationException" in raw.post(name, {}).body] == []


def test_the_vector_endpoint_is_another(raw):
    reply = raw.post("SearchVectors", {"TableName": "t"})
    assert (reply.status, reply.json["__type"]) == (400, "com.amazon.coral.service#UnknownOperationException")


# Required members are asked for before tables; in the order of the model.
@pytest.mark.parametrize("operation, member", [
    ("DescribeBackup", "BackupArn"), ("DeleteBackup", "BackupArn"), ("RestoreTableFromBackup", "TargetTableName"),
    ("RestoreTableToPointInTime", "TargetTableName"), ("ExportTableToPointInTime", "TableArn"),
    ("DescribeExport", "ExportArn"), ("ImportTable", "S3BucketSource"), ("DescribeImport", "ImportArn"),
    ("StartBulkPutItems", "InputS3Configuration"), ("DescribeBulkOperation", "BulkOperationArn"),
    ("CancelBulkOperation", "BulkOperationArn"), ("EnableKinesisStreamingDestination", "StreamArn"),
    ("UpdateContributorInsights", "ContributorInsightsAction"), ("CreateGlobalTable", "GlobalTableName"),
    ("UpdateGlobalTable", "GlobalTableName"), ("DescribeGlobalTable", "GlobalTableName"),
    ("DescribeGlobalTableSettings", "GlobalTableName"), ("UpdateGlobalTableSettings", "GlobalTableName"),
    ("PutResourcePolicy", "ResourceArn"), ("GetResourcePolicy", "ResourceArn"),
    ("DeleteResourcePolicy", "ResourceArn")])
def test_required_members(raw, operation, member):
    with invalid(matching=f"null at '{member}' failed to satisfy constraint: Member must not be null"):
        raw.call(operation)


@pytest.mark.parametrize("operation", [
    "DescribeContinuousBackups", "DescribeKinesisStreamingDestination", "DescribeContributorInsights",
    "DescribeTableReplicaAutoScaling", "UpdateTableReplicaAutoScaling"])
def test_table_names(raw, table, arn, operation):
    with invalid(matching="TableName"):
        raw.call(operation)
    with invalid(matching="(?i)TableName"):
        raw.call(operation, TableName="ab")
    with pytest.raises(ApiError) as caught:
        raw.call(operation, TableName="no-such-table")
    assert caught.value.type in ("ResourceNotFoundException", "TableNotFoundException")
    if operation.startswith("Describe"):
        assert raw.call(operation, TableName=arn) == raw.call(operation, TableName=table)


@pytest.mark.parametrize("operation, body, text", [
    ("ListBackups", {"Limit": 0}, "'Limit' .*value greater than or equal to 1"),
    ("ListBackups", {"Limit": 101}, "'Limit' .*value less than or equal to 100"),
    ("ListBackups", {"BackupType": "MINE"}, r"'BackupType' .*enum value set: \[.*\]"),
    ("ListBackups", {"ExclusiveStartBackupArn": "short"}, "'ExclusiveStartBackupArn' .*length greater than or equal to 37"),
    ("ListExports", {"MaxResults": 26}, "'MaxResults' .*value less than or equal to 25"),
    ("ListExports", {"TableArn": "nonsense"}, "(?i)arn"),
    ("ListImports", {"PageSize": 0}, "'PageSize' .*value greater than or equal to 1"),
    ("ListImports", {"NextToken": "0" * 111}, "'NextToken' .*length greater than or equal to 112"),
    ("ListGlobalTables", {"Limit": 0}, "'Limit' .*value greater than or equal to 1"),
    ("ListContributorInsights", {"MaxResults": 101}, "'MaxResults' .*value less than or equal to 100"),
    ("CreateBackup", {"TableName": "some-table", "BackupName": "a b"}, "'BackupName' .*pattern: "),
    ("StartBulkPutItems", {"TableName": "some-table", "InputS3Configuration": {"S3Bucket": "b1", "InputFormat": "ION"},
                           "OutputS3Configuration": {"OutputType": ["ERROR"]}, "MaxWriteRequestUnits": 1023},
     "'MaxWriteRequestUnits' .*value greater than or equal to 1024"),
    ("ImportTable", {"S3BucketSource": {"S3Bucket": "b1", "S3BucketOwner": "me"}}, r"'S3BucketSource.S3BucketOwner' .*\[0-9\]\{12\}"),
    ("PutResourcePolicy", {"ResourceArn": "a" * 1284, "Policy": "{}"}, "'ResourceArn' .*length less than or equal to 1283")])
def test_bounds(raw, operation, body, text):
    with invalid(matching=text):
        raw.send(operation, body)


def test_types_come_first(raw):
    with fails("SerializationException"):
        raw.send("ListBackups", {"Limit": "ten"})
    with fails("SerializationException"):
        raw.send("UpdateContinuousBackups", {"PointInTimeRecoverySpecification": []})


# --- Truthful answers ---------------------------------------------------------------------------------------------


def test_lists_are_empty(db, boto, table):
    assert db.call("ListBackups") == {"BackupSummaries": []}
    assert db.call("ListBackups", TableName=table, BackupType="ALL", Limit=5) == {"BackupSummaries": []}
    assert db.call("ListExports") == {"ExportSummaries": []}
    assert db.call("ListImports") == {"ImportSummaryList": []}
    assert db.call("ListBulkOperations", MaxResults=10) == {"BulkOperationsSummaryList": []}
    assert db.call("ListGlobalTables") == {"GlobalTables": []}
    assert db.call("ListContributorInsights", TableName=table) == {"ContributorInsightsSummaries": []}
    assert [page["BackupSummaries"] for page in boto.get_paginator("list_backups").paginate()] == [[]]


def test_continuous_backups(db, table):
    disabled = {"ContinuousBackupsDescription": {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}}
    assert db.call("DescribeContinuousBackups", TableName=table) == disabled
    off = {"PointInTimeRecoveryEnabled": False}
    assert db.call("UpdateContinuousBackups", TableName=table, PointInTimeRecoverySpecification=off) == disabled
    # Terraform waits as long as it is told that backups "are being enabled": it must not be.
    with fails("ContinuousBackupsUnavailableException") as caught:
        db.call("UpdateContinuousBackups", TableName=table,
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35})
    assert "Backups are being enabled" not in caught.error.message
    assert db.call("DescribeContinuousBackups", TableName=table) == disabled
    with fails("TableNotFoundException"):
        db.call("DescribeContinuousBackups", TableName="no-such-table")


def test_backups_are_not_made(db, table, arn):
    with fails("ContinuousBackupsUnavailableException"):
        db.call("CreateBackup", TableName=table, BackupName="nightly")
    with fails("TableNotFoundException"):
        db.call("CreateBackup", TableName="no-such-table", BackupName="nightly")
    backup = arn + "/backup/01489602797149-73d8d5bc"
    for operation in ("DescribeBackup", "DeleteBackup"):
        with fails("BackupNotFoundException", message="Backup not found: " + backup):
            db.call(operation, BackupArn=backup)
        with invalid(matching="(?i)arn"):
            db.call(operation, BackupArn="arn:aws:dynamodb:us-east-1:000000000000:nonsense")
    with fails("BackupNotFoundException"):
        db.call("RestoreTableFromBackup", TargetTableName="restored", BackupArn=backup)
    with fails("PointInTimeRecoveryUnavailableException"):
        db.call("RestoreTableToPointInTime", SourceTableName=table, TargetTableName="restored",
                UseLatestRestorableTime=True)
    with fails("TableNotFoundException"):
        db.call("RestoreTableToPointInTime", SourceTableName="no-such-table", TargetTableName="restored",
                UseLatestRestorableTime=True)
    with fails("ResourceNotFoundException"):
        db.call("DescribeTable", TableName="restored")


def test_nothing_moves_to_and_from_s3(db, table, arn):
    with fails("PointInTimeRecoveryUnavailableException",
               message=f"Point in time recovery is not enabled for table '{table}'"):
        db.call("ExportTableToPointInTime", TableArn=arn, S3Bucket="my-bucket")
    with fails("ExportNotFoundException"):
        db.call("DescribeExport", ExportArn=arn + "/export/01695353076000-a1b2c3d4")
    with fails("ImportNotFoundException"):
        db.call("DescribeImport", ImportArn=arn + "/import/01695353076000-a1b2c3d4")
    columns = {"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
               "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
    request = {"S3BucketSource": {"S3Bucket": "my-bucket"}, "InputFormat": "CSV"}
    with fails("ResourceInUseException"):
        db.call("ImportTable", TableCreationParameters={"TableName": table, **columns}, **request)
    with invalid():
        db.call("ImportTable", TableCreationParameters={"TableName": "imported", **columns}, **request)
    with fails("ResourceNotFoundException"):
        db.call("DescribeTable", TableName="imported")
    with invalid():
        db.call("StartBulkPutItems", TableName=table, InputS3Configuration={"S3Bucket": "my-bucket", "InputFormat": "ION"},
                OutputS3Configuration={"OutputType": ["ERROR"]})
    for operation in ("DescribeBulkOperation", "CancelBulkOperation"):
        with fails("ResourceNotFoundException"):
            db.call(operation, BulkOperationArn=arn + "/bulk-operation/01695353076000-a1b2c3d4")


def test_kinesis_destinations(db, table):
    assert db.call("DescribeKinesisStreamingDestination", TableName=table) == {
        "TableName": table, "KinesisDataStreamDestinations": []}
    stream = "arn:aws:kinesis:us-east-1:000000000000:stream/events"
    with fails("ResourceNotFoundException"):
        db.call("EnableKinesisStreamingDestination", TableName=table, StreamArn=stream)
    with invalid(matching="must be ACTIVE to perform DISABLE"):
        db.call("DisableKinesisStreamingDestination", TableName=table, StreamArn=stream)
    with invalid(matching="No streaming destination with streamArn"):
        db.call("UpdateKinesisStreamingDestination", TableName=table, StreamArn=stream,
                UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MICROSECOND"})
    with fails("ResourceNotFoundException"):
        db.call("EnableKinesisStreamingDestination", TableName="no-such-table", StreamArn=stream)


def test_contributor_insights(db, table):
    disabled = {"TableName": table, "ContributorInsightsStatus": "DISABLED"}
    assert db.call("DescribeContributorInsights", TableName=table) == disabled
    assert db.call("UpdateContributorInsights", TableName=table, ContributorInsightsAction="DISABLE") == disabled
    with invalid():
        db.call("UpdateContributorInsights", TableName=table, ContributorInsightsAction="ENABLE")
    with fails("ResourceNotFoundException"):
        db.call("DescribeContributorInsights", TableName=table, IndexName="no-such-index")


def test_global_tables(db, table):
    for operation in ("DescribeGlobalTable", "DescribeGlobalTableSettings", "UpdateGlobalTableSettings"):
        with fails("GlobalTableNotFoundException"):
            db.call(operation, GlobalTableName=table)
    with fails("GlobalTableNotFoundException"):
        db.call("UpdateGlobalTable", GlobalTableName=table, ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
    with fails("TableNotFoundException"):
        db.call("CreateGlobalTable", GlobalTableName="no-such-table", ReplicationGroup=[{"RegionName": "eu-west-1"}])
    with invalid():
        db.call("CreateGlobalTable", GlobalTableName=table, ReplicationGroup=[{"RegionName": "eu-west-1"}])
    assert db.call("DescribeTableReplicaAutoScaling", TableName=table) == {
        "TableAutoScalingDescription": {"TableName": table, "TableStatus": "ACTIVE", "Replicas": []}}
    with invalid():
        db.call("UpdateTableReplicaAutoScaling", TableName=table,
                ProvisionedWriteCapacityAutoScalingUpdate={"MinimumUnits": 1, "MaximumUnits": 2})


# --- Members that ask for what is not there -----------------------------------------------------------------------

VECTOR_INDEX = {"IndexName": "near", "VectorAttribute": {"AttributeName": "v"}, "Projection": {"ProjectionType": "ALL"},
                "Dimensions": 3, "DistanceFunction": "COSINE"}


@pytest.mark.parametrize("member, value", [
    ("GlobalTableSourceArn", "arn:aws:dynamodb:us-east-1:000000000000:table/source"),
    ("GlobalTableSettingsReplicationMode", "ENABLED"), ("VectorIndexes", [VECTOR_INDEX])])
def test_refused_at_creation(db, member, value):
    name = unique_name("refused")
    with invalid(matching=member):
        db.call("CreateTable", TableName=name, AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST", **{member: value})
    with fails("ResourceNotFoundException"):
        db.call("DescribeTable", TableName=name)


@pytest.mark.parametrize("member, value", [
    ("ReplicaUpdates", [{"Create": {"RegionName": "eu-west-1"}}]), ("MultiRegionConsistency", "STRONG"),
    ("GlobalTableWitnessUpdates", [{"Create": {"RegionName": "eu-west-1"}}]),
    ("GlobalTableSettingsReplicationMode", "ENABLED"), ("DisassociationProtectionEnabled", True),
    ("VectorIndexUpdates", [{"Create": VECTOR_INDEX}])])
def test_refused_in_updates(db, table, member, value):
    before = db.call("DescribeTable", TableName=table)
    with invalid(matching=member):
        db.call("UpdateTable", TableName=table, **{member: value})
    assert db.call("DescribeTable", TableName=table) == before


# --- Application Auto Scaling -------------------------------------------------------------------------------------


@pytest.mark.stator
def test_application_auto_scaling(endpoint, table):
    import boto3

    scaling = boto3.client("application-autoscaling", endpoint_url=endpoint, region_name="us-east-1",
                           aws_access_key_id="test", aws_secret_access_key="test")
    resource = {"ServiceNamespace": "dynamodb", "ResourceId": f"table/{table}",
                "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
    described = scaling.describe_scalable_targets(ServiceNamespace="dynamodb", ResourceIds=[f"table/{table}"])
    assert described["ScalableTargets"] == []
    assert scaling.describe_scaling_policies(**resource)["ScalingPolicies"] == []
    assert scaling.describe_scheduled_actions(**resource)["ScheduledActions"] == []
    assert scaling.describe_scaling_activities(**resource)["ScalingActivities"] == []
    with pytest.raises(scaling.exceptions.ValidationException):
        scaling.register_scalable_target(MinCapacity=1, MaxCapacity=10, **resource)
    with pytest.raises(scaling.exceptions.ObjectNotFoundException, match=f"resource ID: table/{table}"):
        scaling.deregister_scalable_target(**resource)
    with pytest.raises(scaling.exceptions.ObjectNotFoundException, match="No scalable target registered"):
        scaling.put_scaling_policy(PolicyName="p", **resource)
    with pytest.raises(scaling.exceptions.InvalidNextTokenException):
        scaling.describe_scalable_targets(ServiceNamespace="dynamodb", NextToken="more")
