"""Query: key conditions, order, paging, filters, select; on tables with every type of sort key."""

import random

import pytest
from support.expect import fails, invalid
from support.tables import all_items, b, fill, n, pages, s

NUMBERS = ["-1e100", "-1000", "-12.5", "-1", "-0.001", "-1e-100", "0", "1e-100", "0.001", "0.5", "1", "2", "9", "10",
           "12.5", "100", "1e20", "123456789012345678901234567890", "1e100"]
BINARIES = [b"\x00", b"\x00\x00", b"\x00\x01", b"\x00\xff", b"\x01", b"a", b"a\x00", b"a\x00b", b"ab", b"\x7f", b"\x80",
            b"\xff", b"\xff\xff"]
STRINGS = ["A", "AB", "Z", "a", "a\u0000", "a\u0000b", "a b", "ab", "b", "z", "é", "中", "\ufffd", "\U0001f600"]
DATES = [f"2025-12-{d:02}T{h:02}:00:00Z" for d in range(28, 32) for h in range(0, 24, 3)]


def query(db, table, condition, values, **more):
    return db.call("Query", TableName=table, KeyConditionExpression=condition, ExpressionAttributeValues=values, **more)


def sorts(answer, kind="S"):
    return [item["sk"][kind] for item in answer["Items"]]


@pytest.fixture(scope="module")
def dates(db, range_table):
    fill(db, range_table, [{"pk": s("dates"), "sk": s(d), "i": n(i), "odd": {"BOOL": i % 2 == 1}}
                           for i, d in enumerate(DATES)])
    fill(db, range_table, [{"pk": s(other), "sk": s(d)} for other in ("date", "datesx") for d in DATES[:3]])
    return range_table


def test_all_of_a_partition(db, dates):
    answer = query(db, dates, "pk = :p", {":p": s("dates")})
    assert sorts(answer) == DATES and answer["Count"] == answer["ScannedCount"] == len(DATES)
    assert "LastEvaluatedKey" not in answer and "ConsumedCapacity" not in answer


def test_backward(db, dates):
    assert sorts(query(db, dates, "pk = :p", {":p": s("dates")}, ScanIndexForward=False)) == DATES[::-1]


def test_absent_partition(db, dates):
    assert query(db, dates, "pk = :p", {":p": s("none")}) == {"Items": [], "Count": 0, "ScannedCount": 0}


MIDDLE = DATES[10]
CONDITIONS = [
    ("sk = :a", lambda d: d == MIDDLE), ("sk < :a", lambda d: d < MIDDLE), ("sk <= :a", lambda d: d <= MIDDLE),
    ("sk > :a", lambda d: d > MIDDLE), ("sk >= :a", lambda d: d >= MIDDLE),
    ("sk BETWEEN :a AND :b", lambda d: MIDDLE <= d <= DATES[20]),
    ("begins_with(sk, :c)", lambda d: d.startswith("2025-12-30")),
]


@pytest.mark.parametrize("condition,holds", CONDITIONS, ids=[c for c, _ in CONDITIONS])
@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("form", ["pk = :p AND {}", "{} AND pk = :p", "(pk = :p) AND ({})", "(pk = :p and {})"])
def test_sort_conditions(db, dates, condition, holds, forward, form):
    if "BETWEEN" in condition and form == "{} AND pk = :p":
        form = "({}) AND pk = :p"
    values = {":p": s("dates"), ":a": s(MIDDLE), ":b": s(DATES[20]), ":c": s("2025-12-30")}
    values = {k: v for k, v in values.items() if k == ":p" or k in condition}
    expected = [d for d in DATES if holds(d)]
    found = sorts(query(db, dates, form.format(condition), values, ScanIndexForward=forward))
    assert found == (expected if forward else expected[::-1])


def test_value_on_the_left(db, dates):
    answer = query(db, dates, ":p = pk AND :a < sk", {":p": s("dates"), ":a": s(MIDDLE)})
    assert sorts(answer) == [d for d in DATES if d > MIDDLE]


