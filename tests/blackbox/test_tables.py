"""CreateTable, DescribeTable, ListTables, DeleteTable, DescribeLimits, DescribeEndpoints."""

import re
import time

import pytest
from support.expect import constraint, fails, invalid
from support.tables import (definitions, index, key_schema, table_request, unique_name, units, wait_active, wait_gone)


def create(db, make_table, **options):
    request = table_request(**options)
    make_table.own(request["TableName"])
    return request["TableName"], db.call("CreateTable", **request)["TableDescription"]


def test_create_answers_creating_then_active(db, make_table):
    name, created = create(db, make_table, range=("sk", "N"))
    assert created["TableStatus"] == "CREATING"
    table = wait_active(db, name)
    assert table["TableName"] == name
    assert table["KeySchema"] == key_schema("pk", "sk")
    assert {d["AttributeName"]: d["AttributeType"] for d in table["AttributeDefinitions"]} == {"pk": "S", "sk": "N"}
    assert table["ItemCount"] == 0 and table["TableSizeBytes"] == 0
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", table["TableId"])
    assert table["TableId"] == created["TableId"]
    assert re.fullmatch(rf"arn:aws:dynamodb:[^:]+:\d{{12}}:table/{name}", table["TableArn"])
    assert abs(table["CreationDateTime"] - time.time()) < 60
    assert table["CreationDateTime"] == created["CreationDateTime"]
    assert db.raw.call("DescribeTable", TableName=name)["Table"]["DeletionProtectionEnabled"] is False


def test_description_of_on_demand_table(db, make_table):
    name, created = create(db, make_table)
    assert created["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    table = wait_active(db, name)
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units(0, 0)}


