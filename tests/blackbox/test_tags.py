"""TagResource, UntagResource, ListTagsOfResource."""

import pytest
from support.expect import fails, invalid


@pytest.fixture()
def arn(db, make_table):
    return db.call("DescribeTable", TableName=make_table())["Table"]["TableArn"]


def tags(db, arn):
    answer = db.call("ListTagsOfResource", ResourceArn=arn)
    return {t["Key"]: t["Value"] for t in answer["Tags"]}


def as_list(**pairs):
    return [{"Key": k, "Value": v} for k, v in pairs.items()]


def test_round_trip(db, arn):
    assert tags(db, arn) == {}
    assert db.call("TagResource", ResourceArn=arn, Tags=as_list(a="1", b="2")) == {}
    db.call("TagResource", ResourceArn=arn, Tags=as_list(b="3", c=""))
    assert tags(db, arn) == {"a": "1", "b": "3", "c": ""}
    assert db.call("UntagResource", ResourceArn=arn, TagKeys=["a", "absent"]) == {}
    assert tags(db, arn) == {"b": "3", "c": ""}


def test_tags_at_creation(db, make_table):
    name = make_table(Tags=as_list(owner="me"))
    arn = db.call("DescribeTable", TableName=name)["Table"]["TableArn"]
    assert tags(db, arn) == {"owner": "me"}


def test_fifty(db, arn):
    db.call("TagResource", ResourceArn=arn, Tags=as_list(**{f"k{i}": "v" for i in range(50)}))
    assert len(tags(db, arn)) == 50
    with pytest.raises(Exception) as caught:
        db.call("TagResource", ResourceArn=arn, Tags=as_list(more="v"))
    assert caught.value.type in ("ValidationException", "LimitExceededException")
    assert len(tags(db, arn)) == 50
    db.call("TagResource", ResourceArn=arn, Tags=as_list(k0="changed"))
    assert tags(db, arn)["k0"] == "changed"


def test_lengths_count_characters(db, arn):
    db.call("TagResource", ResourceArn=arn, Tags=as_list(**{"é" * 128: "é" * 256}))
    assert tags(db, arn) == {"é" * 128: "é" * 256}
    with invalid(matching="(?i)key.*128"):
        db.call("TagResource", ResourceArn=arn, Tags=as_list(**{"é" * 129: "v"}))
    with invalid(matching="(?i)value.*256"):
        db.call("TagResource", ResourceArn=arn, Tags=as_list(k="v" * 257))
    with invalid(matching="(?i)key"):
        db.call("TagResource", ResourceArn=arn, Tags=as_list(**{"": "v"}))


def test_unknown_resources(db, arn):
    unknown = arn.rpartition("/")[0] + "/no-such"
    with fails("ResourceNotFoundException"):
        db.call("TagResource", ResourceArn=unknown, Tags=as_list(a="b"))
    with pytest.raises(Exception) as caught:
        db.call("ListTagsOfResource", ResourceArn=unknown)
    assert caught.value.type in ("ResourceNotFoundException", "AccessDeniedException")
    with invalid(matching="(?i)arn"):
        db.call("TagResource", ResourceArn="nonsense", Tags=as_list(a="b"))


def test_nothing_given(db, arn):
    with invalid():
        db.call("TagResource", ResourceArn=arn, Tags=[])
    with invalid():
        db.call("UntagResource", ResourceArn=arn, TagKeys=[])
    with invalid(matching="(?i)arn"):
        db.call("TagResource", Tags=as_list(a="b"))
