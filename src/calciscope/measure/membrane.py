"""Fill a hole in a map like a soap film: every hidden voxel is the mean of its neighbours (Laplace's equation).

What the rim of the hole says decides, not what lies beyond it: a deposit wrapped in muscle is filled as muscle, one that
rests on muscle keeps most of its fat.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.terms.geometry import Bool

Float32 = NDArray[np.float32]

# Over-relaxation, and sweeps per voxel of the hole's half-width: enough for 0.01 on a ball (measured on balls of 5 to 30 mm).
RELAXATION = 1.85
SWEEPS = (30, 200)  # fewest, most


def filled(known: Float32, hidden: Bool, spacing_mm: tuple[float, float, float], half_width_voxels: float) -> Float32:
    """``known`` with its hidden voxels replaced; the border of the box lets nothing through."""
    voxels = np.argwhere(hidden)
    values = known.astype(np.float32, copy=True)
    values[hidden] = 0.5
    weights = 1.0 / np.array(spacing_mm) ** 2
    sweeps = int(np.clip(4 * half_width_voxels, *SWEEPS))
    _relax(values, voxels, weights, sweeps, RELAXATION)
    return values


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _relax(values, voxels, weights, sweeps, relaxation):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    nz, ny, nx = values.shape
    for _ in range(sweeps):
        for k in range(len(voxels)):
            z, y, x = voxels[k, 0], voxels[k, 1], voxels[k, 2]
            total, weight = 0.0, 0.0
            if z > 0:
                total += weights[0] * values[z - 1, y, x]
                weight += weights[0]
            if z + 1 < nz:
                total += weights[0] * values[z + 1, y, x]
                weight += weights[0]
            if y > 0:
                total += weights[1] * values[z, y - 1, x]
                weight += weights[1]
            if y + 1 < ny:
                total += weights[1] * values[z, y + 1, x]
                weight += weights[1]
            if x > 0:
                total += weights[2] * values[z, y, x - 1]
                weight += weights[2]
            if x + 1 < nx:
                total += weights[2] * values[z, y, x + 1]
                weight += weights[2]
            if weight > 0.0:
                values[z, y, x] += relaxation * (total / weight - values[z, y, x])
