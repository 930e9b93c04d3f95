"""Peers of one deposit: threshold region at 130 HU, its volume, and its excess above a plain ring's median."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label

THRESHOLD_HU = 130
RIM_VOXELS = 2  # blurred rim taken into the sum
RING_VOXELS = 2  # ring beyond the rim
REACH_VOXELS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerReading:
    """What the peer makes of one deposit; None where nothing was above its threshold."""

    excess_hu_ml: float | None
    volume_ml: float | None


def window_around(window: tuple[slice, slice, slice], shape: tuple[int, ...]) -> tuple[slice, slice, slice]:
    """A window widened by the peer's reach."""
    z, y, x = (
        slice(max(0, part.start - RING_VOXELS - RIM_VOXELS - 1), min(size, part.stop + REACH_VOXELS // 2))
        for part, size in zip(window, shape, strict=True)
    )
    return z, y, x


def ring_reading(
    hu: NDArray[np.int16],
    window: tuple[slice, slice, slice],
    support: NDArray[np.bool_],
    bone: NDArray[np.bool_],
    voxel_ml: float,
) -> PeerReading:
    """The 130 HU region that overlaps ``support`` (in ``window``), read as a plain script would.

    To be fair to the peer it is told where bone was before the deposit came, and does not count it as deposit.
    """
    wide = window_around(window, hu.shape)
    crop = hu[wide].astype(np.float32)
    inside = np.zeros(crop.shape, dtype=bool)
    inside[tuple(slice(a.start - b.start, a.stop - b.start) for a, b in zip(window, wide, strict=True))] = support
    bright, _ = label((crop > THRESHOLD_HU) & ~bone[wide], np.ones((3, 3, 3), dtype=bool))
    touched = np.unique(bright[inside])
    region = np.isin(bright, touched[touched > 0])
    if not region.any():
        return PeerReading(excess_hu_ml=None, volume_ml=None)
    grown = binary_dilation(region, iterations=RIM_VOXELS)
    ring = binary_dilation(grown, iterations=RING_VOXELS) & ~grown
    background = float(np.median(crop[ring])) if ring.any() else 0.0
    excess = float((crop[grown] - background).sum(dtype=np.float64)) * voxel_ml
    return PeerReading(excess_hu_ml=excess, volume_ml=float(region.sum()) * voxel_ml)
