"""The argument of ../README.md, tried out: every order of the calls of several runs, broken off at every point.

A run is a function of what its calls answered, so it can be brought to any point again by giving it those answers; no
threads are needed. A state is the table and how far each run is; all states that can be reached are looked at once.
"""

import lambda_function as function
import pytest

GROUP, OTHER = "g", "h"
START = "2026-01-01T00:00:00+00:00"


def stamp(n, micros=0):
    return f"2026-01-01T00:00:0{n}" + (f".{micros:06}" if micros else "") + "+00:00"


class NextCall(Exception):
    """What a run wants to do next."""


class Calls:
    """The table of a run: answers what was answered before, then breaks off with the next call."""

    def __init__(self, answers):
        self._answers = iter(answers)

    def _call(self, *what):
        for answer in self._answers:
            return answer
        raise NextCall(what)

    def listed(self, group):
        return [dict(row) for row in self._call("listed", group)]

    def present(self, pk, group, since):
        """Row by row: a query is no snapshot, so others may write between any two rows."""
        rows, after = [], None
        while row := self._call("next", pk, group, since, after):
            rows.append(dict(row))
            after = rows[-1]["sk"]
        return rows

    def at(self, pk, sk):
        row = self._call("at", pk, sk)
        return row and dict(row)

    def move(self, row, to):
        return self._call("move", tuple(sorted(row.items())), tuple(sorted(to.items())))

    def delete(self, row):
        return self._call("delete", tuple(sorted(row.items())))


def key(row):
    row = dict(row)
    return row["pk"], row["sk"]


def group_row(sk, text, pk="GRP#u", group=GROUP):
    return tuple(sorted(dict(pk=pk, sk=sk, message=text, message_group_uuid=group, user_handle="x").items()))


def answers_to(call, rows, past):
    """Every (answer, rows afterwards) that the table may give. `rows` is a frozenset; `past`: what it has been."""
    kind = call[0]
    table = {key(row): row for row in rows}
    if kind == "listed":
        # The index may show any earlier state.
        for seen in past:
            yield tuple(sorted(row for row in seen if dict(row)["message_group_uuid"] == call[1])), rows
    elif kind == "next":
        _, pk, group, since, after = call
        found = sorted(row for row in rows if dict(row)["pk"] == pk and dict(row)["message_group_uuid"] == group and
                       dict(row)["sk"] >= since and (after is None or dict(row)["sk"] > after))
        yield min(found, key=key, default=None), rows
    elif kind == "at":
        yield table.get((call[1], call[2])), rows
    elif kind == "move":
        _, row, to = call
        if key(to) in table:
            yield function.TAKEN, rows
        elif table.get(key(row)) != row:
            yield function.CHANGED, rows
        else:
            yield function.DONE, rows - {row} | {to}
    elif kind == "delete":
        same = table.get(key(call[1])) == call[1]
        yield same, rows - {call[1]} if same else rows


def explore(rows, messages, breaks, lagging, check, check_end):
    """Looks at every state. `messages`: one run each, at once. `breaks`: how often a run may be broken off; it then
    begins anew, as the trigger's retry does. Gives the number of states."""
    first = (frozenset(rows), (frozenset(rows),), tuple(() for _ in messages), breaks)
    seen, todo = {first}, [first]
    while todo:
        rows, past, runs, left = todo.pop()
        check(rows)
        following = []
        for number, answers in enumerate(runs):
            if answers is None:
                continue
            def with_run(state, rows=rows, past=past, left=left, number=number, runs=runs):
                return rows, past, runs[:number] + (state,) + runs[number + 1:], left

            if left and answers:
                following.append(with_run((), left=left - 1))
            try:
                function.move_conversation(Calls(answers), messages[number])
                following.append(with_run(None))
            except NextCall as wanted:
                for answer, after in answers_to(wanted.args[0], rows, past):
                    history = past
                    if after != rows:
                        history = tuple(sorted({*past, after}, key=sorted)) if lagging else (after,)
                    following.append(with_run(answers + (answer,), rows=after, past=history))
        if not following:
            check_end(rows)
        for state in following:
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return len(seen)


def rows_of(rows, pk="GRP#u", group=GROUP):
    mine = (row for row in map(dict, rows) if row["pk"] == pk and row["message_group_uuid"] == group)
    return sorted(mine, key=lambda row: row["sk"])


def message(n):
    return function.Message(GROUP, stamp(n), f"text {n}")


