"""Groups of a user pool and their members."""

import pytest
from support.pools import PASSWORD, PoolOf, idp_client, plain, refuses

pytestmark = pytest.mark.stator


def test_groups(pool):
    made = pool.create_group(GroupName="editors", Description="who may edit", Precedence=2,
                             RoleArn="arn:aws:iam::000000000000:role/editors")["Group"]
    assert made.pop("CreationDate") and made.pop("LastModifiedDate")
    assert made == {"GroupName": "editors", "UserPoolId": pool.id, "Description": "who may edit", "Precedence": 2,
                    "RoleArn": "arn:aws:iam::000000000000:role/editors"}
    with refuses("GroupExistsException", "A group with the name already exists."):
        pool.create_group(GroupName="editors")
    changed = pool.update_group(GroupName="editors", Description="others")["Group"]
    assert (changed["Description"], changed["Precedence"]) == ("others", 2)
    assert pool.get_group(GroupName="editors")["Group"]["Description"] == "others"
    pool.create_group(GroupName="admins", Precedence=0)
    assert {group["GroupName"] for group in pool.list_groups()["Groups"]} == {"admins", "editors"}
    pool.delete_group(GroupName="editors")
    with refuses("ResourceNotFoundException", "Group not found."):
        pool.get_group(GroupName="editors")
    with refuses("ResourceNotFoundException", "Group not found."):
        pool.delete_group(GroupName="editors")


def test_members_of_groups(pool, idp):
    for group, precedence in (("editors", 5), ("admins", 1), ("readers", None)):
        pool.create_group(GroupName=group, **({} if precedence is None else {"Precedence": precedence}))
    for name in ("nora", "malik", "teo"):
        pool.make_user(name)
        pool.admin_add_user_to_group(Username=name, GroupName="editors")
    for group in ("readers", "admins", "admins"):
        pool.admin_add_user_to_group(Username="nora", GroupName=group)
    assert {user["Username"] for user in pool.list_users_in_group(GroupName="editors")["Users"]} == {"nora", "malik", "teo"}
    listed = [group["GroupName"] for group in pool.admin_list_groups_for_user(Username="nora")["Groups"]]
    assert sorted(listed) == ["admins", "editors", "readers"]
    pages = idp.get_paginator("list_users_in_group").paginate(UserPoolId=pool.id, GroupName="editors", PaginationConfig={"PageSize": 1})
    assert sorted(user["Username"] for page in pages for user in page["Users"]) == ["malik", "nora", "teo"]
    pool.admin_remove_user_from_group(Username="malik", GroupName="editors")
    assert pool.admin_list_groups_for_user(Username="malik")["Groups"] == []
    pool.admin_delete_user(Username="teo")
    assert [user["Username"] for user in pool.list_users_in_group(GroupName="editors")["Users"]] == ["nora"]
    pool.delete_group(GroupName="editors")
    assert sorted(group["GroupName"] for group in pool.admin_list_groups_for_user(Username="nora")["Groups"]) == ["admins", "readers"]
    with refuses("ResourceNotFoundException", "Group not found."):
        pool.admin_add_user_to_group(Username="nora", GroupName="editors")
    with refuses("UserNotFoundException", "User does not exist."):
        pool.admin_add_user_to_group(Username="nobody", GroupName="admins")


def test_groups_by_pages(pool, idp):
    names = [f"group-{i:02}" for i in range(25)]
    for name in names:
        pool.create_group(GroupName=name)
    pages = list(idp.get_paginator("list_groups").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 10}))
    assert [group["GroupName"] for page in pages for group in page["Groups"]] == names
    assert len(pages) == 3


def test_groups_and_users_outlive_a_kill(serve, tmp_path):
    server = serve(data=tmp_path / "data")
    pool = PoolOf(idp_client(server.endpoint), server.endpoint)
    pool.create_group(GroupName="editors", Precedence=1)
    sub = pool.make_user("nora")
    pool.admin_add_user_to_group(Username="nora", GroupName="editors")
    server.kill()
    again = serve(data=tmp_path / "data")
    idp = idp_client(again.endpoint)
    users = idp.list_users_in_group(UserPoolId=pool.id, GroupName="editors")["Users"]
    assert [plain(user["Attributes"])["sub"] for user in users] == [sub]
    tokens = idp.admin_initiate_auth(UserPoolId=pool.id, ClientId=pool.client_id, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                                     AuthParameters={"USERNAME": "nora", "PASSWORD": PASSWORD})
    assert tokens["AuthenticationResult"]["AccessToken"]
