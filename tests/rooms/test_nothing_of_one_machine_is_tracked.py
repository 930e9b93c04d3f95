"""No machine's paths, no index address, nothing large, nothing secret under version control."""

from __future__ import annotations

import re

import pytest

from tests.rooms.source import ROOT, tracked

pytestmark = pytest.mark.room

LARGEST_FILE_BYTES = 1_500_000
# Spelled in parts, so that this file does not find itself.
MACHINE_PATHS = re.compile(
    "|".join([r"(?<![\w.])/" + r"work/", r"(?<![\w.])/" + r"root/", r"/home/" + r"\w+", r"[A-Z]:\\" + r"Users\\"])
)
INDEX_HOSTS = re.compile(
    "|".join(
        ["py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npm", "--(extra-)?index" + r"-url[ =]\S*//"]
    )
)
BINARY = {".png", ".pdf", ".ttf", ".otf", ".gz", ".zip", ".npz", ".npy", ".dcm", ".jpg", ".woff2", ".ico"}


def texts() -> dict[str, str]:
    names = (name for name in sorted(tracked()) if (ROOT / name).suffix not in BINARY)
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in names}


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number} {line.strip()[:120]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_path_of_one_machine() -> None:
    assert found(MACHINE_PATHS) == []


def test_no_index_address() -> None:
    assert found(INDEX_HOSTS) == []


def test_locks_hold_only_versions_and_hashes() -> None:
    shape = re.compile(r"^([a-z0-9.-]+==[^ ]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)$")
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert lines
        assert [line for line in lines if not shape.match(line)] == []


def test_runtime_lock_is_part_of_the_whole_lock() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9.-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    assert pinned("requirements.lock") <= pinned("requirements-dev.lock")


def test_nothing_large_is_tracked() -> None:
    sizes = {name: (ROOT / name).stat().st_size for name in tracked()}
    assert {name: size for name, size in sizes.items() if size > LARGEST_FILE_BYTES} == {}


def test_no_measured_scan_of_a_person_is_tracked() -> None:
    scans = [name for name in tracked() if name.endswith((".dcm", ".nii", ".nii.gz"))]
    assert [name for name in scans if not name.startswith("tests/")] == []
