"""The aws command line, Debian's: the everyday commands."""

import json

import pytest
from support.aws_cli import needs_aws
from support.tables import unique_name

pytestmark = needs_aws


@pytest.fixture()
def aws(aws_cli):
    return aws_cli("dynamodb")


def test_everyday_commands(aws):
    table = unique_name("cli")
    created = aws("create-table", "--table-name", table, "--attribute-definitions", "AttributeName=pk,AttributeType=S",
                  "AttributeName=sk,AttributeType=N", "AttributeName=g,AttributeType=S", "--key-schema", "AttributeName=pk,KeyType=HASH",
                  "AttributeName=sk,KeyType=RANGE", "--provisioned-throughput", "ReadCapacityUnits=5,WriteCapacityUnits=5",
                  "--global-secondary-indexes", json.dumps([{
                      "IndexName": "by-g", "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                      "Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}]))
    assert created["TableDescription"]["TableStatus"] == "CREATING"
    aws("wait", "table-exists", "--table-name", table)
    assert table in aws("list-tables")["TableNames"]
    aws("put-item", "--table-name", table, "--item", '{"pk": {"S": "a"}, "sk": {"N": "1"}, "g": {"S": "x"}}')
    aws("batch-write-item", "--request-items", json.dumps({table: [
        {"PutRequest": {"Item": {"pk": {"S": "a"}, "sk": {"N": str(i)}, "g": {"S": "x"}}}} for i in range(2, 10)]}))
    assert aws("get-item", "--table-name", table, "--key", '{"pk": {"S": "a"}, "sk": {"N": "1"}}')["Item"]["g"] == {"S": "x"}
    answer = aws("update-item", "--table-name", table, "--key", '{"pk": {"S": "a"}, "sk": {"N": "1"}}', "--update-expression",
                 "SET v = :v", "--expression-attribute-values", '{":v": {"N": "7"}}', "--return-values", "UPDATED_NEW")
    assert answer["Attributes"] == {"v": {"N": "7"}}
    answer = aws("query", "--table-name", table, "--key-condition-expression", "pk = :p AND sk > :s",
                 "--expression-attribute-values", '{":p": {"S": "a"}, ":s": {"N": "5"}}', "--no-scan-index-forward", "--page-size", "2")
    assert [i["sk"]["N"] for i in answer["Items"]] == ["9", "8", "7", "6"]
    assert aws("scan", "--table-name", table, "--index-name", "by-g", "--select", "COUNT")["Count"] == 9
    aws("get-item", "--table-name", table, "--key", '{"pk": {"S": "a"}}',
        fails="The provided key element does not match the schema")
    aws("delete-item", "--table-name", table, "--key", '{"pk": {"S": "a"}, "sk": {"N": "1"}}', "--condition-expression", "v = :v",
        "--expression-attribute-values", '{":v": {"N": "8"}}', fails="(ConditionalCheckFailedException)")
    assert aws("delete-table", "--table-name", table)["TableDescription"]["TableStatus"] == "DELETING"
    aws("wait", "table-not-exists", "--table-name", table)
    aws("describe-table", "--table-name", table, fails="(ResourceNotFoundException)")
