"""The page on security has every part that OWASP ASVS asks to be written down, and says what the settings say; so does the list."""

from __future__ import annotations

import ast
import re

import pytest

from calciscope.record.actions.break_glass import LASTS
from calciscope.record.actions.drafts import LARGEST_BYTES as LARGEST_DRAFT_BYTES
from calciscope.record.patient_list import sheet, workbook
from calciscope.record.photographs import cleaning
from calciscope.record.scans import files as scans
from calciscope.web.accounts.passwords import WORDS_OF_THIS_PLACE
from calciscope.web.gate.lifetime import IDLE_S, LONGEST_S
from calciscope.web.settings import foundation
from docs.generate_security import LEVELS, items, wanted
from tests.conftest import ROOT
from tests.rooms.source import modules

PAGE = (ROOT / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "how-to" / "serve-a-clinic.md").read_text(encoding="utf-8")
PRODUCTION = (ROOT / "src" / "calciscope" / "web" / "settings" / "production.py").read_text(encoding="utf-8")
PARTS = {
    "What is checked in what is typed or sent": ["refused", "must fit together", "server"],
    "Limits": ["a minute", "emergency access"],
    "Files that are taken": ["JPEG", "XLSX", "DICOM", "unpacked", "hostile"],
    "Ways to log in": [
        "authenticator app",
        "passkey",
        "OpenID Connect",
        "PKCE",
        "take_second_factors",
        "whatever the hospital's does",
    ],
    "Passwords": ["leaked", "words of this place"],
    "Guessing": ["wait", "locked"],
    "Sessions": ["without a click", "several devices", "800-63B"],
    "Keys and cryptography": ["Argon2", "Fernet", "SHA-256", "Renew", "breach"],
    "What talks to what": ["PostgreSQL", "mail server", "no address comes from a user"],
    "Data and their protection": ["who a patient is", "clinical facts", "secrets", "kept as long"],
    "Logs": ["audit", "UTC", "how long", "who reads it"],
    "Libraries": ["7 days", "requirements.lock"],
    "What costs much": ["worker", "threads"],
}
CRYPTOGRAPHY = {"hashlib", "hmac", "secrets", "cryptography", "ssl", "fido2", "jwt", "nacl", "Crypto"}
COUNTS = {1: 70, 2: 183, 3: 92}  # items by level, as OWASP counts them (seen)


def part(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def test_the_page_has_its_parts() -> None:
    lacking = {title: [word for word in words if word not in part(title)] for title, words in PARTS.items()}
    assert {title: words for title, words in lacking.items() if words} == {}


def test_numbers_on_the_page_are_those_of_the_settings() -> None:
    assert f"{IDLE_S // 60} minutes without a click" in part("Sessions") and f"{LONGEST_S // 3600} hours" in part(
        "Sessions"
    )
    assert f"At least {foundation.PASSWORD_LEAST_LENGTH} characters" in part("Passwords")
    assert [word for word in WORDS_OF_THIS_PLACE if word not in part("Passwords")] == []
    requests = re.search(r"REQUESTS_A_MINUTE = (\d+)", PRODUCTION)
    assert requests and f"{requests[1]} a minute" in part("Limits")
    assert f"{LASTS.total_seconds() / 60:.0f} minutes" in part("Limits")
    assert f"{LARGEST_DRAFT_BYTES // 1000} kB" in part("Limits")
    assert f"{sheet.LARGEST_BYTES // 1_000_000} MB, {sheet.MOST_ROWS:,} rows, {sheet.MOST_COLUMNS} columns" in part(
        "Limits"
    )
    taken = part("Files that are taken")
    assert f"{cleaning.LARGEST_BYTES // 1_000_000} MB, {cleaning.MOST_PIXELS // 1_000_000} million pixels" in taken
    assert f"{workbook.LARGEST_PART_BYTES // 1_000_000} MB unpacked" in taken
    assert f"{scans.LARGEST_BYTES // 1_000_000_000} GB, {scans.MOST_FILES:,} files" in taken
    assert "works once and for an hour" in part("Ways to log in") and foundation.PASSWORD_RESET_TIMEOUT == 3600


def test_every_use_of_cryptography_is_in_the_inventory() -> None:
    """A module that imports a library of cryptography belongs to a row of the inventory."""
    rows = {
        "read/dicom_series.py", "read/identity.py", "knowledge/load.py", "phantom/lattice.py", "record/canonical.py",
        "record/backup/tables.py", "record/backup/restore.py", "record/backup/write.py", "record/private_files.py",
        "record/scans/files.py", "record/letters/files.py", "share/letter/typesetting.py",
        "record/trials/draw.py", "record/films/pixels.py",
        "record/management/commands/demonstration_people.py", "web/settings/home.py", "web/gate/answers.py",
        "web/accounts/passwords.py", "web/accounts/sealing.py",
    }  # fmt: skip
    using = {
        module.place.removeprefix("src/calciscope/")
        for module in modules()
        for _, name in module.imported()
        if name.split(".")[0] in CRYPTOGRAPHY
    }
    assert using - rows == set(), (
        "name what it is for under Keys and cryptography of docs/explanation/security.md, then here"
    )


def test_the_proxy_of_the_guide_speaks_current_tls_alone() -> None:
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in GUIDE
    suites = re.search(r"ssl_ciphers (\S+);", GUIDE)
    assert suites
    for suite in suites[1].split(":"):
        assert suite.startswith("ECDHE-") and "-GCM-" in suite, suite
    assert "X-Forwarded-For $remote_addr" in GUIDE, "what a browser claims is not passed on"


def test_no_item_is_missing_and_none_is_there_twice() -> None:
    levels = "".join(LEVELS.values())
    assert {level: levels.count(str(level)) for level in COUNTS} == COUNTS
    assert set(items()) == set(wanted())


@pytest.mark.parametrize("number", sorted(items()))
def test_an_item_has_tests_that_are_there_or_a_reason(number: str) -> None:
    item = items()[number]
    assert set(item) <= {"about", "tests", "reason"} and item["about"]
    assert item.get("tests") or item.get("reason")
    lost = [name for name in item.get("tests", ()) if name.split("::")[1] not in defined_in(name.split("::")[0])]
    assert lost == []
    assert len(item.get("reason", "x" * 9)) > 7


def defined_in(place: str) -> set[str]:
    path = ROOT / "tests" / place
    if not path.is_file():
        return set()
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}
