"""The checker finds every fault of the model store, and none in a store without one."""

import copy

import pytest
from checker import Anomaly, check
from history import FAILED, OK, UNKNOWN, Operation
from model import FAULTS, Simulation


@pytest.mark.parametrize("seed", range(30))
def test_nothing_is_found_where_nothing_is(seed):
    assert check(Simulation(seed, 1000).run()) > 1000


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_found(fault):
    found = []
    for seed in range(10):
        history = Simulation(seed, 1000, fault).run()
        try:
            check(history)
        except Anomaly as anomaly:
            found.append(str(anomaly))
    assert len(found) >= 8, f"{fault}: found in {len(found)} of 10 histories; it strikes by chance"


def op(begin, end, reads=None, appends=None, outcome=OK):
    return Operation("x", begin, end, outcome, reads or {}, appends or {})


def refused(history, words):
    with pytest.raises(Anomaly) as caught:
        check(copy.deepcopy(history))
    assert words in str(caught.value)


def test_small_histories():
    write = op(1, 2, appends={"a": 1})
    assert check([write, op(3, 4, {"a": [1]})]) == 1
    assert check([write, op(1, 4, {"a": []}), op(5, 6, {"a": [1]})]) > 0, "at the same time, so before or after"
    refused([write, op(3, 4, {"a": []}), op(5, 6, {"a": [1]})], "a circle")
    refused([write, op(3, 4, {"a": []})], "lost")
    refused([op(1, 2, appends={"a": 1}, outcome=FAILED), op(3, 4, {"a": [1]})], "refused and done")
    refused([write, op(3, 4, {"a": [1, 1]})], "done twice")
    refused([write, op(3, 4, {"a": [1, 2]})], "from nowhere")
    refused([write, op(1, 3, appends={"a": 2}), op(4, 5, {"a": [1, 2]}), op(4, 5, {"a": [2, 1]})], "two orders")


def test_what_nobody_answered():
    unknown = op(1, None, appends={"a": 1, "b": 2}, outcome=UNKNOWN)
    check([unknown, op(3, 4, {"a": []}), op(3, 4, {"b": []})])
    check([unknown, op(3, 4, {"a": []}), op(5, 6, {"a": [1]}), op(7, 8, {"b": [2]})])
    refused([unknown, op(3, 4, {"a": [1]}), op(5, 6, {"b": []})], "lost")


def test_classic_anomalies():
    skew = [op(1, 9, {"a": []}, {"b": 1}), op(1, 9, {"b": []}, {"a": 2}), op(10, 11, {"a": [2], "b": [1]})]
    refused(skew, "rw")
    half = [op(1, 9, appends={"a": 1, "b": 2}), op(1, 9, {"a": [1], "b": []}), op(10, 11, {"a": [1], "b": [2]})]
    refused(half, "a circle")
    lost = [op(1, 9, {"a": []}, {"a": 1}), op(1, 9, {"a": []}, {"a": 2}), op(10, 11, {"a": [1, 2]})]
    refused(lost, "rw")
    fork = [op(1, 9, appends={"a": 1}), op(1, 9, appends={"b": 2}), op(1, 9, {"a": [1], "b": []}), op(1, 9, {"a": [], "b": [2]}),
            op(10, 11, {"a": [1], "b": [2]})]
    refused(fork, "a circle")
