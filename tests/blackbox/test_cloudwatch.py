"""CloudWatch over the Query protocol (boto3, the aws command line); the SDK for JavaScript speaks JSON."""

import datetime
import json

import boto3
import botocore.config
import botocore.exceptions
import pytest
from support.aws_cli import needs_aws

pytestmark = pytest.mark.stator

NOW = datetime.datetime.now(datetime.timezone.utc)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(scope="session")
def cloudwatch(endpoint):
    return boto3.client("cloudwatch", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                        aws_secret_access_key="test", config=botocore.config.Config(retries={"total_max_attempts": 1}))


def query(**more):
    return dict({"Id": "a", "MetricStat": {"Metric": {"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": [
        {"Name": "FunctionName", "Value": "there-is-none"}]}, "Period": 60, "Stat": "Sum"}}, **more)


def fails(code, text, call, **parameters):
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(**parameters)
    assert raised.value.response["Error"]["Code"] == code
    assert text in raised.value.response["Error"]["Message"]
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_nothing_is_an_answer_too(cloudwatch):
    answer = cloudwatch.get_metric_data(MetricDataQueries=[query(), query(Id="b", Label="mine")], StartTime=NOW - HOUR, EndTime=NOW)
    results = answer["MetricDataResults"]
    assert [(r["Id"], r["Label"], r["Timestamps"], r["Values"], r["StatusCode"]) for r in results] == [
        ("a", "Invocations", [], [], "Complete"), ("b", "mine", [], [], "Complete")]
    answer = cloudwatch.get_metric_statistics(Namespace="AWS/Lambda", MetricName="Errors", StartTime=NOW - HOUR, EndTime=NOW,
                                              Period=3600, Statistics=["Sum", "Average"], Dimensions=[
                                                  {"Name": "FunctionName", "Value": "there-is-none"}])
    assert answer["Label"] == "Errors" and answer["Datapoints"] == []
    assert cloudwatch.list_metrics(Namespace="AWS/EC2")["Metrics"] == []


def test_errors(cloudwatch):
    statistics = dict(Namespace="AWS/Lambda", MetricName="Errors", StartTime=NOW - HOUR, EndTime=NOW, Period=60, Statistics=["Sum"])
    fails("InvalidParameterCombination", "The parameter StartTime must be less than the parameter EndTime.",
          cloudwatch.get_metric_statistics, **dict(statistics, StartTime=NOW, EndTime=NOW - HOUR))
    fails("InvalidParameterCombination", "which exceeds the limit of 1440.", cloudwatch.get_metric_statistics,
          **dict(statistics, StartTime=NOW - 48 * HOUR))
    fails("InvalidParameterValue", "Period", cloudwatch.get_metric_statistics, **dict(statistics, Period=61))
    fails("ValidationError", "expressions", cloudwatch.get_metric_data, MetricDataQueries=[{"Id": "a", "Expression": "1+1"}],
          StartTime=NOW - HOUR, EndTime=NOW)


@needs_aws
def test_aws_command(aws_cli):
    answer = aws_cli("cloudwatch")("get-metric-data", "--metric-data-queries", json.dumps([query()]), "--start-time",
                                   (NOW - HOUR).isoformat(), "--end-time", NOW.isoformat())
    assert answer["MetricDataResults"][0]["StatusCode"] == "Complete"
