"""Read a scan for a trial: take steps, lock the reading, and ask a third reader where the plan's rule says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute, software
from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import ReadingItem, ReadingKind
from calciscope.record.noun import noun
from calciscope.record.nouns.reading import LOCKED, NOT_EVALUABLE, OPEN, OWN, READABLE
from calciscope.record.permissions import Permission
from calciscope.record.reading_scope import ReadingScope, beside, held_for_writing, measured, readings_of, steps_of
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans.log import Log, Step, append_step, append_undo
from calciscope.record.trials.asked import is_due, is_locked, pair_of
from calciscope.record.trials.reading import outcome, reading_key, result_of
from calciscope.record.trials.third import ask_third_reader
from calciscope.terms.errors import Refused

READING = "reading"
ENDED = "This reading is locked; nothing follows it."
WENT_ON = "This reading went on in another window since you looked. Nothing was locked; look at it again."
MIRRORED = {"more": "less", "less": "more", "alike": "alike", "not_comparable": "not_comparable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reader says of a scan as a whole. ``seen`` is the number of steps that the reader saw when locking.

    ``beside`` is said of this scan against the other of a pair; ``chosen`` and ``reason`` are a third reader's: the key of one of
    the two readings, or own.
    """

    quality: str = READABLE
    remark: str = ""
    beside: str = ""
    chosen: str = ""
    reason: str = ""
    based_on: int = 0
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One scan that is about to be written of."""

    item: ReadingItem
    scan: Entry
    log: Log
    said: Said


@action(permission=Permission.READ_TRIAL)
def take_reading_step(*, by: Actor, item: UUID, step: Step, seen: int) -> tuple[str, ...]:
    """Append one step to a reading; returns the ids of what it made. Refused in a locked one, Conflict for a step taken meanwhile."""
    _, log = _due(by, item)
    return append_step(by=by, log=log, step=step, seen=seen)


@action(permission=Permission.READ_TRIAL)
def undo_reading_step(*, by: Actor, item: UUID, seen: int) -> str:
    """Undo the newest step of a reading by another one; returns what it was."""
    _, log = _due(by, item)
    return append_undo(by=by, log=log, seen=seen)


@action(permission=Permission.READ_TRIAL)
def save_reading(*, by: Actor, item: UUID, said: Said) -> None:
    """Keep what is said of the scan as a whole; the reading stays open."""
    scan, log = _due(by, item)
    held = ReadingScope.of(by).item(item)
    _write(by, _Side(item=held, scan=scan, log=log, said=said), OPEN)


@action(permission=Permission.READ_TRIAL)
def lock_reading(*, by: Actor, item: UUID, said: Said) -> bool:
    """End a reading for good, of a pair both together; whether a third reader was asked by it.

    Raises Invalid where a proposal is left undecided, the two of a pair are not compared, or a third reader does not say what is
    chosen and why.
    """
    scan, log = _due(by, item)
    held = ReadingScope.of(by).item(item)
    if said.seen != log.review.steps:
        raise Refused(WENT_ON)
    sides = [_Side(item=held, scan=scan, log=log, said=said)]
    other = beside(held)
    if other is not None:
        if said.beside not in MIRRORED:
            raise Invalid([Problem(field="beside", message="Say how the two scans compare.")])
        sides.append(_other_side(by, other, MIRRORED[said.beside]))
    _must_be_decided(sides)
    for side in sides:
        _write(by, side, LOCKED)
    asked = [key for side in sides if side.item.kind == ReadingKind.FIRST for key in ask_third_reader(side.item)]
    audit.mention(state=LOCKED, asked=[str(key) for key in asked])
    return bool(asked)


def _due(by: Actor, key: UUID) -> tuple[Entry, Log]:
    """The scan and the steps of an item on the reader's own list that can be read now; held against a second writer."""
    item = ReadingScope.of(by).item(key)
    patient = held_for_writing(item)
    audit.mention(plan=item.plan_id, item=item.pk, label=item.label)
    if not is_due(item):
        raise Refused("This reading opens later; go on with another.")
    scan = measured([item]).get(item.measurement)
    if scan is None or scan.status == "entered_in_error":
        raise Refused("The measurement of this scan was taken back; tell the coordinator of the trial.")
    if is_locked(readings_of([item]).get(item.pk)):
        raise Refused(ENDED)
    return scan, Log(patient=patient, measured=Fact.of(scan), edits=steps_of(item), reading=item.pk)


def _other_side(by: Actor, other: ReadingItem, compared: str) -> _Side:
    """The other scan of a pair as its reader has left it."""
    scan, log = _due(by, other.pk)
    kept = readings_of([other]).get(other.pk)
    data, version = (kept.data, kept.version) if kept else ({}, 0)
    said = Said(
        quality=str(data.get("quality", READABLE)),
        remark=str(data.get("remark", "")),
        beside=compared,
        based_on=version,
        seen=log.review.steps,
    )
    return _Side(item=other, scan=scan, log=log, said=said)


def _must_be_decided(sides: list[_Side]) -> None:
    left = []
    for place, side in enumerate(sides):
        copies = side.item.kind == ReadingKind.ADJUDICATION and side.said.chosen != OWN
        if side.said.quality == READABLE and not copies:
            where = "" if place == 0 else " on the other scan"
            message = f"Decide on this proposal{where}."
            left += [
                Problem(field=f"{'c' if place == 0 else 'o'}-{one.id}", message=message)
                for one in side.log.review.asked
            ]
    if left:
        raise Invalid(left)


def _data(side: _Side, state: str) -> dict[str, Any]:
    item, said = side.item, side.said
    data: dict[str, Any] = {
        "item": str(item.pk),
        "label": item.label,
        "measurement": str(item.measurement),
        "state": state,
        "quality": said.quality,
        "remark": said.remark.strip(),
        "software": software(),
    } | {name: value for name in ("beside", "chosen", "reason") if (value := getattr(said, name).strip())}
    if state == LOCKED:
        data |= outcome(side.log.review)
        if item.kind == ReadingKind.ADJUDICATION:
            data |= _chosen(item, said)
        if data["quality"] != NOT_EVALUABLE:
            result = result_of(data, side.scan.data.get("candidates", ()))
            sums = {"deposits": len(result.items), "mass_mg": result.mass_mg, "volume_ml": result.volume_ml}
            data |= {name: value for name, value in sums.items() if value is not None}
    return noun(READING).validated(data)


def _chosen(item: ReadingItem, said: Said) -> dict[str, Any]:
    """A third reader's word: one of the two readings as it is, or the own one."""
    own = {"chosen": said.chosen, "reason": said.reason.strip()}
    if said.chosen == OWN:
        return own
    found = next((one for one in pair_of(item) if str(one.pk) == said.chosen), None)
    if found is None:
        raise Invalid([Problem(field="chosen", message="Choose one of the two readings, or your own.")])
    reading = readings_of([found])[found.pk].data
    copied = {name: reading[name] for name in ("decisions", "made", "quality") if name in reading}
    return {**own, **copied, "remark": said.remark.strip() or str(reading.get("remark", ""))}


def _write(by: Actor, side: _Side, state: str) -> None:
    data = _data(side, state)
    writing = Writing(noun=READING, data=data, uid=reading_key(side.item.pk), based_on=side.said.based_on)
    contribute(by=by, action=f"{READING}_{state}", patient=side.item.patient, writings=[writing])
