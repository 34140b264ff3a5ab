"""Time to live: which items are removed and when, what counts them, and what stays."""

import datetime
import json
import threading
import time

import boto3
import pytest
from support import client
from support.expect import fails
from support.server import Server, run_stator
from support.tables import index, n, s, table_request, wait_active
from support.ttl import HOUR, OFTEN, Timed
from support.waiting import until
from support.wire import Wire

FIVE_YEARS = 5 * 365 * 86400


def deleted_items(endpoint, *tables):
    """TimeToLiveDeletedItemCount of each table."""
    cloudwatch = boto3.client("cloudwatch", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
                              aws_secret_access_key="test")
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    queries = [{"Id": f"q{i}", "MetricStat": {"Period": 60, "Stat": "Sum", "Metric": {
        "Namespace": "AWS/DynamoDB", "MetricName": "TimeToLiveDeletedItemCount",
        "Dimensions": [{"Name": "TableName", "Value": table}]}}} for i, table in enumerate(tables)]
    answer = cloudwatch.get_metric_data(MetricDataQueries=queries, StartTime=now - day, EndTime=now + day)
    return [sum(result["Values"]) for result in answer["MetricDataResults"]]


# --- What is removed ---


def test_what_is_removed(timed):
    table = timed.table()
    now = timed.now()
    timed.put(table, "gone", now - 5)
    timed.put(table, "gone-long-ago", now - FIVE_YEARS + HOUR)
    timed.put(table, "future", now + HOUR)
    timed.put(table, "five-years", now - FIVE_YEARS - 5)
    timed.put(table, "text", s(str(now - 5)))
    timed.put(table, "list", {"L": [n(now - 5)]})
    timed.put(table, "set", {"NS": [str(now - 5)]})
    timed.put(table, "zero", 0)
    timed.put(table, "negative", -5)
    timed.put(table, "huge", "9" * 38)
    timed.put(table, "milliseconds", (now - 5) * 1000)
    timed.put(table, "never")
    timed.expire()
    assert timed.keys(table) == ["five-years", "future", "huge", "list", "milliseconds", "negative", "never", "set",
                                 "text", "zero"]
    timed.step(HOUR + 1)
    timed.expire()
    assert "future" not in timed.keys(table)


def test_expired_items_are_there_until_they_are_removed(timed):
    table = timed.table()
    timed.put(table, "a", timed.now() - 5)
    assert timed.keys(table) == ["a"]
    assert "Item" in timed.db.call("GetItem", TableName=table, Key={"pk": s("a")})
    timed.put(table, "b", timed.now() + 10)
    timed.step(20)
    assert timed.keys(table) == ["a", "b"]
    timed.expire()
    assert timed.keys(table) == []


def test_without_it_nothing_goes(timed):
    table = timed.table(enabled=False)
    timed.put(table, "a", timed.now() - 5)
    timed.expire()
    assert timed.keys(table) == ["a"]
    timed.set(table, True)
    timed.expire()
    assert timed.keys(table) == []
    timed.step(HOUR)
    timed.set(table, False)
    timed.put(table, "b", timed.now() - 5)
    timed.expire()
    assert timed.keys(table) == ["b"]


def test_items_from_before(timed):
    table = timed.table(enabled=False)
    for i in range(0, 600, 25):
        timed.db.call("BatchWriteItem", RequestItems={table: [
            {"PutRequest": {"Item": {"pk": s(f"{k:03}"), "ttl": n(timed.now() + (-5 if k % 3 == 0 else HOUR))}}}
            for k in range(i, i + 25)]})
    timed.set(table, True)
    timed.until_enabled(table)
    timed.expire()
    assert timed.keys(table) == [f"{k:03}" for k in range(600) if k % 3]
    timed.step(2 * HOUR)
    timed.expire()
    assert timed.keys(table) == []


def test_given_more_time(timed):
    table = timed.table()
    for i in range(4):
        timed.put(table, str(i), timed.now() - 5)
    key = lambda k: {"pk": s(k)}  # noqa: E731
    timed.db.call("UpdateItem", TableName=table, Key=key("0"), UpdateExpression="SET #t = :t",
                  ExpressionAttributeNames={"#t": "ttl"}, ExpressionAttributeValues={":t": n(timed.now() + HOUR)})
    timed.db.call("UpdateItem", TableName=table, Key=key("1"), UpdateExpression="REMOVE #t",
                  ExpressionAttributeNames={"#t": "ttl"})
    timed.db.call("TransactWriteItems", TransactItems=[
        {"Put": {"TableName": table, "Item": {**key("2"), "ttl": n(timed.now() + HOUR)}}},
        {"Update": {"TableName": table, "Key": key("new"), "UpdateExpression": "SET #t = :t",
                    "ExpressionAttributeNames": {"#t": "ttl"}, "ExpressionAttributeValues": {":t": n(timed.now() - 9)}}}])
    timed.expire()
    assert timed.keys(table) == ["0", "1", "2"]


