"""Differences from dynoxide that are known and right: each says where it stands that we are right.

A rule explains a difference if it applies to it; `a` is our outcome, `b` dynoxide's. More than forty would be a finding.
"note" is the project's note on the API; "manual" the DynamoDB developer guide or API reference.
"""

import re

RULES = []


class Rule:
    def __init__(self, name, source, applies):
        self.name, self.source, self.applies = name, source, applies
        self.count = 0


def rule(source):
    """Registers applies(operation, body, what, a, b); its name names the rule."""

    def register(applies):
        RULES.append(Rule(applies.__name__, source, applies))
        return applies

    return register


def explanation(operation, body, what, a, b):
    """The first rule that explains the difference, or None."""
    for one in RULES:
        if one.applies(operation, body, what, a, b):
            one.count += 1
            return one
    return None


@rule("note, section 4, Errors: the first validation error only")
def first_error_only(operation, body, what, a, b):
    match = re.match(r"\d+ validation errors detected: (.*)", b.message)
    return what == "message" and match is not None and a.message in match[1].split("; ")


@rule("manual, Error handling: the service's syntax errors name token and surroundings; dynoxide has texts of its own")
def syntax_error_texts(operation, body, what, a, b):
    return what == "message" and re.match(r"Invalid \w+Expression: Syntax error; token: ", a.message) is not None and re.search(
        r"Expected|Unexpected|Syntax error", b.message) is not None
