"""Tells a deposit from the tissue it lies in: background as a field, and the excess over it.

What is seen is taken as background + deposit + neighbours + bone's blur + noise. The background is a random field with
the covariance of the tissue around; the deposit is its template times a contrast that is free, and free to vary slowly
within it. The best linear estimate of both follows (kriging with known components).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, ndimage

from calciscope.measure.quantify.covariance import (
    TABLE_STEP_MM,
    Covariance,
    assemble,
    choose,
    covariance_between,
    matern,
)
from calciscope.measure.quantify.scenery import Scenery

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]

SHELL_MM = 7.0  # tissue this far from the deposit tells the background; 4-10 mm measure alike on limb scans [measured]
FAINT = 0.02  # share below which the template counts as absent
MAX_OBSERVED, MAX_SHELL, MAX_CHOOSING = 800, 400, 200
LARGE_VOXELS = 60_000  # beyond this the deposit is summed
LARGE_LEVEL_SD_HU, LARGE_SMOOTH_SHARE = 4.0, 0.2  # doubt of the background's mean under a large deposit [judgement]
UNEVENNESS, UNEVENNESS_LENGTH_MM = 0.25, 2.0  # a deposit's contrast varies by this share over this length
FREE_CONTRAST_HU = 5000.0  # the deposit's mean contrast is left free
BONE_FREE_HU, BONE_UNEVEN_HU, BONE_LENGTH_MM = 2000.0, 250.0, 3.0  # cortex: unknown and uneven
RIM_ERROR = 0.1  # of the contrast: how far the template may be off at one voxel of its blurred rim [judgement]
# The same over stretches of rim, part of the excess: the blur is known to +-25 %, and forms are not as even as a template.
# 0.15-0.3 measure alike on limb scans; less follows a wrong template, more takes up noise [measured].
RIM_DOUBT, RIM_LENGTH_MM = 0.22, 2.0
# The blur may be off as a whole: a template blurred too widely reaches beyond the deposit all around, and the tissue there must not be
# taken for darker than it is. Relative SD of the blur's sigmas, across slices and in the slice; 0.2-0.4 measure alike on limbs [measured].
BLUR_SD = ((0.2, (0,)), (0.2, (1, 2)))
RIM_WIDTH = 0.7  # the doubtful rim is the template's edge, blurred this many times its own blur again: 0.6-0.8 measure alike [measured]
UNSEEN_ERROR = 0.3  # of the part of a deposit that lies where nothing can be looked at (under bone, at skin's edge)
NEIGHBOUR_ERROR = 0.15  # of a neighbour's template contrast


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """``background``: float32 window (HU); ``excess`` and its SD in HU x voxels; ``covariance`` chosen for the tissue."""

    background: Float32
    excess: float
    excess_sd: float
    covariance: Covariance | None


def separate(
    scenery: Scenery,
    share: Float32,
    *,
    guard: Bool | None = None,
    known: Covariance | None = None,
    shell_mm: float = SHELL_MM,
) -> Separation:
    """Separate the deposit of template ``share`` (0..1) in its window.

    With ``guard`` (bool window) nothing inside it is looked at: a first background before any template is known.
    ``known``: the covariance of the tissue, where it has been chosen before; ``shell_mm``: how far around tissue is looked at.
    """
    large = guard is None and int((share > FAINT).sum()) > LARGE_VOXELS
    present = guard if guard is not None else (share > FAINT) | (rim_weight(share, scenery) > FAINT)
    cells = _Cells.of(scenery, present, look_inside=guard is None and not large, shell_mm=shell_mm)
    shell = cells.shell
    if int(shell.sum()) < 8:
        level = np.float32(scenery.fallback_hu)
        plain = np.full(share.shape, level, np.float32)
        total = float((scenery.seen - level)[present].sum())
        return Separation(background=plain, excess=total, excess_sd=0.2 * abs(total), covariance=None)
    tissue = known or _tissue(cells, scenery.noise_hu)
    solved = _solve(scenery, share, cells, tissue, present)
    return _summed(scenery, share, solved, tissue) if large else solved


def _summed(scenery: Scenery, share: Float32, solved: Separation, tissue: Covariance) -> Separation:
    """Plain sum over the background for a large deposit: its blocks are too coarse to weigh, its rim a small part."""
    deposit = (rim_weight(share, scenery) > FAINT) | (share > FAINT)
    seen = deposit & scenery.usable
    whole, part = float(share.sum()), float(share[seen].sum())
    total = float((scenery.seen - scenery.neighbours - solved.background)[seen].sum()) * whole / max(part, 1e-6)
    doubt = float(seen.sum()) * (LARGE_LEVEL_SD_HU + LARGE_SMOOTH_SHARE * tissue.smooth_hu)
    return Separation(background=solved.background, excess=total, excess_sd=doubt, covariance=tissue)


def rim_weight(share: Float32, scenery: Scenery) -> Float32:
    """1 at the half-contrast surface of a template, falling to 0 either side over somewhat more than the blur."""
    sigma = [RIM_WIDTH * s / d for s, d in zip(scenery.sigma_mm, scenery.spacing_mm, strict=True)]
    wide = np.clip(ndimage.gaussian_filter(share, sigma, truncate=3.0), 0.0, 1.0)
    return np.asarray(np.where(wide > 0.5 * FAINT, 4.0 * wide * (1.0 - wide), 0.0), dtype=np.float32)


def blur_error(share: Float32, scenery: Scenery) -> list[Float32]:
    """What a template misses where its blur is too narrow by one SD, across slices and in the slice; each sums to nothing.

    A Gaussian's sigma that grows by a share d adds d sigma^2 times the second derivative (heat equation).
    """
    missed = []
    for sd, axes in BLUR_SD:
        curved = np.zeros_like(share)
        for axis in axes:
            steps = scenery.sigma_mm[axis] / scenery.spacing_mm[axis]
            curved += steps**2 * ndimage.correlate1d(share, (1.0, -2.0, 1.0), axis=axis, mode="nearest")
        missed.append(np.asarray(sd * curved, dtype=np.float32))
    return missed


def _tissue(cells: _Cells, noise_hu: float) -> Covariance:
    """Covariance from the cleanest part of the shell."""
    clean = np.flatnonzero(cells.shell & (cells.bone < FAINT) & (cells.share_free))
    if clean.size < 30:
        clean = np.flatnonzero(cells.shell)
    chosen = clean[:: max(1, -(-clean.size // MAX_CHOOSING))]
    return choose(cells.points_mm[chosen], cells.values[chosen], cells.counts[chosen], noise_hu)


def _solve(scenery: Scenery, share: Float32, cells: _Cells, tissue: Covariance, present: Bool) -> Separation:
    """The linear estimate: matrices over the cells, then background everywhere the deposit is."""
    level = float(np.median(cells.values[cells.shell]))
    t = cells.average(share)
    strength = max(float((t * (cells.values - level)).sum() / max((t * t).sum(), 1e-6)), 30.0)
    table = tissue.table()
    distance = np.arange(table.size, dtype=np.float64) * TABLE_STEP_MM
    uneven = FREE_CONTRAST_HU**2 + (UNEVENNESS * strength) ** 2 * matern(distance / UNEVENNESS_LENGTH_MM)
    bone = BONE_FREE_HU**2 + BONE_UNEVEN_HU**2 * matern(distance / BONE_LENGTH_MM)
    near = matern(distance / BONE_LENGTH_MM)
    shared = matern(distance / RIM_LENGTH_MM)
    rim = cells.average(rim_weight(share, scenery)) * strength
    white = tissue.white_hu**2 / cells.counts + cells.edge_noise**2 + (RIM_ERROR * rim) ** 2 + 0.5
    blurs = [cells.average(missed) * strength for missed in blur_error(share, scenery)]
    parts = np.stack([t, RIM_DOUBT * rim, *blurs])
    as_one = np.ones_like(distance)
    deposit = assemble(cells.points_mm, parts, np.stack([uneven, shared, as_one, as_one]), np.zeros_like(t))
    others = np.stack([cells.bone, NEIGHBOUR_ERROR * cells.neighbours])
    total = assemble(cells.points_mm, others, np.stack([bone, near]), white)
    warped = tissue.warped(cells.points_mm)
    total += covariance_between(warped, warped, table)
    total += deposit
    factor = linalg.cho_factor(total, lower=True, overwrite_a=True, check_finite=False)
    weights = linalg.cho_solve(factor, cells.values - cells.neighbours - level, check_finite=False)
    background = _background(scenery, present, cells, tissue, weights, level)
    voxels = cells.counts * (rim + t > 0.0)
    reach = deposit @ voxels
    excess = float(reach @ weights)
    left = float(voxels @ reach - reach @ linalg.cho_solve(factor, reach, check_finite=False))
    seen_share, whole = float((t * voxels).sum()), float(share.sum())
    grow = whole / seen_share if seen_share > 1e-6 else 1.0
    unseen = UNSEEN_ERROR * abs(excess) * max(grow - 1.0, 0.0)
    return Separation(
        background=background,
        excess=excess * grow,
        excess_sd=float(np.hypot(np.sqrt(max(left, 0.0)) * grow, unseen)),
        covariance=tissue,
    )


def _background(
    scenery: Scenery, present: Bool, cells: _Cells, tissue: Covariance, weights: Float64, level: float
) -> Float32:
    """Predicted background where the deposit is; what is seen elsewhere (neighbours and bone's blur left in)."""
    out = scenery.seen.astype(np.float32).copy()
    where = np.argwhere(present)
    step = max(1, -(-len(where) // 4000))
    points = tissue.warped(where * np.array(scenery.spacing_mm))
    observed, table = tissue.warped(cells.points_mm), tissue.table()
    if step == 1:
        out[present] = level + covariance_between(points, observed, table) @ weights
        return out
    size = max(2, round(step ** (1 / 3)) + 1)
    key = np.ravel_multi_index(tuple((where // size).T), tuple(-(-n // size) + 1 for n in present.shape))
    unique, inverse = np.unique(key, return_inverse=True)
    counts = np.bincount(inverse)
    centres = np.stack([np.bincount(inverse, points[:, axis]) / counts for axis in range(3)], axis=1)
    out[present] = (level + covariance_between(centres, observed, table) @ weights)[inverse]
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Voxels, or small blocks of them, that enter the estimate; all arrays (n,) but ``points_mm`` (n, 3)."""

    points_mm: Float64
    values: Float64
    counts: Float64
    shell: Bool
    share_free: Bool
    bone: Float64
    neighbours: Float64
    edge_noise: Float64
    index: NDArray[np.intp]
    inverse: NDArray[np.intp]

    @classmethod
    def of(cls, scenery: Scenery, present: Bool, *, look_inside: bool, shell_mm: float) -> _Cells:
        """Cells of a window: deposit voxels as fine as the number allows, tissue around in thinned small blocks."""
        inside = present & scenery.usable if look_inside else np.zeros_like(present)
        shell = scenery.shell(present, shell_mm)
        inner_key = _blocks(inside, MAX_OBSERVED - MAX_SHELL, (1, 1, 1))
        outer_key = _blocks(shell, MAX_SHELL * 3, (1, 2, 2))
        kept = np.unique(outer_key)[:: max(1, -(-np.unique(outer_key).size // MAX_SHELL))]
        outer_keep = np.isin(outer_key, kept)
        voxels_in, voxels_out = np.flatnonzero(inside), np.flatnonzero(shell)[outer_keep]
        keys = np.concatenate([inner_key, outer_key[outer_keep] + (inner_key.max() + 1 if inner_key.size else 0)])
        voxels = np.concatenate([voxels_in, voxels_out])
        unique, inverse = np.unique(keys, return_inverse=True)
        counts = np.bincount(inverse).astype(np.float64)
        places = np.stack(np.unravel_index(voxels, present.shape), axis=1) * np.array(scenery.spacing_mm)

        def mean(values: NDArray[np.floating]) -> Float64:
            return np.asarray(np.bincount(inverse, values.ravel()[voxels]) / counts, dtype=np.float64)

        is_shell = np.zeros(unique.size, bool)
        is_shell[inverse[len(voxels_in) :]] = True
        neighbours = mean(scenery.neighbours)
        return cls(
            points_mm=np.stack([np.bincount(inverse, places[:, a]) / counts for a in range(3)], axis=1),
            values=mean(scenery.seen),
            counts=counts,
            shell=is_shell,
            share_free=np.abs(neighbours) < 10.0,
            bone=mean(scenery.bone),
            neighbours=neighbours,
            edge_noise=mean(scenery.edge_noise),
            index=voxels,
            inverse=inverse,
        )

    def average(self, window: Float32) -> Float64:
        """Mean of a window over each cell."""
        return np.asarray(np.bincount(self.inverse, window.ravel()[self.index]) / self.counts, dtype=np.float64)


def _blocks(mask: Bool, wanted: int, size: tuple[int, int, int]) -> NDArray[np.intp]:
    """Block number of each voxel of ``mask``, blocks grown until no more than ``wanted`` are needed."""
    where = np.argwhere(mask)
    if not len(where):
        return np.empty(0, np.intp)
    block = np.array(size, dtype=float)
    while True:
        whole = np.round(block).astype(int)
        grid = tuple(-(-n // b) for n, b in zip(mask.shape, whole, strict=True))
        key = np.ravel_multi_index(tuple((where // whole).T), grid)
        count = int(np.count_nonzero(np.bincount(key)))
        if count <= wanted:
            return np.asarray(key, dtype=np.intp)
        block *= max(1.12, 0.8 * (count / wanted) ** (1 / 3))
