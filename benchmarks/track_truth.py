"""Scores a comparison of two phantom visits against what is known of them: links, events, swaps, places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.track_scans import Visit
from calciscope.measure.track.limb import surveyed
from calciscope.measure.track.register import pieces
from calciscope.measure.track.warp import Warp, warp_of
from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.terms.deposits import Kind
from calciscope.terms.tracking import Comparison, Family, TimePoint

Float64 = NDArray[np.float64]
AT_MOST_MM = 0.8  # a voxel this near to a true deposit is part of it
HELD_SHARE = 0.03  # a measured deposit holds a true one that makes up this share of it
SAMPLED = 150


@dataclass(slots=True)
class Score:
    """Counts over pairs of scans."""

    right_links: int = 0
    wrong_links: int = 0
    missed_links: int = 0
    swaps: int = 0
    deposits: int = 0
    right_events: int = 0
    events: int = 0
    tellable_events: int = 0
    wrong: tuple[str, ...] = ()

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of links."""
        total = 2 * self.right_links + self.wrong_links + self.missed_links
        return 2 * self.right_links / total if total else 1.0

    def add(self, other: Score) -> None:
        """Pool with another score."""
        for name in (
            "right_links",
            "wrong_links",
            "missed_links",
            "swaps",
            "deposits",
            "right_events",
            "events",
            "tellable_events",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong += other.wrong


def identities(scan: TimePoint, visit: Visit) -> dict[int, set[str]]:
    """deposit_id -> identities of the true deposits it holds: several where the measurement does not part neighbours."""
    found: dict[int, set[str]] = {}
    for deposit in scan.deposits:
        own = scan.voxels.index[scan.voxels.label == deposit.deposit_id]
        points = scan.voxels.grid.to_lps(own[:: max(1, len(own) // SAMPLED)].astype(np.float64))
        shares = {true.recipe.identity: _share(true, points) for true in visit.scene.deposits}
        held = {name for name, share in shares.items() if share >= HELD_SHARE}
        if held:
            found[deposit.deposit_id] = held
    return found


def _share(true: PlannedDeposit, points: Float64) -> float:
    """Share of points in a true deposit or next to it."""
    low, high = true.solid.bounds_mm
    if (np.maximum(low - points, points - high).max(axis=1) > AT_MOST_MM).all():
        return 0.0
    return float((true.solid.distance(points) <= AT_MOST_MM).mean())


def scored(first: TimePoint, second: TimePoint, visits: tuple[Visit, Visit], comparison: Comparison) -> Score:
    """Links and events of deposits that were found; what was not found is the measurement's matter, not matching's."""
    names = identities(first, visits[0]), identities(second, visits[1])
    event_of = {name: n for n, event in enumerate(visits[1].scene.events) for name in (*event.before, *event.after)}
    known = [{i: {event_of[one] for one in held if one in event_of} for i, held in side.items()} for side in names]
    true = {(a, b) for a, x in known[0].items() for b, y in known[1].items() if x & y}
    said = {
        (a, b) for family in comparison.families for a in family.baseline_ids for b in family.followup_ids
        if a in known[0] and b in known[1]
    }  # fmt: skip
    counted = _calcinosis_links(first, second, true)
    score = Score(
        right_links=len(said & counted),
        wrong_links=len(said - true),
        missed_links=len(counted - said),
        swaps=len({a for a, b in said - true}),
        deposits=sum(1 for one in first.deposits if one.kind is Kind.CALCINOSIS),
    )
    for number, event in enumerate(visits[1].scene.events):
        change = abs(_mass(visits[1], event.after) - _mass(visits[0], event.before))
        _score_event(score, number, event.event, change, known, comparison, first, second)
    return score


def _mass(visit: Visit, names: tuple[str, ...]) -> float:
    """True mass (mg) of deposits by identity."""
    return sum(item.mass_mg for item in visit.scene.deposits if item.recipe.identity in names)


def _calcinosis_links(first: TimePoint, second: TimePoint, links: set[tuple[int, int]]) -> set[tuple[int, int]]:
    return {
        (a, b) for a, b in links
        if Kind.CALCINOSIS in (first.deposit(a).kind, second.deposit(b).kind)
    }  # fmt: skip


def _score_event(
    score: Score, number: int, true: str, change_mg: float, known: list[dict[int, set[int]]], comparison: Comparison, first: TimePoint,
    second: TimePoint,
) -> None:  # fmt: skip
    """One true event: right when every family that holds its deposits says so."""
    mine = [{i for i, held in side.items() if number in held} for side in known]
    if any(len(side[i]) > 1 for side, ids in zip(known, mine, strict=True) for i in ids):
        return  # measured as one with a neighbour
    kinds = [first.deposit(i).kind for i in mine[0]] + [second.deposit(i).kind for i in mine[1]]
    if Kind.CALCINOSIS not in kinds:
        return
    one_sided = true in ("new", "resolved", "not_evaluable")
    if not one_sided and (not mine[0] or not mine[1]):
        return  # one of its scans does not show it: the measurement missed it
    families = [f for f in comparison.families if mine[0] & {*f.baseline_ids} or mine[1] & {*f.followup_ids}]
    main = max(families, key=_size, default=None)
    if main is None:
        return
    score.events += 1
    if main.event.value == true:
        score.right_events += 1
        score.tellable_events += 1
    elif main.limit_mg is not None and change_mg <= main.limit_mg:
        return  # lighter than measurement error: rightly not called
    else:
        score.tellable_events += 1
        masses = f"{main.baseline_mass_mg or 0:.1f} to {main.followup_mass_mg or 0:.1f} mg"
        score.wrong += (f"{true}, called {main.event.value} ({masses}; {main.note or 'no note'})",)


def _size(family: Family) -> float:
    return max(family.baseline_mass_mg or 0.0, family.followup_mass_mg or 0.0)


def warp_between(first: TimePoint, second: TimePoint) -> Warp:
    """The registration alone."""
    a, b = surveyed(first), surveyed(second)
    return warp_of(pieces(a, b), a, b)


def target_errors(warp: Warp, points: Float64, true: Float64) -> Float64:
    """Distance (mm) between where points were carried and where they are."""
    return np.linalg.norm(warp.forth(points) - true, axis=1)


def target_points(scan: TimePoint, seed: int, count: int = 400) -> Float64:
    """Points of soft tissue and bone, at random in the body, away from the scan's ends."""
    tissue, grid = scan.anatomy.tissue, scan.anatomy.grid
    rng = np.random.default_rng(seed)
    cells = np.argwhere(tissue > 1)
    margin = 6
    cells = cells[(cells[:, 0] >= margin) & (cells[:, 0] < tissue.shape[0] - margin)]
    return grid.to_lps(cells[rng.integers(len(cells), size=count)].astype(np.float64))
