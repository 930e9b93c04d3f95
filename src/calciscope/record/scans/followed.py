"""What tracking says of a scan's candidates: which deposit each continues, and what became of it. Pure, from facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from calciscope.record.fact import Fact
from calciscope.record.scans.reading import read_candidates

COMPARISON, MEASUREMENT = "imaging_comparison", "imaging_measurement"
BEFORE, FIRST = "before", "first"
KEPT_NUMBERS = ("baseline_mass_mg", "followup_mass_mg", "change_mg", "limit_mg", "beyond_25_percent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A family of candidates that are one thing in the patient; ``event`` is what became of it since the earlier scan.

    Masses are mg hydroxyapatite with one matrix for both scans; ``limit_mg`` is the smallest change beyond measurement error.
    """

    event: str
    baseline_ids: tuple[int, ...]
    followup_ids: tuple[int, ...]
    change_percent: float | None
    significant: bool | None
    note: str
    baseline_mass_mg: float | None = None
    followup_mass_mg: float | None = None
    change_mg: float | None = None
    limit_mg: float | None = None
    beyond_25_percent: bool | None = None

    @property
    def lost(self) -> bool:
        """Whether it lost more mineral than measurement error can explain."""
        return self.significant is True and (self.change_mg or 0.0) < 0


def comparison_key(measurement: UUID, earlier: UUID, reach: str) -> UUID:
    """The key of a comparison: with the scan before there is one a measurement, with the first one for the two."""
    return uuid5(measurement, COMPARISON if reach == BEFORE else f"{COMPARISON} {reach} {earlier}")


def comparison_of(measurement: UUID, facts: Iterable[Fact]) -> Fact | None:
    """The comparison of a measurement with the one before it, if it was made."""
    found = (one for one in facts if one.noun == COMPARISON and one.holds and reach_of(one.data) == BEFORE)
    return next((one for one in found if one.data["measurement"] == str(measurement)), None)


def comparison_with_first(measurement: UUID, first: UUID, facts: Iterable[Fact]) -> Fact | None:
    """The comparison of a measurement with the first of its course, if that is not the one before and it was made."""
    found = (one for one in facts if one.noun == COMPARISON and one.holds and reach_of(one.data) == FIRST)
    said = (str(measurement), str(first))
    return next((one for one in found if (one.data["measurement"], one.data["earlier"]) == said), None)


def reach_of(data: Mapping[str, Any]) -> str:
    """Which scan a comparison reaches back to: before | first."""
    return str(data.get("reach", BEFORE))


def families(comparison: Fact | None) -> tuple[Followed, ...]:
    """All of them."""
    return followed(comparison.data.get("families", ()) if comparison else ())


def followed(said: Iterable[Mapping[str, Any]]) -> tuple[Followed, ...]:
    """The same from the rows of a comparison."""
    return tuple(
        Followed(
            event=str(one["event"]),
            baseline_ids=tuple(one["baseline_ids"]),
            followup_ids=tuple(one["followup_ids"]),
            change_percent=one.get("change_percent"),
            significant=one.get("significant"),
            note=str(one.get("note") or ""),
            **{name: one.get(name) for name in KEPT_NUMBERS},
        )
        for one in said
    )


def joined(earlier: tuple[int, ...], later: tuple[int, ...]) -> Followed:
    """Which numbers are the same, without a word of what became of them."""
    return Followed(event="", baseline_ids=earlier, followup_ids=later, change_percent=None, significant=None, note="")


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
