"""Scan: everything once, segments, paging, filters."""

import pytest
from support.expect import constraint, fails, invalid
from support.tables import all_items, fill, index, n, pages, s

COUNT = 500


@pytest.fixture(scope="module")
def table(db, module_table):
    name = module_table(range=("sk", "N"), attributes={"g": "S"}, gsis=[index("by-g", "g", "sk")])
    fill(db, name, [{"pk": s(f"p{i % 50}"), "sk": n(i), "g": s(f"g{i % 5}"), "even": {"BOOL": i % 2 == 0}}
                    for i in range(COUNT)])
    return name


def numbers(items):
    return [int(i["sk"]["N"]) for i in items]


def test_everything_once(db, table):
    answer = db.call("Scan", TableName=table)
    assert sorted(numbers(answer["Items"])) == list(range(COUNT))
    assert answer["Count"] == answer["ScannedCount"] == COUNT and "LastEvaluatedKey" not in answer


@pytest.mark.parametrize("consistent", [True, False])
def test_paging(db, table, consistent):
    found = []
    for page in pages(db, "Scan", TableName=table, Limit=37, ConsistentRead=consistent):
        assert page["Count"] <= 37
        found += numbers(page["Items"])
    assert sorted(found) == list(range(COUNT)) and len(set(found)) == COUNT


def test_order_is_stable_and_partitions_are_together(db, table):
    once = numbers(db.call("Scan", TableName=table)["Items"])
    assert once == numbers(db.call("Scan", TableName=table)["Items"])
    partitions = [i % 50 for i in once]
    assert sum(a != b for a, b in zip(partitions, partitions[1:])) == 49
    assert all(a < b for a, b in zip(once, once[1:]) if a % 50 == b % 50)


@pytest.mark.parametrize("total", [1, 2, 3, 7, 64])
def test_segments_partition(db, table, total):
    found = []
    for segment in range(total):
        found += numbers(all_items(db, "Scan", TableName=table, TotalSegments=total, Segment=segment, Limit=30))
    assert sorted(found) == list(range(COUNT))


def test_segments_of_an_index_partition(db, table):
    found = []
    for segment in range(4):
        found += numbers(all_items(db, "Scan", TableName=table, IndexName="by-g", TotalSegments=4, Segment=segment))
    assert sorted(found) == list(range(COUNT))


def test_a_million_segments(db, table):
    answer = db.call("Scan", TableName=table, TotalSegments=1000000, Segment=999999)
    assert answer["Count"] <= COUNT


def test_filter_and_count(db, table):
    answer = db.call("Scan", TableName=table, FilterExpression="even = :t AND sk < :n",
                     ExpressionAttributeValues={":t": {"BOOL": True}, ":n": n(100)})
    assert sorted(numbers(answer["Items"])) == list(range(0, 100, 2))
    assert (answer["Count"], answer["ScannedCount"]) == (50, COUNT)
    answer = db.call("Scan", TableName=table, Select="COUNT")
    assert answer == {"Count": COUNT, "ScannedCount": COUNT}


def test_pages_of_one_megabyte(db, make_table):
    name = make_table()
    fill(db, name, [{"pk": s(f"{i:03}"), "x": s("x" * 100_000)} for i in range(25)])
    counts = [page["ScannedCount"] for page in pages(db, "Scan", TableName=name)]
    assert sum(counts) == 25 and counts[:2] == [11, 11], counts


def test_empty_page_with_more_to_come(db, make_table):
    name = make_table()
    fill(db, name, [{"pk": s(f"{i:03}"), "x": s("x" * 200_000)} for i in range(8)])
    seen = list(pages(db, "Scan", TableName=name, FilterExpression="attribute_not_exists(x)"))
    assert all(page["Items"] == [] for page in seen) and len(seen) > 1
    assert sum(page["ScannedCount"] for page in seen) == 8


@pytest.mark.parametrize("members,text", [
    ({"Segment": 0}, r"The TotalSegments parameter is required but was not present in the request when Segment "
                     r"parameter is present"),
    ({"TotalSegments": 2}, r"The Segment parameter is required but was not present in the request when parameter "
                           r"TotalSegments is present"),
    ({"TotalSegments": 2, "Segment": 2}, r"The Segment parameter is zero-based and must be less than parameter "
                                         r"TotalSegments: Segment: 2 is not less than TotalSegments: 2"),
])
def test_segment_errors(db, table, members, text):
    with invalid(matching=text):
        db.call("Scan", TableName=table, **members)


@pytest.mark.parametrize("members,field,text", [
    ({"TotalSegments": 0, "Segment": 0}, "totalSegments", "Member must have value greater than or equal to 1"),
    ({"TotalSegments": 1000001, "Segment": 0}, "totalSegments", "Member must have value less than or equal to 1000000"),
    ({"TotalSegments": 1, "Segment": -1}, "segment", "Member must have value greater than or equal to 0"),
    ({"Limit": 0}, "limit", "Member must have value greater than or equal to 1"),
    ({"Select": "x"}, "select", "Member must satisfy enum value set: "),
])
def test_constraints(db, table, members, field, text):
    with constraint(field, text):
        db.call("Scan", TableName=table, **members)


def test_unknown_table_and_index(db, table):
    with fails("ResourceNotFoundException", "Requested resource not found"):
        db.call("Scan", TableName="no-such")
    with invalid("The table does not have the specified index: nope"):
        db.call("Scan", TableName=table, IndexName="nope")


def test_bad_start_key(db, table):
    with invalid(matching="The provided starting key is invalid"):
        db.call("Scan", TableName=table, ExclusiveStartKey={"pk": s("a")})


def test_expression_errors(db, table):
    with invalid(matching='^Invalid FilterExpression: Syntax error; token: "<EOF>"'):
        db.call("Scan", TableName=table, FilterExpression="a =")
    with invalid("ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null"):
        db.call("Scan", TableName=table, ExpressionAttributeValues={":v": n(1)})
