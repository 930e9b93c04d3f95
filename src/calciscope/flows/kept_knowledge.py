"""Versions of the knowledge that a clinic has worked with, kept whole, so that a new one can be held against them."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from calciscope.knowledge import Knowledge, knowledge, load_knowledge
from calciscope.knowledge.load import FOLDERS, SHIPPED
from calciscope.terms.errors import Refused

KEPT_ON = "kept_on"  # the file that says since when


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One version, and the day on which it was first worked with."""

    version: str
    kept_on: date | None


def kept_below(files: Path) -> Path:
    """Where versions are kept below the folder of a clinic's files."""
    return files / "knowledge"


def keep_knowledge(folder: Path, *, on: date) -> str:
    """Keep the version that is installed, once; returns it. Raises Broken where that does not hold together."""
    version = knowledge().version
    place = folder / version
    if place.is_dir():
        return version
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
    for name in FOLDERS:
        shutil.copytree(SHIPPED / name, beside / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (beside / KEPT_ON).write_text(on.isoformat(), encoding="ascii")
    try:
        os.replace(beside, place)
    except OSError:  # another server of this clinic was quicker
        shutil.rmtree(beside, ignore_errors=True)
    return version


def kept_versions(folder: Path) -> tuple[Kept, ...]:
    """Those that are kept, without the one that is installed, the newest first."""
    now = knowledge().version
    places = [one for one in folder.glob("*") if one.is_dir() and one.name[0] != "." and one.name != now]
    kept = [Kept(version=one.name, kept_on=_day(one)) for one in places]
    return tuple(sorted(kept, key=lambda one: (one.kept_on or date.min, one.version), reverse=True))


def kept(folder: Path, version: str) -> Knowledge:
    """A version that is kept. Raises Refused where it is not, or where this program cannot read it any more."""
    if version not in {one.version for one in kept_versions(folder)}:
        raise Refused("This version of the knowledge is not kept here; choose one of those listed.")
    return _load(folder / version)


@lru_cache(maxsize=2)
def _load(place: Path) -> Knowledge:
    return load_knowledge(place)


def _day(place: Path) -> date | None:
    try:
        return date.fromisoformat((place / KEPT_ON).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
