"""UpdateTable: billing, throughput, deletion protection, streams, class; indexes made and dropped on filled tables."""

from support.expect import constraint, fails, invalid
from support.tables import (all_items, b, definitions, fill, index, key_schema, n, s, units, wait_active, wait_gone)

PROVISIONED = dict(ProvisionedThroughput=units(2, 2))


def create_index(db, table, description, types):
    return db.call("UpdateTable", TableName=table, AttributeDefinitions=definitions(types),
                   GlobalSecondaryIndexUpdates=[{"Create": description}])["TableDescription"]


def delete_index(db, table, name):
    return db.call("UpdateTable", TableName=table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}}])


def test_billing_mode_both_ways(db, make_table):
    name = make_table(**PROVISIONED)
    db.call("UpdateTable", TableName=name, BillingMode="PAY_PER_REQUEST")
    table = wait_active(db, name)
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["BillingModeSummary"]["LastUpdateToPayPerRequestDateTime"] > 0
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 0
    db.call("UpdateTable", TableName=name, BillingMode="PROVISIONED", ProvisionedThroughput=units(5, 6))
    table = wait_active(db, name)
    assert table["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert table["ProvisionedThroughput"]["WriteCapacityUnits"] == 6


def test_throughput_up_and_down(db, make_table):
    name = make_table(**PROVISIONED)
    answer = db.call("UpdateTable", TableName=name, ProvisionedThroughput=units(4, 4))["TableDescription"]
    assert answer["TableStatus"] == "UPDATING"
    table = wait_active(db, name)
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 4
    assert table["ProvisionedThroughput"]["LastIncreaseDateTime"] > 0
    db.call("UpdateTable", TableName=name, ProvisionedThroughput=units(1, 4))
    assert wait_active(db, name)["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 1


def test_same_throughput_is_an_error_on_provisioned_only(db, make_table):
    name = make_table(**PROVISIONED)
    with invalid(matching=r"The provisioned throughput for the table will not change\. The requested value equals the "
                          r"current value"):
        db.call("UpdateTable", TableName=name, ProvisionedThroughput=units(2, 2))
    other = make_table()
    db.call("UpdateTable", TableName=other, BillingMode="PAY_PER_REQUEST")


def test_throughput_of_on_demand_table(db, make_table):
    with invalid():
        db.call("UpdateTable", TableName=make_table(), ProvisionedThroughput=units(2, 2))


def test_nothing_to_update(db, hash_table):
    with invalid(matching="At least one of"):
        db.call("UpdateTable", TableName=hash_table)


def test_unknown_table(db):
    with fails("ResourceNotFoundException", "Requested resource not found: Table: no-such not found"):
        db.call("UpdateTable", TableName="no-such", BillingMode="PAY_PER_REQUEST")


def test_deletion_protection(db, make_table):
    name = make_table(DeletionProtectionEnabled=True)
    assert db.raw.call("DescribeTable", TableName=name)["Table"]["DeletionProtectionEnabled"] is True
    with invalid(matching=r"Resource cannot be deleted as it is currently protected against deletion\. Disable "
                          r"deletion protection first\."):
        db.call("DeleteTable", TableName=name)
    db.call("UpdateTable", TableName=name, DeletionProtectionEnabled=False)
    db.call("DeleteTable", TableName=name)
    wait_gone(db, name)


def test_stream_on_and_off(db, make_table):
    name = make_table()
    db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
    table = wait_active(db, name)
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE" and table["LatestStreamArn"]
    db.call("UpdateTable", TableName=name, StreamSpecification={"StreamEnabled": False})
    assert "StreamSpecification" not in wait_active(db, name)
    db.call("PutItem", TableName=name, Item={"pk": s("still works")})


def test_table_class(db, make_table):
    name = make_table()
    db.call("UpdateTable", TableName=name, TableClass="STANDARD_INFREQUENT_ACCESS")
    assert wait_active(db, name)["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"


def test_on_demand_throughput_is_set_and_removed(db, make_table):
    name = make_table()
    db.raw.call("UpdateTable", TableName=name, OnDemandThroughput={"MaxReadRequestUnits": 10})
    wait_active(db, name)
    table = db.raw.call("DescribeTable", TableName=name)["Table"]
    assert table["OnDemandThroughput"]["MaxReadRequestUnits"] == 10
    db.raw.call("UpdateTable", TableName=name, OnDemandThroughput={"MaxReadRequestUnits": -1})
    wait_active(db, name)
    table = db.raw.call("DescribeTable", TableName=name)["Table"]
    assert table.get("OnDemandThroughput", {}).get("MaxReadRequestUnits", -1) == -1


def test_index_on_a_filled_table(db, make_table):
    name = make_table(range=("sk", "N"))
    fill(db, name, [{"pk": s(f"p{i % 7}"), "sk": n(i), "g": s(f"g{i % 3}"), "x": s("y" * 20)} for i in range(300)]
         + [{"pk": s("sparse"), "sk": n(i)} for i in range(5)])
    answer = create_index(db, name, index("by-g", "g", "sk"), {"pk": "S", "sk": "N", "g": "S"})
    assert answer["TableStatus"] == "UPDATING"
    created, = answer["GlobalSecondaryIndexes"]
    assert created["IndexStatus"] == "CREATING" and "Backfilling" in created
    table = wait_active(db, name)
    assert "Backfilling" not in table["GlobalSecondaryIndexes"][0]
    assert table["GlobalSecondaryIndexes"][0]["ItemCount"] == 300
    for group in range(3):
        found = all_items(db, "Query", TableName=name, IndexName="by-g", KeyConditionExpression="g = :g",
                          ExpressionAttributeValues={":g": s(f"g{group}")})
        assert [int(item["sk"]["N"]) for item in found] == [i for i in range(300) if i % 3 == group]
        assert all(item["x"] == s("y" * 20) for item in found)


def test_backfill_skips_what_cannot_be_indexed(db, make_table):
    name = make_table()
    fill(db, name, [{"pk": s("good"), "g": s("x")}, {"pk": s("type"), "g": n(1)}, {"pk": s("empty"), "g": s("")},
                    {"pk": s("long"), "g": s("x" * 2049)}, {"pk": s("none")}])
    create_index(db, name, index("by-g", "g"), {"pk": "S", "g": "S"})
    wait_active(db, name)
    assert [i["pk"]["S"] for i in db.call("Scan", TableName=name, IndexName="by-g")["Items"]] == ["good"]
    assert db.call("Scan", TableName=name)["Count"] == 5
    with invalid(matching="Type mismatch for Index Key g Expected: S Actual: N IndexName: by-g"):
        db.call("PutItem", TableName=name, Item={"pk": s("type"), "g": n(2)})
    with invalid(matching="Type mismatch|is not valid|index"):
        db.call("UpdateItem", TableName=name, Key={"pk": s("type")}, UpdateExpression="SET x = :x",
                ExpressionAttributeValues={":x": s("y")})


def test_writes_during_and_after_backfill_are_indexed(db, make_table):
    name = make_table()
    fill(db, name, [{"pk": s(f"{i:04}"), "g": s("old")} for i in range(500)])
    create_index(db, name, index("by-g", "g"), {"pk": "S", "g": "S"})
    for i in range(0, 100, 2):
        db.call("PutItem", TableName=name, Item={"pk": s(f"{i:04}"), "g": s("new")})
        db.call("DeleteItem", TableName=name, Key={"pk": s(f"{i + 1:04}")})
    wait_active(db, name)
    found = {i["pk"]["S"]: i["g"]["S"] for i in all_items(db, "Scan", TableName=name, IndexName="by-g")}
    expected = {f"{i:04}": "new" if i < 100 else "old" for i in range(500) if i >= 100 or i % 2 == 0}
    assert found == expected


def test_delete_index(db, make_table):
    name = make_table(attributes={"g": "S", "h": "S"}, gsis=[index("by-g", "g"), index("by-h", "h")])
    db.call("PutItem", TableName=name, Item={"pk": s("a"), "g": s("g"), "h": s("h")})
    delete_index(db, name, "by-g")
    table = wait_active(db, name)
    assert [i["IndexName"] for i in table["GlobalSecondaryIndexes"]] == ["by-h"]
    assert sorted(d["AttributeName"] for d in table["AttributeDefinitions"]) == ["h", "pk"]
    with invalid(matching="The table does not have the specified index: by-g"):
        db.call("Scan", TableName=name, IndexName="by-g")
    db.call("PutItem", TableName=name, Item={"pk": s("a"), "g": n(5)})
    create_index(db, name, index("by-g", "g"), {"g": "N"})
    wait_active(db, name)
    assert db.call("Scan", TableName=name, IndexName="by-g")["Count"] == 1


def test_attribute_definitions_are_merged(db, make_table):
    name = make_table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    create_index(db, name, index("by-h", "h"), {"h": "N"})
    table = wait_active(db, name)
    assert {d["AttributeName"]: d["AttributeType"] for d in table["AttributeDefinitions"]} == {
        "pk": "S", "g": "S", "h": "N"}


def test_index_without_definition_of_its_key(db, make_table):
    with invalid(matching="AttributeDefinitions"):
        db.call("UpdateTable", TableName=make_table(), GlobalSecondaryIndexUpdates=[{"Create": index("by-g", "g")}])


def test_index_name_taken(db, make_table):
    name = make_table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    with invalid(matching="already exists"):
        create_index(db, name, index("by-g", "g"), {"pk": "S", "g": "S"})


def test_delete_unknown_index(db, make_table):
    name = make_table()
    with fails("ResourceNotFoundException"):
        delete_index(db, name, "by-g")


def test_one_index_change_at_a_time(db, make_table):
    name = make_table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    with fails("LimitExceededException",
               matching="Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously"):
        db.call("UpdateTable", TableName=name, AttributeDefinitions=definitions({"pk": "S", "h": "S", "g": "S"}),
                GlobalSecondaryIndexUpdates=[{"Create": index("by-h", "h")}, {"Delete": {"IndexName": "by-g"}}])


def test_index_throughput(db, make_table):
    name = make_table(attributes={"g": "S"}, gsis=[index("by-g", "g", throughput=(1, 1))], **PROVISIONED)
    db.call("UpdateTable", TableName=name, GlobalSecondaryIndexUpdates=[
        {"Update": {"IndexName": "by-g", "ProvisionedThroughput": units(3, 4)}}])
    table = wait_active(db, name)
    assert table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 4


def test_index_update_must_say_what(db, hash_table):
    with invalid():
        db.call("UpdateTable", TableName=hash_table, GlobalSecondaryIndexUpdates=[{}])


def test_index_shape_is_checked(db, hash_table):
    with constraint("globalSecondaryIndexUpdates.1.member.create.indexName",
                    "Member must have length greater than or equal to 3"):
        create_index(db, hash_table, index("ab", "g"), {"pk": "S", "g": "S"})


def test_binary_index_key_on_filled_table(db, make_table):
    name = make_table()
    fill(db, name, [{"pk": s(str(i)), "g": b(bytes([0, i, 255]))} for i in range(20)])
    create_index(db, name, index("by-g", "g"), {"pk": "S", "g": "B"})
    wait_active(db, name)
    answer = db.call("Query", TableName=name, IndexName="by-g", KeyConditionExpression="g = :g",
                     ExpressionAttributeValues={":g": b(bytes([0, 7, 255]))})
    assert [i["pk"]["S"] for i in answer["Items"]] == ["7"]
    assert key_schema("g") == wait_active(db, name)["GlobalSecondaryIndexes"][0]["KeySchema"]
