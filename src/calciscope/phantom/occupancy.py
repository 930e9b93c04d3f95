"""How much of each voxel a solid fills: only voxels that its surface crosses are sampled finely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.solids import Solid
from calciscope.terms.geometry import Grid

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
SAMPLE_MM = 0.22  # of roomy deposits; thinner ones are sampled at a part of their thickness
SAMPLES_PER_FEATURE = 6.0
SOFT_EDGE = 0.4  # width of the edge in sample distances: wider ones would swell thin rods (by width^2 / 12 r^2)
SMALLEST_SAMPLE_MM = 0.07
POINTS_AT_ONCE = 400_000
CROSSED = 1.6  # half diagonals within which the surface may cross a voxel; distances are true to first order only


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """Filled part 0..1 of the lattice's voxels in a box that starts at index ``origin`` [slice, row, column]."""

    origin: tuple[int, int, int]
    filled: Float32


def occupancy(solid: Solid, lattice: Grid) -> Occupancy:
    """Sample a solid on a lattice; the sum times the voxel volume is the solid's exact volume."""
    sampled = sample(solid.distance, solid.bounds_mm, solid.feature_mm, lattice)
    total = float(sampled.filled.sum(dtype=np.float64)) * lattice.voxel_volume_mm3
    if total > 0:
        sampled.filled[...] *= np.float32(solid.volume_mm3 / total)
    return sampled


def sample(distance: Callable[[Float64], Float64], bounds_mm: Float64, feature_mm: float, lattice: Grid) -> Occupancy:
    """Filled part of every voxel by super-sampling, before any scaling."""
    low, high = bounds_mm
    corners = np.array([[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])])
    index = lattice.to_index(corners)
    start = np.floor(index.min(axis=0) - 0.5).astype(int)
    stop = np.ceil(index.max(axis=0) + 1.5).astype(int)
    axes = [np.arange(a, b, dtype=np.float64) for a, b in zip(start, stop, strict=True)]
    middles = middles_mm(axes, lattice)
    gap = _in_turns(distance, middles.reshape(-1, 3))
    half_diagonal = 0.5 * float(np.linalg.norm(np.abs(lattice.affine[:3, :3]).sum(axis=1)))
    filled = (gap < 0).astype(np.float32)
    crossed = np.flatnonzero(np.abs(gap) < CROSSED * half_diagonal)
    offsets, edge_mm = _offsets(feature_mm, lattice)
    at_once = max(1, POINTS_AT_ONCE // len(offsets))
    for first in range(0, len(crossed), at_once):
        some = crossed[first : first + at_once]
        points = middles.reshape(-1, 3)[some][:, None, :] + offsets
        fine = distance(points.reshape(-1, 3)).reshape(len(some), -1)
        filled[some] = np.clip(0.5 - fine / (SOFT_EDGE * edge_mm), 0.0, 1.0).mean(axis=1)
    return Occupancy(origin=(int(start[0]), int(start[1]), int(start[2])), filled=filled.reshape(middles.shape[:3]))


def _offsets(feature_mm: float, lattice: Grid) -> tuple[Float64, float]:
    """Sample places in a voxel as offsets (n, 3) in LPS mm, and the mean distance of the samples in mm."""
    finest = float(np.clip(feature_mm / SAMPLES_PER_FEATURE, SMALLEST_SAMPLE_MM, SAMPLE_MM))
    spacing = np.array(lattice.spacing_mm)
    parts = np.maximum(2, np.ceil(spacing / finest)).astype(int)
    steps = [(np.arange(n) + 0.5) / n - 0.5 for n in parts]
    index = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, 3)
    return index[:, ::-1] @ lattice.affine[:3, :3].T, float((spacing / parts).mean())


def middles_mm(axes: list[Float64], lattice: Grid) -> Float64:
    """LPS mm (n, m, l, 3) of the voxel centres at index coordinates ``axes`` = [slices, rows, columns]."""
    k, j, i = axes
    out = np.empty((len(k), len(j), len(i), 3))
    for d, line in enumerate(lattice.affine[:3]):
        plane = (line[2] * k)[:, None] + (line[1] * j)[None, :] + line[3]
        out[..., d] = plane[:, :, None] + line[0] * i
    return out


def _in_turns(work: Callable[[Float64], Float64], points: Float64) -> Float64:
    parts = [work(points[first : first + POINTS_AT_ONCE]) for first in range(0, len(points), POINTS_AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros(0)
