"""How much of each rendered voxel a deposit fills: super-sampled, then scaled to the exact volume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.solids import Solid
from calciscope.terms.geometry import Grid

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
SAMPLE_MM = 0.22  # of roomy deposits; thinner ones are sampled at a quarter of their thickness
SAMPLES_PER_FEATURE = 4.0
SMALLEST_SAMPLE_MM = 0.06
POINTS_AT_ONCE = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """Filled part 0..1 of the lattice's voxels in a box that starts at index ``origin`` [slice, row, column]."""

    origin: tuple[int, int, int]
    filled: Float32


def occupancy(solid: Solid, lattice: Grid) -> Occupancy:
    """Sample a solid on a lattice; the sum times the voxel volume is the solid's exact volume."""
    low, high = solid.bounds_mm
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    index = lattice.to_index(corners)
    start = np.floor(index.min(axis=0) - 0.5).astype(int)
    stop = np.ceil(index.max(axis=0) + 1.5).astype(int)
    sample = float(np.clip(solid.feature_mm / SAMPLES_PER_FEATURE, SMALLEST_SAMPLE_MM, SAMPLE_MM))
    parts = np.maximum(1, np.ceil(np.array(lattice.spacing_mm) / sample)).astype(int)
    filled = np.zeros(stop - start, dtype=np.float32)
    offsets = [(np.arange(n) + 0.5) / n - 0.5 for n in parts]
    rows = max(1, POINTS_AT_ONCE // int((stop[1] - start[1]) * (stop[2] - start[2]) * parts.prod()))
    edge_mm = float((np.array(lattice.spacing_mm) / parts).mean())
    for first in range(0, filled.shape[0], rows):
        last = min(first + rows, filled.shape[0])
        filled[first:last] = _sampled(solid, lattice, start, stop, (first, last), offsets, edge_mm)
    total = float(filled.sum(dtype=np.float64)) * lattice.voxel_volume_mm3
    if total > 0:
        filled *= np.float32(solid.volume_mm3 / total)
    return Occupancy(origin=(int(start[0]), int(start[1]), int(start[2])), filled=filled)


def _sampled(solid: Solid, lattice: Grid, start: NDArray[np.int_], stop: NDArray[np.int_], rows: tuple[int, int],
             offsets: list[Float64], edge_mm: float) -> Float32:  # fmt: skip
    axes = [
        np.arange(start[0] + rows[0], start[0] + rows[1]),
        np.arange(start[1], stop[1]),
        np.arange(start[2], stop[2]),
    ]
    fine = [(axis[:, None] + offset).ravel() for axis, offset in zip(axes, offsets, strict=True)]
    index = np.stack(np.meshgrid(*fine, indexing="ij"), axis=-1).reshape(-1, 3)
    gap = solid.distance(lattice.to_lps(index))
    inside = np.clip(0.5 - gap / edge_mm, 0.0, 1.0)
    counts = [(len(axis), len(offset)) for axis, offset in zip(axes, offsets, strict=True)]
    shaped = inside.reshape([size for pair in counts for size in pair])
    return np.asarray(shaped.mean(axis=(1, 3, 5)), dtype=np.float32)
