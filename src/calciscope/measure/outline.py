"""The surface of a deposit finer than its voxels: where its contrast crosses a level, along the voxel axes."""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy.ndimage import maximum_filter, spline_filter

from calciscope.measure.neighbourhood import Neighbourhood, Quantity
from calciscope.terms.geometry import Bool, Float64, Grid

# The surface of a blurred body lies where it has half its contrast, as long as it is wider than the blur (memory).
HALF = 0.5
# The level at which the outline holds the corrected volume may stray this far from the half level; beyond it the deposit is
# not one even body and the half level is the better guess (judgement).
LEVEL_RANGE = (0.15, 0.85)
# Contrast is compared with the highest within this distance, so faint ends of an uneven deposit are outlined too (judgement).
REACH_MM = 3.0
# Slices this much thicker than pixels are wide blur a lump visibly along one axis only.
UNEVEN = 1.6
# A slice's own variance is thickness^2 / 12; half of it is left once the level holds the corrected volume (measured on balls of
# 3 to 12 mm at four places between 3 mm slices: diameters within 10 % from 5 mm on).
SLICE_VARIANCE = 24.0
# Only lumps up to this many slices across (as a half-length) are shortened, and never below this share (judgement).
LUMP_SLICES = 2.0
LEAST_SHRINK = 0.5
# Rounding of distances, mm.
TINY_MM = 1e-9
# Finer steps per voxel while the crop stays small; a large deposit's outline gains nothing from them.
REFINE = ((3, 3_000), (2, 20_000))  # steps per voxel, up to this many voxels


def outline_lps_mm(neighbourhood: Neighbourhood, quantity: Quantity, own: Bool, grid: Grid) -> Float64:
    """(n, 3) LPS mm of surface points; voxel centres of the core where there is no crossing."""
    box = _box(own)
    contrast = np.where(own, quantity.contrast_hu, 0.0)[box]
    relative = contrast / np.maximum(_local_peak(contrast, neighbourhood.spacing_mm), 1.0)
    factor = next((steps for steps, most in REFINE if relative.size <= most), 1)
    # Voxel k of the crop sits at fine index k * factor: the fine grid spans voxel centre to voxel centre.
    fine = _refined(relative, factor)
    level = _level(fine, quantity.volume_ml, grid.voxel_volume_ml / factor**3)
    points = _unsliced(_crossings(fine, level) / factor - 1, np.array(neighbourhood.spacing_mm))  # 1: the padding
    origin = np.array(neighbourhood.origin) + [part.start for part in box]
    if len(points) < 2:
        core = np.argwhere(neighbourhood.core).astype(np.float64)
        return grid.to_lps(core + np.array(neighbourhood.origin, dtype=np.float64))
    return grid.to_lps(points + origin)


def _unsliced(points: Float64, mm: Float64) -> Float64:
    """Take the slice's own thickness out of the outline of a small lump, at the same volume.

    A slice averages over its thickness, which adds to the lump's variance along the slice axis (a solid ball's: radius^2 / 5).
    """
    if len(points) < 2 or mm[0] < UNEVEN * mm[1:].max():
        return points
    centre = (points.min(axis=0) + points.max(axis=0)) / 2
    half = (points.max(axis=0) - points.min(axis=0)) / 2 * mm
    if half[1:].max() > LUMP_SLICES * mm[0] or half[1:].max() > 2 * half[1:].min() or half[0] <= 0:
        return points
    solid = half[0] ** 2 / 5  # variance of a solid ball of that half-length
    shrink = max(np.sqrt(max(solid - mm[0] ** 2 / SLICE_VARIANCE, 0.0) / solid), LEAST_SHRINK)
    return np.asarray(centre + (points - centre) * [shrink, shrink**-0.5, shrink**-0.5])


def _box(own: Bool) -> tuple[slice, slice, slice]:
    """The bounding box of the deposit in its crop, one voxel wider."""
    spans = []
    for axis in range(3):
        used = np.flatnonzero(own.any(axis=tuple(a for a in range(3) if a != axis)))
        spans.append(slice(max(0, used[0] - 1), used[-1] + 2))
    return spans[0], spans[1], spans[2]


