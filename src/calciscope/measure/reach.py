"""Distance to a mask, exact up to a reach and no farther: small boxes need no more, and it costs little.

Squared distances pass from line to line along one axis after another, as in every separable exact distance transform
(Saito and Toriwaki 1994, memory), but only over the lines within reach, so each step is a plain, short, vectorised loop.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.terms.geometry import Bool

Float32 = NDArray[np.float32]

# Distances on a grid are compared with limits that are whole steps of it: this much is rounding, mm.
ROUNDING_MM = 1e-4


def distance_within(mask: Bool, spacing_mm: tuple[float, float, float], reach_mm: float) -> Float32:
    """Distance (mm) from every voxel centre [slice, row, column] to the nearest centre in ``mask``; beyond reach, ``reach_mm``."""
    return np.asarray(_distance(np.ascontiguousarray(mask), *spacing_mm, reach_mm), dtype=np.float32)


def farthest_mm(mask: Bool, spacing_mm: tuple[float, float, float], most_mm: float) -> float:
    """How far the deepest voxel outside ``mask`` lies from it, at most ``most_mm``."""
    reach_mm = min(most_mm, 4 * max(spacing_mm))
    while True:
        farthest = float(distance_within(mask, spacing_mm, reach_mm).max())
        if farthest < reach_mm or reach_mm >= most_mm:
            return farthest
        reach_mm = min(most_mm, 2 * reach_mm)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _distance(mask, dz, dy, dx, reach):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    nz, ny, nx = mask.shape
    far = np.float32((reach + ROUNDING_MM) ** 2)
    along_row = np.empty((nz, ny, nx), dtype=np.float32)
    for z in range(nz):
        for y in range(ny):
            _row(mask[z, y], dx, far, along_row[z, y])
    in_slice = along_row.copy()
    for z in range(nz):
        _spread(along_row[z], in_slice[z], dy, far)
    out = in_slice.copy()
    _spread(in_slice.reshape(nz, ny * nx), out.reshape(nz, ny * nx), dz, far)
    flat = out.reshape(-1)
    limit = np.float32(reach)
    for k in range(flat.size):
        flat[k] = min(np.sqrt(flat[k]), limit)
    return out


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _row(mask, dx, far, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Squared distance along one row, capped."""
    n = len(mask)
    steps = n + 1e6
    for x in range(n):
        steps = 0.0 if mask[x] else steps + 1.0
        out[x] = min(far, np.float32((steps * dx) ** 2))
    steps = n + 1e6
    for x in range(n - 1, -1, -1):
        steps = 0.0 if mask[x] else steps + 1.0
        out[x] = min(out[x], np.float32((steps * dx) ** 2))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _spread(lines, out, step_mm, far):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Lower ``out`` to each nearby line of ``lines`` plus its squared distance across."""
    count, length = lines.shape
    for offset in range(1, count):
        across = np.float32((offset * step_mm) ** 2)
        if across >= far:
            break
        for k in range(count - offset):
            first, second = lines[k], lines[k + offset]
            low, high = out[k], out[k + offset]
            for i in range(length):
                high[i] = min(high[i], first[i] + across)
                low[i] = min(low[i], second[i] + across)
