"""Read a scan for a trial: keep decisions, lock the reading, and ask a third reader where the plan's rule says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute, software
from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import ReadingItem, ReadingKind
from calciscope.record.noun import noun
from calciscope.record.nouns.reading import LOCKED, NOT_EVALUABLE, OPEN, OWN, READABLE
from calciscope.record.permissions import Permission
from calciscope.record.reading_scope import ReadingScope, held_for_writing, measured, readings_of
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.trials.asked import is_due, pair_of
from calciscope.record.trials.reading import problems_of, reading_key, result_of, undecided
from calciscope.record.trials.third import ask_third_reader
from calciscope.terms.errors import Refused

READING = "reading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a reader says of a scan. ``chosen`` and ``reason`` are a third reader's: the key of one of the two readings, or own."""

    decisions: Sequence[Mapping[str, Any]] = ()
    quality: str = READABLE
    remark: str = ""
    chosen: str = ""
    reason: str = ""
    based_on: int = 0


@action(permission=Permission.READ_TRIAL)
def save_reading(*, by: Actor, item: UUID, said: Said) -> None:
    """Keep what was decided so far; the reading stays open."""
    held, scan = _due(by, item)
    _write(by, held, said, _data(held, said, scan, OPEN))


@action(permission=Permission.READ_TRIAL)
def lock_reading(*, by: Actor, item: UUID, said: Said) -> bool:
    """End a reading for good; whether a third reader was asked by it.

    Raises Invalid where a proposal is left undecided or a third reader does not say what is chosen and why.
    """
    held, scan = _due(by, item)
    if held.kind == ReadingKind.ADJUDICATION:
        said = _chosen(held, said)
    elif said.quality == READABLE and (left := undecided(said.decisions, scan.data.get("candidates", ()))):
        raise Invalid([Problem(field=f"c-{number}", message="Decide on this proposal.") for number in left])
    _write(by, held, said, _data(held, said, scan, LOCKED))
    asked = ask_third_reader(held) if held.kind == ReadingKind.FIRST else []
    audit.mention(state=LOCKED, asked=[str(key) for key in asked])
    return bool(asked)


def _due(by: Actor, key: UUID) -> tuple[ReadingItem, Entry]:
    """An item on the reader's own list that can be read now, with its scan; held against a second writer."""
    item = ReadingScope.of(by).item(key)
    held_for_writing(item)
    audit.mention(plan=item.plan_id, item=item.pk, label=item.label)
    if not is_due(item):
        raise Refused("This reading opens later; go on with another.")
    scan = measured([item]).get(item.measurement)
    if scan is None or scan.status == "entered_in_error":
        raise Refused("The measurement of this scan was taken back; tell the coordinator of the trial.")
    return item, scan


def _data(item: ReadingItem, said: Said, scan: Entry, state: str) -> dict[str, Any]:
    candidates = scan.data.get("candidates", ())
    decisions = sorted((dict(one) for one in said.decisions), key=lambda one: int(one["candidate"]))
    problems = list(problems_of(decisions, candidates))
    if problems:
        raise Invalid(problems)
    data: dict[str, Any] = {
        "item": str(item.pk),
        "label": item.label,
        "measurement": str(item.measurement),
        "state": state,
        "quality": said.quality,
        "decisions": decisions,
        "remark": said.remark.strip(),
        "software": software(),
    }
    if state == LOCKED and said.quality != NOT_EVALUABLE:
        result = result_of(decisions, candidates)
        sums = {"deposits": len(result.counted), "mass_mg": result.mass_mg, "volume_ml": result.volume_ml}
        data |= {name: value for name, value in sums.items() if value is not None}
    if said.chosen:
        data |= {"chosen": said.chosen, "reason": said.reason.strip()}
    return noun(READING).validated(data)


def _chosen(item: ReadingItem, said: Said) -> Said:
    """A third reader's word: one of the two readings as it is, or an own one with every proposal decided."""
    pair = pair_of(item)
    if said.chosen == OWN:
        scan = measured([item])[item.measurement]
        left = undecided(said.decisions, scan.data.get("candidates", ())) if said.quality == READABLE else []
        if left:
            raise Invalid([Problem(field=f"c-{number}", message="Decide on this proposal.") for number in left])
        return said
    found = next((one for one in pair if str(one.pk) == said.chosen), None)
    if found is None:
        raise Invalid([Problem(field="chosen", message="Choose one of the two readings, or your own.")])
    reading = readings_of([found])[found.pk].data
    return Said(
        decisions=reading["decisions"],
        quality=reading["quality"],
        remark=said.remark or str(reading.get("remark", "")),
        chosen=said.chosen,
        reason=said.reason,
        based_on=said.based_on,
    )


def _write(by: Actor, item: ReadingItem, said: Said, data: dict[str, Any]) -> None:
    writing = Writing(noun=READING, data=data, uid=reading_key(item.pk), based_on=said.based_on)
    contribute(by=by, action=f"{READING}_{data['state']}", patient=item.patient, writings=[writing])
