"""Strands of mineral in fat, thinner than what the scanner resolves: the lace of reticular calcinosis.

A strand with fat nearly all around it at 3 mm is at most about 2 mm thick. One of lean tissue, a septum or small vein, is
then blurred with the fat and reads little above 0 HU; so mineral is told there at far lower densities than elsewhere. A
strand counts when it holds a voxel that fat, nodes and vessels never reach, and alone only when it is long as well: noise
is not.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from calciscope.measure.segment.coarse import Coarse
from calciscope.measure.segment.dense import FAT_SEED_HU, LOW, SEED, Tissuefield, smooth_at, smoothing_weights
from calciscope.measure.segment.pieces import Tally, tally_of
from calciscope.measure.segment.runs import label_runs
from calciscope.terms.geometry import Volume

FATTY_HU = -20.0
"""Surroundings below this are mostly fat, HU, though a lace may run through them (judgement)."""
STRAND_HU, STRAND_SIGMAS = 10.0, 1.5
"""Smoothed HU, and standard deviations of the scan's own noise above it, that a strand of mineral reaches: lean tissue so
thin amid fat stays below the first (derived: a cylinder of 55 HU as thick as the blur reads -40 HU in fat, one twice as thick
40 HU)."""
FAT_HU = (-250, -30)
"""Fat, HU, without smoothing (imaging.md 3.3)."""
AROUND_MM, AROUND_HALF_MM = 3.0, 0.6
"""Distance at which fat must lie all around, mm, and half the thickness of that shell."""
FAT_AROUND = 0.6
"""Share of fat there: a strand leaves by two small spots, a knot of a net by four, the surface of muscle or skin by half
(derived)."""
MOST_PLACES = 96
"""Places of the shell that are looked at."""
ALONE_ML, ALONE_MM = 0.03, 8.0
"""Volume and length from which a strand founds a candidate of its own (measured on 20 limb scans: none of noise or veins that
reaches the seed is half as large)."""
SLACK_HU = 60.0
"""A voxel so far below the limit is no strand, whatever its neighbours, HU (judgement)."""

Places = NDArray[np.int64]


def flag_strands(
    volume: Volume, coarse: Coarse, body: NDArray[np.bool_], field: Tissuefield, flags: NDArray[np.uint8]
) -> None:
    """Add strands to ``flags`` (as ``flag_dense`` makes them), in place."""
    spacing = volume.grid.spacing_mm
    where = body & (field.background_hu < FATTY_HU)
    if not where.any():
        return
    low_hu = STRAND_HU + STRAND_SIGMAS * float(np.median(field.noise_hu[body]))
    thin = np.zeros(flags.shape, dtype=np.uint8)
    settings = np.array([low_hu, max(FAT_SEED_HU, low_hu), FAT_AROUND])
    _thin(volume.hu, where, coarse.factor, smoothing_weights(spacing), settings, shell_offsets(spacing), thin)
    runs = label_runs(thin)
    if not runs.components:
        return
    tally = tally_of(runs, volume.hu, thin)
    alone = (
        tally.seeded
        & (tally.count * volume.grid.voxel_volume_ml >= ALONE_ML)
        & (_length_mm(tally, spacing) >= ALONE_MM)
    )
    kept = np.where(alone, 2, np.where(tally.seeded, 1, 0))
    _raise(runs.row_start, runs.begin, runs.end, kept[runs.component], thin, flags)


def _length_mm(tally: Tally, spacing_mm: tuple[float, float, float]) -> NDArray[np.float64]:
    """Longest side of every component's box."""
    return np.asarray(((tally.high - tally.low + 1) * np.array(spacing_mm)).max(axis=1), dtype=np.float64)


def shell_offsets(spacing_mm: tuple[float, float, float]) -> Places:
    """(n, 3) voxel offsets about AROUND_MM away; the next voxels along an axis where these are farther."""
    reach = [max(1, int((AROUND_MM + AROUND_HALF_MM) / mm)) for mm in spacing_mm]
    axes = [np.arange(-r, r + 1) for r in reach]
    offsets = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    away = np.linalg.norm(offsets * np.array(spacing_mm), axis=1)
    offsets = offsets[np.abs(away - AROUND_MM) <= AROUND_HALF_MM]
    return offsets[:: len(offsets) // MOST_PLACES + 1].astype(np.int64)


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _thin(hu, where, factor, weights, settings, shell, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Mark LOW and SEED voxels that are dense enough and have fat around."""
    fz, fy, fx = factor
    nz, ny, nx = hu.shape
    low, seed, share = settings
    wk, wj, wi = weights
    for k in prange(nz):
        for cj in range(where.shape[1]):
            for ci in range(where.shape[2]):
                if not where[k // fz, cj, ci]:
                    continue
                for j in range(cj * fy, min(cj * fy + fy, ny)):
                    for i in range(ci * fx, min(ci * fx + fx, nx)):
                        if hu[k, j, i] < low - SLACK_HU:
                            continue
                        value = smooth_at(hu, k, j, i, wk, wj, wi)
                        if value >= low and _fat_around(hu, k, j, i, shell, share):
                            out[k, j, i] = SEED if value >= seed else LOW


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fat_around(hu, k, j, i, shell, share):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Whether enough of the shell's places hold fat; what lies beyond the image is left out."""
    fat, seen = 0, 0
    missing = (1.0 - share) * shell.shape[0]
    for n in range(shell.shape[0]):
        z, y, x = k + shell[n, 0], j + shell[n, 1], i + shell[n, 2]
        if 0 <= z < hu.shape[0] and 0 <= y < hu.shape[1] and 0 <= x < hu.shape[2]:
            seen += 1
            fat += FAT_HU[0] < hu[z, y, x] < FAT_HU[1]
            if seen - fat > missing:
                return False
    return fat >= share * seen


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _raise(row_start, begin, end, kept, thin, flags):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Raise the flags of runs of kept strands; those not kept alone (1) found no candidate."""
    rows = flags.shape[1]
    for row in prange(row_start.shape[0] - 1):
        for n in range(row_start[row], row_start[row + 1]):
            if kept[n] == 0:
                continue
            for i in range(begin[n], end[n]):
                flag = thin[row // rows, row % rows, i] if kept[n] == 2 else LOW
                flags[row // rows, row % rows, i] = max(flags[row // rows, row % rows, i], flag)
