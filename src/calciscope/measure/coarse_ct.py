"""The mean CT numbers of coarse cells that go out with a measurement, so that a later scan's deposits can be looked for in it."""

from __future__ import annotations

import numpy as np
from numba import njit, prange

from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.tissue import CoarseCt

CELL_MM = 2.0
"""Edge of a cell, mm: as the anatomy map's; a deposit's mass is a sum over cells, so nothing of it is lost (judgement)."""


def coarse_ct(volume: Volume) -> CoarseCt:
    """Means over whole cells, rounded down to 1 HU; voxels beyond the last whole cell are left out."""
    step = [min(max(1, round(CELL_MM / s)), n) for s, n in zip(volume.grid.spacing_mm, volume.hu.shape, strict=True)]
    hu = _means(volume.hu, *step)
    affine = volume.grid.affine.copy()
    affine[:3, 3] = volume.grid.to_lps((np.array(step) - 1.0) / 2.0)
    for axis in range(3):
        affine[:3, axis] *= step[2 - axis]
    return CoarseCt(hu=hu, grid=Grid(shape=hu.shape, affine=affine, frame_uid=volume.grid.frame_uid))


@njit(cache=True, parallel=True)  # type: ignore[untyped-decorator]
def _means(hu, fz, fy, fx):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    cz, cy, cx = hu.shape[0] // fz, hu.shape[1] // fy, hu.shape[2] // fx
    out = np.empty((cz, cy, cx), dtype=np.int16)
    for k in prange(cz):
        row = np.empty(cx * fx, dtype=np.int32)
        for j in range(cy):
            row[:] = 0
            for z in range(k * fz, k * fz + fz):
                for y in range(j * fy, j * fy + fy):
                    for x in range(cx * fx):
                        row[x] += hu[z, y, x]
            for i in range(cx):
                total = 0
                for x in range(i * fx, i * fx + fx):
                    total += row[x]
                out[k, j, i] = total // (fz * fy * fx)
    return out
