"""One more measure or check is one more file: members are found by walking, and each has a test that names it."""

from __future__ import annotations

import ast
import re

import pytest

from tests.rooms.source import PACKAGE, ROOT, modules

pytestmark = pytest.mark.room

FOLDERS = [
    "read/checks",
    "measure/measures",
    "measure/segment/kinds",
    "record/nouns",
    "cli/commands",
    "web/course/lines",
    "share/letter/kinds",
]


SILENT_SHARE = 0.1  # the reason of a few stands in the text around them


def members(folder: str) -> list[str]:
    return sorted(path.stem for path in (PACKAGE / folder).glob("*.py") if not path.stem.startswith("_"))


def texts_below(folder: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).rglob("*.py")))


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_list_of_members_is_kept_elsewhere(folder: str) -> None:
    """A module outside the folder that imports two members by name is a shared list in the making."""
    package = "calciscope." + folder.replace("/", ".")
    names = set(members(folder))
    assert names
    lists = []
    for module in modules():
        if module.path.parent == PACKAGE / folder and module.path.stem != "__init__":
            continue
        inside = (name.removeprefix(f"{package}.") for _, name in module.imported() if name.startswith(f"{package}."))
        if len({name.partition(".")[0] for name in inside} & names) > 2:
            lists.append(module.place)
    assert lists == []


@pytest.mark.parametrize(("folder", "member"), [(folder, member) for folder in FOLDERS for member in members(folder)])
def test_member_is_tested(folder: str, member: str) -> None:
    """By a test that names it, or by a conformance suite that walks its whole folder."""
    package = "calciscope." + folder.replace("/", ".")
    by_name = re.search(rf"\b{re.escape(member)}\b|\b{re.escape(member.replace('_', '-'))}\b", texts_below("tests"))
    by_walking = re.search(rf"{re.escape(package)}\b", texts_below("tests/conformance"))
    assert by_name or by_walking, f"no test names {package}.{member}, and no conformance suite walks {package}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_members_do_not_know_each_other(folder: str) -> None:
    package = "calciscope." + folder.replace("/", ".")
    siblings = [
        f"{module.place}:{line} {name}"
        for module in modules()
        if module.path.parent == PACKAGE / folder and module.path.stem != "__init__"
        for line, name in module.imported()
        if name.startswith(f"{package}.") and name.split(".")[3] in members(folder)
    ]
    assert siblings == []


def test_constants_say_why() -> None:
    """A threshold (a module-level number in capitals) carries its unit and reason, in a comment or a docstring."""
    silent, told = [], 0
    for module in modules():
        if module.room != "measure":
            continue
        lines = module.text.splitlines()
        body = module.tree.body
        for node, following in zip(body, [*body[1:], None], strict=True):
            if not _is_number_constant(node):
                continue
            told += 1
            below = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
            if not below and not _commented(lines, node.lineno - 1):
                silent.append(f"{module.place}:{node.lineno} {lines[node.lineno - 1].strip()[:80]}")
    assert len(silent) <= SILENT_SHARE * told, silent


def _is_number_constant(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        targets, value = node.targets, node.value
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets, value = [node.target], node.value
    else:
        return False
    named = all(isinstance(target, ast.Name) and target.id.lstrip("_").isupper() for target in targets)
    if any(isinstance(target, ast.Name) and target.id == "ORDER" for target in targets):
        return False  # a place in a row, not a threshold
    return named and isinstance(value, ast.Constant) and isinstance(value.value, int | float)


def _commented(lines: list[str], index: int) -> bool:
    """A comment on the line itself, or one above it with no blank line between."""
    if "#" in lines[index]:
        return True
    while index > 0 and lines[index - 1].strip():
        index -= 1
        if lines[index].startswith("#"):
            return True
    return False