def test_indexes_and_counts_follow(timed):
    table = timed.table(attributes={"g": "S"}, gsis=[index("by-g", "g")])
    for i in range(10):
        timed.put(table, str(i), timed.now() + (-5 if i % 2 else HOUR), g=s("x"))
    timed.expire()
    assert timed.keys(table, IndexName="by-g") == ["0", "2", "4", "6", "8"]
    described = timed.db.call("DescribeTable", TableName=table)["Table"]
    assert described["ItemCount"] == 5
    assert described["GlobalSecondaryIndexes"][0]["ItemCount"] == 5


def test_a_table_of_the_same_name_begins_anew(timed):
    table = timed.table()
    timed.put(table, "a", timed.now() - 5)
    timed.db.call("DeleteTable", TableName=table)
    timed.db.call("CreateTable", **table_request(table))
    assert timed.describe(table) == {"TimeToLiveStatus": "DISABLED"}
    timed.put(table, "a", timed.now() - 5)
    timed.expire()
    assert timed.keys(table) == ["a"]
    timed.set(table, True)


def test_within_the_interval_without_being_told(tmp_path):
    with Server("--ttl-interval", "0.2", data=tmp_path) as server:
        db = client.Db(server.endpoint)
        request = table_request()
        table = request["TableName"]
        db.call("CreateTable", **request)
        wait_active(db, table)
        db.call("UpdateTimeToLive", TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
        db.call("PutItem", TableName=table, Item={"pk": s("a"), "ttl": n(int(time.time()) - 5)})
        until(lambda: not db.call("Scan", TableName=table)["Count"])


def test_figures(timed):
    def removed():
        wire = Wire(timed.endpoint)
        text = wire.request("GET", "/_stator/metrics", "").body.decode()
        wire.close()
        return int(next(line for line in text.splitlines() if line.startswith("stator_expired_items_total")).split()[1])

    table = timed.table()
    before = removed()
    for i in range(100):
        timed.put(table, str(i), timed.now() - 5)
    timed.expire()
    assert removed() >= before + 100  # other tables of the server have some of their own


@pytest.mark.stator
def test_cloudwatch_tells_how_many(tmp_path):
    with Timed(tmp_path) as timed:
        few, many, none = (timed.table() for _ in range(3))
        for table, count in ((few, 3), (many, 70), (none, 0)):
            timed.until_enabled(table)
            for i in range(count):
                timed.db.call("PutItem", TableName=table, Item={"pk": s(f"k{i}"), "ttl": n(timed.now() - 60)})
        timed.expire()
        assert deleted_items(timed.endpoint, few, many, none) == [3, 70, 0]
        assert timed.server.stop() == 0
    with Timed(tmp_path) as timed:
        assert deleted_items(timed.endpoint, few, many, none) == [3, 70, 0]


# --- Races ---


def test_an_item_that_was_given_more_time_is_never_removed(timed):
    """Each writer gives its items more time and reads them back for as long as expiry runs: none may go."""
    table = timed.table()
    stop = threading.Event()
    lost = []

    def write(worker):
        db = client.Db(timed.endpoint)
        for i in range(10**6):
            if stop.is_set():
                return
            key = {"pk": s(f"{worker}-{i % 40}")}
            db.call("PutItem", TableName=table, Item={**key, "ttl": n(timed.now() - 5), "i": n(i)})
            if i % 2:
                db.call("TransactWriteItems", TransactItems=[{"Put": {"TableName": table, "Item": {
                    **key, "ttl": n(timed.now() + HOUR), "i": n(-i)}}}])
            else:
                db.call("PutItem", TableName=table, Item={**key, "ttl": n(timed.now() + HOUR), "i": n(-i)})
            item = db.call("GetItem", TableName=table, Key=key, ConsistentRead=True).get("Item")
            if not item or item["i"] != n(-i):
                lost.append((key, i, item))

    writers = [threading.Thread(target=write, args=(w,)) for w in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(60):
        timed.expire()
    stop.set()
    for writer in writers:
        writer.join()
    assert not lost, lost[:3]
    timed.expire()
    assert timed.keys(table)


# --- What survives ---


@pytest.mark.stator
def test_it_survives_kill_9(tmp_path):
    timed = Timed(tmp_path)
    table = timed.table()
    big = timed.table(enabled=False)
    for i in range(0, 1000, 25):
        timed.db.call("BatchWriteItem", RequestItems={big: [
            {"PutRequest": {"Item": {"pk": s(f"{k:04}"), "ttl": n(timed.now() + (-5 if k % 2 else HOUR))}}}
            for k in range(i, i + 25)]})
    timed.put(table, "gone", timed.now() - 5)
    timed.expire()
    timed.put(table, "a", timed.now() - 5)
    timed.put(table, "b", timed.now() + HOUR)
    timed.set(big, True)  # its index is being filled when the server goes
    timed.server.kill()
    checked = run_stator("check", tmp_path, "--json")
    assert checked.returncode == 0, checked.stdout
    again = Timed(tmp_path)
    with again:
        assert again.describe(table) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
        with fails("ValidationException", OFTEN):
            again.set(table, False)
        again.until_enabled(big)
        again.expire()
        assert again.keys(table) == ["b"]
        assert again.keys(big) == [f"{k:04}" for k in range(1000) if k % 2 == 0]
        assert again.server.stop() == 0
    checked = run_stator("check", tmp_path, "--json")
    assert checked.returncode == 0, checked.stdout
    assert json.loads(checked.stdout)["expiries"] == 501
