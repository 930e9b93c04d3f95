"""Deposits that a scan shows: sizes for those on the body map, and those known from a scan alone, none of them twice.

A candidate that is linked to a deposit of the map, or that tracking says continues one, is that deposit. One that nobody has
decided on is taken for the deposit of the map that it may be, where there is one; each deposit takes in one candidate at most.
What is left counts as a deposit of its own. Where a later scan shows the same part of the body, it alone counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.picture.held import Held, value
from calciscope.record.scans.followed import tracked_to
from calciscope.record.scans.links import suggestions
from calciscope.record.scans.reading import CALCINOSIS, Read, read_candidates
from calciscope.record.stories import Story
from calciscope.record.written_days import written
from calciscope.terms.deposits import Layer, Region, Side
from calciscope.terms.picture import DepositForm, SeenDeposit

MOST_FROM_SCANS = 40
"""Deposits that only scans show, the heaviest first: more change nothing in advice, and the rest is told (judgement)."""
EITHER_SIDE = frozenset({"midline", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OnScan:
    """A candidate that counts as calcinosis on a scan of that day."""

    read: Read
    measurement: UUID
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """``of_map`` are the newest measured parts of deposits on the map; ``alone`` those that only a scan shows."""

    of_map: Mapping[UUID, Sequence[OnScan]]
    alone: Sequence[OnScan]


def scanned(held: Held, stories: Sequence[Story]) -> Scanned:
    """What the scans up to the day show; what is left out for its number, or taken for one on the map, is told back."""
    shown = _shown(held)
    linked: dict[UUID, list[OnScan]] = {}
    open_ones: list[OnScan] = []
    known = {str(story.id): story.id for story in stories}
    for measurement, day, candidates in shown:
        tracked = tracked_to(measurement, held.facts)
        for one in candidates:
            at = OnScan(read=one, measurement=measurement, day=day)
            deposit = known.get(one.deposit) or tracked.get(one.number, (None, ""))[0]
            if deposit is None:
                open_ones.append(at)
            elif not linked.get(deposit) or linked[deposit][0].measurement == measurement:
                linked.setdefault(deposit, []).append(at)
    free = [story for story in stories if story.stands and not story.ended and story.id not in linked]
    alone = _not_on_map(open_ones, free, held)
    alone.sort(key=lambda one: -_number(one.read.found.get("mass_mg")))
    if len(alone) > MOST_FROM_SCANS:
        held.unread.append(f"{len(alone) - MOST_FROM_SCANS} more deposits that only scans show, the lightest ones")
    return Scanned(of_map=linked, alone=alone[:MOST_FROM_SCANS])


def seen_on_scan(one: OnScan, held: Held) -> SeenDeposit:
    """What a scan tells of a deposit; of its skin only where the part was examined since and nothing was seen there."""
    found = one.read.found
    layer, form = found.get("layer"), found.get("shape")
    return SeenDeposit(
        site=Region(found["region"]) if found.get("region") in set(Region) else None,
        side=Side(found["side"]) if found.get("side") in set(Side) else None,
        layer=Layer(layer) if layer in set(Layer) else None,
        form=DepositForm(form) if form in set(DepositForm) else None,
        longest_mm=_number(found.get("longest_diameter_mm")) or None,
        states=frozenset() if _examined_since(one, held) else None,
        from_imaging=True,
    )


def measured_size(parts: Sequence[OnScan]) -> float | None:
    """The longest part in mm."""
    return max((_number(one.read.found.get("longest_diameter_mm")) for one in parts), default=0.0) or None


def scan_label(one: OnScan) -> str:
    """How a screen names it."""
    return f"scan of {written(one.day.isoformat())}, no. {one.read.number}"


def _shown(held: Held) -> list[tuple[UUID, date, list[Read]]]:
    """(measurement, day of the scan, what counts as calcinosis), the newest scan first."""
    studies = {str(fact.uid): fact for fact in held.all("imaging_study") if fact.effective_on}
    newest = {
        str(fact.data["study"]): fact
        for fact in held.all("imaging_measurement")
        if value(fact, "outcome") == "measured" and str(fact.data["study"]) in studies
    }
    scans = sorted(
        newest.items(), key=lambda scan: (studies[scan[0]].effective_on or date.min, scan[1].at), reverse=True
    )
    found: list[tuple[UUID, date, list[Read]]] = []
    later: list[tuple[set[str], set[str]]] = []
    for study, measurement in scans:
        every = read_candidates(measurement, held.facts)
        counted = [one for one in every if one.kind == CALCINOSIS and not _covered(one.found, later)]
        found.append((measurement.uid, studies[study].effective_on or date.min, counted))
        later.append(_parts(studies[study], every))
    return found


def _parts(study: Fact, every: Sequence[Read]) -> tuple[set[str], set[str]]:
    """(parts of the body, sides) that a scan shows."""
    named = value(study, "regions") or ()
    return {*map(str, named), *(str(one.found["region"]) for one in every)}, {str(one.found["side"]) for one in every}


def _covered(found: Mapping[str, Any], later: Sequence[tuple[set[str], set[str]]]) -> bool:
    side = str(found["side"])
    return any(
        str(found["region"]) in regions and (not sides or side in sides or side in EITHER_SIDE)
        for regions, sides in later
    )


def _not_on_map(open_ones: Sequence[OnScan], free: Sequence[Story], held: Held) -> list[OnScan]:
    """Those that are no deposit of the map by all that is known; the others are told back."""
    alone: list[OnScan] = []
    left = list(free)
    for measurement in dict.fromkeys(one.measurement for one in open_ones):
        own = [one for one in open_ones if one.measurement == measurement]
        first = {
            number: said[0].deposit
            for number, said in suggestions([one.read.found for one in own], left).items()
            if said
        }
        alone += [one for one in own if one.read.number not in first]
        left = [story for story in left if story.id not in first.values()]
        if first:
            many = f"{len(first)} deposits" if len(first) > 1 else "one deposit"
            day = written(own[0].day.isoformat())
            held.unread.append(f"{many} of the scan of {day} taken for as many on the body map, not linked yet")
    return alone


def _examined_since(one: OnScan, held: Held) -> bool:
    return any(
        fact.effective_on is not None
        and fact.effective_on >= one.day
        and (value(fact, "extent") == "whole_body" or one.read.found.get("region") in (value(fact, "regions") or ()))
        for fact in held.all("examination")
    )


def _number(said: Any) -> float:
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else 0.0
