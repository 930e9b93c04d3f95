"""For which pictures in files the advice of two versions of the knowledge differ; without a database, on several cores."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from calciscope.advise import Change, Difference, change, differences_by
from calciscope.knowledge import knowledge, load_knowledge
from calciscope.read.picture_json import read_picture
from calciscope.share.score_json import json_text
from calciscope.terms.errors import Refused, WrongUsage

LARGEST_BYTES = 5_000_000  # of one picture
PART = 50  # pictures handed to a core at a time


def changed_for_pictures(places: Sequence[Path], *, earlier: Path, later: Path | None, jobs: int) -> str:
    """For pictures in files, or in folders of files, as JSON text; ``later`` None is the knowledge that is installed.

    Raises WrongUsage for what is not there, Refused, with the file, for a picture or a knowledge that does not hold together.
    """
    for folder in (earlier, *([later] if later else [])):
        if not folder.is_dir():
            raise WrongUsage(f"The folder of knowledge {folder} is not there.")
    changed = _change(earlier, later)
    files = _files(places)
    parts = [files[start : start + PART] for start in range(0, len(files), PART)]
    if jobs == 1 or len(parts) < 2:
        compared = [_differing(part, changed) for part in parts]
    else:
        with ProcessPoolExecutor(jobs or None) as cores:
            compared = list(cores.map(_of_part, [(part, earlier, later) for part in parts]))
    differing = [one for part in compared for one in part]
    return json_text(
        {
            "schema": "calciscope.knowledge_change",
            "schema_version": 1,
            "before": changed.before.version,
            "after": changed.after.version,
            "edits": [
                {"file": f"{one.folder}/{one.id}", "before": one.before, "after": one.after} for one in changed.edits
            ],
            "pictures": len(files),
            "differing": [
                {"picture": name, "differences": [difference_document(one) for one in found]}
                for name, found in differing
            ],
        }
    )


def difference_document(one: Difference) -> dict[str, object]:
    """One difference as plain values."""
    return {
        "therapy": one.therapy,
        "line": {"before": one.line_before, "after": one.line_after},
        "stops": {"gone": list(one.stops_gone), "new": list(one.stops_new)},
        "cautions": {"gone": list(one.cautions_gone), "new": list(one.cautions_new)},
    }


def _of_part(asked: tuple[list[Path], Path, Path | None]) -> list[tuple[str, tuple[Difference, ...]]]:
    part, earlier, later = asked
    return _differing(part, _change(earlier, later))


@cache
def _change(earlier: Path, later: Path | None) -> Change:
    """Read once in each process."""
    return change(load_knowledge(earlier), load_knowledge(later) if later else knowledge())


def _differing(files: list[Path], changed: Change) -> list[tuple[str, tuple[Difference, ...]]]:
    found = []
    for file in files:
        try:
            given = file.read_bytes()
            if len(given) > LARGEST_BYTES:
                raise Refused("The picture is larger than 5 MB; this is some other file.")
            differences = differences_by(changed, read_picture(given))
        except Refused as refused:
            raise Refused(f"{file.name}: {refused}") from refused
        if differences:
            found.append((file.name, differences))
    return found


def _files(places: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise WrongUsage(f"PICTURE {place} is not there.")
        found += sorted(place.glob("*.json")) if place.is_dir() else [place]
    return found
