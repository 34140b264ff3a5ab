"""`stator pools`, `stator users`, `stator outbox`, and the outbox behind it: the page and the file."""

import json
import os
import signal
import socket
import stat
import subprocess
import urllib.error
import urllib.request

import pytest
from support.pools import OTHER_PASSWORD, PASSWORD, PoolOf, attributes, idp_client, outbox, plain
from support.server import run_stator, stator_binary

pytestmark = pytest.mark.stator


@pytest.fixture()
def pool(idp, endpoint):
    made = PoolOf(idp, endpoint, AutoVerifiedAttributes=["email"])
    yield made
    made.delete_user_pool()


@pytest.fixture()
def stator(endpoint):
    """Runs a command; gives what it printed."""

    def run(*arguments, fails=None, input=None):
        result = run_stator(*arguments, "--endpoint", endpoint, input=input)
        if fails is not None:
            assert result.returncode == 1 and fails in result.stderr, result.stdout + result.stderr
            assert result.stderr.count("\n") == 1 and result.stderr.startswith("stator: ")
            return result.stderr
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


def sign_up(idp, pool, name):
    idp.sign_up(ClientId=pool.client_id, Username=name, Password=PASSWORD, UserAttributes=attributes(email=f"{name}@example.com"))


def test_pools_and_users(stator, pool, idp):
    sign_up(idp, pool, "teo")
    pool.make_user("nora", name="Nora N.", email_verified="true")
    pool.admin_disable_user(Username="nora")
    line = next(line for line in stator("pools").splitlines() if pool.id in line)
    assert f"web {pool.client_id}" in line and "  2  " in line
    listed = json.loads(stator("pools", "--json"))["Pools"]
    assert next(each for each in listed if each["Id"] == pool.id)["Users"] == 2
    lines = stator("users", pool.id).splitlines()
    assert lines[0].split() == ["USER", "STATUS", "CONTACT", "VERIFIED", "NAME", "SUB", "CREATED"]
    assert lines[1].split()[:4] == ["teo", "UNCONFIRMED", "teo@example.com", "no"]
    assert lines[2].startswith("nora  CONFIRMED, disabled  nora@example.com  yes")
    assert [user["Username"] for user in json.loads(stator("users", pool.id, "--json"))["Users"]] == ["teo", "nora"]
    assert len(stator("users", pool.id, "--filter", 'email ^= "t"').splitlines()) == 2
    stator("users", "no-such-pool", fails="there is no user pool no-such-pool")
    stator("users", pool.id, "--filter", "nonsense", fails="Error while parsing filter")


