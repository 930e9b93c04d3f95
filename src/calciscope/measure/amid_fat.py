"""Is a place amid fat? What a thin shell around it holds: a strand of mineral leaves it nearly all fat, a sheet or a border half."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FAT_HU = (-250, -30)
"""Fat, HU, without smoothing (imaging.md 3.3)."""
AROUND_MM, AROUND_HALF_MM = 3.0, 0.6
"""Distance at which fat must lie all around, mm, and half the thickness of that shell."""
MOST_PLACES = 96
"""Places of the shell that are looked at."""
ALL_AROUND = 0.75
"""Share of fat about a strand or grain: a knot of a net leaves 0.8, a sheet between two layers of fat less than 0.7 (derived)."""
MOSTLY = 0.67
"""The same of what is too long or dense to be a border's blur: 0.9 mm off a flat border, where that has ended (derived)."""
AMID = 0.85
"""Share of a deposit's voxels that have mostly fat around when it is a thin thing amid fat (measured on phantoms: strands of nets 0.89-1,
sheets on fascia and nodules from 5 mm on 0-0.1)."""
MOST_ASKED = 400
"""Voxels of a deposit that are asked."""
STRAND_MM = 8.0
"""From this length on what is thin amid fat is a strand, or a net of them, mm (judgement)."""

Places = NDArray[np.int64]


def shell_offsets(spacing_mm: tuple[float, float, float]) -> Places:
    """(n, 3) voxel offsets about AROUND_MM away; the next voxels along an axis where these are farther."""
    reach = [max(1, int((AROUND_MM + AROUND_HALF_MM) / mm)) for mm in spacing_mm]
    axes = [np.arange(-r, r + 1) for r in reach]
    offsets = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    away = np.linalg.norm(offsets * np.array(spacing_mm), axis=1)
    offsets = offsets[np.abs(away - AROUND_MM) <= AROUND_HALF_MM]
    return offsets[:: len(offsets) // MOST_PLACES + 1].astype(np.int64)


def is_amid_fat(hu: NDArray[np.int16], places: NDArray[np.intp], spacing_mm: tuple[float, float, float]) -> bool:
    """Whether nearly all of these voxels (n, 3) of an image [slice, row, column] have mostly fat around."""
    asked = places[:: len(places) // MOST_ASKED + 1].astype(np.int64)
    return bool((_fat_share(hu, asked, shell_offsets(spacing_mm), FAT_HU) >= MOSTLY).mean() >= AMID)


def is_strand(hu: NDArray[np.int16], places: NDArray[np.intp], spacing_mm: tuple[float, float, float]) -> bool:
    """Whether these voxels are a strand, or a net of strands: thin amid fat, and long."""
    if not len(places):
        return False
    long_mm = float(((np.ptp(places, axis=0) + 1) * np.array(spacing_mm)).max())
    return long_mm >= STRAND_MM and is_amid_fat(hu, places, spacing_mm)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fat_share(hu, places, shell, fat_hu):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Share of fat in the shell of each place (n, 3); what lies beyond the image is left out."""
    share = np.zeros(len(places))
    for n in range(len(places)):
        count, fat = 0, 0
        for m in range(shell.shape[0]):
            z, y, x = places[n, 0] + shell[m, 0], places[n, 1] + shell[m, 1], places[n, 2] + shell[m, 2]
            if 0 <= z < hu.shape[0] and 0 <= y < hu.shape[1] and 0 <= x < hu.shape[2]:
                count += 1
                fat += fat_hu[0] < hu[z, y, x] < fat_hu[1]
        share[n] = fat / max(count, 1)
    return share
