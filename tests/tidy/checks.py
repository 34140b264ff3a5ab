"""The checks behind test_*.py: functions from text to findings, so that each can be shown a bad sample.

A finding is a line "where: what is wrong". Nothing here knows which files the tree has.
"""

import ast
import re

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)

# Outside libraries: how their headers begin, and the only folders that may name them. Tests may use what their folder
# uses; an entry ending in "/" covers its subfolders.
LIBRARIES = {
    "simdjson": (("simdjson",), ("json",)),
    "rocksdb": (("rocksdb/",), ("engine/rocksdb", "engine/fault")),
    "curl": (("curl/",), ("client",)),
    "asio": (("asio", "boost/asio"), ("base", "http")),
    "openssl": (("openssl/",), ("base", "sigv4", "http", "pools", "apps/messages")),
    "zlib": (("zlib",), ("http",)),
    "spdlog": (("spdlog/",), ("base",)),
    "xxhash": (("xxhash",), ("base", "json", "item", "engine", "engine/rocksdb")),
    "CLI11": (("CLI/",), ("server", "cli", "apps/messages")),
    "libpq": (("libpq", "postgresql/"), ("apps/messages",)),
    "sqlite": (("sqlite3",), ("apps/messages",)),
    "toml++": (("toml++/", "toml.hpp"), ("server",)),
}

# What apps/messages may take from src/: it reaches the server over HTTP only.
APP_FOLDERS = ("base", "errors", "json", "http", "sigv4", "client")


class Folder:
    def __init__(self, name, order, deps, test_deps):
        self.name, self.order, self.deps, self.test_deps = name, order, deps, test_deps


def parse_folders(text):
    """The stator_folder(...) lines of src/folders.cmake, by name, in their order."""
    text = re.sub(r"#.*", "", text)
    folders = {}
    for order, body in enumerate(re.findall(r"stator_folder\(([^)]*)\)", text)):
        words = body.split()
        lists, current = {}, None
        for word in words[1:]:
            if word in ("DEPS", "PUBLIC", "PRIVATE", "TEST_DEPS"):
                current = lists.setdefault(word, [])
            elif current is not None:
                current.append(word)
        folders[words[0]] = Folder(words[0], order, lists.get("DEPS", []), lists.get("TEST_DEPS", []))
    return folders


def folder_of(path, folders):
    """The folder that a path below src/ belongs to: the longest name that is its prefix; None if there is none."""
    parts = path.split("/")[:-1]
    while parts:
        if "/".join(parts) in folders:
            return "/".join(parts)
        parts.pop()
    return None


def declared(folder, folders, with_tests):
    """The folders it may include: its DEPS and what they pass on, itself, and TEST_DEPS with theirs for tests."""
    reached, pending = set(), [folder] + (folders[folder].test_deps if with_tests else [])
    while pending:
        name = pending.pop()
        if name not in reached and name in folders:
            reached.add(name)
            pending += folders[name].deps
    return reached


def check_order(folders):
    """DEPS must name folders that stand above; services must not know each other."""
    findings = []
    for folder in folders.values():
        for dep in folder.deps:
            if dep not in folders:
                findings.append(f"src/folders.cmake: {folder.name} depends on {dep}, which is no folder")
            elif folders[dep].order >= folder.order:
                findings.append(f"src/folders.cmake: {folder.name} depends on {dep}, which stands below it")
            if folder.name.startswith("services/") and dep.startswith("services/"):
                findings.append(f"src/folders.cmake: service {folder.name} knows service {dep}")
            if dep == "server":
                findings.append(f"src/folders.cmake: {folder.name} depends on server; nothing includes it")
    return findings


def is_test(path):
    return re.search(r"(_test|_testing|_twin|_fuzz|_bench)\.(cc|h)$", path) is not None or "/testing/" in path


def check_includes(path, text, folders):
    """One file below src/ (path without "src/"): its own folders and libraries only."""
    here = folder_of(path, folders)
    if here is None:
        return [f"src/{path}: belongs to no folder of src/folders.cmake"]
    allowed = declared(here, folders, is_test(path) or path.endswith("_main.cc"))
    findings = []
    for quoted, angled in INCLUDE.findall(text):
        if quoted:
            target = folder_of(quoted, folders)
            if target is None:
                if "/" not in quoted or quoted.startswith(".."):
                    findings.append(f'src/{path}: includes "{quoted}", which is not a path from src/')
                continue
            if target not in allowed:
                way = "upward" if folders[target].order > folders[here].order else "undeclared"
                findings.append(f'src/{path}: {way} include of "{quoted}"')
            if here.startswith("services/") and target.startswith("services/") and target != here:
                findings.append(f'src/{path}: service includes service "{quoted}"')
        findings += check_library(path, here, angled or quoted)
    return findings


