"""The corpus of tests/cases: reading its files, making one case of each, and judging replies.

The format is described in tests/cases/README.md. Nothing here sends a request: test_cases.py does.
"""

import base64
import copy
import itertools
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2] / "cases"
KINDS = ("note", "guide", "api", "model", "peer")  # how a source may begin: README.md
EXPECTED = ("reply", "has", "lacks", "error", "constraint", "cancelled", "status", "headers", "stored", "absent")
CASE = {"name", "source", "words", "operation", "base", "request", "raw", "given", "before", "then", "each", "tables", *EXPECTED}
FILE = {"topic", "source", "words", "operation", "base", "cases", "given", "before", "tables"}
PREFIX = "1 validation error detected: "


class BadCase(Exception):
    """A file of the corpus does not follow the format."""


# ---- Reading: YAML whose plain scalars are those of JSON, so that NULL, yes and 1_000 are strings.


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(map(str, keys))) != len(keys):
            raise BadCase(f"a key twice: {node.start_mark}")
        return super().construct_mapping(node, deep)


for tag, pattern, first in (("bool", r"true|false", "tf"), ("null", r"null", "n"), ("int", r"-?(0|[1-9]\d*)", "-0123456789"),
                            ("float", r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", "-0123456789")):
    _Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(f"^(?:{pattern})$"), list(first))
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def read(path):
    return yaml.load(path.read_text(), _Loader)


# ---- Making cases: ${variables}, $generators, `each`.

_VARIABLE = re.compile(r"\$\{([A-Za-z_][\w.]*)\}")


def fill(node, variables):
    """The node with ${name} replaced; a string that is nothing but one variable becomes its value, whatever its type."""
    if isinstance(node, dict):
        return {fill(k, variables): fill(v, variables) for k, v in node.items()}
    if isinstance(node, list):
        return [fill(v, variables) for v in node]
    if not isinstance(node, str) or "${" not in node:
        return node
    whole = _VARIABLE.fullmatch(node)
    if whole and whole[1] in variables:
        return copy.deepcopy(variables[whole[1]])
    return _VARIABLE.sub(lambda m: str(variables[m[1]]) if m[1] in variables else m[0], node)


def _repeat(node):
    text, count = build(node["$repeat"])
    parts = [fill(text, {"i": str(i)}) for i in range(count)] if "${i}" in text else [text] * count
    return node.get("by", "").join(parts)


def _times(node):
    value, count = node["$times"]
    return [build(fill(value, {"i": str(i)})) for i in range(build(count))]


def _map(node):
    key, value, count = node["$map"]
    return {fill(key, {"i": str(i)}): build(fill(value, {"i": str(i)})) for i in range(build(count))}


def _nest(node):
    """n levels of maps ({"a": ...}) or lists around a string."""
    kind, count = build(node["$nest"])
    value = {"S": "x"}
    for _ in range(count):
        value = {"M": {"a": value}} if kind == "M" else {"L": [value]}
    return value


def _rows(node):
    """Items of one attribute."""
    name, kind, values = build(node["$rows"])
    return [{name: {kind: value}} for value in values]


def _merge(node):
    whole = {}
    for part in node["$merge"]:
        whole.update(build(part))
    return whole


GENERATORS = {
    "$repeat": _repeat,
    "$times": _times,
    "$map": _map,
    "$nest": _nest,
    "$rows": _rows,
    "$merge": _merge,
    "$drop": lambda node: {k: v for k, v in build(node["$drop"]).items() if v != "$none"},
    "$pick": lambda node: build(node["$pick"][1])[node["$pick"][0]],
    "$concat": lambda node: [value for part in node["$concat"] for value in build(part)],
    "$join": lambda node: "".join(str(build(part)) for part in node["$join"]),
    "$bytes": lambda node: base64.b64encode(b"\x01" * build(node["$bytes"])).decode(),
}


def build(node):
    """The node with its $generators carried out."""
    if isinstance(node, dict):
        for name, make in GENERATORS.items():
            if name in node:
                return make(node)
        return {k: build(v) for k, v in node.items()}
    return [build(v) for v in node] if isinstance(node, list) else node


def combinations(each):
    """The sets of variables of an `each`: a list of values (called it) or of sets, or a map of lists: every combination.

    A map's `a.b: {x: [y, z]}` is the pairs a=x b=y, a=x b=z.
    """
    if isinstance(each, dict):
        columns = []
        for name, values in each.items():
            if "." in name:
                outer, inner = name.split(".")
                values = [{outer: key, inner: value} for key, row in values.items() for value in row]
            else:
                values = [{name: value} for value in values]
            columns.append(values)
        for sets in itertools.product(*columns):
            yield {name: value for one in sets for name, value in one.items()}
        return
    for value in each:
        yield value if isinstance(value, dict) else {"it": value}


class Step:
    """One request and what is expected of its reply."""

    def __init__(self, operation, request, expected, save=None, raw=None):
        self.operation, self.request, self.expected, self.save, self.raw = operation, request, expected, save or {}, raw


def step_of(node):
    names = [key for key in node if key[0].isupper()]
    if len(names) != 1 or not set(node) - set(names) <= {*EXPECTED, "save"}:
        raise BadCase(f"not a step: {node}")
    return Step(names[0], node[names[0]], {k: v for k, v in node.items() if k in EXPECTED}, node.get("save"))


class Case:
    """One case of the corpus, complete."""

    def __init__(self, path, node, number=1, family=1):
        self.number, self.family = number, family  # which of how many of its `each`
        if unknown := set(node) - CASE:
            raise BadCase(f"{path}: {node.get('name')}: {unknown}")
        self.path, self.name = path, node["name"]
        self.id = f"{path}: {self.name}"
        self.source, self.words = node.get("source", ""), node.get("words")
        raw = node.get("raw")
        self.operation = node.get("operation") or (raw or {}).get("operation") or "HTTP"
        request = node.get("request", {})
        if isinstance(request, dict):
            request = {k: v for k, v in {**node.get("base", {}), **request}.items() if v != "$none"}
        self.given = node.get("given", [])
        if isinstance(self.given, list):
            self.given = {request.get("TableName"): self.given} if self.given else {}
        self.step = Step(self.operation, request, {k: node[k] for k in EXPECTED if k in node}, raw=raw)
        self.before = [step_of(step) for step in node.get("before", [])]
        self.then = [step_of(step) for step in node.get("then", [])]
        self.text = str(node)
        for source in self.sources():
            if not source.startswith(tuple(kind + ": " for kind in KINDS)):
                raise BadCase(f"{self.id}: source '{source}'")

    def sources(self):
        """A case may name several, separated by semicolons; its rule's first."""
        return [part.strip() for part in self.source.split(";")] + ([self.words] if self.words else [])

    def kind(self):
        return self.source.partition(":")[0]

    def steps(self):
        return [*self.before, self.step, *self.then]


def cases_of(path, name):
    """The cases of a file, in its order."""
    document = read(path)
    if unknown := set(document) - FILE:
        raise BadCase(f"{name}: {unknown}")
    defaults = {key: document[key] for key in FILE - {"topic", "cases"} if key in document}
    for node in document["cases"]:
        node = {**defaults, **node}
        if "operation" in node and isinstance(node.get("raw"), dict):
            node.pop("base", None)
        each = node.pop("each", None)
        names, sets = {}, list(combinations(each)) if each is not None else [{}]
        for i, variables in enumerate(sets, 1):
            case = fill(node, variables)
            case = {key: value for key, value in case.items() if not (key == "words" and value == "$none")}
            names[case["name"]] = number = names.get(case["name"], 0) + 1
            if number > 1:  # variables that the name does not tell
                case["name"] += f" ({number})"
            yield Case(name, build(case), i, len(sets))


def load(root=ROOT):
    """Every case; a name may not stand twice in a file."""
    cases, seen = [], set()
    for path in sorted(root.glob("*/*.yaml")):
        for case in cases_of(path, str(path.relative_to(root).with_suffix(""))):
            if case.id in seen:
                raise BadCase(f"{case.id} stands twice")
            seen.add(case.id)
            cases.append(case)
    return cases


def fixtures(root=ROOT):
    """{table: {"create": CreateTable request, "items": [...]}}"""
    return build(read(root / "fixtures.yaml"))["tables"]


# ---- Judging.

# Where the __type of an error begins (note, section 4, Errors).
PREFIXES = {"ValidationException": "com.amazon.coral.validate#", "SerializationException": "com.amazon.coral.service#",
            "UnknownOperationException": "com.amazon.coral.service#"}
MODELLED = "com.amazonaws.dynamodb.v20120810#"
# Errors whose text stands at Message.
CAPITAL = {"TransactionCanceledException", "TransactionInProgressException", "IdempotentParameterMismatchException", "InvalidEndpointException",
           "SerializationException"}  # the last is not in the model: dynalite, index.js


def differences(wanted, found, exact, where="reply"):
    """Lines that say where `found` is not what is wanted. exact: no member may be there that is not named."""
    if isinstance(wanted, dict) and len(wanted) == 1 and next(iter(wanted)) in MATCHERS:
        (name, argument), = wanted.items()
        return MATCHERS[name](argument, found, exact, where)
    if isinstance(wanted, dict) and isinstance(found, dict):
        lines = []
        for key, value in wanted.items():
            lines += differences(value, found[key], exact, f"{where}.{key}") if key in found else [f"{where}.{key} is missing"]
        if exact:
            lines += [f"{where}.{key} is there: {found[key]!r:.200}" for key in found if key not in wanted]
        return lines
    if isinstance(wanted, list) and isinstance(found, list):
        if where.endswith((".SS", ".NS", ".BS")):
            wanted, found = sorted(map(str, wanted)), sorted(map(str, found))
        if len(wanted) != len(found):
            return [f"{where} has {len(found)} elements, not {len(wanted)}: {found!r:.300}"]
        return [line for i, (a, b) in enumerate(zip(wanted, found)) for line in differences(a, b, exact, f"{where}.{i}")]
    same = wanted == found and isinstance(wanted, bool) == isinstance(found, bool)
    return [] if same else [f"{where} is {found!r:.300}, not {wanted!r:.300}"]


def _unordered(wanted, found, exact, where):
    if not isinstance(found, list) or len(found) != len(wanted):
        return [f"{where} has not {len(wanted)} elements: {found!r:.300}"]
    left = list(found)
    for value in wanted:
        match = next((other for other in left if not differences(value, other, exact)), None)
        if match is None:
            return [f"{where} lacks {value!r:.200}; left: {left!r:.300}"]
        left.remove(match)
    return []


_TYPES = {"string": str, "number": (int, float), "list": list, "map": dict, "boolean": bool}

MATCHERS = {
    "$unordered": _unordered,
    "$like": lambda pattern, found, exact, where: [] if re.search(pattern, str(found)) else [f"{where} is {found!r:.300}, not like {pattern}"],
    "$type": lambda name, found, exact, where: [] if isinstance(found, _TYPES[name]) else [f"{where} is {found!r:.200}, no {name}"],
    "$count": lambda n, found, exact, where: [] if len(found) == n else [f"{where} has {len(found)} elements, not {n}"],
    "$length": lambda n, found, exact, where: [] if len(found) == n else [f"{where} is {len(found)} long, not {n}"],
}


def error_differences(wanted, status, body):
    """wanted: "Type", "Type: text", "Type: /pattern/"; or Types, "One|Other"."""
    kind, _, text = wanted.partition(": ")
    found = body.get("__type", "").rpartition("#")[2]
    message = body.get("message", body.get("Message", ""))
    if found not in kind.split("|"):
        return [f"is {found or status}: {message[:300]}; not {wanted[:300]}"]
    if not text:
        return []
    if not text.startswith(PREFIX):  # some texts have it, some not, and which is changing: note, section 5
        message = message.removeprefix(PREFIX)
    if text.startswith("/") and text.endswith("/"):
        return [] if re.search(text[1:-1], message) else [f"text is {message[:400]!r}, not like {text}"]
    return [] if message == text else [f"text is {message[:400]!r}, not {text[:400]!r}"]


def constraint_differences(wanted, body):
    """wanted: [member, constraint]; both of the service's frameworks will do (note, section 4, Errors)."""
    member, text = wanted
    pattern = rf"at '{re.escape(member)}' failed to satisfy constraint: {re.escape(text)}"
    message = body.get("message", "")
    return [] if re.search(pattern, message, re.IGNORECASE) else [f"text is {message[:400]!r}; not {text!r} at {member}"]


def cancelled_differences(wanted, body):
    """wanted: for each action its code, or a reason."""
    codes = [reason if isinstance(reason, str) else reason["Code"] for reason in wanted]
    text = "Transaction cancelled, please refer cancellation reasons for specific reasons [" + ", ".join(codes) + "]"
    reasons = [{"Code": reason} if isinstance(reason, str) else reason for reason in wanted]
    return error_differences("TransactionCanceledException: " + text, 400, body) + differences(
        reasons, body.get("CancellationReasons"), exact=False, where="CancellationReasons")


def form_differences(status, headers, body, raw):
    """What holds of every reply in JSON (note, section 4, Errors and HTTP)."""
    import zlib

    lines = []
    if headers.get("content-type") != "application/x-amz-json-1.0":
        lines.append(f"Content-Type: {headers.get('content-type')}")
    if len(headers.get("x-amzn-requestid", "")) != 52:
        lines.append(f"x-amzn-RequestId: {headers.get('x-amzn-requestid')}")
    if headers.get("x-amz-crc32") != str(zlib.crc32(raw)):
        lines.append(f"x-amz-crc32: {headers.get('x-amz-crc32')}")
    if status != 200 and "__type" in body:
        kind = body["__type"].rpartition("#")[2]
        if body["__type"] != PREFIXES.get(kind, MODELLED) + kind and kind != "InternalServerError":
            lines.append(f"__type: {body['__type']}")
        if ("message" if kind in CAPITAL else "Message") in body:
            lines.append(f"the text of {kind} is at the other of message and Message")
    return lines


def _is_missing(body, path):
    for part in path.split("."):
        if isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        elif isinstance(body, dict) and part in body:
            body = body[part]
        else:
            return True
    return False


def judge(expected, status, headers, body):
    """Lines that say what of a reply is not as expected; none if all is well. body: decoded, or text."""
    fails = next((key for key in ("error", "constraint", "cancelled") if key in expected), None)
    wanted = expected.get("status", 400 if fails else 200)
    lines = [] if status == wanted else [f"status is {status}, not {wanted}: {body!r:.300}"]
    if fails == "error":
        lines += error_differences(expected["error"], status, body)
    elif fails == "constraint":
        lines += error_differences("ValidationException", status, body) or constraint_differences(expected["constraint"], body)
    elif fails == "cancelled":
        lines += cancelled_differences(expected["cancelled"], body)
    if "reply" in expected:
        lines += differences(expected["reply"], body, exact=True)
    if "has" in expected:
        lines += differences(expected["has"], body, exact=False)
    lines += [f"{path} is there" for path in expected.get("lacks", []) if not _is_missing(body, path)]
    for name, value in expected.get("headers", {}).items():
        found = headers.get(name.lower())
        if value is None:
            lines += [f"{name} is there: {found}"] if found is not None else []
        else:
            lines += differences(value, found, True, name)
    return lines
