"""`stator dump`, `load`, `check` and `serve --apply`."""

import json

import pytest
from support.client import Db
from support.server import StartFailed, run_stator
from support.tables import all_items, b, fill, index, l, m, n, ns, s, table_request, units, wait_active
from support.wire import ApiError, Wire

pytestmark = pytest.mark.stator


def populate(endpoint):
    db = Db(endpoint)
    db.call("CreateTable", **table_request(name="first", range=("sk", "N"), attributes={"g": "S"}, gsis=[index("by-g", "g")],
                                           Tags=[{"Key": "k", "Value": "v"}]))
    db.call("CreateTable", **table_request(name="second", hash=("id", "B")))
    wait_active(db, "first")
    fill(db, "first", [{"pk": s(f"p{i % 7}"), "sk": n(i), "g": s("g"), "v": m(a=l(n(i), b(b"\xff")), é=s("ü\n"), t=ns(1, 2))}
                       for i in range(150)])
    fill(db, "second", [{"id": b(bytes([i]))} for i in range(30)])
    return db


def content(db, table):
    return sorted((json.dumps(i, sort_keys=True, default=list) for i in all_items(db, "Scan", TableName=table)))


@pytest.mark.parametrize("tables", [[], ["first"]])
def test_dump_and_load(serve, tmp_path, tables):
    source, target = serve("--in-memory"), serve(data=tmp_path / "data")
    db = populate(source.endpoint)
    dump = run_stator("dump", *tables, "--endpoint", source.endpoint)
    assert dump.returncode == 0, dump.stderr
    lines = [json.loads(line) for line in dump.stdout.splitlines()]
    assert len(lines) >= (150 if tables else 180)
    (tmp_path / "dump.jsonl").write_text(dump.stdout)
    load = run_stator("load", tmp_path / "dump.jsonl", "--endpoint", target.endpoint)
    assert load.returncode == 0, load.stderr
    loaded = Db(target.endpoint)
    assert loaded.call("ListTables")["TableNames"] == (tables or ["first", "second"])
    for table in tables or ["first", "second"]:
        wait_active(loaded, table)
        assert content(loaded, table) == content(db, table)
    assert loaded.call("Scan", TableName="first", IndexName="by-g", Select="COUNT")["Count"] == 150
    again = run_stator("load", tmp_path / "dump.jsonl", "--endpoint", target.endpoint)
    assert again.returncode == 0, again.stderr
    assert content(loaded, "first") == content(db, "first")


# What the description of a table says of the one server that it is on.
OF_ITS_OWN = ("TableId", "CreationDateTime", "LatestStreamLabel", "LatestStreamArn", "TableSizeBytes", "ItemCount")


def settings(db, table):
    """All that a table was told to be, as far as a server says it; the label of its stream taken out."""
    description = db.call("DescribeTable", TableName=table)["Table"]
    of_stream = description.get("LatestStreamArn")
    policies = {}
    for arn in filter(None, (description["TableArn"], of_stream)):
        try:
            policies[arn == of_stream] = db.call("GetResourcePolicy", ResourceArn=arn)["Policy"].replace(of_stream or "-", "STREAM")
        except ApiError as error:
            assert error.type == "PolicyNotFoundException"
    for each in [description, *description.get("GlobalSecondaryIndexes", [])]:
        each["IndexSizeBytes"] = 0
        each.get("BillingModeSummary", {}).pop("LastUpdateToPayPerRequestDateTime", None)
    return {"description": {k: v for k, v in description.items() if k not in OF_ITS_OWN}, "policies": policies,
            "ttl": db.call("DescribeTimeToLive", TableName=table)["TimeToLiveDescription"],
            "tags": db.call("ListTagsOfResource", ResourceArn=description["TableArn"])["Tags"]}


def policy(*resources):
    return json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "dynamodb:*",
                                                              "Resource": list(resources)}})


