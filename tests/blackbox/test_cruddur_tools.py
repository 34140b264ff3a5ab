"""The command `cruddur`: the messaging table created, filled, read and dropped."""

import json
import re
import socket
import threading

import pytest
from support.cruddur import TABLE, Cruddur, cruddur_binary, environment, run
from support.server import free_port

SEEDED = "cruddur-seeded"


@pytest.fixture(scope="module")
def seeded(endpoint):
    command = Cruddur(endpoint, SEEDED)
    command("schema-load")
    report = command.json("seed")
    yield command, report
    command("drop", SEEDED)


def test_schema(cruddur, db):
    assert TABLE in cruddur("schema-load")
    table = db.call("DescribeTable", TableName=TABLE)["Table"]
    assert table["TableStatus"] == "ACTIVE"
    assert {k["AttributeName"]: k["KeyType"] for k in table["KeySchema"]} == {"pk": "HASH", "sk": "RANGE"}
    assert {a["AttributeName"] for a in table["AttributeDefinitions"]} == {"pk", "sk", "message_group_uuid"}
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    [index] = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "message-group-sk-index" and index["Projection"] == {"ProjectionType": "ALL"}
    assert {k["AttributeName"]: k["KeyType"] for k in index["KeySchema"]} == {"message_group_uuid": "HASH", "sk": "RANGE"}
    for units in (table["ProvisionedThroughput"], index["ProvisionedThroughput"]):
        assert (units["ReadCapacityUnits"], units["WriteCapacityUnits"]) == (5, 5)


def test_a_second_schema_load(cruddur):
    cruddur("schema-load")
    again = cruddur.run("schema-load")
    assert again.returncode == 1
    assert "exists already" in again.stderr and "cruddur ddb drop" in again.stderr
    assert "kept" in cruddur("schema-load", "--if-missing")
    assert cruddur.json("schema-load", "--if-missing")["Table"]["TableName"] == TABLE


def test_list_and_drop(cruddur):
    cruddur("schema-load")
    assert TABLE in cruddur("list-tables").splitlines()
    assert TABLE in cruddur.json("list-tables")["TableNames"]
    assert TABLE in cruddur("drop", TABLE)
    assert TABLE not in cruddur("list-tables").splitlines()
    gone = cruddur.run("drop", TABLE)
    assert gone.returncode == 1 and TABLE in gone.stderr and "list-tables" in gone.stderr


def test_the_conversations(seeded):
    cruddur, report = seeded
    main = report["conversations"][0]
    assert main["messages"] >= 80 and len(report["conversations"]) == 3
    page = cruddur.json("patterns", "get-conversation", "--limit", "0")
    assert page["message_group_uuid"] == main["message_group_uuid"] and page["before"] is None
    times = [message["sk"] for message in page["messages"]]
    assert len(times) == main["messages"] == len(set(times))
    assert times == sorted(times, reverse=True)
    assert {t[:4] for t in times} == {"2025", "2026"} and len({t[:10] for t in times}) >= 4
    for message in page["messages"]:
        assert set(message) == {"pk", "sk", "message_uuid", "message", "user_uuid", "user_display_name", "user_handle"}
        assert message["pk"] == "MSG#" + main["message_group_uuid"] and message["sk"].endswith("+00:00")


def test_seeding_again_changes_nothing(seeded, db):
    cruddur, _ = seeded
    before = sorted(json.dumps(i, sort_keys=True) for i in db.call("Scan", TableName=SEEDED)["Items"])
    cruddur("seed")
    assert sorted(json.dumps(i, sort_keys=True) for i in db.call("Scan", TableName=SEEDED)["Items"]) == before


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_cross_the_year(seeded, limit):
    cruddur, report = seeded
    whole = cruddur.json("patterns", "get-conversation", "--limit", "0")["messages"]
    read, before = [], []
    for _ in range(len(whole) + 1):
        page = cruddur.json("patterns", "get-conversation", "--group", report["conversations"][0]["message_group_uuid"],
                            "--limit", limit, *before)
        read += page["messages"]
        if page["before"] is None or len(read) > 25:
            break
        before = ["--before", page["before"]]
    assert read == whole[:len(read)] and len(read) > min(25, len(whole) - 1)


