"""What became of each family: grown, shrunk, new, resolved, merged, split, stable, or not evaluable, and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from calciscope.measure.track.bridge import is_bridged
from calciscope.measure.track.limit_table import NET_SD
from calciscope.measure.track.masses import Amount, amounts
from calciscope.measure.track.match import Kin
from calciscope.measure.track.nets import any_net
from calciscope.measure.track.proof import Claim, Pair, Proof, Readings, proof_of
from calciscope.measure.track.warp import in_view
from calciscope.terms.deposits import Deposit, Kind, Layer
from calciscope.terms.geometry import Float64
from calciscope.terms.tissue import Tissue
from calciscope.terms.tracking import Cause, Event, Family, LabelledVoxels, TimePoint

RIM_MM = 2.0
"""A deposit nearer than this to the scan's border may be cut: its blurred rim reaches so far."""
APART_MM = 2.0
"""Parts of a deposit this far from each other are parts; nearer ones may be one in another scan's noise (judgement)."""
SEEN_SHARE = 0.98
"""Share of a deposit's voxels whose place the other scan must show, so that a lone stray voxel decides nothing."""
IN_BONE_SHARE = 0.5
"""A deposit of which the other scan shows this much as bone is one that was parted from bone in one scan only."""
PART_IN_BONE_SHARE = 0.2
"""A deposit of which the other scan takes this much for bone has lost that part to the bone there, not in the patient: twice
what a deposit that lies on bone has of it by the map's 2 mm cells (judgement)."""
BESIDE_BONE_SD = 0.12
"""Relative SD that the border between a deposit and the bone it touches adds to a difference (judgement: one of twelve phantom
patients scanned twice showed 27 % for such a deposit)."""
BORROWED_PERCENT = 25.0
"""Change a year called progression or improvement on hand radiographs in systemic sclerosis (Valenzuela 2022, seen);
borrowed, and shown beside the limit only."""
NOT_MEASURED = frozenset({Kind.ARTEFACT, Kind.BONE, Kind.METAL, Kind.CONTRAST, Kind.OUTSIDE_BODY})
"""Kinds whose mass is read plainly: a family is not measured by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A family's event before the limit is applied; ``why`` not evaluable, or what a reader should know."""

    kin: Kin
    amounts: tuple[Amount, Amount]
    event: Event | None
    why: str


def judged(pair: Pair, found: Sequence[Kin]) -> list[Judged]:
    """Form, view and registration of every family; changes of mass are left to `families`."""
    return [_judged(pair, kin) for kin in found]


def families(pair: Pair, found: Sequence[Judged]) -> tuple[Family, ...]:
    """Families with events and limits; error is held for all evaluable ones together.

    What changed beyond doubt is no longer a chance of a false alarm, so the others are held against a limit for fewer, until
    none follows (step-down, Holm 1979: the error of all together stays the same).
    """
    readings = Readings(pair=pair)
    tested = sum(1 for one in found if one.event is not Event.NOT_EVALUABLE)
    left, told = 0, tuple(_family(readings, one, number, tested) for number, one in enumerate(found, start=1))
    while left != (left := max(tested - sum(1 for one in told if one.significant), 1)):
        told = tuple(_family(readings, one, number, left) for number, one in enumerate(found, start=1))
    return told


def _judged(pair: Pair, kin: Kin) -> Judged:
    then = [pair.first.deposit(one) for one in kin.then]
    now = [pair.second.deposit(one) for one in kin.now]
    measured = amounts(then, now, (pair.first.matrix, pair.second.matrix))
    why = _why_not(pair, kin, then, now)
    if why:
        return Judged(kin=kin, amounts=measured, event=Event.NOT_EVALUABLE, why=why)
    event = None
    if not then or not now:
        event = Event.NEW if not then else Event.RESOLVED
    elif len(then) > 1 and len(now) == 1 and _apart(pair.first.voxels, kin.then) and is_bridged(pair, kin) is not False:
        event = Event.MERGED
    elif len(then) == 1 and len(now) > 1 and _apart(pair.second.voxels, kin.now) and is_bridged(pair, kin) is not False:
        event = Event.SPLIT
    return Judged(kin=kin, amounts=measured, event=event, why=_kinds_differ(then, now))


