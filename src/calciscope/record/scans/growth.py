"""Deposits of the map that tracking found grown beyond error: a proposal, which a clinician confirms or leaves. Pure, from facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.scans.followed import Followed, comparison_of, families, tracked_to
from calciscope.record.scans.reading import read_candidates
from calciscope.record.stories import Story

GROWING = "growing"
GROWTH = (GROWING, "stable", "shrinking", "resorbing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One deposit, the family that grew, and what the record says of its growth by now; empty where it says nothing."""

    deposit: UUID
    label: str
    family: Followed
    says: str


def growth_proposed(measurement: Fact, facts: Iterable[Fact], stories: Sequence[Story]) -> tuple[Proposal, ...]:
    """By the deposits' numbers; none whose growth was recorded on the scan's day or since, and none that is gone."""
    known = tuple(facts)
    linked = _linked(measurement, known)
    found = []
    for story in stories:
        family = linked.get(story.id)
        if family is None or story.ended or _said_since(story, measurement):
            continue
        said = [event for event in story.events if event.data["event"] in GROWTH]
        says = str(said[-1].data["event"]) if said else ""
        found.append(Proposal(deposit=story.id, label=story.label, family=family, says=says))
    return tuple(found)


def _linked(measurement: Fact, facts: tuple[Fact, ...]) -> dict[UUID, Followed]:
    """Deposit -> the family that it is of, of those that grew by more than error."""
    tracked = tracked_to(measurement.uid, facts)
    decided = {one.number: UUID(one.deposit) for one in read_candidates(measurement, facts) if one.deposit}
    refused = {one.number for one in read_candidates(measurement, facts) if not one.kind}
    found: dict[UUID, Followed] = {}
    for family in families(comparison_of(measurement.uid, facts)):
        if not (family.significant and (family.change_mg or 0.0) > 0 and family.baseline_ids):
            continue
        for number in family.followup_ids:
            deposit = decided.get(number) or tracked.get(number, (None, ""))[0]
            if deposit is not None and number not in refused:
                found.setdefault(deposit, family)
    return found


def _said_since(story: Story, measurement: Fact) -> bool:
    """Whether somebody has spoken of its growth on the day of the scan or after it."""
    day = measurement.effective_on
    return any(
        event.data["event"] in GROWTH
        and event.effective_on is not None
        and day is not None
        and event.effective_on >= day
        for event in story.events
    )
