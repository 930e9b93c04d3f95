"""The state of the knowledge, and what a new version would move, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.advise import Change, Difference, Edit
from calciscope.flows.changed_for_clinic import Differing, ForClinic
from calciscope.knowledge import Knowledge
from calciscope.knowledge.currency import Checked, checked_files
from calciscope.knowledge.model import LookedAt, WaitingReference
from calciscope.terms.advice import Line

LINE_WORDS = {Line.NOW: "now", Line.NEXT: "next", Line.LATER: "later", Line.NOT_SUITED: "not suited"}
NOT_LISTED = "not listed"
PATIENT = "Red flags and findings"


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyState:
    """One therapy: when it was checked, when it is due, and how many files that speak of it are overdue."""

    title: str
    checked: date
    due: date
    overdue: bool
    rules: int
    rules_overdue: int
    trials: int
    trials_overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePage:
    """The page of the knowledge's state."""

    version: str
    files: int
    overdue: Sequence[Checked]
    next_due: date | None
    therapies: Sequence[TherapyState]
    waiting: Sequence[WaitingReference]
    set_aside: Sequence[WaitingReference]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One therapy, or the patient, with what differs in words."""

    title: str
    line: str
    words: tuple[tuple[str, str], ...]  # ("new stop", why)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingPatient:
    """One patient whose advice would differ."""

    id: UUID
    name: str
    born_on: date | None
    numbers: str
    moved: Sequence[Moved]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPage:
    """One part of the patients in one's care."""

    edits: Sequence[Edit]
    first: int
    last: int
    total: int
    after: int | None
    patients: Sequence[DifferingPatient]


def state_page(known: Knowledge, on: date) -> StatePage:
    """As it stands on that day."""
    files = checked_files(known)
    ahead = [one.due for one in files if not one.overdue(on)]
    references = sorted(known.waiting.values(), key=lambda one: (one.found_on, one.id))
    return StatePage(
        version=known.version,
        files=len(files),
        overdue=[one for one in files if one.overdue(on)],
        next_due=min(ahead, default=None),
        therapies=_therapies(files, on),
        waiting=[one for one in references if one.state is LookedAt.WAITING],
        set_aside=[one for one in references if one.state is LookedAt.SET_ASIDE],
    )


def changed_page(found: ForClinic, changed: Change, *, offset: int) -> ChangedPage:
    """Who was gone through, and who differs."""
    last = offset + len(found.pictures.pictures)
    return ChangedPage(
        edits=changed.edits,
        first=offset + 1 if last > offset else 0,
        last=last,
        total=found.pictures.total,
        after=last if last < found.pictures.total else None,
        patients=[_patient(one, changed) for one in found.differing],
    )


def _therapies(files: Sequence[Checked], on: date) -> list[TherapyState]:
    counts: Counter[tuple[str, str, bool]] = Counter(
        (therapy, one.folder, one.overdue(on)) for one in files for therapy in one.therapies
    )
    return [
        TherapyState(
            title=one.title,
            checked=one.checked,
            due=one.due,
            overdue=one.overdue(on),
            rules=counts[one.id, "rules", True] + counts[one.id, "rules", False],
            rules_overdue=counts[one.id, "rules", True],
            trials=counts[one.id, "trials", True] + counts[one.id, "trials", False],
            trials_overdue=counts[one.id, "trials", True],
        )
        for one in sorted(files, key=lambda one: one.title)
        if one.folder == "therapies"
    ]


def _patient(one: Differing, changed: Change) -> DifferingPatient:
    banner = one.of.banner
    return DifferingPatient(
        id=banner.id,
        name=", ".join(part for part in (banner.family_name, banner.given_name) if part) or "identity erased",
        born_on=banner.born_on,
        numbers=", ".join(banner.numbers),
        moved=_together([_moved(each, changed) for each in one.differences]),
    )


def _together(moved: Sequence[Moved]) -> list[Moved]:
    """Drugs of which the same differs are named once, with what differs."""
    titles: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for one in moved:
        titles.setdefault((one.line, one.words), []).append(one.title)
    return [Moved(title=", ".join(names), line=line, words=words) for (line, words), names in titles.items()]


def _moved(one: Difference, changed: Change) -> Moved:
    before, after = _because(changed.before), _because(changed.after)
    stop, caution = ("stop", "caution") if one.therapy else ("red flag", "finding")
    words = [(f"new {stop}", after[rule]) for rule in one.stops_new]
    words += [(f"{stop} gone", before[rule]) for rule in one.stops_gone]
    words += [(f"new {caution}", after[rule]) for rule in one.cautions_new]
    words += [(f"{caution} gone", before[rule]) for rule in one.cautions_gone]
    line = "" if one.line_before is one.line_after else f"{_line(one.line_before)} → {_line(one.line_after)}"
    return Moved(title=_title(one.therapy, changed) if one.therapy else PATIENT, line=line, words=tuple(words))


def _because(known: Knowledge) -> Mapping[str, str]:
    return {one.id: one.because for one in known.rules.values()}


def _line(line: Line | None) -> str:
    return LINE_WORDS[line] if line else NOT_LISTED


def _title(drug: str, changed: Change) -> str:
    for known in (changed.after, changed.before):
        if drug in known.therapies:
            return known.therapies[drug].title
        if drug in known.vocabulary.comedications:
            return known.vocabulary.comedications[drug].title
    return drug.replace("_", " ")
