"""A reader's worklist and one reading: the scan under its label, what was proposed, and nothing that tells whose it is or when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.guarded import query
from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import ReadingItem, ReadingKind, ReadingPair
from calciscope.record.nouns.reading import LOCKED
from calciscope.record.permissions import Permission
from calciscope.record.reading_scope import (
    NOT_GIVEN,
    ReadingScope,
    beside,
    compared,
    measured,
    pairs_of,
    readings_of,
    steps_of,
)
from calciscope.record.scans import files
from calciscope.record.scans.followed import BEFORE, FIRST, Followed, followed, joined
from calciscope.record.scans.review import Edit
from calciscope.record.trials.amended import rules_of
from calciscope.record.trials.asked import firsts_of, is_due, is_locked, opens_at, pair_of
from calciscope.record.trials.plan import Rules
from calciscope.record.trials.rule import REASONS
from calciscope.terms.errors import NotAllowed

NOT_BEGUN = "not_begun"
SHOWN = ("deposit_id", "kind", "layer", "shape", "region", "side", "longest_diameter_mm", "skin_depth_mm", "reason")
MASSES = ("mass_mg", "mass_lower_mg", "mass_upper_mg", "volume_ml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of a worklist, a scan or a pair of them; a repeat looks like any other."""

    item: UUID
    study: str
    label: str
    state: str  # not_begun | open | locked
    asks_third: bool
    side_by_side: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Worklist:
    """What may be read now, in the reader's own order, and how many open on a later day."""

    listed: Sequence[Listed]
    later: int

    @property
    def following(self) -> Listed | None:
        """The next to read."""
        return next((one for one in self.listed if one.state != LOCKED), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """One of two readings as a third reader sees it: by whom is not told."""

    key: str
    name: str  # A or B
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One reading. ``candidates`` are the proposals without what the plan hides.

    ``families`` join these to the scan before where the plan shows events, and in a pair to the other scan, then without a word
    of what became of them, which would tell the order. ``letter`` is A or B in a pair, and ``other`` its other reading.
    ``order`` is said once all of the plan is locked.
    """

    item: UUID
    study: str
    label: str
    state: str
    version: int
    data: Mapping[str, Any]
    candidates: Sequence[Mapping[str, Any]]
    shows_mass: bool
    shows_events: bool
    families: Sequence[Followed]
    because: Sequence[str]
    others: Sequence[Other]
    has_picture: bool
    letter: str
    other: UUID | None
    order: str

    @property
    def other_letter(self) -> str:
        """The letter of the pair's other scan; empty outside a pair."""
        return {"A": "B", "B": "A"}.get(self.letter, "")


@query(permission=Permission.READ_TRIAL)
def worklist(*, by: Actor) -> Worklist:
    """Everything that this reader was given and may read by now."""
    items = list(ReadingScope.of(by).given().order_by("plan__drawn_at", "plan", "position"))
    readings = readings_of(items)
    firsts = firsts_of(by.membership_id, items)
    now = timezone.now()
    pairs = pairs_of(items)
    due, later = [], 0
    for item in items:
        pair = pairs.get(item.pk)
        if pair and pair.second_id == item.pk:
            continue  # stands in the line of the first
        opens = opens_at(item, firsts) if item.kind == ReadingKind.REPEAT else now
        if opens is None or opens > now:
            later += 1
            continue
        due.append(_listed(item, readings.get(item.pk), pair))
    audit.mention(count=len(due))
    return Worklist(listed=due, later=later)


@query(permission=Permission.READ_TRIAL)
def reading_task(*, by: Actor, item: UUID) -> Task:
    """One reading that was given to this reader; one that opens later is answered as not there."""
    held = _due(by, item)
    scan = measured([held])[held.measurement]
    reading = readings_of([held]).get(held.pk)
    rules = rules_of(held.plan)
    pair = pairs_of([held]).get(held.pk)
    other = beside(held)
    audit.mention(plan=held.plan_id, item=held.pk, label=held.label)
    return Task(
        item=held.pk,
        study=held.plan.study,
        label=pair.label if pair else held.label,
        state=str(reading.data["state"]) if reading else NOT_BEGUN,
        version=reading.version if reading else 0,
        data=_told(reading.data, rules) if reading else {},
        candidates=[_blinded(one, rules) for one in scan.data.get("candidates", ())],
        shows_mass=rules.shows_mass,
        shows_events=rules.shows_events and pair is None,
        families=_joined(held, other) if other else _since(held) if rules.shows_events else (),
        because=[REASONS[word] for word in held.because],
        others=_others(held, rules) if held.kind == ReadingKind.ADJUDICATION else (),
        has_picture="folder" in scan.data,
        letter=("A" if pair.first_id == held.pk else "B") if pair else "",
        other=other.pk if other else None,
        order=_order(held, other) if other else "",
    )


@query(permission=Permission.READ_TRIAL)
def reading_overview(*, by: Actor, item: UUID) -> bytes:
    """The overview of the scan as it was measured. It names the day: whoever shows it to a reader shows the image part alone."""
    held = _due(by, item)
    scan = measured([held])[held.measurement]
    audit.mention(plan=held.plan_id, item=held.pk, label=held.label)
    return files.result(held.patient_id, str(scan.data.get("folder", "")), files.OVERVIEW)


@query(permission=Permission.READ_TRIAL)
def reading_pixels(*, by: Actor, item: UUID) -> tuple[Fact, tuple[Edit, ...], Path]:
    """What was measured, the steps of this reading, and the folder of the pixels, for pictures made here.

    All know the day; no answer may carry it on.
    """
    held = _due(by, item)
    row = measured([held])[held.measurement]
    audit.mention(plan=held.plan_id, item=held.pk, label=held.label)
    folder = files.result_folder(held.patient_id, UUID(str(row.data.get("folder", ""))))
    return Fact.of(row), steps_of(held), folder


def _due(by: Actor, key: UUID) -> ReadingItem:
    held = ReadingScope.of(by).item(key)
    if not is_due(held):
        raise NotAllowed(NOT_GIVEN)
    return held


def _listed(item: ReadingItem, reading: Entry | None, pair: ReadingPair | None) -> Listed:
    return Listed(
        item=item.pk,
        study=item.plan.study,
        label=pair.label if pair else item.label,
        state=str(reading.data["state"]) if reading else NOT_BEGUN,
        asks_third=item.kind == ReadingKind.ADJUDICATION,
        side_by_side=pair is not None,
    )


def _blinded(candidate: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """A proposal as a reader sees it; masses only where the plan shows them."""
    names = SHOWN + (MASSES if rules.shows_mass else ())
    return {name: candidate[name] for name in names if name in candidate}


def _since(item: ReadingItem) -> tuple[Followed, ...]:
    """What tracking says became of each since the scan before."""
    own = (one for one in compared([item]) if one.data["measurement"] == str(item.measurement))
    return tuple(family for comparison in own for family in followed(comparison.data.get("families", ())))


def _joined(item: ReadingItem, other: ReadingItem) -> tuple[Followed, ...]:
    """Which deposits of the two scans of a pair are the same: the own ones always stand as the later ones."""
    scans = {str(item.measurement), str(other.measurement)}
    known = [one.data for reach in (BEFORE, FIRST) for one in compared([item], reach=reach)]
    found = next((one for one in known if {one["measurement"], one["earlier"]} == scans), None)
    families = followed(found.get("families", ())) if found else ()
    own_is_later = found is not None and found["measurement"] == str(item.measurement)
    return tuple(
        joined(*((one.baseline_ids, one.followup_ids) if own_is_later else (one.followup_ids, one.baseline_ids)))
        for one in families
    )


def _order(item: ReadingItem, other: ReadingItem) -> str:
    """Once every reading of the plan is locked: which of the two was the earlier."""
    items = list(item.plan.items.all())
    readings = readings_of(items)
    if not all(is_locked(readings.get(one.pk)) for one in items):
        return ""
    return "earlier" if item.visit_number < other.visit_number else "later"


def _told(data: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """A reading as a reader sees it; what it adds up to only where the plan shows masses."""
    if rules.shows_mass:
        return dict(data)
    made = [{name: value for name, value in one.items() if name not in MASSES} for one in data.get("made", ())]
    return {name: value for name, value in data.items() if name not in MASSES} | ({"made": made} if made else {})


def _others(item: ReadingItem, rules: Rules) -> tuple[Other, ...]:
    """Both readings that differ; every one of them is locked, since only then a third reader is asked."""
    pair = pair_of(item)
    readings = readings_of(pair)
    return tuple(
        Other(key=str(one.pk), name=name, data=_told(readings[one.pk].data, rules))
        for name, one in zip("AB", pair, strict=True)
    )