def _why_not(pair: Pair, kin: Kin, then: list[Deposit], now: list[Deposit]) -> str:
    """One clause on why a family cannot be judged; empty where it can."""
    old, new = _points(pair.first.voxels, kin.then), _points(pair.second.voxels, kin.now)
    places = old if len(old) else pair.warp.back(new)
    if not pair.warp.trusted(places).mean() >= 0.5:
        return "the two scans could not be brought together here"
    there, back = pair.warp.forth(places), pair.warp.back(new) if len(new) else places
    for grid, spots, name in (
        (pair.first.voxels.grid, old, "baseline"),
        (pair.second.voxels.grid, new, "follow-up"),
        (pair.second.voxels.grid, there, "follow-up"),
        (pair.first.voxels.grid, back, "baseline"),
    ):
        if len(spots) and in_view(grid, spots, RIM_MM).mean() < SEEN_SHARE:
            return f"its place is not wholly in view in the {name} scan"
    for scan, spots, lone, name in (
        (pair.second, there, not now, "follow-up"),
        (pair.first, back, not then, "baseline"),
    ):
        if lone and not _in_body(scan, spots):
            return f"its place lies outside the body that the {name} scan shows"
        if lone and _share_in(scan, spots, Tissue.BONE) >= IN_BONE_SHARE:
            return f"its place was taken for bone in the {name} scan"
        if not lone and len(spots) and _share_in(scan, spots, Tissue.BONE) >= PART_IN_BONE_SHARE:
            return f"part of it was taken for bone in the {name} scan"
    for side, name in ((then, "baseline"), (now, "follow-up")):
        if side and all(one.kind in NOT_MEASURED for one in side):
            return f"it was set aside as {side[0].kind.value} in the {name} scan"
    return ""


def _touches_bone(deposits: Sequence[Deposit]) -> bool:
    return any(Layer.PERIOSTEAL in (one.layer, *one.layer_also) for one in deposits)


def _points(voxels: LabelledVoxels, ids: tuple[int, ...]) -> Float64:
    return voxels.grid.to_lps(voxels.index[voxels.of(ids)].astype(np.float64))


def _in_body(scan: TimePoint, spots: Float64) -> bool:
    """Whether most of the places lie in tissue, or within a cell of it."""
    tissue, grid = scan.anatomy.tissue, scan.anatomy.grid
    index = np.clip(np.rint(grid.to_index(spots)).astype(int), 1, np.array(grid.shape) - 2)
    around = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    cells = (index[:, None, :] + around[None]).reshape(-1, 3)
    held = (tissue[tuple(cells.T)] != Tissue.OUTSIDE).reshape(len(index), -1)
    return bool(held.any(axis=1).mean() >= 0.5)


def _share_in(scan: TimePoint, spots: Float64, tissue: Tissue) -> float:
    """Share of the places that lie in one tissue."""
    index = np.rint(scan.anatomy.grid.to_index(spots)).astype(int)
    index = np.clip(index, 0, np.array(scan.anatomy.grid.shape) - 1)
    return float((scan.anatomy.tissue[tuple(index.T)] == tissue).mean())


def _apart(voxels: LabelledVoxels, ids: tuple[int, ...]) -> bool:
    """Whether the two largest parts of a family are clearly apart."""
    sizes = sorted(((int((voxels.label == one).sum()), one) for one in ids), reverse=True)
    first, second = (_points(voxels, (one,)) for _, one in sizes[:2])
    gap = float(cKDTree(first).query(second)[0].min()) - max(voxels.grid.spacing_mm)
    return gap >= APART_MM


def _kinds_differ(then: list[Deposit], now: list[Deposit]) -> str:
    kinds = [sorted({one.kind.value for one in side}) for side in (then, now)]
    if not kinds[0] or not kinds[1] or kinds[0] == kinds[1]:
        return ""
    return f"judged {' and '.join(kinds[0])} at baseline, {' and '.join(kinds[1])} at follow-up"