def test_list_conversations(seeded):
    cruddur, report = seeded
    mine = cruddur.json("patterns", "list-conversations")
    rows = mine["conversations"]
    assert [r["sk"] for r in rows] == sorted((r["sk"] for r in rows), reverse=True)
    assert {r["message_group_uuid"] for r in rows} == {c["message_group_uuid"] for c in report["conversations"]}
    for row in rows:
        assert row["pk"] == "GRP#" + mine["user_uuid"]
        newest = cruddur.json("patterns", "get-conversation", "--group", row["message_group_uuid"], "--limit", "1")
        assert (newest["messages"][0]["sk"], newest["messages"][0]["message"]) == (row["sk"], row["message"])
    other = cruddur.json("patterns", "list-conversations", "--user", "teo")["conversations"]
    assert [r["user_handle"] for r in other] == ["nora"]
    by_uuid = cruddur.json("patterns", "list-conversations", "--user", mine["user_uuid"])
    assert by_uuid == mine


def test_members_come_from_the_index(seeded):
    cruddur, report = seeded
    for conversation in report["conversations"]:
        rows = cruddur.json("patterns", "list-members", "--group", conversation["message_group_uuid"])["group_rows"]
        assert {r["pk"] for r in rows} == {"GRP#" + p["user_uuid"] for p in conversation["people"]}
        assert {r["user_handle"] for r in rows} == {p["user_handle"] for p in conversation["people"]}


def test_readable_tables(seeded):
    cruddur, report = seeded
    listed = cruddur("patterns", "list-conversations")
    assert "Teo Marchetti (@teo)" in listed and "Inés Aguilar (@ines)" in listed
    assert listed.index("@teo") < listed.index("@malik") < listed.index("@ines")
    printed = cruddur("patterns", "get-conversation", "--limit", "5")
    assert "with a timestamp" in printed and "--before 2026-01-03T" in printed
    assert max(len(line) for line in printed.splitlines() if "cruddur" not in line) <= 100
    command = re.search(r"Older ones: cruddur ddb (.*)", printed)[1].split()
    assert Cruddur(cruddur.endpoint).run(*command).returncode == 0
    assert "cruddur" not in cruddur("patterns", "get-conversation", "--with", "malik", "--limit", "0")


def test_scan(seeded, db):
    cruddur, _ = seeded
    scanned = cruddur.json("scan")
    everything = db.call("Scan", TableName=SEEDED)
    key = lambda item: (item["pk"]["S"], item["sk"]["S"])  # noqa: E731
    assert scanned["Count"] == everything["Count"]
    assert sorted(scanned["Items"], key=key) == sorted(everything["Items"], key=key)
    assert cruddur.json("scan", "--limit", "3")["Count"] == 3
    assert f"{everything['Count']} rows" in cruddur("scan")


def test_seed_under_ones_own_handle(cruddur):
    cruddur("schema-load")
    uuid = "11111111-2222-4333-8444-555555555555"
    report = cruddur.json("seed", "--handle", "zed", "--display-name", "Zed Zimmer", "--user-uuid", uuid)
    assert all(c["people"][0] == {"user_uuid": uuid, "user_handle": "zed", "user_display_name": "Zed Zimmer"}
               for c in report["conversations"])
    assert len(cruddur.json("patterns", "list-conversations", "--user", uuid)["conversations"]) == 3
    cruddur("seed", "--handle", "@ada")
    assert len(cruddur.json("patterns", "list-conversations", "--user", "ada")["conversations"]) == 3
    teo = cruddur.json("patterns", "list-conversations", "--user", "teo")["conversations"]
    assert {r["user_handle"] for r in teo} == {"zed", "ada"}
    taken = cruddur.run("seed", "--handle", "teo")
    assert taken.returncode == 1 and "teo" in taken.stderr


def test_seeding_beside_a_moved_conversation(cruddur, db):
    cruddur("schema-load")
    cruddur("seed")
    [row] = cruddur.json("patterns", "list-conversations", "--user", "teo")["conversations"]
    item = {name: {"S": value} for name, value in row.items()}
    db.call("DeleteItem", TableName=TABLE, Key={"pk": item["pk"], "sk": item["sk"]})
    db.call("PutItem", TableName=TABLE, Item=dict(item, sk={"S": "2026-06-01T00:00:00+00:00"}))
    cruddur("seed")
    [again] = cruddur.json("patterns", "list-conversations", "--user", "teo")["conversations"]
    assert again["sk"].startswith("2026-06-01")


