"""ListUsers: attributes, pages, filters."""

import pytest
from support.pools import PoolOf, plain, refuses

pytestmark = pytest.mark.stator


def test_list_users(pool):
    made = [pool.make_user(name, preferred_username=name, name=name.title()) for name in ("nora", "malik", "teo")]
    users = pool.list_users()["Users"]
    assert [user["Username"] for user in users] == ["nora", "malik", "teo"]  # as they were created
    assert set(users[0]) == {"Username", "Attributes", "UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus"}
    assert plain(users[0]["Attributes"]) == {"sub": made[0], "email": "nora@example.com", "preferred_username": "nora", "name": "Nora"}
    # As the messaging application's script asks, and reads the answer.
    asked = pool.list_users(AttributesToGet=["preferred_username", "sub"])["Users"]
    handles = {next(a["Value"] for a in user["Attributes"] if a["Name"] == "preferred_username"):
               next(a["Value"] for a in user["Attributes"] if a["Name"] == "sub") for user in asked}
    assert handles == dict(zip(("nora", "malik", "teo"), made))
    assert all(len(user["Attributes"]) == 2 for user in asked)
    assert "PaginationToken" not in pool.list_users()


def test_list_users_leaves_out_what_users_lack(pool):
    pool.make_user("nora")
    pool.make_user("malik", preferred_username="malik")
    got = [plain(user["Attributes"]) for user in pool.list_users(AttributesToGet=["preferred_username"])["Users"]]
    assert got == [{}, {"preferred_username": "malik"}]
    with refuses("InvalidParameterException"):
        pool.list_users(AttributesToGet=["custom:nothing"])


def test_list_users_by_pages(pool, idp):
    names = [f"user-{i % 7}-{i:03}" for i in range(130)]
    for name in names:
        pool.admin_create_user(Username=name, MessageAction="SUPPRESS")
    first = pool.list_users()
    assert len(first["Users"]) == 60
    assert 1 <= len(first["PaginationToken"])
    for size in (7, 60):
        pages = list(idp.get_paginator("list_users").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": size}))
        assert [user["Username"] for page in pages for user in page["Users"]] == names
        assert all(len(page["Users"]) == size for page in pages[:-1])
    some = [user["Username"] for page in idp.get_paginator("list_users").paginate(
        UserPoolId=pool.id, Filter='username ^= "user-3"', PaginationConfig={"PageSize": 5}) for user in page["Users"]]
    assert some == [name for name in names if name.startswith("user-3")]
    with refuses("InvalidParameterException"):
        pool.list_users(PaginationToken="nonsense")
    with refuses("InvalidParameterException"):
        pool.list_users(Limit=61)


FILTERS = [
    ('username = "nora"', ["nora"]),
    ('username="nora"', ["nora"]),
    ('username = "Nora"', []),
    ('username ^= "no"', ["nora", "noel\"the\"one"]),
    ('username = "noel\\"the\\"one"', ["noel\"the\"one"]),
    ('email = "malik@example.com"', ["malik"]),
    ('email ^= "m"', ["malik"]),
    ('name ^= "T"', ["teo"]),
    ('given_name = "Teodor"', ["teo"]),
    ('family_name = "O\'Teo"', ["teo"]),
    ('preferred_username = "nora"', ["nora"]),
    ('phone_number ^= "+48"', ["teo"]),
    ('cognito:user_status = "CONFIRMED"', ["nora", "malik", "teo"]),
    ('cognito:user_status = "force_change_password"', ["noel\"the\"one"]),
    ('status = "Enabled"', ["nora", "teo", "noel\"the\"one"]),
    ('status = "Disabled"', ["malik"]),
    ('status = "disabled"', []),
    ('name = ""', []),
    ("", ["nora", "malik", "teo", "noel\"the\"one"]),
]


@pytest.fixture(scope="module")
def people(idp, endpoint):
    pool = PoolOf(idp, endpoint)
    pool.make_user("nora", preferred_username="nora")
    pool.make_user("malik")
    pool.make_user("teo", name="Teo", given_name="Teodor", family_name="O'Teo", phone_number="+48123456789")
    pool.admin_create_user(Username='noel"the"one', MessageAction="SUPPRESS")
    pool.admin_disable_user(Username="malik")
    yield pool
    pool.delete_user_pool()


@pytest.mark.parametrize("text,names", FILTERS)
def test_list_users_filters(people, text, names):
    assert people.names(Filter=text) == names


def test_list_users_filters_by_sub(people):
    sub = plain(people.admin_get_user(Username="teo")["UserAttributes"])["sub"]
    assert people.names(Filter=f'sub = "{sub}"') == ["teo"]
    assert people.names(Filter=f"sub ^= \"{sub[:8]}\"") == ["teo"]


@pytest.mark.parametrize("text", ["username", "username =", 'username "x"', "username = x", 'username = "x', 'username == "x"',
                                  '= "x"', 'username = "x" AND name = "y"', 'username = "x" trailing'])
def test_list_users_filters_that_cannot_be_read(people, text):
    with refuses("InvalidParameterException", "Error while parsing filter"):
        people.list_users(Filter=text)


def test_list_users_filters_by_what_cannot_be_searched(people):
    for name in ("custom:team", "nickname", "nonsense"):
        with refuses("InvalidParameterException", f"Invalid search attribute: {name}"):
            people.list_users(Filter=f'{name} = "x"')