@pytest.mark.parametrize("limit", [1, 3, 7, len(DATES) - 1, len(DATES), len(DATES) + 1])
@pytest.mark.parametrize("forward", [True, False])
def test_paging(db, dates, limit, forward):
    found = []
    for page in pages(db, "Query", TableName=dates, KeyConditionExpression="pk = :p", Limit=limit,
                      ExpressionAttributeValues={":p": s("dates")}, ScanIndexForward=forward):
        assert page["Count"] <= limit
        if "LastEvaluatedKey" in page:
            assert page["Count"] == limit
            assert page["LastEvaluatedKey"] == {"pk": s("dates"), "sk": page["Items"][-1]["sk"]}
        found += sorts(page)
    assert found == (DATES if forward else DATES[::-1])


def test_paging_from_a_key_that_is_not_there(db, dates):
    start = {"pk": s("dates"), "sk": s(DATES[5] + "x")}
    forward = query(db, dates, "pk = :p", {":p": s("dates")}, ExclusiveStartKey=start)
    backward = query(db, dates, "pk = :p", {":p": s("dates")}, ExclusiveStartKey=start, ScanIndexForward=False)
    assert sorts(forward) == DATES[6:] and sorts(backward) == DATES[5::-1]


def test_paging_within_a_range(db, dates):
    found = all_items(db, "Query", TableName=dates, KeyConditionExpression="pk = :p AND sk BETWEEN :a AND :b", Limit=2,
                      ExpressionAttributeValues={":p": s("dates"), ":a": s(DATES[3]), ":b": s(DATES[9])})
    assert [i["sk"]["S"] for i in found] == DATES[3:10]


