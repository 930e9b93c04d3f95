"""Scans of the same part of the body as one course: each held against an earlier one, families followed through all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.scans.followed import MEASUREMENT, Followed, comparison_of, comparison_with_first, families
from calciscope.record.scans.loss import UNKNOWN, Loss, losses
from calciscope.record.scans.reading import read_candidates

STUDY, NOT_EVALUABLE = "imaging_study", "not_evaluable"
Node = tuple[str, int]
"""A candidate of a scan: the measurement's key and the candidate's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Two scans, the later one held against the earlier; ``comparison`` is None where that was not done."""

    earlier: Fact
    later: Fact
    comparison: Fact | None
    families: tuple[Followed, ...] = ()
    losses: Mapping[int, Loss] = field(default_factory=dict)

    @property
    def possible(self) -> bool:
        """Whether the two scans could be compared."""
        return self.comparison is not None and self.comparison.data["outcome"] == "compared"

    @property
    def burden(self) -> Mapping[str, Any]:
        """Burden of what both scans show, as it was compared."""
        found: Mapping[str, Any] = self.comparison.data.get("burden", {}) if self.comparison else {}
        return found

    @property
    def message(self) -> str:
        """Warnings, or why the scans cannot be compared."""
        return str(self.comparison.data.get("message", "")) if self.comparison else ""

    @property
    def widened_by(self) -> tuple[str, ...]:
        """Settings that were not the same, each of which widened the limit."""
        limit = self.comparison.data.get("limit", {}) if self.comparison else {}
        return tuple(limit.get("widened_by", ()))

    def loss(self, place: int) -> Loss:
        """Why the family at that place lost mineral, as far as the record says."""
        return self.losses.get(place, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCourse:
    """One family through all scans: mass (mg) on each day, and its places in the steps. ``found`` is its newest, largest candidate."""

    points: tuple[tuple[date, float], ...]
    places: tuple[tuple[int, int], ...]
    deposits: tuple[str, ...]
    found: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Measured scans by day, the oldest first, and what lies between them.

    ``since_first`` holds the newest against the oldest of three or more; its comparison is None where that was not made.
    """

    scans: tuple[Fact, ...]
    steps: tuple[Step, ...]
    regions: tuple[str, ...]
    since_first: Step | None = None

    @property
    def last(self) -> Step | None:
        """The newest step; None for a single scan."""
        return self.steps[-1] if self.steps else None


def chains(facts: Iterable[Fact]) -> tuple[Chain, ...]:
    """All courses, the one with the newest scan first."""
    known = tuple(fact for fact in facts if fact.holds)
    parts = {str(fact.uid): frozenset(fact.data.get("regions", ())) for fact in known if fact.noun == STUDY}
    groups: list[list[Fact]] = []
    for scan in _measured(known):
        mine = parts.get(str(scan.data["study"]), frozenset())
        said = comparison_of(scan.uid, known)
        earlier = str(said.data["earlier"]) if said and said.data["outcome"] == "compared" else ""
        home = next((group for group in groups if any(str(one.uid) == earlier for one in group)), None)
        home = home or next((g for g in groups if mine & parts.get(str(g[-1].data["study"]), frozenset())), None)
        if home is None:
            groups.append(home := [])
        home.append(scan)
    found = [_chain(tuple(group), parts, known) for group in groups]
    return tuple(sorted(found, key=lambda one: one.scans[-1].effective_on or date.min, reverse=True))


def followed_through(chain: Chain, facts: Iterable[Fact]) -> tuple[FamilyCourse, ...]:
    """Every family of the chain, by falling mass, the greatest of all days."""
    known = tuple(facts)
    read = {str(scan.uid): {one.number: one for one in read_candidates(scan, known)} for scan in chain.scans}
    found = []
    for nodes, places in _joined(chain):
        candidates = [(scan, read[scan][number]) for scan, number in nodes if number in read.get(scan, {})]
        if not candidates:
            continue
        order = {str(scan.uid): place for place, scan in enumerate(chain.scans)}
        _, newest = max(candidates, key=lambda one: (order[one[0]], float(one[1].found.get("mass_mg") or 0.0)))
        found.append(
            FamilyCourse(
                points=tuple(_points(chain, places)),
                places=tuple(places),
                deposits=tuple(sorted({one.deposit for _, one in candidates if one.deposit})),
                found=newest.found,
            )
        )
    return tuple(sorted(found, key=lambda one: -max((mass for _, mass in one.points), default=0.0)))


