"""A coarse copy of the scan (about 3 mm) on which anatomy that needs no detail is worked out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from calciscope.terms.geometry import Volume

COARSE_MM = 3.0
"""Edge of a coarse voxel, mm: thinner than subcutaneous fat and muscle groups, thicker than noise grain (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarse:
    """Block means: ``hu`` int16 [slice, row, column]; ``factor`` full voxels per coarse voxel along each axis."""

    hu: NDArray[np.int16]
    factor: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]

    def expand_index(self, full_shape: tuple[int, int, int]) -> tuple[NDArray[np.intp], ...]:
        """For every full index along each axis, the coarse index that holds it."""
        return tuple(
            np.minimum(np.arange(n) // f, c - 1).astype(np.intp)
            for n, f, c in zip(full_shape, self.factor, self.hu.shape, strict=True)
        )


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _block_mean(hu, out, fz, fy, fx):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Mean of each fz x fy x fx block; edge blocks take what there is. Columns are summed first, which runs on
    vectors."""
    nz, ny, nx = hu.shape
    for k in prange(out.shape[0]):
        columns = np.empty(nx, dtype=np.int32)
        bottom = min(nz, k * fz + fz)
        for j in range(out.shape[1]):
            back = min(ny, j * fy + fy)
            columns[:] = 0
            for z in range(k * fz, bottom):
                for y in range(j * fy, back):
                    row = hu[z, y]
                    for x in range(nx):
                        columns[x] += row[x]
            for i in range(out.shape[2]):
                left, right = i * fx, min(nx, i * fx + fx)
                total = 0
                for x in range(left, right):
                    total += columns[x]
                out[k, j, i] = round(total / ((bottom - k * fz) * (back - j * fy) * (right - left)))


def coarsen(volume: Volume, size_mm: float = COARSE_MM) -> Coarse:
    """Average the volume in blocks of about ``size_mm``."""
    spacing = volume.grid.spacing_mm
    factor = tuple(max(1, round(size_mm / s)) for s in spacing)
    shape = tuple(-(-n // f) for n, f in zip(volume.hu.shape, factor, strict=True))
    out = np.empty(shape, dtype=np.int16)
    _block_mean(volume.hu, out, *factor)
    size = tuple(s * f for s, f in zip(spacing, factor, strict=True))
    return Coarse(hu=out, factor=(factor[0], factor[1], factor[2]), spacing_mm=(size[0], size[1], size[2]))