def test_filter(db, dates):
    answer = query(db, dates, "pk = :p", {":p": s("dates"), ":t": {"BOOL": True}}, FilterExpression="odd = :t")
    assert sorts(answer) == DATES[1::2]
    assert (answer["Count"], answer["ScannedCount"]) == (len(DATES) // 2, len(DATES))


def test_limit_counts_before_the_filter(db, dates):
    answer = query(db, dates, "pk = :p", {":p": s("dates"), ":x": n(20)}, FilterExpression="i > :x", Limit=5)
    assert (answer["Items"], answer["Count"], answer["ScannedCount"]) == ([], 0, 5)
    assert answer["LastEvaluatedKey"]["sk"] == s(DATES[4])


def test_select_count(db, dates):
    answer = query(db, dates, "pk = :p", {":p": s("dates")}, Select="COUNT")
    assert answer == {"Count": len(DATES), "ScannedCount": len(DATES)}


@pytest.mark.parametrize("kind,values", [("N", NUMBERS), ("B", BINARIES), ("S", STRINGS)])
def test_sort_order(db, make_table, kind, values):
    table = make_table(range=("sk", kind))
    shuffled = values[:]
    random.Random(7).shuffle(shuffled)
    fill(db, table, [{"pk": s("p"), "sk": {kind: v}, "i": n(values.index(v))} for v in shuffled])

    def order(condition="pk = :p", **more):
        more["values"] = {":p": s("p"), **more.get("values", {})}
        return [int(i["i"]["N"]) for i in query(db, table, condition, more.pop("values"), **more)["Items"]]

    everything = list(range(len(values)))
    assert order() == everything
    assert order(ScanIndexForward=False) == everything[::-1]
    for i, value in enumerate(values):
        v = {":v": {kind: value}}
        assert order("pk = :p AND sk = :v", values=v) == [i]
        assert order("pk = :p AND sk > :v", values=v) == everything[i + 1:]
        assert order("pk = :p AND sk <= :v", values=v) == everything[:i + 1]
        assert order("pk = :p AND sk BETWEEN :v AND :w", values={**v, ":w": {kind: values[-1]}}) == everything[i:]
        if kind != "N":
            expected = [j for j, w in enumerate(values) if w[:len(value)] == value]
            assert order("pk = :p AND begins_with(sk, :v)", values=v) == expected


def test_begins_with_ff(db, make_table):
    table = make_table(range=("sk", "B"))
    fill(db, table, [{"pk": s("p"), "sk": b(v)} for v in (b"\xfe", b"\xff", b"\xff\x00", b"\xff\xff", b"\xff\xff\x01")])
    answer = query(db, table, "pk = :p AND begins_with(sk, :v)", {":p": s("p"), ":v": b(b"\xff\xff")})
    assert sorts(answer, "B") == [b"\xff\xff", b"\xff\xff\x01"]


def test_number_hash_key(db, make_table):
    table = make_table(hash=("pk", "N"), range=("sk", "N"))
    db.call("PutItem", TableName=table, Item={"pk": n("1.50"), "sk": n(1)})
    assert query(db, table, "pk = :p", {":p": n("15e-1")})["Items"] == [{"pk": n("1.5"), "sk": n(1)}]


@pytest.mark.parametrize("forward", [True, False])
def test_pages_of_one_megabyte(db, make_table, forward):
    table = make_table(range=("sk", "N"))
    # pk and sk: 2 + 1 and 2 + 2 bytes (one more digit from 100 on); x: 1 + 9990.
    fill(db, table, [{"pk": s("p"), "sk": n(i), "x": s("x" * 9990)} for i in range(100, 360)])
    seen, counts = [], []
    for page in pages(db, "Query", TableName=table, KeyConditionExpression="pk = :p", ScanIndexForward=forward,
                      ExpressionAttributeValues={":p": s("p")}, ProjectionExpression="sk"):
        seen += sorts(page, "N")
        counts.append(page["Count"])
        assert page["Count"] == page["ScannedCount"]
    expected = [str(i) for i in range(100, 360)]
    assert seen == (expected if forward else expected[::-1])
    assert len(counts) == 3 and all(103 <= count <= 106 for count in counts[:2]), counts


INVALID = "Invalid KeyConditionExpression: "
ERRORS = [
    ("sk = :v", {":v": s("a")}, r"Query condition missed key schema element: pk"),
    ("pk > :v", {":v": s("a")}, r"Query key condition not supported"),
    ("begins_with(pk, :v)", {":v": s("a")}, r"Query key condition not supported"),
    ("pk = :v AND zzz = :v", {":v": s("a")}, r"Query condition missed key schema element: sk"),
    ("pk = :v AND sk = :v AND zzz = :v", {":v": s("a")}, r"Conditions can be of length 1 or 2 only"),
    ("pk = :v AND pk = :v", {":v": s("a")}, r"KeyConditionExpressions must only contain one condition per key"),
    ("pk = :v AND sk <> :v", {":v": s("a")}, r"Unsupported operator on KeyCondition: operator: <>|"
                                             r"Invalid operator used in KeyConditionExpression: <>"),
    ("pk = :v OR sk = :v", {":v": s("a")}, r"Invalid operator used in KeyConditionExpression: OR"),
    ("NOT pk = :v", {":v": s("a")}, r"Invalid operator used in KeyConditionExpression: NOT"),
    ("pk = :v AND sk IN (:v)", {":v": s("a")}, r"Invalid operator used in KeyConditionExpression: IN"),
    ("pk = :v AND contains(sk, :v)", {":v": s("a")}, r"Invalid operator used in KeyConditionExpression: contains"),
    ("pk = :v AND attribute_exists(sk)", {":v": s("a")},
     r"Invalid operator used in KeyConditionExpression: attribute_exists"),
    ("pk = :v AND size(sk) = :v", {":v": s("a")},
     r"KeyConditionExpressions cannot contain nested operations|Invalid operator used in KeyConditionExpression: size"),
    ("pk = sk", None, r"Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"),
    ("pk.a = :v", {":v": s("a")}, r"KeyConditionExpressions cannot have conditions on nested attributes"),
    ("pk[0] = :v", {":v": s("a")}, r"KeyConditionExpressions cannot have conditions on nested attributes"),
    ("pk = :v", {":v": n(1)}, r"One or more parameter values were invalid: Condition parameter type does not match "
                              r"schema type"),
    ("pk = :v AND sk < :w", {":v": s("a"), ":w": n(1)},
     r"One or more parameter values were invalid: Condition parameter type does not match schema type"),
    ("pk = :v AND sk BETWEEN :w AND :v", {":v": s("a"), ":w": s("b")},
     r"Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower "
     r"bound; lower bound operand: AttributeValue: \{S:b\}, upper bound operand: AttributeValue: \{S:a\}"),
    ("", None, r"Invalid KeyConditionExpression: The expression can not be empty;"),
    ("pk = ", None, r"Invalid KeyConditionExpression: Syntax error; token: \"<EOF>\""),
    ("pk = :v", {":v": s("")}, r"One or more parameter values (are not valid|were invalid).*"
                               r"(cannot contain|does not support) an? empty string value"),
    ("pk = :x", {":v": s("a")}, r"Invalid KeyConditionExpression: An expression attribute value used in expression is "
                                r"not defined; attribute value: :x"),
]


@pytest.mark.parametrize("condition,values,text", ERRORS, ids=[e[0] or "empty" for e in ERRORS])
def test_errors(db, range_table, condition, values, text):
    with invalid(matching=text):
        db.raw.call("Query", TableName=range_table, KeyConditionExpression=condition,
                    **({"ExpressionAttributeValues": values} if values else {}))


def test_no_condition(db, range_table):
    with invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."):
        db.call("Query", TableName=range_table)


def test_filter_on_keys(db, range_table):
    for name in ("pk", "sk"):
        with invalid(f"Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"):
            query(db, range_table, "pk = :p", {":p": s("a")}, FilterExpression=f"{name} = :p")


@pytest.mark.parametrize("start", [
    {"pk": s("dates")}, {"pk": s("dates"), "sk": n(1)}, {"pk": s("dates"), "sk": s("a"), "x": s("b")}, {"a": s("b")},
])
def test_bad_start_keys(db, dates, start):
    with invalid(matching=r"The provided starting key is invalid|Exclusive Start Key must have same size as table's "
                          r"key schema"):
        query(db, dates, "pk = :p", {":p": s("dates")}, ExclusiveStartKey=start)


def test_start_key_of_another_partition(db, dates):
    with invalid(matching=r"The provided starting key is (outside query boundaries based on provided conditions|invalid)"):
        query(db, dates, "pk = :p", {":p": s("dates")}, ExclusiveStartKey={"pk": s("other"), "sk": s(MIDDLE)})
    with invalid(matching=r"The provided starting key (does not match the range key predicate|is outside query "
                          r"boundaries|is invalid)"):
        query(db, dates, "pk = :p AND sk > :a", {":p": s("dates"), ":a": s(MIDDLE)},
              ExclusiveStartKey={"pk": s("dates"), "sk": s(DATES[0])})


def test_limit_must_be_positive(db, range_table):
    with invalid(matching="Member must have value greater than or equal to 1"):
        query(db, range_table, "pk = :p", {":p": s("a")}, Limit=0)


def test_unknown_table_and_index(db, range_table):
    with fails("ResourceNotFoundException", "Requested resource not found"):
        query(db, "no-such", "pk = :p", {":p": s("a")})
    with invalid("The table does not have the specified index: nope"):
        query(db, range_table, "pk = :p", {":p": s("a")}, IndexName="nope")


@pytest.mark.parametrize("select,more,text", [
    ("SPECIFIC_ATTRIBUTES", {},
     r"Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"),
    ("COUNT", {"ProjectionExpression": "a"}, r"Cannot specify the ProjectionExpression when choosing to get (only the "
                                             r"Count|COUNT)"),
    ("ALL_ATTRIBUTES", {"ProjectionExpression": "a"}, r"Cannot specify the ProjectionExpression when choosing to get "
                                                      r"ALL_ATTRIBUTES"),
    ("ALL_PROJECTED_ATTRIBUTES", {}, r"ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"),
    ("SOME", {}, r"Member must satisfy enum value set: \["),
])
def test_select(db, range_table, select, more, text):
    with invalid(matching=text):
        query(db, range_table, "pk = :p", {":p": s("a")}, Select=select, **more)


def test_selects_that_work(db, dates):
    for select, more in (("ALL_ATTRIBUTES", {}), ("SPECIFIC_ATTRIBUTES", {"ProjectionExpression": "i"})):
        answer = query(db, dates, "pk = :p", {":p": s("dates")}, Select=select, Limit=1, **more)
        assert answer["Items"][0]["i"] == n(0) and ("sk" in answer["Items"][0]) == (select == "ALL_ATTRIBUTES")
