"""The function messaging-stream on the real stream of a real server, in Python and in C++.

That its calls are in the right order is tried out beside it (apps/messages/functions); here, that all of it works.
"""

import collections
import concurrent.futures
import json
import random
import time

import pytest
from support import server as servers
from support.client import boto3_resource
from support.cruddur import TABLE, Cruddur, cruddur_binary, environment, run

pytestmark = pytest.mark.stator

GROUP_INDEX = "message-group-sk-index"
PATIENCE_SECONDS = 60


def install(endpoint, *arguments):
    return run([cruddur_binary(), "functions", "install", "--json", *arguments], environment(endpoint))


def post(endpoint, *arguments):
    return run([cruddur_binary(), "messages", "post", "--json", *arguments], environment(endpoint))


def installed(endpoint, *arguments):
    done = install(endpoint, *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module", params=["python", "cpp"])
def running(request, tmp_path_factory):
    """A server with the table, the seeds and the function; the language is its parameter."""
    with servers.Server(data=tmp_path_factory.mktemp("messaging") / "data") as server:
        server.language = request.param
        command = Cruddur(server.endpoint)
        command("schema-load", "--quiet")
        report = installed(server.endpoint, "--language", request.param)
        assert (report["function"], report["mapping"]) == ("created", "created")
        command("seed", "--quiet")
        yield server
        assert server.process.poll() is None, "the server died:\n" + server.stderr()


@pytest.fixture()
def table(running):
    return boto3_resource(running.endpoint).Table(TABLE)


def scan(table):
    rows, more = [], {}
    while True:
        page = table.scan(ConsistentRead=True, **more)
        rows += page["Items"]
        if "LastEvaluatedKey" not in page:
            return rows
        more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def group_rows(table):
    """{(member, conversation): [row]}"""
    found = collections.defaultdict(list)
    for row in scan(table):
        if row["pk"].startswith("GRP#"):
            found[row["pk"], row["message_group_uuid"]].append(row)
    return found


def wait_until(see, what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not see():
        assert time.monotonic() < deadline, what() if callable(what) else what
        time.sleep(0.05)


def stamp(number):
    return f"2026-02-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}+00:00"


def message_row(group, sk, text):
    return {"pk": f"MSG#{group}", "sk": sk, "message_uuid": f"m-{sk}", "message": text, "user_uuid": "u-0",
            "user_display_name": "Nora", "user_handle": "nora"}


def new_conversation(table, group, members, begun=0):
    for number, member in enumerate(members):
        table.put_item(Item={"pk": f"GRP#{member}", "sk": stamp(begun), "message_group_uuid": group, "message": "opening",
                             "user_uuid": members[1 - number], "user_display_name": "Other", "user_handle": "other"})


def test_seeds_with_the_function_in_place_give_the_same_rows(running, table):
    """The function comes upon every seeded message and moves no row from where the seeds put it."""
    with servers.Server("--in-memory") as plain:
        command = Cruddur(plain.endpoint)
        command("schema-load", "--quiet")
        command("seed", "--quiet")
        expected = {(row["pk"], row["sk"]): row for row in scan(boto3_resource(plain.endpoint).Table(TABLE))}
    # One more message through the same stream: when that has been seen, so have the seeds.
    answer = post(running.endpoint, "--wait", str(PATIENCE_SECONDS), "--user", "teo", "--with", "nora", "Next year!")
    assert answer.returncode == 0, answer.stderr
    posted = json.loads(answer.stdout)
    rows = {(row["pk"], row["sk"]): row for row in scan(table)}
    other = {key: row for key, row in expected.items() if row.get("message_group_uuid") != posted["message_group_uuid"]}
    assert {key: rows.get(key) for key in other} == other
    assert len(rows) == len(expected) + 1
    assert all(len(of_one) == 1 for of_one in group_rows(table).values())


def test_a_posted_message_moves_the_conversation_of_both(running):
    for text in ("one more thing", "a \"quoted\" é\n"):
        answer = post(running.endpoint, "--user", "malik", "--wait", str(PATIENCE_SECONDS), text)
        assert answer.returncode == 0, answer.stderr
        posted = json.loads(answer.stdout)
        assert posted["moved_after_seconds"] >= 0
        for user in ("malik", "nora"):
            first = Cruddur(running.endpoint).json("patterns", "list-conversations", "--user", user)["conversations"][0]
            assert first["message_group_uuid"] == posted["message_group_uuid"]
            assert (first["message"], first["sk"]) == (text, posted["sk"])


def test_200_messages_from_several_connections(running, table):
    group, members = "many", ["u-0", "u-1"]
    new_conversation(table, group, members)
    numbers = list(range(1, 201))
    random.Random(1).shuffle(numbers)

    def write(part):
        own = boto3_resource(running.endpoint).Table(TABLE)
        for number in part:
            own.put_item(Item=message_row(group, stamp(number), f"text {number}"))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(write, [numbers[at::8] for at in range(8)]))

    def rows():
        return [row for key, found in group_rows(table).items() if key[1] == group for row in found]

    wait_until(lambda: sorted((row["pk"], row["sk"], row["message"]) for row in rows()) ==
               [(f"GRP#{member}", stamp(200), "text 200") for member in members], lambda: f"{rows()}")
    listed = table.query(IndexName=GROUP_INDEX, KeyConditionExpression="message_group_uuid = :g",
                         ExpressionAttributeValues={":g": group})["Items"]
    assert sorted(row["pk"] for row in listed) == [f"GRP#{member}" for member in members]
    # A message that comes late, and the newest once more, change nothing; the one after them tells that they were seen.
    table.put_item(Item=message_row(group, stamp(100) + "late", "late"))
    table.delete_item(Key={"pk": f"MSG#{group}", "sk": stamp(200)})
    table.put_item(Item=message_row(group, stamp(200), "text 200"))
    table.put_item(Item=message_row(group, stamp(201), "text 201"))
    wait_until(lambda: [(row["sk"], row["message"]) for row in rows()] == [(stamp(201), "text 201")] * 2,
               lambda: f"{rows()}")


def test_two_conversations_of_one_member_at_the_same_moment(running, table):
    for begun, group in enumerate(["same-a", "same-b"]):
        new_conversation(table, group, ["s-0", f"s-of-{group}"], begun)
    with table.batch_writer() as batch:
        for group in ("same-a", "same-b"):
            batch.put_item(Item=message_row(group, stamp(50), f"to {group}"))

    def both():
        rows = [row for key, found in group_rows(table).items() if key[0] == "GRP#s-0" for row in found]
        return sorted((row["message"], row["sk"] >= stamp(50)) for row in rows)

    wait_until(lambda: both() == [("to same-a", True), ("to same-b", True)], lambda: f"{both()}")


def test_what_it_does_not_understand_stalls_nothing(running, table):
    table.put_item(Item={"pk": "MSG#odd", "sk": stamp(1)})
    table.put_item(Item={"pk": "MSG#odd", "sk": stamp(2), "message": 5})
    table.put_item(Item={"pk": "MSG#nobody", "sk": "no time", "message": "x"})
    new_conversation(table, "after-odd", ["o-0", "o-1"])
    table.put_item(Item=message_row("after-odd", stamp(3), "still here"))
    wait_until(lambda: [found[0]["message"] for key, found in group_rows(table).items() if key[1] == "after-odd"] ==
               ["still here"] * 2, "the conversation did not move")


def test_installing_again(running):
    report = installed(running.endpoint, "--language", running.language)
    assert (report["function"], report["mapping"]) == ("kept", "kept")
    other = "cpp" if running.language == "python" else "python"
    assert installed(running.endpoint, "--language", other)["function"] == "updated"
    answer = post(running.endpoint, "--user", "ines", "--wait", str(PATIENCE_SECONDS), "in another language")
    assert answer.returncode == 0, answer.stderr
    assert installed(running.endpoint, "--language", running.language)["function"] == "updated"


def test_a_table_made_anew_gets_a_mapping_of_its_own(tmp_path):
    with servers.Server(data=tmp_path / "data") as server:
        command = Cruddur(server.endpoint)
        seen = []
        for _ in range(2):
            command("schema-load", "--quiet")
            seen.append(installed(server.endpoint))
            command("seed", "--quiet")
            answer = post(server.endpoint, "--wait", str(PATIENCE_SECONDS), "hello")
            assert answer.returncode == 0, answer.stderr
            command("drop", TABLE)
        assert [report["function"] for report in seen] == ["created", "kept"]
        assert [report["mapping"] for report in seen] == ["created", "created"]
        assert seen[0]["EventSourceArn"] != seen[1]["EventSourceArn"]


def test_mistakes_are_explained(serve):
    server = serve("--in-memory")
    done = install(server.endpoint)
    assert done.returncode == 1 and "cruddur ddb schema-load" in done.stderr
    Cruddur(server.endpoint)("schema-load", "--quiet")
    Cruddur(server.endpoint)("seed", "--quiet")
    done = post(server.endpoint, "--wait", "1", "nobody moves me")
    assert done.returncode == 1 and "cruddur functions install" in done.stderr
    done = post(server.endpoint, "--group", "no-such-group", "hello")
    assert done.returncode == 1 and "no member" in done.stderr
    done = install(server.endpoint, "--code", "/nowhere/lambda_function.py")
    assert done.returncode == 1 and "/nowhere/lambda_function.py" in done.stderr
