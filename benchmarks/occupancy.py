"""Continuous shapes, their exact volume, and how a scanner with a given blur shows them.

Independent of the product's phantom room, so that both can be held against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

Float32 = NDArray[np.float32]
# A shape: (z, y, x) in mm from its centre, open grids, to "inside".
Inside = Callable[[Float32, Float32, Float32], NDArray[np.bool_]]
Triple = tuple[float, float, float]

FWHM_PER_SD = 2.3548
FINE_MM = 0.2  # in-plane step of the supersampled occupancy
FINE_SLICE_MM = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Blur:
    """Scanner blur: Gaussian FWHM in the plane and along z, and a box along z (the slice thickness; 0 for none)."""

    in_plane_fwhm_mm: float
    along_fwhm_mm: float
    slice_box_mm: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """Blurred fraction of each voxel that a shape fills; ``corner`` is the index of [0, 0, 0] on the full grid."""

    fraction: Float32
    corner: tuple[int, int, int]
    volume_ml: float

    def window(self) -> tuple[slice, slice, slice]:
        """The voxels of the full grid it covers."""
        z, y, x = (slice(low, low + size) for low, size in zip(self.corner, self.fraction.shape, strict=True))
        return z, y, x


def odd_steps(spacing_mm: float, fine_mm: float) -> int:
    """Odd number of fine steps a voxel, so that a fine centre lies on the voxel's centre."""
    steps = max(1, int(np.ceil(spacing_mm / fine_mm)))
    return steps + (steps + 1) % 2


def blurred(fine: Float32, step_mm: Triple, blur: Blur) -> Float32:
    """The fine occupancy after the scanner's blur."""
    along = blur.along_fwhm_mm / FWHM_PER_SD / step_mm[0]
    out = gaussian_filter1d(fine, along, axis=0, mode="constant") if along > 0 else fine
    box = round(blur.slice_box_mm / step_mm[0])
    if box > 1:
        out = uniform_filter1d(out, box, axis=0, mode="constant")
    for axis in (1, 2):
        width = blur.in_plane_fwhm_mm / FWHM_PER_SD / step_mm[axis]
        out = gaussian_filter1d(out, width, axis=axis, mode="constant")
    return out


def fine_axes(
    centre: Triple, reach_mm: Triple, spacing_mm: Triple, shape: tuple[int, int, int]
) -> tuple[list[Float32], tuple[int, int, int], list[int]]:
    """Fine coordinates from the centre (mm) per axis, the covering voxel corner, and steps a voxel."""
    axes, corner, steps = [], [], []
    for middle, reach, spacing, size, fine in zip(
        centre, reach_mm, spacing_mm, shape, (FINE_SLICE_MM, FINE_MM, FINE_MM), strict=True
    ):
        low = max(0, int(np.floor(middle - reach / spacing)))
        high = min(size - 1, int(np.ceil(middle + reach / spacing)))
        count = odd_steps(spacing, fine)
        index = low - 0.5 + (np.arange((high - low + 1) * count) + 0.5) / count
        axes.append(((index - middle) * spacing).astype(np.float32))
        corner.append(low)
        steps.append(count)
    return axes, (corner[0], corner[1], corner[2]), steps


def occupancy(
    inside: Inside, centre: Triple, reach_mm: Triple, spacing_mm: Triple, shape: tuple[int, int, int], blur: Blur
) -> Occupancy:
    """Blurred occupancy of a shape at ``centre`` (fractional voxel index) that stays within ``reach_mm`` of it.

    Sampled at voxel centres: the blur is the system's, pixel aperture included. The reach is widened for the blur.
    """
    wide = (
        reach_mm[0] + 2 * blur.along_fwhm_mm + blur.slice_box_mm,
        reach_mm[1] + 2 * blur.in_plane_fwhm_mm,
        reach_mm[2] + 2 * blur.in_plane_fwhm_mm,
    )
    axes, corner, steps = fine_axes(centre, wide, spacing_mm, shape)
    z, y, x = axes[0][:, None, None], axes[1][None, :, None], axes[2][None, None, :]
    fine = np.ascontiguousarray(np.broadcast_to(inside(z, y, x), tuple(len(a) for a in axes)), dtype=np.float32)
    step_mm = tuple(spacing / count for spacing, count in zip(spacing_mm, steps, strict=True))
    volume_ml = float(fine.sum(dtype=np.float64)) * float(np.prod(step_mm)) / 1000.0
    seen = blurred(fine, (step_mm[0], step_mm[1], step_mm[2]), blur)
    middle = tuple(slice(count // 2, None, count) for count in steps)
    return Occupancy(fraction=np.ascontiguousarray(seen[middle]), corner=corner, volume_ml=volume_ml)


def ball(radius_mm: float) -> Inside:
    """A sphere."""
    return lambda z, y, x: z * z + y * y + x * x <= radius_mm * radius_mm


def ellipsoid(semi_mm: Triple, turn: NDArray[np.float64]) -> Inside:
    """An ellipsoid with semi-axes ``semi_mm``, turned by the 3 x 3 rotation ``turn``."""

    def inside(z: Float32, y: Float32, x: Float32) -> NDArray[np.bool_]:
        total: Float32 = np.zeros(1, dtype=np.float32)
        for row, semi in zip(turn, semi_mm, strict=True):
            total = total + ((row[0] * z + row[1] * y + row[2] * x) / semi) ** 2
        return total <= 1.0

    return inside


def union(parts: list[tuple[Triple, Inside]]) -> Inside:
    """Several shapes, each moved by an offset in mm."""

    def inside(z: Float32, y: Float32, x: Float32) -> NDArray[np.bool_]:
        some = np.zeros(1, dtype=bool)
        for (dz, dy, dx), part in parts:
            some = some | part(z - np.float32(dz), y - np.float32(dy), x - np.float32(dx))
        return some

    return inside


def random_turn(rng: np.random.Generator) -> NDArray[np.float64]:
    """A uniformly random rotation."""
    q, r = np.linalg.qr(rng.standard_normal((3, 3)))
    return np.asarray(q * np.sign(np.diag(r)), dtype=np.float64)
