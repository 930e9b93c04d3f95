"""The tissue of every voxel: outside, fat, muscle (lean), bone, or other."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.coarse import Coarse
from calciscope.measure.segment.dense import cross_in_slice
from calciscope.terms.geometry import Volume
from calciscope.terms.tissue import Tissue

SURFACE_HU = -450.0
"""Body surface: about half way from air (-1000) to skin and fat (-100..50), HU."""
FAT_LEAN_HU = -25.0
"""Between fat (-100) and lean tissue (50), HU (imaging.md 3.3: fat -190..-30, muscle -29..150 [memory])."""
GAS_HU = -250.0
"""Below this a voxel within the body is gas, HU."""
LEAN_TOP_HU = 160.0
"""Above this soft tissue is no plain muscle, HU (imaging.md 3.3: 150 [memory])."""
OTHER, FAT, MUSCLE = int(Tissue.SKIN_OTHER), int(Tissue.FAT), int(Tissue.MUSCLE)  # plain numbers for the kernel


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _code(hu, near, deep, factor, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Codes from the mean of each voxel and its four neighbours in the slice; sums stand for means, five times as
    large."""
    cz, cy, cx = near.shape
    nz, ny, nx = hu.shape
    surface, gas, fat_lean, top = 5 * SURFACE_HU, 5 * GAS_HU, 5 * FAT_LEAN_HU, 5 * LEAN_TOP_HU
    for k in prange(nz):
        ck = k // factor[0]
        for j in range(ny):
            cj = j // factor[1]
            here, up, down, target = hu[k, j], hu[k, max(j - 1, 0)], hu[k, min(j + 1, ny - 1)], out[k, j]
            for ci in range(cx):
                if not near[ck, cj, ci]:
                    continue
                inside = deep[ck, cj, ci]
                for i in range(ci * factor[2], min((ci + 1) * factor[2], nx)):
                    value = here[i] + up[i] + down[i] + here[max(i - 1, 0)] + here[min(i + 1, nx - 1)]
                    if not inside and value < surface:
                        continue
                    if value < gas or value > top:
                        target[i] = OTHER
                    elif value < fat_lean:
                        target[i] = FAT
                    else:
                        target[i] = MUSCLE if inside else OTHER


def tissue_codes(
    volume: Volume, coarse: Coarse, body: NDArray[np.uint8], *, reuse: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """uint8 ``Tissue`` codes on the full grid, without bone and deposits, which are painted over later.

    ``reuse``: zeros of the volume's shape to write into, for fresh memory costs time.
    """
    cross = cross_in_slice()
    mask = body > 0
    near = ndimage.binary_dilation(mask, cross)
    deep = ndimage.binary_erosion(mask, cross, border_value=1)
    out = np.zeros(volume.hu.shape, dtype=np.uint8) if reuse is None else reuse  # all OUTSIDE
    _code(volume.hu, near, deep, coarse.factor, out)
    return out
