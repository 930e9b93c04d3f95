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
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from calciscope.measure.amid_fat import FAT_HU, shell_offsets
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
FAT_AROUND = 0.6
"""Share of fat there: a strand leaves by two small spots, a knot of a net by four, the surface of muscle or skin by half
(derived)."""
ALONE_ML, ALONE_MM = 0.03, 8.0
"""Volume and length from which a strand founds a candidate of its own (measured on 20 limb scans: none of noise or veins that
reaches the seed is half as large)."""
MESH_MM = 7.0
"""Strands no farther apart are of one net, which founds candidates as one strand of its volume and length does, mm: about one
mesh (measured on 20 limb and 4 trunk scans: neighbours that reach the seed hold 0.026 ml at most where none is long)."""
SLACK_HU = 60.0
"""A voxel so far below the limit is no strand, whatever its neighbours, HU (judgement)."""


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
    kept = np.where(tally.seeded, 1, 0)
    kept[_founding(tally, volume.grid.voxel_volume_ml, spacing)] = 2
    _raise(runs.row_start, runs.begin, runs.end, kept[runs.component], thin, flags)


def _founding(tally: Tally, voxel_ml: float, spacing_mm: tuple[float, float, float]) -> NDArray[np.intp]:
    """Components of seeded strands that found candidates: alone or with their neighbours large and long enough."""
    seeded = np.flatnonzero(tally.seeded)
    low_mm, high_mm = tally.low[seeded] * np.array(spacing_mm), (tally.high[seeded] + 1) * np.array(spacing_mm)
    net = nets(low_mm, high_mm, MESH_MM)
    enough = np.zeros(len(seeded), dtype=np.bool_)
    for number in np.unique(net):
        own = net == number
        long_mm = float((high_mm[own].max(axis=0) - low_mm[own].min(axis=0)).max())
        enough[own] = tally.count[seeded[own]].sum() * voxel_ml >= ALONE_ML and long_mm >= ALONE_MM
    return seeded[enough]


def nets(low_mm: NDArray[np.float64], high_mm: NDArray[np.float64], gap_mm: float) -> NDArray[np.int32]:
    """Number of the group each box (corners (n, 3), mm) is in; boxes no farther apart than ``gap_mm`` share one."""
    first, second = [], []
    for n in range(len(low_mm)):
        apart = np.maximum(np.maximum(low_mm[n] - high_mm[n + 1 :], low_mm[n + 1 :] - high_mm[n]), 0.0)
        near = n + 1 + np.flatnonzero(np.linalg.norm(apart, axis=1) <= gap_mm)
        first.append(np.full(len(near), n))
        second.append(near)
    rows, columns = (np.concatenate([np.empty(0, np.intp), *part]).astype(np.intp) for part in (first, second))
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(len(low_mm), len(low_mm)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


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