def check_library(path, folder, header):
    for library, (beginnings, allowed) in LIBRARIES.items():
        if header.startswith(beginnings) and folder not in allowed:
            return [f"{path}: {library} ({header}) may be named only in {', '.join(allowed)}"]
    return []


def check_app_includes(path, text, folders):
    """One file of apps/messages."""
    findings = []
    for quoted, angled in INCLUDE.findall(text):
        target = folder_of(quoted, folders) if quoted else None
        if target is not None and target not in APP_FOLDERS:
            findings.append(f'{path}: the application includes "{quoted}"; it may know {", ".join(APP_FOLDERS)}')
        findings += check_library(path, "apps/messages", angled or quoted)
    return findings


# What must never be committed: where we work, what we meant to do later, merge leftovers, secrets.
LEAKS = [
    (re.compile(r"(?<![\w.])/(?:work|root|home/[a-z]\w*)/\w"), "an absolute path of somebody's machine"),
    (re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b"), "a note to oneself"),
    (re.compile(r"^(?:<{7}|>{7}|={7})(?: |$)", re.M), "a merge conflict"),
    (re.compile(r'"resolved"\s*:'), "the host of a package registry"),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b(?<!EXAMPLE)"), "an access key"),
    (re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----"), "a private key"),
]


def check_leaks(path, text):
    findings = []
    for pattern, what in LEAKS:
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            findings.append(f"{path}:{line}: {what}: {match.group(0)!r}")
    return findings


def check_text(path, text):
    """Plain form: UTF-8 without tabs (where they mean nothing), no space at the end of a line, one newline at the end."""
    findings = []
    for number, line in enumerate(text.split("\n"), 1):
        if line != line.rstrip() and not path.endswith((".md", ".txt")):
            findings.append(f"{path}:{number}: space at the end of the line")
        if "\t" in line and path.endswith((".cc", ".h", ".def", ".py", ".cmake", ".js", ".mjs")):
            findings.append(f"{path}:{number}: tab")
        if "\r" in line:
            findings.append(f"{path}:{number}: carriage return")
    if text and not text.endswith("\n"):
        findings.append(f"{path}: no newline at the end")
    if text.endswith("\n\n"):
        findings.append(f"{path}: empty lines at the end")
    return findings


SOURCE_LINES = 500


def check_size(path, text, limit=SOURCE_LINES):
    lines = text.count("\n")
    return [f"{path}: {lines} lines; split it by idea (limit {limit})"] if lines > limit else []


def check_header(path, text):
    findings = []
    if "#pragma once" not in text:
        findings.append(f"{path}: no #pragma once")
    if not text.lstrip().startswith("//"):
        findings.append(f"{path}: a header begins by saying what it is")
    if re.search(r"^using namespace ", text, re.M):
        findings.append(f"{path}: using namespace in a header")
    return findings


def error_rows(text):
    return re.findall(r"^STATOR_ERROR\((\w+),", text, re.M)


def check_rows_used(rows, sources):
    """Rows (id -> where it stands) that no source names."""
    words = set()
    for text in sources:
        words.update(re.findall(r"\bk[A-Z]\w*", text))
    return [f"{where}: {row} is raised nowhere" for row, where in rows.items() if row not in words]


def check_rows_once(files):
    """files: path -> text. An id stands once; two rows with the same type and text are one row."""
    findings, ids, texts = [], {}, {}
    for path, text in files.items():
        for row, kind, words in re.findall(r'^STATOR_ERROR\((\w+), (\w+),\s*("(?:[^"\\]|\\.|"\s*")*")\)', text, re.M):
            if row in ids:
                findings.append(f"{path}: {row} stands in {ids[row]} too")
            ids[row] = path
            if words not in ('""', '"{}"') and texts.setdefault((kind, words), row) != row:
                findings.append(f"{path}: {row} has the text of {texts[kind, words]}")
    return findings


def check_python(path, text):
    """Imports that nothing uses, tests of one name of which only the last one runs."""
    tree = ast.parse(text)
    imported = {(alias.asname or alias.name).split(".")[0]: node.lineno for node in ast.walk(tree)
                if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    findings = [f"{path}:{line}: {name} is imported and not used" for name, line in imported.items() if name not in used]
    seen = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            if node.name in seen:
                findings.append(f"{path}:{node.lineno}: {node.name} stands twice")
            seen.add(node.name)
    return findings
