"""What tracking says of a scan's candidates: which deposit each continues, and what became of it. Pure, from facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.scans.reading import read_candidates

COMPARISON, MEASUREMENT = "imaging_comparison", "imaging_measurement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A family of candidates that are one thing in the patient; ``event`` is what became of it since the earlier scan."""

    event: str
    baseline_ids: tuple[int, ...]
    followup_ids: tuple[int, ...]
    change_percent: float | None
    significant: bool | None
    note: str


def comparison_of(measurement: UUID, facts: Iterable[Fact]) -> Fact | None:
    """The comparison of a measurement with the one before it, if it was made."""
    found = (one for one in facts if one.noun == COMPARISON and one.holds)
    return next((one for one in found if one.data["measurement"] == str(measurement)), None)


def families(comparison: Fact | None) -> tuple[Followed, ...]:
    """All of them."""
    said: Iterable[Mapping[str, Any]] = comparison.data.get("families", ()) if comparison else ()
    return tuple(
        Followed(
            event=str(one["event"]),
            baseline_ids=tuple(one["baseline_ids"]),
            followup_ids=tuple(one["followup_ids"]),
            change_percent=one.get("change_percent"),
            significant=one.get("significant"),
            note=str(one.get("note") or ""),
        )
        for one in said
    )


def tracked_to(measurement: UUID, facts: Iterable[Fact]) -> dict[int, tuple[UUID, str]]:
    """Candidate -> the deposit that what it continues is linked to on the earlier scan, and what became of it."""
    known = tuple(facts)
    comparison = comparison_of(measurement, known)
    earlier = next((one for one in known if comparison and str(one.uid) == comparison.data["earlier"]), None)
    if earlier is None or not earlier.holds:
        return {}
    linked = {one.number: one.deposit for one in read_candidates(earlier, known) if one.deposit}
    found: dict[int, tuple[UUID, str]] = {}
    for family in families(comparison):
        deposits = {linked[number] for number in family.baseline_ids if number in linked}
        if len(deposits) == 1:
            key = UUID(deposits.pop())
            found |= dict.fromkeys(family.followup_ids, (key, family.event))
    return found
