"""Waiting for what tells nobody when it happens: files, figures, states."""

import time


def until(condition, seconds=60):
    """What `condition` gives once it is true; it is asked again until then."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)
    return value