def test_large_seed(cruddur, db):
    cruddur("schema-load")
    arguments = ("seed", "--users", "40", "--messages", "1500", "--random-seed", "7")
    report = cruddur.json(*arguments)
    assert report["messages"] == 1500 and report["items"] == 1500 + 2 * report["conversations"]
    assert cruddur.json("scan")["Count"] == report["items"]
    assert cruddur.json(*arguments)["items"] == report["items"]
    assert cruddur.json("scan")["Count"] == report["items"], "the same numbers give the same rows"
    rows = cruddur.json("patterns", "list-conversations", "--user", "user000000000", "--limit", "0")["conversations"]
    assert len(rows) > 3
    newest = cruddur.json("patterns", "get-conversation", "--group", rows[0]["message_group_uuid"], "--limit", "1")
    assert newest["messages"][0]["sk"] == rows[0]["sk"]


@pytest.mark.parametrize("command", [["seed"], ["seed", "--messages", "50"], ["scan"], ["patterns", "get-conversation"],
                                     ["patterns", "list-conversations"], ["patterns", "list-members", "--group", "g"],
                                     ["drop", TABLE]])
def test_a_missing_table(cruddur, command):
    done = cruddur.run(*command)
    assert done.returncode == 1 and done.stdout == ""
    assert f"there is no table {TABLE}" in done.stderr and "cruddur ddb schema-load" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    as_json = cruddur.run(*command, "--json")
    assert as_json.returncode == 1
    assert json.loads(as_json.stderr)["error"]["name"] == "ResourceNotFoundException"


def test_nobody_answers():
    url = f"http://127.0.0.1:{free_port()}"
    done = Cruddur(url).run("list-tables")
    assert done.returncode == 1 and url in done.stderr and "stator serve" in done.stderr
    assert json.loads(Cruddur(url).run("list-tables", "--json").stderr)["error"]["name"] == "NothingAnswers"


def test_something_else_answers():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>")
        thread = threading.Thread(target=serve)
        thread.start()
        done = Cruddur(f"http://127.0.0.1:{listener.getsockname()[1]}").run("list-tables")
        thread.join()
    assert done.returncode == 1 and "not DynamoDB's" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["drop"], ["frobnicate"], ["patterns"], ["patterns", "list-members"],
                                       ["seed", "--users", "1"], ["seed", "--display-name", "x"],
                                       ["seed", "--handle", "x", "--users", "5"], ["scan", "--limit", "many"],
                                       ["list-tables", "production"], ["list-tables", "--no-such-option"]])
def test_wrong_usage(cruddur, arguments):
    done = cruddur.run(*arguments)
    assert done.returncode == 2 and done.stdout == "" and "--help" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["schema-load"], ["list-tables"], ["drop"], ["seed"], ["scan"], ["patterns"],
                                       ["patterns", "get-conversation"], ["patterns", "list-conversations"]])
def test_help(cruddur, arguments):
    done = cruddur.run(*arguments, "--help")
    assert done.returncode == 0 and "Exit code: 0" in done.stdout


class TestProd:
    """`prod` without AWS: it must not fall back to a server of one's own."""

    def ddb(self, endpoint, *arguments, without=(), **more):
        env = environment(endpoint, AWS_EC2_METADATA_DISABLED="true", AWS_CONFIG_FILE="/absent",
                          AWS_SHARED_CREDENTIALS_FILE="/absent", **more)
        for name in without:
            env.pop(name)
        return run([cruddur_binary(), "ddb", *arguments], env)

    def test_needs_a_region(self, endpoint):
        done = self.ddb(endpoint, "list-tables", "prod", without=["AWS_DEFAULT_REGION"])
        assert done.returncode == 1 and "region" in done.stderr

    def test_needs_credentials(self, endpoint):
        done = self.ddb(endpoint, "list-tables", "prod", without=["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
        assert done.returncode == 1 and "aws configure" in done.stderr

    def test_goes_to_the_region(self, endpoint):
        # The proxy is a closed port: the error names the endpoint that was meant.
        proxy = f"http://127.0.0.1:{free_port()}"
        done = self.ddb(endpoint, "list-tables", "prod", https_proxy=proxy, AWS_REGION="eu-north-1")
        assert done.returncode == 1 and "https://dynamodb.eu-north-1.amazonaws.com" in done.stderr

    def test_goes_where_it_is_sent(self, endpoint):
        done = self.ddb("http://127.0.0.1:1", "list-tables", "prod", "--endpoint-url", endpoint)
        assert done.returncode == 0, done.stderr
