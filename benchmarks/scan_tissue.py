"""Where deposits may be put into a real scan: body, bone, tissue and distances, by the benchmark's own plain rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    binary_dilation,
    binary_fill_holes,
    binary_opening,
    distance_transform_edt,
    gaussian_filter,
    label,
)

Bool = NDArray[np.bool_]
Float32 = NDArray[np.float32]

BODY_HU = -300
DENSE_HU = 200  # surface of bone, and of anything already calcified
BONE_ML = 0.5  # a dense component at least this large is bone; smaller ones are kept clear of, too
SMALLEST_DENSE_VOXELS = 2
FAT_BELOW_HU = -60
MUSCLE_ABOVE_HU = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A scan's tissue, all [slice, row, column]: smoothed HU and distances in mm."""

    smooth_hu: Float32
    inside_mm: Float32  # to the body surface or gas, 0 outside
    bone_mm: Float32  # to bone, 0 within
    dense_mm: Float32  # to any other dense thing
    bone: Bool


def body_of(hu: NDArray[np.int16], voxel_ml: float) -> Bool:
    """The body without gas: large components after an opening in the plane."""
    solid = binary_opening(hu > BODY_HU, np.ones((1, 5, 5), dtype=bool))
    labels, count = label(solid)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    keep = sizes >= max(0.15 * sizes.max(), 30 / voxel_ml)
    body: Bool = keep[labels]
    return body


def ground(hu: NDArray[np.int16], spacing_mm: tuple[float, float, float]) -> Ground:
    """Tissue and distances of a scan."""
    voxel_ml = float(np.prod(spacing_mm)) / 1000.0
    body = body_of(hu, voxel_ml)
    labels, count = label(hu > DENSE_HU, np.ones((3, 3, 3), dtype=bool))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    bone = (sizes * voxel_ml >= BONE_ML)[labels]
    other = (sizes >= SMALLEST_DENSE_VOXELS)[labels] & ~bone
    marrow = np.stack([binary_fill_holes(plane) for plane in bone])
    sigma = tuple(1.2 / step for step in spacing_mm)
    return Ground(
        smooth_hu=gaussian_filter(hu.astype(np.float32), sigma),
        inside_mm=distance_transform_edt(body, sampling=spacing_mm).astype(np.float32),
        bone_mm=far(marrow, spacing_mm),
        dense_mm=far(other, spacing_mm),
        bone=binary_dilation(marrow, iterations=1),
    )


def far(mask: Bool, spacing_mm: tuple[float, float, float]) -> Float32:
    """Distance (mm) to a mask; 1000 everywhere when it is empty."""
    if not mask.any():
        return np.full(mask.shape, 1000.0, dtype=np.float32)
    away: Float32 = distance_transform_edt(~mask, sampling=spacing_mm).astype(np.float32)
    return away