def test_users_are_made_and_deleted(stator, pool, idp):
    said = stator("users", pool.id, "create", "nora", "--email", "nora@example.com", "--name", "Nora", "--attribute",
                  "preferred_username=nora", "--password", PASSWORD)
    got = pool.admin_get_user(Username="nora")
    assert got["UserStatus"] == "CONFIRMED"
    assert plain(got["UserAttributes"])["sub"] in said
    assert plain(got["UserAttributes"])["email_verified"] == "true"
    assert plain(got["UserAttributes"])["preferred_username"] == "nora"
    pool.sign_in("nora")
    stator("users", pool.id, "create", "malik", "--email", "malik@example.com")
    assert pool.sign_in("malik", pool.code("malik"))["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    stator("users", pool.id, "set-password", "malik", "--password", "-", input=OTHER_PASSWORD + "\n")
    pool.sign_in("malik", OTHER_PASSWORD)
    sign_up(idp, pool, "teo")
    stator("users", pool.id, "confirm", "teo")
    pool.sign_in("teo")
    stator("users", pool.id, "confirm", "teo", fails="User cannot be confirmed. Current status is CONFIRMED")
    assert json.loads(stator("users", pool.id, "delete", "teo", "--json")) == {"UserPoolId": pool.id, "Username": "teo"}
    stator("users", pool.id, "delete", "teo", fails="User does not exist.")
    stator("users", pool.id, "create", "x", "--password", "short", fails="Password not long enough")
    assert pool.names() == ["nora", "malik"]


def test_wrong_usage():
    for arguments in (["users", "p", "create"], ["users", "p", "invite", "nora"], ["users", "p", "set-password", "nora"], ["outbox", "--nonsense"]):
        result = run_stator(*arguments)
        assert result.returncode == 2 and "--help" in result.stderr
    for command in ("pools", "users", "outbox"):
        assert run_stator(command, "--help").returncode == 0


def test_the_outbox_on_the_command_line(stator, pool, idp):
    sign_up(idp, pool, "teo")
    sign_up(idp, pool, "nora")
    line = stator("outbox", "--pool", pool.id, "--user", "teo")
    assert f"teo  {pool.code('teo')}  code to confirm the sign-up, to teo@example.com" in line and line.count("\n") == 1
    letters = [json.loads(line) for line in stator("outbox", "--pool", pool.id, "--json").splitlines()]
    assert [letter["user"] for letter in letters] == ["teo", "nora"]
    assert stator("outbox", "--pool", pool.id, "--user", "nobody") == "nothing was sent\n"


def test_the_outbox_is_followed(pool, idp, endpoint):
    follower = subprocess.Popen([str(stator_binary()), "outbox", "--follow", "--json", "--pool", pool.id, "--endpoint", endpoint],
                                stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    try:
        for name in ("nora", "malik"):
            sign_up(idp, pool, name)
            letter = json.loads(follower.stdout.readline())
            assert (letter["user"], letter["code"]) == (name, pool.code(name))
    finally:
        follower.send_signal(signal.SIGINT)
        follower.wait(20)
        follower.stdout.close()


def test_the_outbox_is_kept_in_a_file(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    pool = PoolOf(idp_client(server.endpoint), server.endpoint, AutoVerifiedAttributes=["email"])
    sign_up(pool.idp, pool, "nora")
    before = outbox(server.endpoint)
    folder = tmp_path / "data" / "outbox"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [json.loads(line) for line in (folder / "letters.jsonl").read_text().splitlines()] == before
    server.kill()
    again = serve(data=tmp_path / "data")
    assert outbox(again.endpoint) == before
    pool = PoolOf(idp_client(again.endpoint), again.endpoint, AutoVerifiedAttributes=["email"])
    sign_up(pool.idp, pool, "teo")
    assert [letter["id"] for letter in outbox(again.endpoint)] == [1, 2]
    assert len(outbox(again.endpoint, after=1)) == 1


def get(url, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def other_address():
    """An address of this machine that is not loopback; none if it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") or address == "0.0.0.0" else address


def test_the_outbox_is_shown_to_nobody_else(serve):
    server = serve("--in-memory", "--host", "0.0.0.0")
    port = server.port
    assert get(f"http://127.0.0.1:{port}/_stator/outbox")[0] == 200
    for origin in ("http://localhost:3000", "http://example.com", "null"):
        assert get(f"http://127.0.0.1:{port}/_stator/outbox", Origin=origin)[0] == 403
    address = other_address()
    if address is None:
        pytest.skip("this machine has no address but loopback's")
    assert get(f"http://{address}:{port}/_stator/health")[0] == 200
    assert get(f"http://{address}:{port}/_stator/outbox")[0] == 403


def test_a_reset_forgets_users_groups_and_letters(serve, tmp_path):
    server = serve("--test-controls", data=tmp_path / "data")
    pool = PoolOf(idp_client(server.endpoint), server.endpoint, AutoVerifiedAttributes=["email"])
    pool.create_group(GroupName="editors")
    sign_up(pool.idp, pool, "nora")
    urllib.request.urlopen(urllib.request.Request(f"{server.endpoint}/_stator/reset", method="POST"), timeout=20).close()
    assert outbox(server.endpoint) == []
    assert not os.path.exists(tmp_path / "data" / "outbox" / "letters.jsonl")
    assert run_stator("pools", "--endpoint", server.endpoint).stdout == "no user pools\n"
