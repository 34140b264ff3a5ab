"""Scripts as a newcomer writes them (boto3, aws CLI) and `cruddur` do the same to the same table."""

import pytest
from support.cruddur import TABLE, Scripts


@pytest.fixture(params=["python", "shell"])
def scripts(request, endpoint):
    return Scripts(request.param, endpoint)


def by_key(rows):
    return sorted(rows, key=lambda row: (row["pk"], row["sk"]))


def plain(items):
    return [{name: value["S"] for name, value in item.items()} for item in items]


@pytest.mark.parametrize("arguments", [[], ["--no-index"]])
def test_from_creation_to_drop(scripts, cruddur, arguments):
    assert scripts("schema-load", *arguments).strip() == TABLE
    assert TABLE in scripts("list-tables").splitlines()
    assert scripts("list-tables").splitlines() == cruddur("list-tables").splitlines()
    scripts("seed")
    assert by_key(scripts.rows("scan")) == by_key(plain(cruddur.json("scan")["Items"]))
    lena = "c1f8b33a-21a5-4f6d-9d0c-1f2b9f0b8f01"
    [group] = scripts.rows("list-conversations", lena)
    assert group["user_handle"] == "sam"
    assert cruddur.json("patterns", "list-conversations", "--user", lena)["conversations"] == [group]
    messages = scripts.rows("get-conversation", group["message_group_uuid"])
    assert messages[0]["message"] == group["message"] and messages[0]["sk"] == group["sk"]
    assert cruddur.json("patterns", "get-conversation", "--group", group["message_group_uuid"])["messages"] == messages
    assert scripts("drop", TABLE)
    assert TABLE not in scripts("list-tables").splitlines()


def test_they_read_what_cruddur_seeds(scripts, cruddur):
    cruddur("schema-load")
    report = cruddur.json("seed")
    assert by_key(scripts.rows("scan")) == by_key(plain(cruddur.json("scan")["Items"]))
    for conversation in report["conversations"]:
        group = conversation["message_group_uuid"]
        ours = cruddur.json("patterns", "get-conversation", "--group", group, "--limit", "20")["messages"]
        assert scripts.rows("get-conversation", group) == ours
        for person in conversation["people"]:
            theirs = scripts.rows("list-conversations", person["user_uuid"])
            assert theirs == cruddur.json("patterns", "list-conversations", "--user", person["user_uuid"])["conversations"]


def test_a_year_only(cruddur, endpoint):
    cruddur("schema-load")
    group = cruddur.json("seed")["conversations"][0]["message_group_uuid"]
    every = cruddur.json("patterns", "get-conversation", "--group", group, "--limit", "0")["messages"]
    old = Scripts("python", endpoint).rows("get-conversation", group, "2025")
    assert old == [message for message in every if message["sk"].startswith("2025")][:20]


def test_the_index_and_a_new_last_message(cruddur, endpoint):
    python = Scripts("python", endpoint)
    cruddur("schema-load")
    group = cruddur.json("seed")["conversations"][0]["message_group_uuid"]
    members = python.rows("list-members", group)
    assert by_key(members) == by_key(cruddur.json("patterns", "list-members", "--group", group)["group_rows"])
    assert len(members) == 2
    assert python("move-group", group, "See you in the spring.") == "moved 2 rows\n"
    moved = python.rows("list-members", group)
    assert len(moved) == 2 and {row["message"] for row in moved} == {"See you in the spring."}
    first = cruddur.json("patterns", "list-conversations", "--user", "teo")["conversations"][0]
    assert (first["message"], first["sk"]) == ("See you in the spring.", "2026-02-01T08:30:00+00:00")


def test_errors_reach_them(scripts, cruddur):
    for name, arguments in [("scan", []), ("drop", [TABLE]), ("seed", []), ("get-conversation", ["g"])]:
        done = scripts.run(name, *arguments)
        assert done.returncode != 0 and "ResourceNotFoundException" in done.stderr, name
    scripts("schema-load")
    assert "ResourceInUseException" in scripts.run("schema-load").stderr
    assert scripts.run("drop").returncode != 0
