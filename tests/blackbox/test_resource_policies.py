"""PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy, and CreateTable's ResourcePolicy."""

import json
import signal

import pytest
from support.client import Db
from support.expect import fails, invalid
from support.tables import key_schema, unique_name


def document(resource, sid="read"):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Sid": sid, "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
        "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": [resource, resource + "/index/*"]}]}, indent=1)


def arn_of(db, name):
    return db.call("DescribeTable", TableName=name)["Table"]["TableArn"]


@pytest.fixture()
def arn(db, make_table):
    return arn_of(db, make_table())


def test_put_get_delete(db, arn):
    with fails("PolicyNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=arn)
    revision = db.call("PutResourcePolicy", ResourceArn=arn, Policy=document(arn))["RevisionId"]
    assert db.call("GetResourcePolicy", ResourceArn=arn) == {"Policy": document(arn), "RevisionId": revision}
    # Again, the same: the same revision. Another document: another one.
    assert db.call("PutResourcePolicy", ResourceArn=arn, Policy=document(arn))["RevisionId"] == revision
    other = db.call("PutResourcePolicy", ResourceArn=arn, Policy=document(arn, "other"))["RevisionId"]
    assert other != revision
    assert json.loads(db.call("GetResourcePolicy", ResourceArn=arn)["Policy"])["Statement"][0]["Sid"] == "other"
    assert db.call("DeleteResourcePolicy", ResourceArn=arn) == {"RevisionId": other}
    with fails("PolicyNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=arn)


def test_deleting_is_idempotent(db, arn):
    assert db.call("DeleteResourcePolicy", ResourceArn=arn).get("RevisionId", "") == ""
    with fails("PolicyNotFoundException"):
        db.call("DeleteResourcePolicy", ResourceArn=arn, ExpectedRevisionId="1709841168699")


def test_expected_revisions(db, arn):
    put = {"ResourceArn": arn, "Policy": document(arn)}
    with fails("PolicyNotFoundException"):
        db.call("PutResourcePolicy", ExpectedRevisionId="1709841168699", **put)
    first = db.call("PutResourcePolicy", ExpectedRevisionId="NO_POLICY", **put)["RevisionId"]
    with fails("PolicyNotFoundException"):
        db.call("PutResourcePolicy", ExpectedRevisionId="NO_POLICY", **put)
    put["Policy"] = document(arn, "other")
    second = db.call("PutResourcePolicy", ExpectedRevisionId=first, **put)["RevisionId"]
    with fails("PolicyNotFoundException"):
        db.call("DeleteResourcePolicy", ResourceArn=arn, ExpectedRevisionId=first)
    assert db.call("DeleteResourcePolicy", ResourceArn=arn, ExpectedRevisionId=second) == {"RevisionId": second}


def test_of_a_stream(db, make_stream):
    name, stream = make_stream()
    table = arn_of(db, name)
    db.call("PutResourcePolicy", ResourceArn=stream, Policy=document(stream))
    assert db.call("GetResourcePolicy", ResourceArn=stream)["Policy"] == document(stream)
    with fails("PolicyNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=table)
    with fails("ResourceNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=table + "/stream/2000-01-01T00:00:00.000")


def test_size(db, arn):
    full = document(arn).ljust(20480)
    db.call("PutResourcePolicy", ResourceArn=arn, Policy=full)
    assert db.call("GetResourcePolicy", ResourceArn=arn)["Policy"] == full
    with invalid():
        db.call("PutResourcePolicy", ResourceArn=arn, Policy=full + " ")


@pytest.mark.parametrize("policy", ["", "nonsense", "[]", "{}", '{"Statement": []}', '{"Statement": [{"Effect": "Allow"}]}',
                                    '{"Version": "2012-10-17", "Statements": []}', "[" * 5000 + "]" * 5000])
def test_what_is_no_policy(db, arn, policy):
    with invalid():
        db.call("PutResourcePolicy", ResourceArn=arn, Policy=policy)
    with fails("PolicyNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=arn)


def test_resources(db, arn):
    with invalid(matching="(?i)arn"):
        db.call("PutResourcePolicy", ResourceArn="nonsense", Policy=document(arn))
    with invalid(matching="(?i)arn"):
        db.call("PutResourcePolicy", ResourceArn=arn + "/index/by-x", Policy=document(arn))
    with fails("ResourceNotFoundException"):
        db.call("PutResourcePolicy", ResourceArn=arn + "x", Policy=document(arn))


def create(db, name, **more):
    return db.call("CreateTable", TableName=name, AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                   KeySchema=key_schema("pk"), BillingMode="PAY_PER_REQUEST", **more)["TableDescription"]["TableArn"]


def test_with_the_table(db, arn):
    name = unique_name("policy")
    with invalid():
        create(db, name, ResourcePolicy="{}")
    made = create(db, name, ResourcePolicy=document(arn))
    assert db.call("GetResourcePolicy", ResourceArn=made)["Policy"] == document(arn)
    db.call("DeleteTable", TableName=name)
    with fails("ResourceNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=made)
    create(db, name)
    with fails("PolicyNotFoundException"):
        db.call("GetResourcePolicy", ResourceArn=made)
    db.call("DeleteTable", TableName=name)


@pytest.mark.stator
def test_policies_survive(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    db = Db(server.endpoint)
    arn = create(db, "kept")
    revision = db.call("PutResourcePolicy", ResourceArn=arn, Policy=document(arn))["RevisionId"]
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    db = Db(serve(data=tmp_path / "data").endpoint)
    assert db.call("GetResourcePolicy", ResourceArn=arn) == {"Policy": document(arn), "RevisionId": revision}
