"""Pages that a program writes are what it writes now; options and commands that pages name are there."""

import os
import re
import subprocess

import pytest
from support.server import ROOT, stator_binary

pytestmark = pytest.mark.stator

# Options that pages name of the aws command line, CMake and load generators.
OTHERS = set("""--auth-flow --auth-parameters --auto-verified-attributes --batch-size --build --client-id --client-name --code
--confirmation-code --event-source-arn --explicit-auth-flows --filter-criteria --function-name --handler --password --pool-name
--preset --query --role --runtime --s3-bucket --s3-key --starting-position --table-name --target --user-attributes --username
--user-pool-id --zip-file --cli-input-json --endpoint-url --region --format""".split())


def test_operations_pages_are_current():
    environment = dict(os.environ, STATOR_BIN=str(stator_binary()))
    written = subprocess.run([ROOT / "bin/describe", "--check"], capture_output=True, text=True, env=environment)
    assert written.returncode == 0, written.stdout + written.stderr


def options_of(text):
    return set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text))


def helps():
    """What --help says, by command."""
    programs = {"stator": ["serve", "check", "dump", "load", "tables", "functions", "logs", "pools", "users", "outbox"], "cruddur": []}
    found = {}
    for program, commands in programs.items():
        pending = [[]] + [[command] for command in commands]
        while pending:
            words = pending.pop()
            done = subprocess.run([stator_binary().with_name(program), *words, "--help"], capture_output=True, text=True, check=True)
            found[" ".join([program, *words])] = done.stdout
            if "Subcommands:\n" in done.stdout and words + [program] != ["stator"]:
                listed = done.stdout.split("Subcommands:\n")[1].split("\n\n")[0]
                pending += [words + [name] for name in re.findall(r"^  (\S+)", listed, re.M)]
    for script in (ROOT / "bin").iterdir():
        if script.is_file():
            found[f"bin/{script.name}"] = script.read_text()
    for script in ("compare", "messages", "triggers"):
        found[f"bench/{script}"] = (ROOT / "bench" / script).read_text()
    return found


def test_the_page_of_the_server_has_its_options_and_no_others():
    page = (ROOT / "docs/server.md").read_text()
    assert options_of(page.split("## Pages")[0]) - {"--json"} == options_of(helps()["stator serve"]) - {"--help"}


def test_options_in_the_docs_exist():
    known = set().union(*map(options_of, helps().values())) | OTHERS
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("web/*/README.md"), *ROOT.glob("apps/messages/**/README.md")]
    assert len(pages) > 10
    assert {str(page): left for page in pages if (left := options_of(page.read_text()) - known)} == {}


def test_commands_in_the_docs_exist():
    known = set(helps())
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        named = re.findall(r"`(?:build/release/)?((?:stator|cruddur) [a-z][a-z-]*)", page.read_text())
        assert {name for name in named if name not in known} == set(), page
