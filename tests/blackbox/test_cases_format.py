"""The judge of the corpus finds what is wrong: each of these replies differs from what is expected in one thing."""

import json
import zlib

import pytest

from support import cases as corpus

HEADERS = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "A" * 52}
ERROR = {"__type": "com.amazon.coral.validate#ValidationException", "message": "a text"}


@pytest.mark.parametrize("expected,status,body,good", [
    ({}, 200, {"Item": {}}, True),
    ({}, 400, ERROR, False),
    ({"reply": {"A": 1}}, 200, {"A": 1}, True),
    ({"reply": {"A": 1}}, 200, {"A": 1, "B": 2}, False),
    ({"reply": {"A": 1}}, 200, {"A": True}, False),
    ({"has": {"A": {"B": 1}}}, 200, {"A": {"B": 1, "C": 2}}, True),
    ({"has": {"A": {"B": 1}}}, 200, {"A": {"C": 2}}, False),
    ({"has": {"A": [1]}}, 200, {"A": [1, 2]}, False),
    ({"has": {"SS": ["a", "b"]}}, 200, {"SS": ["b", "a"]}, True),
    ({"has": {"A": {"$unordered": [1, 2]}}}, 200, {"A": [2, 1]}, True),
    ({"has": {"A": {"$unordered": [1, 2]}}}, 200, {"A": [2, 2]}, False),
    ({"has": {"A": {"$like": "^x"}}}, 200, {"A": "yx"}, False),
    ({"lacks": ["A.0.B"]}, 200, {"A": [{"B": 1}]}, False),
    ({"lacks": ["A.0.B"]}, 200, {"A": [{}]}, True),
    ({"error": "ValidationException"}, 400, ERROR, True),
    ({"error": "ValidationException"}, 500, ERROR, False),
    ({"error": "ValidationException"}, 200, {}, False),
    ({"error": "ValidationException: a text"}, 400, ERROR, True),
    ({"error": "ValidationException: another"}, 400, ERROR, False),
    ({"error": "ValidationException: /^a/"}, 400, ERROR, True),
    ({"error": "ValidationException: /^b/"}, 400, ERROR, False),
    ({"error": "ValidationException: " + corpus.PREFIX + "a text"}, 400, ERROR, False),
    ({"error": "ValidationException: a text"}, 400, dict(ERROR, message=corpus.PREFIX + "a text"), True),
    ({"constraint": ["A.b", "too long"]}, 400, dict(ERROR, message="Value at 'a.B' failed to satisfy constraint: too long"), True),
    ({"constraint": ["A.b", "too long"]}, 400, dict(ERROR, message="Value at 'B' failed to satisfy constraint: too long"), False),
    ({"cancelled": ["None"]}, 400, ERROR, False),
    ({"status": 404}, 400, {}, False),
    ({"headers": {"Server": None}}, 200, {}, True),
    ({"headers": {"x-amzn-requestid": None}}, 200, {}, False),
])
def test_judge(expected, status, body, good):
    assert (corpus.judge(expected, status, HEADERS, body) == []) is good


def test_form_of_replies():
    raw = json.dumps(ERROR).encode()
    good = {**HEADERS, "x-amz-crc32": str(zlib.crc32(raw))}
    assert corpus.form_differences(400, good, ERROR, raw) == []
    for change in ({"content-type": "text/html"}, {"x-amzn-requestid": "A"}, {"x-amz-crc32": "1"}):
        assert corpus.form_differences(400, {**good, **change}, ERROR, raw)
    for body in ({**ERROR, "__type": "ValidationException"}, {"__type": ERROR["__type"], "Message": "a text"}):
        assert corpus.form_differences(400, good, body, raw)


def test_plain_scalars_are_those_of_json(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("{a: NULL, b: yes, c: 1_0, d: 5, e: true, f: null, g: 1.5, h: 0x1}")
    assert corpus.read(path) == {"a": "NULL", "b": "yes", "c": "1_0", "d": 5, "e": True, "f": None, "g": 1.5, "h": "0x1"}
    path.write_text("{a: 1, a: 2}")
    with pytest.raises(corpus.BadCase):
        corpus.read(path)


@pytest.mark.parametrize("node,value", [
    ({"$repeat": ["x", 3]}, "xxx"),
    ({"$repeat": ["a${i}", 3], "by": " OR "}, "a0 OR a1 OR a2"),
    ({"$times": [{"S": "${i}"}, 2]}, [{"S": "0"}, {"S": "1"}]),
    ({"$map": ["a${i}", {"N": "${i}"}, 2]}, {"a0": {"N": "0"}, "a1": {"N": "1"}}),
    ({"$nest": ["M", 2]}, {"M": {"a": {"M": {"a": {"S": "x"}}}}}),
    ({"$nest": ["L", 1]}, {"L": [{"S": "x"}]}),
    ({"$bytes": 3}, "AQEB"),
    ({"$merge": [{"a": 1}, {"a": 2, "b": 3}]}, {"a": 2, "b": 3}),
])
def test_generators(node, value):
    assert corpus.build(node) == value


def test_at_least_half_stand_in_the_note_or_a_manual():
    every = corpus.load()
    assert all(case.source for case in every)
    assert sum(case.kind() != "peer" for case in every) * 2 >= len(every)
