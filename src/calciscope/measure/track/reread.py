"""Looks at one place of the patient in two scans: how much more CT number it holds in the later one, found or not.

The place is the family's voxels of both scans, widened by the blur and the error of carrying. The tissue it lies in is taken from
around it, in both scans from the same parts. How far such a difference is off where nothing changed is read off the same form
laid nearby, where neither scan knows anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from calciscope.measure.track.warp import Warp
from calciscope.terms.geometry import Bool, Float64, Grid
from calciscope.terms.tissue import CoarseCt, Tissue
from calciscope.terms.tracking import TimePoint

WIDER_MM = 2.5
"""A place reaches this far beyond the voxels and half a slice: blur, half a cell and carrying, about 1 mm each."""
KNOWN_MM = 3.5
"""Cells this near to another deposit, to bone or to air tell nothing of the tissue around (as above, with a margin)."""
ROOM_MM = 20.0
"""Tissue around a place is looked at this far (judgement)."""
NEAR_MM = (4.0, 8.0, 16.0)
"""Tissue at a cell is the mean of cells around by a bell of this SD, the narrowest that finds any (judgement)."""
LEAST_WEIGHT = 0.03
"""A bell finds tissue where known cells make up this share of its weight (judgement)."""
BLOCKED_SHARE = 0.25
"""A place of which more lies by bone, air or another deposit cannot be read (judgement)."""
LAID_BLOCKED_SHARE = 0.35
"""A form laid nearby only shows how far readings are off, so more of it may (judgement)."""
SHIFTS_MM = (6.0, 9.0, 12.0, 16.0)
"""The form is laid this far away in 26 directions to see what it reads where nothing is (judgement)."""
OVERLAP_SHARE = 0.1
"""A form laid nearby may meet the place, or leave the view, by this share (judgement)."""
LEAST_LAID, MOST_LAID = 4, 20
"""Fewer forms laid nearby tell too little, more tell nothing new (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPair:
    """Two scans and the way from the first to the second."""

    first: TimePoint
    second: TimePoint
    warp: Warp


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Mass (mg) at a place in the later scan less the earlier one's; how far (1 SD) that is off where nothing is; ``laid`` forms
    tell so."""

    mass_mg: float
    sd_mg: float
    laid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crop:
    """Cells around a place in one scan: CT numbers, distance (mm) to the place's voxels, and where nothing may be read."""

    hu: Float64
    away_mm: Float64
    blocked: Bool
    grid: Grid


def change_at(
    pair: ScanPair, ids: tuple[tuple[int, ...], tuple[int, ...]], mg_per_hu_ml: tuple[float, float]
) -> Change | None:
    """What changed at the place of the family with these deposits then and now; ``mg_per_hu_ml``: of excess, in each scan.

    None where a scan has no CT numbers, does not show the place, or has bone, air or other deposits there.
    """
    first, second = pair.first.coarse_ct, pair.second.coarse_ct
    if first is None or second is None:
        return None
    old, new = (
        scan.voxels.grid.to_lps(scan.voxels.index[scan.voxels.of(own)].astype(np.float64))
        for scan, own in zip((pair.first, pair.second), ids, strict=True)
    )
    places = np.concatenate([old, pair.warp.back(new)]), np.concatenate([pair.warp.forth(old), new])
    reach = WIDER_MM + 0.5 * max(one.facts.slice_thickness_mm or 0.0 for one in (pair.first, pair.second))
    barred = [_barred(scan, ct, spots, own) for scan, ct, spots, own in
              zip((pair.first, pair.second), (first, second), places, ids, strict=True)]  # fmt: skip
    here = np.concatenate([barred[0], pair.warp.back(barred[1])])
    there = np.concatenate([pair.warp.forth(barred[0]), barred[1]])
    crops = [_crop(ct, spots, bar) for ct, spots, bar in zip((first, second), places, (here, there), strict=True)]
    if crops[0] is None or crops[1] is None:
        return None
    return _change(
        pair.warp, (crops[0], crops[1]), _Form(middle_mm=places[0].mean(axis=0), reach_mm=reach, mg=mg_per_hu_ml)
    )


def _box(grid: Grid, points_mm: Float64) -> tuple[slice, ...] | None:
    """The cells within ROOM_MM of the points; None where next to nothing of them is in the scan."""
    index, room = grid.to_index(points_mm), ROOM_MM / np.array(grid.spacing_mm)
    low = np.maximum(np.floor(index.min(axis=0) - room), 0).astype(int)
    high = np.minimum(np.ceil(index.max(axis=0) + room) + 1, grid.shape).astype(int)
    return None if (high - low < 3).any() else tuple(slice(a, b) for a, b in zip(low, high, strict=True))


def _barred(scan: TimePoint, ct: CoarseCt, points_mm: Float64, own: tuple[int, ...]) -> Float64:
    """Places (n, 3) around the points that are bone, air or another deposit."""
    box = _box(ct.grid, points_mm)
    if box is None:
        return np.zeros((0, 3))
    corner = np.array([part.start for part in box])
    cells = ct.grid.to_lps(np.argwhere(np.ones([part.stop - part.start for part in box], bool)) + corner)
    at = np.rint(scan.anatomy.grid.to_index(cells)).astype(int)
    codes = scan.anatomy.tissue[tuple(np.clip(at, 0, np.array(scan.anatomy.grid.shape) - 1).T)]
    others = scan.voxels.grid.to_lps(scan.voxels.index[~scan.voxels.of(own)].astype(np.float64))
    near = ((others >= cells.min(axis=0)) & (others <= cells.max(axis=0))).all(axis=1)
    return np.concatenate([cells[(codes == Tissue.BONE) | (codes == Tissue.OUTSIDE)], others[near]])


def _crop(ct: CoarseCt, points_mm: Float64, barred_mm: Float64) -> _Crop | None:
    box = _box(ct.grid, points_mm)
    if box is None:
        return None
    corner = np.array([part.start for part in box], dtype=np.float64)
    hu = ct.hu[box].astype(np.float64)
    cells = ct.grid.to_lps(np.argwhere(np.ones(hu.shape, bool)) + corner)
    blocked = np.zeros(len(cells), bool)
    if len(barred_mm):
        blocked = cKDTree(barred_mm).query(cells, distance_upper_bound=KNOWN_MM)[0] <= KNOWN_MM
    affine = ct.grid.affine.copy()
    affine[:3, 3] = ct.grid.to_lps(corner)
    return _Crop(
        hu=hu,
        away_mm=cKDTree(points_mm).query(cells)[0].reshape(hu.shape),
        blocked=blocked.reshape(hu.shape),
        grid=Grid(shape=hu.shape, affine=affine),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A place's middle in the first scan (LPS mm), how far it reaches beyond its voxels, and mg per HU x ml in both scans."""

    middle_mm: Float64
    reach_mm: float
    mg: tuple[float, float]


def _change(warp: Warp, crops: tuple[_Crop, _Crop], form: _Form) -> Change | None:
    still = [_weight(crop, np.zeros(3), form.reach_mm) for crop in crops]
    if any(
        w.sum() == 0 or (w * crop.blocked).sum() > BLOCKED_SHARE * w.sum() for w, crop in zip(still, crops, strict=True)
    ):
        return None
    read = [mg * _excess(crop, w, w) for mg, crop, w in zip(form.mg, crops, still, strict=True)]
    off: list[float] = []
    for step in _steps():
        carried = (warp.forth((form.middle_mm + step)[None]) - warp.forth(form.middle_mm[None]))[0]
        laid = [_weight(crop, one, form.reach_mm) for crop, one in zip(crops, (step, carried), strict=True)]
        if all(_lies_free(crop, w, own) for crop, w, own in zip(crops, laid, still, strict=True)):
            two = [
                mg * _excess(crop, w, np.maximum(w, own))
                for mg, crop, w, own in zip(form.mg, crops, laid, still, strict=True)
            ]
            off.append(two[1] - two[0])
        if len(off) == MOST_LAID:
            break
    if len(off) < LEAST_LAID:
        return None
    spread = float(np.sqrt(np.mean(np.square(off)) * (1.0 + 1.0 / len(off))))
    return Change(mass_mg=read[1] - read[0], sd_mg=spread, laid=len(off))


def _steps() -> list[Float64]:
    """Ways (LPS mm) to lay a form nearby: faces, edges and corners of a cube in turn, the nearest first."""
    ways = [np.array(way, dtype=np.float64) for way in product((-1, 0, 1), repeat=3) if any(way)]
    ways.sort(key=lambda way: float(np.abs(way).sum()))
    return [way / np.linalg.norm(way) * far for far in SHIFTS_MM for way in ways]


def _weight(crop: _Crop, step_mm: Float64, reach_mm: float) -> Float64:
    """1 in the place moved by a step, 0 beyond it, falling over its last millimetre."""
    move = np.linalg.solve(crop.grid.affine[:3, :3], step_mm)[::-1]
    away = crop.away_mm if not step_mm.any() else ndimage.shift(crop.away_mm, move, order=1, mode="constant", cval=1e3)
    return np.clip(reach_mm + 0.5 - away, 0.0, 1.0)


def _lies_free(crop: _Crop, laid: Float64, own: Float64) -> bool:
    """Whether a form laid nearby is whole, apart from the place, and can be read as the place itself has to be."""
    if laid.sum() < (1.0 - OVERLAP_SHARE) * own.sum() or (laid * (own > 0.0)).sum() > OVERLAP_SHARE * laid.sum():
        return False
    return bool((laid * crop.blocked).sum() <= LAID_BLOCKED_SHARE * laid.sum())


def _excess(crop: _Crop, weight: Float64, unknown: Float64) -> float:
    """Sum of what a place holds beyond the tissue around, HU x ml; ``unknown`` cells tell nothing of the tissue.

    What another deposit or bone hides is taken to hold as much as the rest.
    """
    around = _tissue_at(crop, ~crop.blocked & (unknown == 0.0))
    seen = weight * ~crop.blocked
    return float((seen * (crop.hu - around)).sum() * crop.grid.voxel_volume_ml * weight.sum() / max(seen.sum(), 1e-9))


def _tissue_at(crop: _Crop, known: Bool) -> Float64:
    """CT number of the tissue around, at every cell."""
    found = np.full(crop.hu.shape, crop.hu[known].mean() if known.any() else 0.0)
    open_ = np.ones(crop.hu.shape, bool)
    for sd in NEAR_MM:
        sigma = [sd / mm for mm in crop.grid.spacing_mm]
        weight = ndimage.gaussian_filter(known.astype(np.float64), sigma, mode="constant", truncate=3.0)
        mean = ndimage.gaussian_filter(np.where(known, crop.hu, 0.0), sigma, mode="constant", truncate=3.0)
        now = open_ & (weight >= LEAST_WEIGHT)
        found[now] = (mean / np.maximum(weight, 1e-9))[now]
        open_ &= ~now
    return found
