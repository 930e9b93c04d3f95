"""Writes what each role may do, and the list of OWASP ASVS 5.0 with the tests behind each item."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from calciscope.record.permissions import ROLE_MAY, Permission, Role

ASVS = Path(__file__).parent / "asvs"
LEVELS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223", "6.7": "33",
    "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
"""Level of each item of OWASP ASVS 5.0.0 by section: the n-th digit is that of item n (seen: the project's own table)."""
CHAPTERS = (
    "Encoding and what is made safe", "Checks and order of steps", "The browser's part", "Web service", "Files", "Log-in",
    "Sessions", "Who may do what", "Signed tokens", "OAuth and OpenID Connect", "Cryptography", "Encrypted lines",
    "Configuration", "Data", "Code and libraries", "Logs and errors", "WebRTC",
)  # fmt: skip
INTRODUCTION = """The items of levels 1 and 2 of the OWASP Application Security Verification Standard 5.0.0, by number and in our own few
words; the standard's own text is at owasp.org (CC BY-SA 4.0). Behind each item stand the tests that hold it, or why it does not apply,
or who else meets it. Nobody from outside has verified this. A test fails when an item is missing here or a test named here is not there
([how the record is protected](../explanation/security.md))."""


def wanted() -> dict[str, int]:
    """Number -> level, of the items of levels 1 and 2."""
    items = {
        f"{section}.{place}": int(level) for section, levels in LEVELS.items() for place, level in enumerate(levels, 1)
    }
    return {number: level for number, level in items.items() if level <= 2}


def items() -> dict[str, dict[str, Any]]:
    """Number -> what is written of it; a number that is written twice raises."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(ASVS.glob("*.toml")):
        for number, item in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if number in found:
                raise ValueError(f"{path.name}: {number} is written twice.")
            found[number] = item
    return found


def asvs_page(generated: str) -> str:
    """The table, chapter by chapter."""
    written, levels = items(), wanted()
    held = sum("tests" in item for item in written.values())
    count = f"{len(levels)} items: {held} held by tests, {len(levels) - held} that do not apply or that others meet."
    parts = ["# OWASP ASVS 5.0, levels 1 and 2", generated, INTRODUCTION, count]
    for chapter, title in enumerate(CHAPTERS, 1):
        rows = [
            _row(number, level, written[number])
            for number, level in levels.items()
            if number.split(".")[0] == str(chapter)
        ]
        parts += [
            f"## {chapter}. {title}",
            "\n".join(["| item | level | what | held by |", "|---|---|---|---|", *rows]),
        ]
    return "\n\n".join(parts) + "\n"


def _row(number: str, level: int, item: dict[str, Any]) -> str:
    held = [f"`{name.split('/')[-1].replace('::', '` `')}`" for name in item.get("tests", ())]
    said = [*held, item["reason"]] if "reason" in item else held
    return f"| {number} | {level} | {item['about']} | {'<br>'.join(said)} |"


def roles_page(generated: str) -> str:
    """Permission by role."""
    roles = [role for role in Role if ROLE_MAY[role]]
    head = "| permission | " + " | ".join(role.value for role in roles) + " |"
    rows = [
        f"| {one.value} | " + " | ".join("yes" if one in ROLE_MAY[role] else "" for role in roles) + " |"
        for one in Permission
    ]
    table = "\n".join([head, "|---|" + "---|" * len(roles), *rows])
    return "\n\n".join(["# Roles and what they may do", generated, ROLES_INTRODUCTION, table]) + "\n"


ROLES_INTRODUCTION = """Who may do what, before anybody asks with which patient; each action and query names the permission it
needs. A role that is not named may nothing, and a patient is reached by the care team alone, or in an emergency
([decision 10](../decisions/0010-facts-are-appended.md)). A `reader` of a trial reaches no patient: only scans that a
[reading plan](../how-to/read-for-a-trial.md) has given to that reader, without name and day; progress, agreement and tables of a plan
are for its own site, by subject numbers. By fields: who a patient is needs `see_identity` and `edit_identity`,
apart from all that is clinical; what a scan showed is decided with `decide_imaging`; a signed visit takes changes with `amend` and
a reason alone; administrators and officers reach no clinical field; no role changes or deletes a fact."""
