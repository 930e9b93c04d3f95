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
    """Codes from the mean of each voxel and its four neighbours in the slice."""
    cz, cy, cx = near.shape
    nz, ny, nx = hu.shape
    for k in prange(nz):
        ck = min(k // factor[0], cz - 1)
        for j in range(ny):
            cj = min(j // factor[1], cy - 1)
            for i in range(nx):
                ci = min(i // factor[2], cx - 1)
                if not near[ck, cj, ci]:
                    continue
                up, down = max(j - 1, 0), min(j + 1, ny - 1)
                left, right = max(i - 1, 0), min(i + 1, nx - 1)
                value = (
                    hu[k, j, i] + hu[k, up, i] + hu[k, down, i] + hu[k, j, left] + hu[k, j, right]
                ) / 5.0
                inside = deep[ck, cj, ci]
                if not inside and value < SURFACE_HU:
                    continue
                if value < GAS_HU or value > LEAN_TOP_HU:
                    out[k, j, i] = OTHER
                elif value < FAT_LEAN_HU:
                    out[k, j, i] = FAT
                elif inside:
                    out[k, j, i] = MUSCLE
                else:
                    out[k, j, i] = OTHER


def tissue_codes(volume: Volume, coarse: Coarse, body: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 ``Tissue`` codes on the full grid, without bone and deposits, which are painted over later."""
    cross = cross_in_slice()
    mask = body > 0
    near = ndimage.binary_dilation(mask, cross)
    deep = ndimage.binary_erosion(mask, cross, border_value=1)
    out = np.full(volume.hu.shape, int(Tissue.OUTSIDE), dtype=np.uint8)
    _code(volume.hu, near, deep, coarse.factor, out)
    return out