def _family(readings: Readings, one: Judged, number: int, tested: int) -> Family:
    pair = readings.pair
    first, second = [pair.first.deposit(n) for n in one.kin.then], [pair.second.deposit(n) for n in one.kin.now]
    members = first or second
    main = max(members, key=lambda deposit: deposit.mass_mg or 0.0)
    verdict = _verdict(readings, one, (first, second), tested)
    before, after = one.amounts
    known = verdict.event is not Event.NOT_EVALUABLE
    change, was = (verdict.after_mg or 0.0) - (verdict.before_mg or 0.0), verdict.before_mg
    percent = 100.0 * change / was if known and was else None
    return Family(
        track_id=number,
        event=verdict.event,
        cause=Cause.UNKNOWN,
        baseline_ids=one.kin.then,
        followup_ids=one.kin.now,
        baseline_mass_mg=verdict.before_mg,
        followup_mass_mg=verdict.after_mg,
        baseline_volume_ml=before.volume_ml,
        followup_volume_ml=after.volume_ml,
        change_mg=change if known else None,
        change_percent=percent,
        limit_mg=verdict.limit_mg,
        significant=abs(change) > (verdict.limit_mg or 0.0) if known else None,
        beyond_25_percent=None if percent is None else abs(percent) > BORROWED_PERCENT,
        region=main.region,
        side=main.side,
        layer=Counter(deposit.layer for deposit in members).most_common(1)[0][0],
        note=verdict.note,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The event with the masses (mg) that it rests on and the limit it was held against."""

    event: Event
    before_mg: float | None
    after_mg: float | None
    limit_mg: float | None
    note: str


def _verdict(readings: Readings, one: Judged, deposits: tuple[list[Deposit], list[Deposit]], tested: int) -> Verdict:
    before, after = (amount.mass_mg for amount in one.amounts)
    if one.event is Event.NOT_EVALUABLE or before is None or after is None:
        note = one.why or "the mass is not evaluable in one of the scans"
        return Verdict(event=Event.NOT_EVALUABLE, before_mg=before, after_mg=after, limit_mg=None, note=note)
    then, now, pair = *deposits, readings.pair
    heavier, more = max(before, after), _more_sd([*then, *now])
    claim = Claim(
        kin=one.kin,
        then=then,
        now=now,
        masses_mg=(before, after),
        single_mg=pair.errors.single_mg(heavier, more),
        limit_mg=pair.errors.limit_mg(heavier, tested, more),
        tested=tested,
    )
    proof = proof_of(readings, claim)
    if proof is not None:
        return _proven(one, proof)
    if claim.lone:
        return _unread(one, claim, pair.errors.presence_limit_mg(heavier, tested, more))
    event = one.event or _by_mass(after - before, claim.limit_mg)
    return Verdict(event=event, before_mg=before, after_mg=after, limit_mg=claim.limit_mg, note=one.why)


def _more_sd(members: Sequence[Deposit]) -> float:
    """Relative SD that the form or place of a family adds to its difference."""
    beside_bone = BESIDE_BONE_SD if _touches_bone(members) else 0.0
    return math.hypot(beside_bone, NET_SD if any_net(members) else 0.0)


def _by_mass(change_mg: float, limit_mg: float) -> Event:
    if abs(change_mg) <= limit_mg:
        return Event.STABLE
    return Event.GROWN if change_mg > 0 else Event.SHRUNK


def _proven(one: Judged, proof: Proof) -> Verdict:
    form = one.event if one.event in (Event.MERGED, Event.SPLIT) else None
    by_mass = _by_mass(proof.after_mg - proof.before_mg, proof.limit_mg)
    return Verdict(
        event=proof.event or form or by_mass,
        before_mg=proof.before_mg,
        after_mg=proof.after_mg,
        limit_mg=proof.limit_mg,
        note="; ".join(part for part in (one.why, proof.note) if part),
    )


def _unread(one: Judged, claim: Claim, limit_mg: float) -> Verdict:
    """One scan alone found it, and the place cannot be read: it is lost or new only if it is too heavy to be missed."""
    event, note = one.event or Event.NOT_EVALUABLE, one.why
    if max(claim.masses_mg) <= limit_mg:
        event = Event.NOT_EVALUABLE
        note = "too faint: seen in one scan only, and so light that it may have been missed in the other"
    return Verdict(event=event, before_mg=claim.masses_mg[0], after_mg=claim.masses_mg[1], limit_mg=limit_mg, note=note)