def _measured(facts: tuple[Fact, ...]) -> list[Fact]:
    """Measured scans by day; of a series that was measured twice the newer result counts."""
    newest: dict[tuple[str, str], Fact] = {}
    for fact in sorted((one for one in facts if one.noun == MEASUREMENT), key=lambda one: one.at):
        if fact.data["outcome"] == "measured" and fact.effective_on:
            newest[str(fact.data["study"]), str(fact.data.get("series_uid", fact.uid))] = fact
    return sorted(newest.values(), key=lambda fact: (fact.effective_on, fact.at))


def _chain(scans: tuple[Fact, ...], parts: Mapping[str, frozenset[str]], facts: tuple[Fact, ...]) -> Chain:
    named = {region: None for scan in scans for region in sorted(parts.get(str(scan.data["study"]), ()))}
    steps = tuple(_step(scans[:place], later, facts) for place, later in enumerate(scans) if place)
    return Chain(scans=scans, steps=steps, regions=tuple(named), since_first=_since_first(scans, steps, facts))


def _since_first(scans: tuple[Fact, ...], steps: tuple[Step, ...], facts: tuple[Fact, ...]) -> Step | None:
    """Newest against oldest, where no step holds these two against each other already."""
    first, last = scans[0], scans[-1]
    if not steps or steps[-1].earlier is first:
        return None
    return _held(first, last, comparison_with_first(last.uid, first.uid, facts), facts)


def _step(past: tuple[Fact, ...], later: Fact, facts: tuple[Fact, ...]) -> Step:
    """To the scan it was held against, which is not its neighbour where one between them came late; else to the one before."""
    said = comparison_of(later.uid, facts)
    before = next((one for one in past if said and said.data["earlier"] == str(one.uid)), None)
    return _held(before or past[-1], later, said if before else None, facts)


def _held(earlier: Fact, later: Fact, said: Fact | None, facts: tuple[Fact, ...]) -> Step:
    found = families(said)
    why = losses((earlier, later), found, facts) if said else {}
    return Step(earlier=earlier, later=later, comparison=said, families=found, losses=why)


def _joined(chain: Chain) -> Iterator[tuple[list[Node], list[tuple[int, int]]]]:
    """Nodes that steps join, with the places of the families that join them."""
    keys = count()
    group_of: dict[Node, int] = {}
    groups: dict[int, tuple[set[Node], list[tuple[int, int]]]] = {}
    for number, step in enumerate(chain.steps):
        for place, family in enumerate(step.families):
            nodes = {(str(step.earlier.uid), one) for one in family.baseline_ids}
            nodes |= {(str(step.later.uid), one) for one in family.followup_ids}
            places = [(number, place)]
            for old in sorted({group_of[node] for node in nodes if node in group_of}):
                more, before = groups.pop(old)
                nodes, places = nodes | more, [*before, *places]
            key = next(keys)
            groups[key] = (nodes, places)
            group_of |= dict.fromkeys(nodes, key)
    return ((sorted(nodes), sorted(places)) for nodes, places in groups.values())


def _points(chain: Chain, places: list[tuple[int, int]]) -> Iterator[tuple[date, float]]:
    """Mass on each day: of a scan within the chain as it was compared with the one before."""
    by_scan: dict[str, float | None] = {}
    for number in sorted({number for number, _ in places}):
        step = chain.steps[number]
        mine = [step.families[place] for at, place in places if at == number]
        before = _sum([_seen(one, one.baseline_ids, one.baseline_mass_mg) for one in mine])
        if by_scan.get(str(step.earlier.uid)) is None:
            by_scan[str(step.earlier.uid)] = before
        by_scan[str(step.later.uid)] = _sum([_seen(one, one.followup_ids, one.followup_mass_mg) for one in mine])
    for scan in chain.scans:
        mass = by_scan.get(str(scan.uid))
        if mass is not None and scan.effective_on:
            yield scan.effective_on, mass


def _seen(family: Followed, ids: tuple[int, ...], mass_mg: float | None) -> float | None:
    """The mass on one scan; what was not evaluable and not seen there is not known to be gone."""
    return None if family.event == NOT_EVALUABLE and not ids else mass_mg


def _sum(masses: list[float | None]) -> float | None:
    known = [mass for mass in masses if mass is not None]
    return sum(known) if len(known) == len(masses) else None
