"""Which deposits of two scans are one thing: families by overlap, then assignment of what overlaps nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from calciscope.measure.track.warp import Warp
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Float64
from calciscope.terms.tracking import LabelledVoxels, TimePoint

GATE_MM = 1.0
"""Deposits overlap where one lies within this distance of the other: the registration's own error (measured)."""
COVERED = 0.5
"""Two deposits are of one family where one covers at least this share of the other (judgement: neighbours that only
touch stay apart, parts of a whole do not)."""
SLID_MM = 7.0
"""A deposit without overlap may have slid this far in soft tissue and still be the same (judgement)."""
SLID_RATIO = 3.0
"""... if its mass changed by less than this factor."""
MOST_VOXELS = 4000
"""Voxels looked at of one deposit; evenly spread, more change no share by a per cent."""
FOLLOWED = frozenset({Kind.CALCINOSIS, Kind.UNCERTAIN, Kind.VASCULAR, Kind.PHYSIOLOGICAL, Kind.BONE, Kind.ARTEFACT})
"""Kinds that take part in matching, so that a deposit judged otherwise in one scan is neither lost nor new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """deposit_ids then and now that are one thing in the patient."""

    then: tuple[int, ...]
    now: tuple[int, ...]


def families(first: TimePoint, second: TimePoint, warp: Warp) -> tuple[Kin, ...]:
    """All families that hold calcinosis in either scan, largest ids last; each deposit in one of them."""
    ids = [[one.deposit_id for one in scan.deposits if one.kind in FOLLOWED] for scan in (first, second)]
    there = _covered(_spread(first.voxels, ids[0]), second.voxels, ids[1], warp.forth)
    back = _covered(_spread(second.voxels, ids[1]), first.voxels, ids[0], warp.back)
    links = {pair for pair, share in there.items() if share >= COVERED}
    links |= {(a, b) for (b, a), share in back.items() if share >= COVERED}
    links |= _slid(first, second, warp, ids, links)
    return tuple(kin for kin in _joined(ids, links) if _holds_calcinosis(kin, first, second))


def _spread(voxels: LabelledVoxels, ids: list[int]) -> dict[int, Float64]:
    """deposit_id -> (n, 3) LPS mm of its voxels, evenly thinned."""
    order = np.argsort(voxels.label, kind="stable")
    labels = voxels.label[order]
    found = {}
    for one in ids:
        low, high = np.searchsorted(labels, [one, one + 1])
        own = order[low : high : max(1, (high - low) // MOST_VOXELS)]
        found[one] = voxels.grid.to_lps(voxels.index[own].astype(np.float64))
    return found


def _covered(spread: dict[int, Float64], onto: LabelledVoxels, ids: list[int], carry) -> dict[tuple[int, int], float]:  # type: ignore[no-untyped-def]
    """(own id, other id) -> share of the own deposit that lies within GATE_MM of the other."""
    known = np.isin(onto.label, ids)
    if not known.any() or not spread:
        return {}
    spacing = np.array(onto.grid.spacing_mm)
    unit = spacing / (0.5 * spacing + GATE_MM)  # a box of one voxel widened by the gate reaches to 1
    tree, label = cKDTree(onto.index[known] * unit), onto.label[known]
    owners = np.concatenate([np.full(len(points), one) for one, points in spread.items()])
    carried = carry(np.concatenate(list(spread.values())))
    away, nearest = tree.query(onto.grid.to_index(carried) * unit, p=np.inf, distance_upper_bound=1.0)
    hit = np.isfinite(away)
    pairs, counts = np.unique(np.stack([owners[hit], label[nearest[hit]]], axis=1), axis=0, return_counts=True)
    return {(int(a), int(b)): float(n) / len(spread[int(a)]) for (a, b), n in zip(pairs, counts, strict=True)}


def _slid(
    first: TimePoint, second: TimePoint, warp: Warp, ids: list[list[int]], links: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """One-to-one pairs among the deposits that overlap nothing."""
    lone = [sorted(set(ids[side]) - {pair[side] for pair in links}) for side in (0, 1)]
    if not lone[0] or not lone[1]:
        return set()
    then = [first.deposit(one) for one in lone[0]]
    now = [second.deposit(one) for one in lone[1]]
    here = warp.forth(np.array([[one.x_mm, one.y_mm, one.z_mm] for one in then]))
    away = np.linalg.norm(here[:, None] - np.array([[one.x_mm, one.y_mm, one.z_mm] for one in now])[None], axis=2)
    masses = [np.log(np.array([max(one.mass_mg or 0.0, 0.0) for one in side]) + 1.0) for side in (then, now)]
    unlike = np.abs(masses[0][:, None] - masses[1][None, :])
    allowed = (away <= SLID_MM) & (unlike <= np.log(SLID_RATIO))
    cost = np.where(allowed, away / SLID_MM + unlike / np.log(SLID_RATIO), 1e3)
    rows, columns = linear_sum_assignment(cost)
    return {(lone[0][a], lone[1][b]) for a, b in zip(rows, columns, strict=True) if allowed[a, b]}


def _joined(ids: list[list[int]], links: set[tuple[int, int]]) -> list[Kin]:
    """Connected families of the overlap graph."""
    kin = {(side, one): {(side, one)} for side in (0, 1) for one in ids[side]}
    for a, b in sorted(links):
        one, other = kin[0, a], kin[1, b]
        if one is not other:
            one |= other
            for member in other:
                kin[member] = one
    unique = {id(members): members for members in kin.values()}
    found = [
        Kin(
            then=tuple(sorted(number for side, number in members if side == 0)),
            now=tuple(sorted(number for side, number in members if side == 1)),
        )
        for members in unique.values()
    ]
    return sorted(found, key=lambda one: (one.then or (10**6,), one.now))


def _holds_calcinosis(kin: Kin, first: TimePoint, second: TimePoint) -> bool:
    kinds = {first.deposit(one).kind for one in kin.then} | {second.deposit(one).kind for one in kin.now}
    return Kind.CALCINOSIS in kinds
