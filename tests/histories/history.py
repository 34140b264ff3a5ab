"""What a history is made of: operations on lists, each appending numbers that are appended once only.

A list tells the order of the writes to its key, and a read tells which of them it saw, so the order of everything can be
put together afterwards (Kingsbury and Alvaro, "Elle", VLDB 2020).
"""

import json
from dataclasses import asdict, dataclass, field

OK, FAILED, UNKNOWN = "ok", "failed", "unknown"


@dataclass
class Operation:
    """One request. It was seen to begin and to end at these times (any unit); an UNKNOWN one may have no end, and may
    have been done or not."""

    kind: str
    begin: int
    end: int = None
    outcome: str = OK
    reads: dict = field(default_factory=dict)    # key -> the list it met there; of OK only
    appends: dict = field(default_factory=dict)  # key -> the number it appended, or tried to


def write(path, history):
    with open(path, "w") as out:
        for operation in history:
            out.write(json.dumps(asdict(operation)) + "\n")


def read(path):
    with open(path) as lines:
        return [Operation(**json.loads(line)) for line in lines]
