"""The log of a reading: one step after another is appended, with how things stood before and after it.

For actions, which have asked whether the reading is the actor's to write in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact, facts_of
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.patient import Patient
from calciscope.record.noun import noun
from calciscope.record.refusals import Conflict, Invalid, Problem, Version
from calciscope.record.scans.review import (
    ADD,
    DECISION,
    EDIT,
    MERGE,
    RELABEL,
    SPLIT,
    UNDO,
    Edit,
    Item,
    Review,
    edit_key,
    edits_of,
    new_names,
    review,
)
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed, Refused

MEASUREMENT = "imaging_measurement"
LEAST_TO_MERGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a reader does. ``made`` are the measured rows of what a split, a merge or an added seed gives, without ids."""

    edit: str
    items: Sequence[str] = ()
    kind: str = ""
    reason: str = ""
    seeds: Sequence[Sequence[float]] = ()
    made: Sequence[Mapping[str, Any]] = ()
    sum_said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The steps of one reading, of a patient whose row is held for writing, so that nobody else appends meanwhile.

    ``reading`` is the key of a trial's reading, None for the clinic's own.
    """

    patient: Patient
    measured: Fact
    edits: tuple[Edit, ...]
    reading: UUID | None = None

    @property
    def review(self) -> Review:
        """How the reading stands."""
        return review(self.measured, self.edits)


def clinic_log(*, by: Actor, patient: UUID, measurement: UUID) -> Log:
    """The clinic's own. Raises NotAllowed for a patient out of scope, Refused for a measurement that was taken back."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    measured = facts_of(scope.current_entries(found).filter(uid=measurement))
    if not measured or measured[0].noun != MEASUREMENT:
        raise NotAllowed(NOT_FOUND)
    if not measured[0].holds:
        raise Refused("This measurement was taken back; it is read no more.")
    rows = scope.current_entries(found).filter(noun__in=(EDIT, DECISION), data__measurement=str(measurement))
    return Log(patient=found, measured=measured[0], edits=edits_of(measurement, facts_of(rows)))


def append_undo(*, by: Actor, log: Log, seen: int) -> str:
    """Undo the newest step that is not undone yet, by another step; returns what it was."""
    now = log.review
    last = now.last_undoable
    if last is None:
        raise Refused("There is no step left to undo.")
    names = {*last.items, *(str(row["item"]) for row in last.after)}
    data: dict[str, Any] = {"edit": UNDO, "items": list(last.items), "undoes": str(last.uid)}
    after = review(log.measured, [one for one in now.edits if one.uid != last.uid])
    data |= {"before": _stands(now, names), "after": _stands(after, names)}
    _write(by, log, now, data, seen)
    return last.edit


def append_step(*, by: Actor, log: Log, step: Step, seen: int) -> tuple[str, ...]:
    """Append one step; ``seen`` is the number of steps that its author saw. Returns the ids of what it made.

    Raises Conflict where another step was taken meanwhile, Invalid for what does not stand any more.
    """
    now = log.review
    _can_be_done(now, step)
    names = new_names((one.id for one in now.items), step.edit, step.items, len(step.made))
    made = [{**row, "item": name} for row, name in zip(step.made, names, strict=True)]
    data: dict[str, Any] = {"edit": step.edit, "items": list(step.items)}
    data |= {"before": _stands(now, set(step.items)), "after": made}
    given = {
        "kind": step.kind if step.edit == RELABEL else "",
        "reason": step.reason.strip(),
        "seeds": [[round(float(value), 2) for value in seed] for seed in step.seeds],
        "sum_said": step.sum_said,
    }
    data |= {name: value for name, value in given.items() if value}
    _write(by, log, now, data, seen)
    return names


def _write(by: Actor, log: Log, now: Review, data: Mapping[str, Any], seen: int) -> None:
    """What a step refers to, the measurement and the step that is undone, is this log's own."""
    if seen != now.steps:
        raise _faster(now, data)
    measurement, number = log.measured.uid, now.steps + 1
    said: dict[str, Any] = {**data, "measurement": str(measurement), "step": number}
    if log.reading:
        said["reading"] = str(log.reading)
    writing = Writing(
        noun=EDIT,
        data=noun(EDIT).validated(said),
        uid=edit_key(measurement, log.reading, number),
        effective_on=log.measured.effective_on,
    )
    contribute(by=by, action="take_step", patient=log.patient, writings=[writing])
    audit.mention(measurement=measurement, step=number, edit=str(data["edit"]))


def _faster(now: Review, mine: Mapping[str, Any]) -> Conflict:
    """Somebody took a step since the reader looked."""
    steps = [one for one in now.edits if one.step]
    last = max(steps, key=lambda one: one.step) if steps else None
    theirs = Version(
        version=now.steps,
        data={"edit": last.edit, "items": list(last.items)} if last else {},
        status="final",
        by=last.by if last else "",
        at=last.at.isoformat() if last else "",
    )
    return Conflict(uid=last.uid if last else now.measurement, noun=EDIT, theirs=theirs, mine=mine)


def _can_be_done(now: Review, step: Step) -> None:
    """Raise Invalid for a step on what is not there, or stands no more."""
    named = [now.item(name) for name in step.items]
    message = ""
    if any(one is None for one in named) or len(set(step.items)) != len(step.items):
        message = "There is no such deposit on this scan."
    elif any(one is not None and one.state == "replaced" for one in named):
        message = "This deposit was split or merged; choose what it became, or undo that first."
    elif step.edit == MERGE and len(named) < LEAST_TO_MERGE:
        message = "Choose two deposits or more to merge."
    elif step.edit == SPLIT and (len(named) != 1 or len(step.made) < LEAST_TO_MERGE):
        message = "A deposit is split into two parts or more."
    elif step.edit == ADD and (named or len(step.made) != 1):
        message = "A missed deposit is added one at a time."
    elif step.edit == UNDO:
        message = "Undo is not a step on a deposit."
    if message:
        raise Invalid([Problem(field="items", message=message)])


def _stands(now: Review, names: set[str]) -> list[dict[str, Any]]:
    """How the named items stand, as the log keeps it."""
    return [_row(one) for one in now.items if one.id in names]


def _row(item: Item) -> dict[str, Any]:
    masses = {name: item.row.get(name) for name in ("mass_mg", "mass_lower_mg", "mass_upper_mg")}
    return {"item": item.id, "state": item.state, "kind": item.kind, "origin": item.origin, **masses}