def _local_peak(contrast: Float64, spacing_mm: tuple[float, float, float]) -> Float64:
    size = [2 * round(REACH_MM / mm) + 1 for mm in spacing_mm]
    return np.asarray(maximum_filter(contrast, size=size, mode="constant"), dtype=np.float64)


def _refined(relative: Float64, factor: int) -> Float64:
    """The crop with a border of zeros, on a grid ``factor`` times as fine: cubic splines through the voxel centres."""
    padded = np.pad(relative, 1).astype(np.float64)
    if factor > 1:
        padded = spline_filter(padded, order=3, mode="mirror")
        for axis in range(3):
            padded = np.moveaxis(_between(np.moveaxis(padded, axis, 0), factor), 0, axis)
    return np.ascontiguousarray(padded)


def _between(knots: Float64, factor: int) -> Float64:
    """Values of cubic B-splines along the first axis at every ``1 / factor`` of a knot, from the first to the last."""
    count = len(knots)
    framed = np.concatenate([knots[1:2], knots, knots[-2:-1]])  # coefficients are mirrored at the ends
    fine = np.empty(((count - 1) * factor + 1, *knots.shape[1:]))
    for step in range(factor):
        t = step / factor
        weights = ((1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3)
        here = count if step == 0 else count - 1
        used = [(w / 6, framed[k : k + here]) for k, w in enumerate(weights) if w > 0]
        fine[step::factor] = sum(w * part for w, part in used)
    return fine


def _level(fine: Float64, volume_ml: float, voxel_ml: float) -> float:
    """The share of the local peak at which the outline holds the corrected volume, else one half."""
    count = round(volume_ml / voxel_ml)
    if not 1 <= count < fine.size:
        return HALF
    level = float(np.partition(fine, fine.size - count, axis=None)[fine.size - count])
    return level if LEVEL_RANGE[0] <= level <= LEVEL_RANGE[1] else HALF


def _crossings(fine: Float64, level: float) -> Float64:
    """(n, 3) indices, in voxels of the refined, padded crop, where neighbours straddle the level."""
    found = []
    for axis in range(3):
        low = np.moveaxis(fine, axis, 0)[:-1]
        high = np.moveaxis(fine, axis, 0)[1:]
        at = np.argwhere((low >= level) != (high >= level))
        a, b = low[tuple(at.T)], high[tuple(at.T)]
        position = at.astype(np.float64)
        position[:, 0] += (level - a) / (b - a)
        order = np.argsort([axis, *(k for k in range(3) if k != axis)])
        found.append(position[:, order])
    return np.concatenate(found)


def widest_mm(points_mm: Float64) -> float:
    """The greatest distance between two of the points (n, 3).

    Only points far out can be its ends: those as far from the middle as a long distance already known, less the farthest.
    """
    if len(points_mm) < 2:
        return 0.0
    middle = (points_mm.min(axis=0) + points_mm.max(axis=0)) / 2
    out = np.sqrt(((points_mm - middle) ** 2).sum(axis=1))
    end = points_mm[int(out.argmax())]
    for _ in range(2):
        away = ((points_mm - end) ** 2).sum(axis=1)
        end = points_mm[int(away.argmax())]
    known = float(np.sqrt(away.max()))
    far = np.flatnonzero(out >= known - out.max() - TINY_MM)
    order = far[np.argsort(-out[far], kind="stable")]
    return max(known, float(_widest(np.ascontiguousarray(points_mm[order]), out[order], known)))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _widest(points, out, known):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Greatest distance between points sorted by falling distance ``out`` from one middle, at least ``known``."""
    best = known
    squared = best * best
    for i in range(len(points)):
        z, y, x = points[i]
        for j in range(i + 1, len(points)):
            if out[i] + out[j] <= best:
                break
            apart = (points[j, 0] - z) ** 2 + (points[j, 1] - y) ** 2 + (points[j, 2] - x) ** 2
            if apart > squared:
                squared = apart
                best = np.sqrt(apart)
    return best