def with_all_settings(db):
    """Two tables that between them have every setting there is."""
    provisioned = table_request(
        name="settings", hash=("pk", "S"), range=("sk", "N"), attributes={"g": "S", "l": "N"},
        gsis=[{**index("by-g", "g", "sk", projection="INCLUDE", include=["x"], throughput=(3, 4)),
               "WarmThroughput": {"ReadUnitsPerSecond": 30, "WriteUnitsPerSecond": 40}}],
        lsis=[index("by-l", "pk", "l", projection="KEYS_ONLY")], ProvisionedThroughput=units(5, 6), BillingMode="PROVISIONED",
        WarmThroughput={"ReadUnitsPerSecond": 500, "WriteUnitsPerSecond": 600}, TableClass="STANDARD_INFREQUENT_ACCESS",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "OLD_IMAGE"}, DeletionProtectionEnabled=True,
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": "4f4fc8c6-7c1f-4d5c-9b32-0c1e6f7e3f55"},
        Tags=[{"Key": f"k{i:02}", "Value": str(i)} for i in range(25)])
    on_demand = table_request(
        name="settings.more", attributes={"g": "S"}, BillingMode="PAY_PER_REQUEST", TableClass="STANDARD",
        OnDemandThroughput={"MaxReadRequestUnits": 7, "MaxWriteRequestUnits": 8},
        WarmThroughput={"ReadUnitsPerSecond": 20000, "WriteUnitsPerSecond": 5000},
        gsis=[{**index("by-g", "g"), "OnDemandThroughput": {"MaxReadRequestUnits": 1, "MaxWriteRequestUnits": 2}}])
    for request in (provisioned, on_demand):
        db.call("CreateTable", **request)
        described = wait_active(db, request["TableName"])
        arn, of_stream = described["TableArn"], described.get("LatestStreamArn")
        db.call("UpdateTimeToLive", TableName=request["TableName"], TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
        db.call("PutResourcePolicy", ResourceArn=arn, Policy=policy(arn, arn + "/index/by-g"))
        if of_stream:
            db.call("PutResourcePolicy", ResourceArn=of_stream, Policy=policy(of_stream))
    return [provisioned["TableName"], on_demand["TableName"]]


def test_settings_come_back_from_a_dump(serve, tmp_path):
    source, target = serve("--in-memory"), serve("--in-memory")
    names = with_all_settings(Db(source.endpoint))
    (tmp_path / "dump.jsonl").write_text(run_stator("dump", "--endpoint", source.endpoint).stdout)
    load = run_stator("load", tmp_path / "dump.jsonl", "--endpoint", target.endpoint)
    assert load.returncode == 0, load.stderr
    for name in names:
        before = settings(Db(source.endpoint), name)
        assert len(before["policies"]) == (2 if name == "settings" else 1) and before["ttl"]["TimeToLiveStatus"] == "ENABLED"
        assert settings(Db(target.endpoint), name) == before


def test_policies_go_with_a_table_that_gets_another_name(serve, tmp_path):
    source, target = serve("--in-memory"), serve("--in-memory")
    with_all_settings(Db(source.endpoint))
    dump = run_stator("dump", "settings", "--endpoint", source.endpoint).stdout
    load = run_stator("load", "-", "--into", "renamed", "--endpoint", target.endpoint, input=dump)
    assert load.returncode == 0, load.stderr
    db = Db(target.endpoint)
    described = db.call("DescribeTable", TableName="renamed")["Table"]
    arn, of_stream = described["TableArn"], described["LatestStreamArn"]
    assert db.call("GetResourcePolicy", ResourceArn=arn)["Policy"] == policy(arn, arn + "/index/by-g")
    assert db.call("GetResourcePolicy", ResourceArn=of_stream)["Policy"] == policy(of_stream)


def test_load_from_standard_input(serve):
    source, target = serve("--in-memory"), serve("--in-memory")
    db = populate(source.endpoint)
    dump = run_stator("dump", "second", "--endpoint", source.endpoint)
    load = run_stator("load", "-", "--endpoint", target.endpoint, input=dump.stdout)
    assert load.returncode == 0, load.stderr
    assert content(Db(target.endpoint), "second") == content(db, "second")


def test_errors_of_dump_and_load(serve, tmp_path):
    server = serve("--in-memory")
    missing = run_stator("dump", "nope", "--endpoint", server.endpoint)
    assert missing.returncode == 1 and "nope" in missing.stderr and missing.stdout == ""
    refused = run_stator("dump", "--endpoint", "http://127.0.0.1:1")
    assert refused.returncode == 1 and "127.0.0.1:1" in refused.stderr
    (tmp_path / "bad.jsonl").write_text("{not json\n")
    bad = run_stator("load", tmp_path / "bad.jsonl", "--endpoint", server.endpoint)
    assert bad.returncode == 1 and "1" in bad.stderr
    absent = run_stator("load", tmp_path / "absent.jsonl", "--endpoint", server.endpoint)
    assert absent.returncode == 1 and "absent.jsonl" in absent.stderr


def test_check(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    populate(server.endpoint)
    server.kill()
    result = run_stator("check", tmp_path / "data")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "180" in result.stdout or "150" in result.stdout


def test_check_while_it_is_served(serve, tmp_path):
    serve(data=tmp_path / "data")
    result = run_stator("check", tmp_path / "data")
    assert result.returncode == 1 and "in use" in result.stderr


def test_check_of_nothing(tmp_path):
    assert run_stator("check", tmp_path / "absent").returncode == 1


def test_check_finds_damage(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    populate(server.endpoint)
    server.stop()
    serve(data=tmp_path / "data").stop()
    files = [f for f in (tmp_path / "data").rglob("*") if f.suffix in (".sst", ".log") and f.stat().st_size > 3000]
    assert files, "nothing large enough to damage"
    for file in files:
        data = bytearray(file.read_bytes())
        for position in range(len(data) // 4, len(data) // 2, 97):
            data[position] ^= 0x5A
        file.write_bytes(data)
    assert run_stator("check", tmp_path / "data").returncode == 1


def test_apply(serve, tmp_path):
    wanted = [table_request(name="one", attributes={"g": "S"}, gsis=[index("by-g", "g")]), table_request(name="two")]
    file = tmp_path / "tables.json"
    file.write_text(json.dumps(wanted))
    server = serve("--apply", file, data=tmp_path / "data")
    wire = Wire(server.endpoint)
    assert wire.call("ListTables")["TableNames"] == ["one", "two"]
    wire.call("PutItem", TableName="one", Item={"pk": s("a"), "g": s("b")})
    assert wire.call("Scan", TableName="one", IndexName="by-g")["Count"] == 1
    server.stop()
    wanted.append(table_request(name="three"))
    file.write_text(json.dumps(wanted))
    wire = Wire(serve("--apply", file, data=tmp_path / "data").endpoint)
    assert wire.call("ListTables")["TableNames"] == ["one", "three", "two"]
    assert wire.call("Scan", TableName="one")["Count"] == 1


@pytest.mark.parametrize("text", ["{not json", '[{"TableName": "x"}]', '[1]'])
def test_bad_apply(serve, tmp_path, text):
    file = tmp_path / "tables.json"
    file.write_text(text)
    with pytest.raises(StartFailed) as caught:
        serve("--in-memory", "--apply", file)
    assert caught.value.code == 1 and "tables.json" in caught.value.stderr