def test_description_of_provisioned_table(db, make_table):
    name, created = create(db, make_table, ProvisionedThroughput=units(3, 4), BillingMode="PROVISIONED")
    assert created["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units(3, 4)}
    assert "BillingModeSummary" not in wait_active(db, name)


def test_provisioned_is_the_default(db, make_table):
    request = table_request(ProvisionedThroughput=units(1, 1))
    make_table.own(request["TableName"])
    assert db.call("CreateTable", **request)["TableDescription"]["ProvisionedThroughput"]["ReadCapacityUnits"] == 1


def test_indexes_are_described(db, make_table):
    name, created = create(
        db, make_table, range=("sk", "S"), attributes={"g": "S", "h": "N", "l": "B"},
        ProvisionedThroughput=units(5, 5),
        gsis=[index("by-g", "g", "h", throughput=(2, 1)), index("keys", "g", projection="KEYS_ONLY", throughput=(1, 1)),
              index("some", "h", projection="INCLUDE", include=["x", "y"], throughput=(1, 1))],
        lsis=[index("local", "pk", "l", projection="INCLUDE", include=["z"])])
    assert {i["IndexStatus"] for i in created["GlobalSecondaryIndexes"]} == {"CREATING"}
    table = wait_active(db, name)
    gsis = {i["IndexName"]: i for i in table["GlobalSecondaryIndexes"]}
    assert gsis["by-g"]["KeySchema"] == key_schema("g", "h")
    assert gsis["by-g"]["Projection"] == {"ProjectionType": "ALL"}
    assert gsis["by-g"]["ProvisionedThroughput"] == {"NumberOfDecreasesToday": 0, **units(2, 1)}
    assert gsis["by-g"]["IndexArn"] == table["TableArn"] + "/index/by-g"
    assert gsis["by-g"]["ItemCount"] == 0 and gsis["by-g"]["IndexSizeBytes"] == 0
    assert gsis["keys"]["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert gsis["some"]["Projection"]["ProjectionType"] == "INCLUDE"
    assert sorted(gsis["some"]["Projection"]["NonKeyAttributes"]) == ["x", "y"]
    local, = table["LocalSecondaryIndexes"]
    assert local["KeySchema"] == key_schema("pk", "l")
    assert local["IndexArn"] == table["TableArn"] + "/index/local"
    assert "IndexStatus" not in local and "ProvisionedThroughput" not in local


def test_name_taken(db, hash_table):
    with fails("ResourceInUseException", f"Table already exists: {hash_table}"):
        db.call("CreateTable", **table_request(name=hash_table))


def test_names_are_case_sensitive(db, make_table):
    name = make_table()
    with fails("ResourceNotFoundException"):
        db.call("DescribeTable", TableName=name.upper())
    assert make_table(name=name.upper()) == name.upper()


@pytest.mark.parametrize("name", ["abc", "a" * 255, "A-Z_0.9", "..."])
def test_good_names(db, make_table, name):
    assert make_table(name=name) == name


@pytest.mark.parametrize("name,text", [
    ("ab", "Member must have length greater than or equal to 3"),
    ("a" * 256, "Member must have length less than or equal to 255"),
    ("abc$", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
    ("ab c", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
])
def test_bad_names(db, name, text):
    words = re.escape(text) + r"|TableName must be at least 3 characters long and at most 255 characters long"
    with invalid(matching=words):
        db.call("CreateTable", **table_request(name=name))


def test_describe_unknown_table(db):
    with fails("ResourceNotFoundException", "Requested resource not found: Table: no-such not found"):
        db.call("DescribeTable", TableName="no-such")


def test_table_arn_wherever_a_name_goes(db, make_table):
    name = make_table()
    arn = db.call("DescribeTable", TableName=name)["Table"]["TableArn"]
    assert db.call("DescribeTable", TableName=arn)["Table"]["TableName"] == name
    db.call("PutItem", TableName=arn, Item={"pk": {"S": "a"}})
    assert db.call("GetItem", TableName=arn, Key={"pk": {"S": "a"}})["Item"] == {"pk": {"S": "a"}}
    assert db.call("Scan", TableName=arn)["Count"] == 1
    assert db.call("Query", TableName=arn, KeyConditionExpression="pk = :p",
                   ExpressionAttributeValues={":p": {"S": "a"}})["Count"] == 1
    db.call("UpdateItem", TableName=arn, Key={"pk": {"S": "a"}}, UpdateExpression="SET x = :x",
            ExpressionAttributeValues={":x": {"S": "y"}})
    keys = db.call("BatchGetItem", RequestItems={arn: {"Keys": [{"pk": {"S": "a"}}]}})["Responses"]
    (answered, items), = keys.items()
    assert answered in (arn, name) and items == [{"pk": {"S": "a"}, "x": {"S": "y"}}]
    db.call("BatchWriteItem", RequestItems={arn: [{"DeleteRequest": {"Key": {"pk": {"S": "a"}}}}]})
    db.call("DeleteItem", TableName=arn, Key={"pk": {"S": "a"}})
    db.call("UpdateTable", TableName=arn, DeletionProtectionEnabled=True)
    db.call("UpdateTable", TableName=arn, DeletionProtectionEnabled=False)
    assert db.call("DeleteTable", TableName=arn)["TableDescription"]["TableName"] == name
    wait_gone(db, name)


def test_delete(db, make_table):
    name = make_table(range=("sk", "S"), attributes={"g": "S"}, gsis=[index("by-g", "g")])
    db.call("PutItem", TableName=name, Item={"pk": {"S": "a"}, "sk": {"S": "b"}, "g": {"S": "c"}})
    deleted = db.call("DeleteTable", TableName=name)["TableDescription"]
    assert deleted["TableStatus"] == "DELETING" and deleted["TableName"] == name
    assert not {"KeySchema", "AttributeDefinitions", "CreationDateTime", "GlobalSecondaryIndexes"} & set(deleted)
    wait_gone(db, name)
    with fails("ResourceNotFoundException", "Requested resource not found"):
        db.call("GetItem", TableName=name, Key={"pk": {"S": "a"}, "sk": {"S": "b"}})
    with fails("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found"):
        db.call("DeleteTable", TableName=name)


def test_a_table_made_again_is_empty(db, make_table):
    name = make_table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    first = wait_active(db, name)["TableId"]
    db.call("PutItem", TableName=name, Item={"pk": {"S": "a"}, "g": {"S": "c"}})
    db.call("DeleteTable", TableName=name)
    wait_gone(db, name)
    make_table(name=name, attributes={"g": "S"}, gsis=[index("by-g", "g")])
    assert db.call("Scan", TableName=name)["Count"] == 0
    assert db.call("Scan", TableName=name, IndexName="by-g")["Count"] == 0
    assert wait_active(db, name)["TableId"] != first


def test_item_count_is_live(db, make_table):
    name = make_table()
    for i in range(3):
        db.call("PutItem", TableName=name, Item={"pk": {"S": str(i)}})
    db.call("DeleteItem", TableName=name, Key={"pk": {"S": "0"}})
    table = wait_active(db, name)
    assert (table["ItemCount"], table["TableSizeBytes"]) == (2, 6)


def test_list_tables_pages_in_name_order(db, make_table):
    prefix = unique_name("list")
    names = [make_table(name=f"{prefix}-{i}") for i in "cab"]
    found, start = [], {"ExclusiveStartTableName": prefix}
    while True:
        page = db.call("ListTables", Limit=2, **start)
        assert len(page["TableNames"]) <= 2
        found += page["TableNames"]
        if "LastEvaluatedTableName" not in page:
            break
        assert page["LastEvaluatedTableName"] == page["TableNames"][-1]
        start = {"ExclusiveStartTableName": page["LastEvaluatedTableName"]}
    assert found == sorted(found)
    assert [f for f in found if f.startswith(prefix)] == sorted(names)


def test_list_tables_without_members(db, hash_table):
    assert hash_table in db.call("ListTables")["TableNames"]


@pytest.mark.parametrize("members,field,text", [
    ({"Limit": 0}, "limit", "Member must have value greater than or equal to 1"),
    ({"Limit": 101}, "limit", "Member must have value less than or equal to 100"),
    ({"ExclusiveStartTableName": "a"}, "exclusiveStartTableName", "Member must have length greater than or equal to 3"),
])
def test_list_tables_limits(db, members, field, text):
    with constraint(field, text):
        db.call("ListTables", **members)


def test_describe_limits(db):
    limits = db.call("DescribeLimits")
    for member in ("AccountMaxReadCapacityUnits", "AccountMaxWriteCapacityUnits", "TableMaxReadCapacityUnits",
                   "TableMaxWriteCapacityUnits"):
        assert limits[member] > 0


def test_describe_endpoints(db):
    endpoint, = db.call("DescribeEndpoints")["Endpoints"]
    assert endpoint["Address"] and endpoint["CachePeriodInMinutes"] > 0


BAD_REQUESTS = {
    "attribute not defined": (
        dict(KeySchema=key_schema("pk", "sk")),
        r"Some index key attributes are not defined in AttributeDefinitions|"
        r"Hash Key not specified|Some AttributeDefinitions are not valid|Invalid KeySchema"),
    "attribute not used": (
        dict(AttributeDefinitions=definitions({"pk": "S", "other": "S"})),
        r"Number of attributes in KeySchema does not exactly match number of attributes defined in "
        r"AttributeDefinitions"),
    "range first": (
        dict(KeySchema=list(reversed(key_schema("pk", "sk"))), AttributeDefinitions=definitions({"pk": "S", "sk": "S"})),
        r"Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    "two hashes": (
        dict(KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "HASH"}],
             AttributeDefinitions=definitions({"pk": "S", "sk": "S"})),
        r"Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"),
    "same attribute twice": (
        dict(KeySchema=key_schema("pk", "pk"), AttributeDefinitions=definitions({"pk": "S", "more": "S"})),
        r"Both the Hash Key and the Range Key element in the KeySchema have the same name"),
    "on demand with throughput": (
        dict(BillingMode="PAY_PER_REQUEST", ProvisionedThroughput=units(1, 1)),
        r"One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
        r"when BillingMode is PAY_PER_REQUEST"),
    "provisioned without throughput": (
        dict(BillingMode="PROVISIONED"),
        r"One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified "
        r"when BillingMode is PROVISIONED"),
    "empty list of global indexes": (
        dict(GlobalSecondaryIndexes=[]), r"One or more parameter values were invalid: List of GlobalSecondaryIndexes is "
        r"empty"),
    "empty list of local indexes": (
        dict(LocalSecondaryIndexes=[]), r"One or more parameter values were invalid: List of LocalSecondaryIndexes is "
        r"empty"),
    "local index without range key": (
        dict(LocalSecondaryIndexes=[index("lsi", "pk", "other")],
             AttributeDefinitions=definitions({"pk": "S", "other": "S"})),
        r"One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when "
        r"specifying a LocalSecondaryIndex"),
    "local index with another hash": (
        dict(KeySchema=key_schema("pk", "sk"), LocalSecondaryIndexes=[index("lsi", "sk", "pk")],
             AttributeDefinitions=definitions({"pk": "S", "sk": "S"})),
        r"One or more parameter values were invalid: Index KeySchema does not have the same leading hash key as table "
        r"KeySchema for index: lsi. index hash key: sk, table hash key: pk"),
    "local index without sort key": (
        dict(KeySchema=key_schema("pk", "sk"), LocalSecondaryIndexes=[index("lsi", "pk")],
             AttributeDefinitions=definitions({"pk": "S", "sk": "S"})),
        r"One or more parameter values were invalid: Index KeySchema does not have a range key for index: lsi"),
    "duplicate index names": (
        dict(GlobalSecondaryIndexes=[index("same", "pk"), index("same", "pk")]),
        r"One or more parameter values were invalid: Duplicate index name: same"),
    "include without attributes": (
        dict(GlobalSecondaryIndexes=[index("gsi", "pk", projection="INCLUDE")]),
        r"One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
    "all with attributes": (
        dict(GlobalSecondaryIndexes=[index("gsi", "pk", projection="ALL", include=["x"])]),
        r"One or more parameter values were invalid: ProjectionType is ALL, but NonKeyAttributes is specified"),
    "keys only with attributes": (
        dict(GlobalSecondaryIndexes=[index("gsi", "pk", projection="KEYS_ONLY", include=["x"])]),
        r"One or more parameter values were invalid: ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"),
    "no projection type": (
        dict(GlobalSecondaryIndexes=[{"IndexName": "gsi", "KeySchema": key_schema("pk"), "Projection": {}}]),
        r"One or more parameter values were invalid: Unknown ProjectionType: null"),
    "index key not defined": (
        dict(GlobalSecondaryIndexes=[index("gsi", "nope")]),
        r"Some index key attributes are not defined in AttributeDefinitions\. Keys: \[nope\], "
        r"AttributeDefinitions: \[pk\]"),
    "throughput of an index on demand": (
        dict(BillingMode="PAY_PER_REQUEST", GlobalSecondaryIndexes=[index("gsi", "pk", throughput=(1, 1))]),
        r"One or more parameter values were invalid: .*ReadCapacityUnits.*PAY_PER_REQUEST|"
        r"ProvisionedThroughput should not be specified for index: gsi when BillingMode is PAY_PER_REQUEST"),
    "index without throughput": (
        dict(ProvisionedThroughput=units(1, 1), GlobalSecondaryIndexes=[index("gsi", "pk")]),
        r"ProvisionedThroughput (is not specified|must be specified) for index: gsi"),
    "21 global indexes": (
        dict(GlobalSecondaryIndexes=[index(f"gsi{i}", "pk") for i in range(21)]),
        r"One or more parameter values were invalid: GlobalSecondaryIndex count exceeds the per-table limit of 20"),
    "6 local indexes": (
        dict(KeySchema=key_schema("pk", "sk"), AttributeDefinitions=definitions({"pk": "S", "sk": "S"}),
             LocalSecondaryIndexes=[index(f"lsi{i}", "pk", "sk") for i in range(6)]),
        r"One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds per-table limit of 5"),
    "101 projected attributes": (
        dict(GlobalSecondaryIndexes=[
            index(f"gsi{i}", "pk", projection="INCLUDE", include=[f"a{i}-{j}" for j in range(20)]) for i in range(5)
        ] + [index("gsi5", "pk", projection="INCLUDE", include=["more"])]),
        r"(?i)attributes"),
}


@pytest.mark.parametrize("case", BAD_REQUESTS)
def test_create_is_refused(db, case):
    change, text = BAD_REQUESTS[case]
    request = table_request()
    request.update(change)
    if "ProvisionedThroughput" in change and change.get("BillingMode") is None:
        del request["BillingMode"]
    with invalid(matching=text):
        db.call("CreateTable", **request)
    with fails("ResourceNotFoundException"):
        db.call("DescribeTable", TableName=request["TableName"])


@pytest.mark.parametrize("change,field,text", [
    (dict(BillingMode="FREE"), "billingMode", "Member must satisfy enum value set: "),
    (dict(KeySchema=[]), "keySchema", "Member must have length greater than or equal to 1"),
    (dict(KeySchema=[{"AttributeName": "pk", "KeyType": "hash"}]), "keySchema.1.member.keyType",
     "Member must satisfy enum value set: "),
    (dict(AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "X"}]),
     "attributeDefinitions.1.member.attributeType", "Member must satisfy enum value set: "),
    (dict(BillingMode="PROVISIONED", ProvisionedThroughput=units(0, 1)), "provisionedThroughput.readCapacityUnits",
     "Member must have value greater than or equal to 1"),
    (dict(GlobalSecondaryIndexes=[index("ab", "pk")]), "globalSecondaryIndexes.1.member.indexName",
     "Member must have length greater than or equal to 3"),
    (dict(GlobalSecondaryIndexes=[index("gsi", "pk", projection="SOME")]),
     "globalSecondaryIndexes.1.member.projection.projectionType", "Member must satisfy enum value set: "),
    (dict(GlobalSecondaryIndexes=[index("gsi", "pk", projection="INCLUDE", include=[])]),
     "globalSecondaryIndexes.1.member.projection.nonKeyAttributes",
     "Member must have length greater than or equal to 1"),
])
def test_constraints_of_the_model(db, change, field, text):
    request = table_request()
    request.update(change)
    with constraint(field, text):
        db.call("CreateTable", **request)


def test_stream_specification_is_stored(db, make_table):
    name = make_table(StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    table = db.call("DescribeTable", TableName=name)["Table"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert table["LatestStreamArn"] == f"{table['TableArn']}/stream/{table['LatestStreamLabel']}"


def test_table_class_is_stored(db, make_table):
    name = make_table(TableClass="STANDARD_INFREQUENT_ACCESS")
    summary = db.call("DescribeTable", TableName=name)["Table"]["TableClassSummary"]
    assert summary["TableClass"] == "STANDARD_INFREQUENT_ACCESS"


def test_sse_is_described(db, make_table):
    name = make_table(SSESpecification={"Enabled": True, "SSEType": "KMS"})
    assert db.call("DescribeTable", TableName=name)["Table"]["SSEDescription"]["Status"] == "ENABLED"


def test_warm_and_on_demand_throughput(db, make_table):
    name = make_table(
        OnDemandThroughput={"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50},
        WarmThroughput={"ReadUnitsPerSecond": 15000, "WriteUnitsPerSecond": 5000},
        attributes={"g": "S"}, gsis=[dict(index("by-g", "g"), OnDemandThroughput={"MaxReadRequestUnits": 7})])
    table = db.raw.call("DescribeTable", TableName=name)["Table"]
    assert table["OnDemandThroughput"] == {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}
    assert table["WarmThroughput"]["ReadUnitsPerSecond"] == 15000
    assert table["WarmThroughput"]["WriteUnitsPerSecond"] == 5000
    assert table["WarmThroughput"]["Status"] == "ACTIVE"
    assert table["GlobalSecondaryIndexes"][0]["OnDemandThroughput"]["MaxReadRequestUnits"] == 7


def test_many_tables_come_and_go(db, make_table):
    names = [make_table() for _ in range(20)]
    for name in names:
        db.call("DeleteTable", TableName=name)
    listed = db.call("ListTables")["TableNames"]
    assert not set(names) & set(listed)
