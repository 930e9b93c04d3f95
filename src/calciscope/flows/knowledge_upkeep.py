"""Keep the knowledge current: references that come in wait to be looked at, and what is overdue to be checked is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from calciscope.knowledge import Knowledge, knowledge, load_knowledge
from calciscope.knowledge.currency import checked_files
from calciscope.knowledge.load import SHIPPED
from calciscope.knowledge.model import LookedAt
from calciscope.knowledge.take_references import Taken, take
from calciscope.read.references import read_references
from calciscope.record.written_days import written
from calciscope.share.score_json import json_text
from calciscope.terms.errors import Refused, WrongUsage
from calciscope.terms.references import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many references were read, and what became of them."""

    read: int
    taken: Taken


def import_references(files: Sequence[Path], *, folder: Path | None, on: date) -> Imported:
    """What became of the lists; every file is read before anything is written. Raises WrongUsage, Refused with the file."""
    known = _known(folder)
    references: list[Reference] = []
    for file in files:
        if not file.is_file():
            raise WrongUsage(f"The list of references {file} is {'no file' if file.exists() else 'not there'}.")
        try:
            references += read_references(file.read_bytes())
        except Refused as refused:
            raise Refused(f"{file.name}: {refused}") from refused
    return Imported(read=len(references), taken=take(references, known, folder=folder or SHIPPED, on=on))


def imported_as_json(found: Imported) -> str:
    """For programs."""
    return json_text(
        {
            "schema": "calciscope.references_imported",
            "schema_version": 1,
            "read": found.read,
            "new": list(found.taken.new),
            "evidence_already": found.taken.evidence,
            "waiting_already": found.taken.waiting,
            "set_aside_before": found.taken.set_aside,
        }
    )


def imported_as_text(found: Imported) -> str:
    """For people."""
    taken = found.taken
    lines = [
        f"{found.read} references read: {len(taken.new)} new, {taken.evidence} evidence already, {taken.waiting} waiting "
        f"already, {taken.set_aside} set aside before."
    ]
    lines += [f"  waiting/{one}.toml" for one in taken.new]
    if taken.new:
        lines.append("None of them is evidence: somebody has to read it first.")
    return "\n".join(lines) + "\n"


def upkeep_as_json(*, folder: Path | None, on: date) -> str:
    """What is overdue on that day, what is due next, and which references wait. Raises WrongUsage, Refused."""
    known = _known(folder)
    files = checked_files(known)
    overdue = [one for one in files if one.overdue(on)]
    counts = Counter(one.kind for one in files)
    late = Counter(one.kind for one in overdue)
    ahead = [one.due for one in files if not one.overdue(on)]
    document = {
        "schema": "calciscope.knowledge_upkeep",
        "schema_version": 1,
        "knowledge_version": known.version,
        "on": on.isoformat(),
        "kinds": {
            kind: {"months": interval.months, "files": counts[kind], "overdue": late[kind]}
            for kind, interval in known.intervals.items()
        },
        "overdue": [
            {
                "file": f"{one.folder}/{one.id}",
                "title": one.title,
                "therapies": sorted(one.therapies),
                "checked": one.checked.isoformat(),
                "due": one.due.isoformat(),
            }
            for one in overdue
        ],
        "next_due": min(ahead).isoformat() if ahead else None,
        "waiting": [
            {"id": one.id, "cite": one.cite, "pmid": one.pmid, "doi": one.doi, "suggests": list(one.suggests)}
            for one in known.waiting.values()
            if one.state is LookedAt.WAITING
        ],
    }
    return json_text(document)


def upkeep_as_text(*, folder: Path | None, on: date) -> str:
    """For people: the longest overdue first."""
    known = _known(folder)
    files = checked_files(known)
    overdue = [one for one in files if one.overdue(on)]
    waiting = [one for one in known.waiting.values() if one.state is LookedAt.WAITING]
    lines = [
        f"Knowledge {known.version} on {written(on.isoformat())}: {len(overdue)} of {len(files)} files overdue to be checked."
    ]
    lines += [
        f"  {one.folder}/{one.id}: checked {written(one.checked.isoformat())}, due {written(one.due.isoformat())}. {one.title}"
        for one in overdue
    ]
    ahead = [one.due for one in files if not one.overdue(on)]
    lines += [f"Next due: {written(min(ahead).isoformat())}."] if ahead else []
    wait = "reference waits" if len(waiting) == 1 else "references wait"
    lines.append(f"{len(waiting)} {wait} to be looked at.")
    lines += [f"  {one.id}: {one.cite}" for one in waiting]
    return "\n".join(lines) + "\n"


def _known(folder: Path | None) -> Knowledge:
    if folder is None:
        return knowledge()
    if not folder.is_dir():
        raise WrongUsage(f"The folder of knowledge {folder} is not there.")
    return load_knowledge(folder)