@pytest.mark.parametrize("lagging", [False, True], ids=["index-current", "index-behind"])
@pytest.mark.parametrize("numbers, breaks", [((1,), 2), ((1, 1), 1), ((1, 2), 1), ((2, 1), 2), ((1, 2, 1), 0)])
def test_every_order_and_every_break(numbers, breaks, lagging):
    """One row at any time, and at the end the newest message in it."""
    def check(rows):
        assert len(rows_of(rows)) == 1, "the conversation has gone, or stands there twice"

    def check_end(rows):
        left = rows_of(rows)
        assert [(row["sk"], row["message"]) for row in left] == [(stamp(max(numbers)), f"text {max(numbers)}")]

    states = explore([group_row(stamp(0), "text 0")], [message(n) for n in numbers], breaks, lagging, check, check_end)
    assert states > 10


def test_an_old_message_changes_nothing_and_repairs():
    start = [group_row(stamp(n), f"text {n}") for n in (0, 2, 3)]
    states = explore(start, [message(1)], 2, True, lambda rows: None,
                     lambda rows: [row["sk"] for row in rows_of(rows)] == [stamp(3)] or pytest.fail(str(rows)))
    assert states > 5


def test_two_conversations_of_one_member_at_the_same_time():
    """The key is the member and the time: the second to come gives way by a microsecond."""
    start = [group_row(stamp(0), "text 0"), group_row(stamp(0, 5), "other 0", group=OTHER)]
    messages = [message(1), function.Message(OTHER, stamp(1), "other 1")]

    def check(rows):
        assert len(rows_of(rows)) == len(rows_of(rows, group=OTHER)) == 1

    def check_end(rows):
        mine, others = rows_of(rows), rows_of(rows, group=OTHER)
        assert [row["message"] for row in mine + others] == ["text 1", "other 1"]
        assert {mine[0]["sk"], others[0]["sk"]} == {stamp(1), stamp(1, 1)}

    explore(start, messages, 1, False, check, check_end)


def test_conflicts_are_tried_again():
    """Another transaction has the row for a while."""
    row, moves = dict(group_row(stamp(0), "text 0")), []

    class Contended(Calls):
        def __init__(self):
            super().__init__(())

        def listed(self, group):
            return [row]

        def present(self, pk, group, since):
            return [dict(row)]

        def move(self, old, to):
            moves.append(to)
            return function.DONE if len(moves) == 5 else function.CHANGED

    assert function.move_conversation(Contended(), message(1)) == 1
    assert [to["sk"] for to in moves] == [stamp(1)] * 5


def test_each_member_has_a_row():
    start = [group_row(stamp(0), "text 0", pk="GRP#u"), group_row(stamp(0), "text 0", pk="GRP#v")]

    def check(rows):
        assert len(rows_of(rows)) == len(rows_of(rows, pk="GRP#v")) == 1

    explore(start, [message(1), message(2)], 1, False, check, check)


def record(name="INSERT", pk="MSG#g", sk=START, text="hello"):
    image = {"pk": {"S": pk}, "sk": {"S": sk}, "message": {"S": text}}
    return {"eventName": name, "dynamodb": {"NewImage": image, "StreamViewType": "NEW_IMAGE"}}


def test_what_is_no_new_message_is_ignored():
    removed = {"eventName": "REMOVE", "dynamodb": {"Keys": {"pk": {"S": "MSG#g"}, "sk": {"S": START}}}}
    odd = [{"eventName": "INSERT", "dynamodb": {"NewImage": {"pk": {"S": "MSG#g"}, "sk": {"N": "1"}}}}, {}]
    records = [removed, record("MODIFY"), record(pk="GRP#u"), record(pk="NOTE"), *odd]
    assert function.newest_messages(records) == []


def test_of_a_batch_the_newest_of_each_conversation_counts():
    records = [record(sk=stamp(2), text="b"), record(sk=stamp(1), text="a"), record(pk="MSG#h", sk=stamp(1), text="c")]
    assert function.newest_messages(records) == [("g", stamp(2), "b"), ("h", stamp(1), "c")]


def test_the_next_microsecond_sorts_behind():
    assert function.next_microsecond(stamp(1)) == stamp(1, 1) > stamp(1)
    assert function.next_microsecond("2025-12-31T23:59:59.999999+00:00") == "2026-01-01T00:00:00+00:00"
