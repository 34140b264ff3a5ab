"""A folder includes only what stands above it and what it declares; outside libraries stay where they belong."""

import checks
import pytest
import tree

FOLDERS = checks.parse_folders(tree.text("src/folders.cmake"))
SAMPLE = checks.parse_folders("""
stator_folder(base PUBLIC x)
stator_folder(json DEPS base PRIVATE simdjson::simdjson)
stator_folder(engine DEPS base)
stator_folder(engine/memory DEPS base engine)
stator_folder(item DEPS base json TEST_DEPS engine/memory)  # a remark
stator_folder(services/a DEPS item)
stator_folder(services/b DEPS item)
stator_folder(server DEPS services/a services/b)
""")


def test_folders_are_in_order():
    assert len(FOLDERS) > 10
    assert checks.check_order(FOLDERS) == []


def test_every_folder_is_listed():
    found = {checks.folder_of(path[4:], FOLDERS) or path for path in tree.matching("src/", (".cc", ".h")) if path.count("/") > 1}
    assert found <= set(FOLDERS)


def test_includes_of_src():
    findings = []
    for path in tree.matching("src/", (".cc", ".h", ".def")):
        if path.count("/") > 1:
            findings += checks.check_includes(path[4:], tree.text(path), FOLDERS)
    assert findings == []


def test_includes_of_the_application():
    findings = []
    for path in tree.matching("apps/", (".cc", ".h")):
        findings += checks.check_app_includes(path, tree.text(path), FOLDERS)
    assert findings == []


@pytest.mark.parametrize("path,text,word", [
    ("base/x.cc", '#include "json/value.h"\n', "upward"),
    ("item/x.h", '#include "services/a/x.h"\n', "upward"),
    ("services/b/x.cc", '#include "engine/engine.h"\n', "undeclared"),
    ("services/b/x.cc", '#include "services/a/x.h"\n', "service"),
    ("services/a/x.cc", '#include "server/main.h"\n', "upward"),
    ("item/x.cc", '#include "engine/memory/memory.h"\n', "undeclared"),
    ("item/x.cc", '#include "../json/value.h"\n', "not a path"),
    ("item/x.cc", '#include "value.h"\n', "not a path"),
    ("item/x.cc", "#include <simdjson.h>\n", "simdjson"),
    ("engine/memory/x.cc", "#  include <rocksdb/db.h>\n", "rocksdb"),
    ("json/x.cc", "#include <curl/curl.h>\n", "curl"),
    ("json/x.cc", "#include <openssl/sha.h>\n", "openssl"),
    ("item/x.cc", "#include <asio.hpp>\n", "asio"),
    ("nowhere/x.cc", "", "belongs to no folder"),
])
def test_bad_includes_are_found(path, text, word):
    findings = checks.check_includes(path, text, SAMPLE)
    assert findings and word in findings[0]


@pytest.mark.parametrize("path,text", [
    ("item/x.cc", '#include "item/x.h"\n#include "json/value.h"\n#include "base/bytes.h"\n#include <vector>\n'),
    ("services/a/x.cc", '#include "json/value.h"\n'),
    ("item/x_test.cc", '#include "engine/memory/memory.h"\n#include <gtest/gtest.h>\n'),
    ("json/x.cc", "#include <simdjson.h>\n"),
])
def test_good_includes_are_not(path, text):
    assert checks.check_includes(path, text, SAMPLE) == []


def test_bad_order_is_found():
    bad = checks.parse_folders("stator_folder(a DEPS b)\nstator_folder(b)\nstator_folder(services/x)\n"
                               "stator_folder(services/y DEPS services/x nope)\n")
    assert len(checks.check_order(bad)) == 3


def test_the_application_knows_little():
    folders = checks.parse_folders("stator_folder(base)\nstator_folder(table DEPS base)\n")
    assert checks.check_app_includes("apps/messages/x.cc", '#include "table/mutate.h"\n', folders)
    assert checks.check_app_includes("apps/messages/x.cc", "#include <rocksdb/db.h>\n", folders)
    assert not checks.check_app_includes("apps/messages/x.cc", '#include "base/bytes.h"\n', folders)
