"""ARCHITECTURE.md against the tree: all folders, in their order; files that exist; ten files for one PutItem."""

import re

import checks
import tree

PAGE = tree.text("ARCHITECTURE.md")
FOLDERS = checks.parse_folders(tree.text("src/folders.cmake"))


def section(heading):
    return PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_every_folder_of_src_is_explained_in_order():
    assert re.findall(r"^\| `([\w/]+)` \|", section("Folders").split("| folder beside")[0], re.M) == list(FOLDERS)


def test_every_folder_beside_src_is_explained():
    explained = set()
    for cell in re.findall(r"^\| ((?:`[\w/]+`(?:, )?)+) \|", section("Folders").split("| folder beside")[1], re.M):
        names = re.findall(r"`([\w/]+)`", cell)
        explained |= {names[0]} | {name if tree.matching(name + "/") else names[0].rpartition("/")[0] + "/" + name for name in names[1:]}
    assert [folder for folder in explained if not tree.matching(folder + "/")] == []
    files = [path for path in tree.files() if not path.startswith(".")]
    top = {path.split("/")[0] for path in files if "/" in path} - {"src", "apps", "web"}
    below = {"/".join(path.split("/")[:2]) for path in files if path.startswith(("apps/", "web/"))}
    app = {"/".join(path.split("/")[:3]) for path in files if path.startswith("apps/messages/") and path.count("/") > 2}
    data = {"apps/messages/conversations"}
    assert sorted((top | below | app) - explained - data) == []


def test_mentioned_files_exist():
    known = {"/" + path for path in tree.files()}
    mentioned = re.findall(r"`([\w./-]+\.(?:cc|h|py|md|cmake|json|sql|c))`", PAGE)
    assert len(mentioned) > 100
    assert [name for name in mentioned if not any(path.endswith("/" + name) for path in known)] == []


def test_one_put_item_is_ten_files():
    steps = re.findall(r"^(\d+)\. `(src/[\w/]+\.cc)`, `([\w:]+)`", section("One PutItem in ten files"), re.M)
    assert [int(number) for number, _, _ in steps] == list(range(1, 11))
    assert len({path for _, path, _ in steps}) == 10
    for _, path, function in steps:
        assert function in tree.text(path), f"{path} has no {function}"
