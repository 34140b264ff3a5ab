"""Lists that must agree with each other: error rows and who raises them, disk formats and their pages."""

import re

import checks
import tree

TABLES = {path: tree.text(path) for path in tree.matching("src/errors/table/", (".def",))}


def sources():
    return [tree.text(path) for root in ("src/", "apps/") for path in tree.matching(root, (".cc", ".h"))]


def test_every_error_row_is_raised():
    rows = {row: path for path, text in TABLES.items() for row in checks.error_rows(text)}
    assert len(rows) > 3
    assert checks.check_rows_used(rows, sources()) == []


def test_error_rows_stand_once():
    assert checks.check_rows_once(TABLES) == []


def test_every_table_is_included():
    listed = re.findall(r'#include "(errors/table/\w+\.def)"', TABLES["src/errors/table/all.def"])
    assert {f"src/{path}" for path in listed} == set(TABLES) - {"src/errors/table/all.def"}
    for path in listed:
        header = path.replace("table/", "").replace(".def", ".h")
        assert f'#include "{path}"' in tree.text(f"src/{header}"), header


def test_every_format_page_is_mentioned():
    pages = tree.matching("docs/formats/", (".md",))
    everything = "\n".join(sources())
    assert [page for page in pages if page not in everything and not page.endswith("README.md")] == []


def test_mentioned_pages_exist():
    mentioned = {page for text in sources() for page in re.findall(r"docs/[\w/-]+\.md", text)}
    assert sorted(page for page in mentioned if not (tree.ROOT / page).is_file()) == []


def test_mentioned_tests_exist():
    mentioned = {path for path in tree.matching("", (".cc", ".h", ".md", ".cmake")) if tree.text(path)
                 for path in re.findall(r"\btests/[\w/]+\.py\b", tree.text(path))}
    assert sorted(path for path in mentioned if not (tree.ROOT / path).is_file()) == []


def test_unused_rows_are_found():
    assert checks.check_rows_used({"kNever": "a.def", "kUsed": "a.def"}, ["Fail(errors::kUsed)"]) == [
        "a.def: kNever is raised nowhere"]


def test_double_rows_are_found():
    row = 'STATOR_ERROR({}, ValidationException, "{}")\n'
    assert checks.check_rows_once({"a.def": row.format("kA", "x") + row.format("kB", "y")}) == []
    assert checks.check_rows_once({"a.def": row.format("kA", "x"), "b.def": row.format("kA", "y")})
    assert checks.check_rows_once({"a.def": row.format("kA", "x"), "b.def": row.format("kB", "x")})
