"""Assertions about errors.

The service is moving from "N validation errors detected: ... at 'tableName' ..." to the first error only and 'TableName'
(notes, section 4, "Errors"), so of constraint errors the type, the field and the constraint are asserted, not the rest.
"""

import contextlib
import re

from .wire import ApiError

VALIDATION = "ValidationException"


@contextlib.contextmanager
def fails(kind, message=None, matching=None):
    """The block raises ApiError of that type; with exactly that message, or one that matches the expression."""
    caught = Caught()
    try:
        yield caught
    except ApiError as error:
        caught.error = error
    assert caught.error is not None, f"expected {kind}, but the call succeeded"
    assert (caught.error.type, caught.error.status) == (kind, 400), str(caught.error)
    if message is not None:
        assert caught.error.message == message
    if matching is not None:
        assert re.search(matching, caught.error.message), caught.error.message


class Caught:
    error = None


@contextlib.contextmanager
def invalid(message=None, matching=None):
    """ValidationException; the prefix that some texts carry since mid 2026 may be there or not."""
    with fails(VALIDATION) as caught:
        yield caught
    text = caught.error.message.removeprefix("1 validation error detected: ")
    if message is not None:
        assert text == message
    if matching is not None:
        assert re.search(matching, text), text


@contextlib.contextmanager
def constraint(field, text):
    """A constraint of the model does not hold: `field` as in "tableName" or "items.1.member.name"."""
    with fails(VALIDATION) as caught:
        yield caught
    pattern = rf"at '{re.escape(field)}' failed to satisfy constraint: {re.escape(text)}"
    assert re.search(pattern, caught.error.message, re.IGNORECASE), caught.error.message
