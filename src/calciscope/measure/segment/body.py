"""Bodies (two legs are two) apart from table, cushion, clothes and cables."""

from __future__ import annotations

import cc3d
import edt
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.coarse import Coarse
from calciscope.measure.segment.holes import fill_planes

Bool = NDArray[np.bool_]

BODY_HU = -300.0
"""Coarse voxels above this may be body, HU: between foam and clothes (< -500) and fat (-120) (standard CT numbers)."""
OPENING_MM = 4.5
"""Radius, mm, by which the table's shell, sheets and cables are thinner than a finger (judgement)."""
SMALLEST_BODY_ML = 5.0
"""Smallest part of a body kept, ml: a finger cut by the image border (judgement)."""
TISSUE_FRACTION = 0.5
"""Share of a body's inside that reads as fat or lean tissue (-200..150 HU); table and cushion fall below (judgement)."""
SURE_TISSUE_FRACTION = 0.8
"""Share of -140..110 HU, bone aside, above which even a part of constant cross-section is a body (judgement)."""
SURE_TISSUE_HU = (-140, 110)
"""Fat and muscle with their noise; what is above may be bone, of which a short scan of a knee holds a third."""
SMALL_SHARE = 0.3
"""Parts smaller than this share of the largest body may be a rail or an edge of the table (judgement)."""
CONSTANT_IOU = 0.75
"""Overlap of a part's cross-sections at both ends above which it is a profile, as a table's rail is (judgement)."""

SLAB_MM, SLAB_WIDE = 12.0, 2.5
"""A small part thinner than this within its slices, mm, and so many times as wide is a sheet of the table: a finger is as wide as
thick, and a hand thicker (judgement)."""


def ball(radius_mm: float, spacing_mm: tuple[float, float, float]) -> Bool:
    """A ball as a structuring element on an anisotropic grid."""
    half = [int(radius_mm / s) for s in spacing_mm]
    axes = np.ogrid[tuple(slice(-h, h + 1) for h in half)]
    distance2 = sum((a * s) ** 2 for a, s in zip(axes, spacing_mm, strict=True))
    return np.asarray(distance2 <= radius_mm**2 + 1e-6)


def _disc(radius_mm: float, spacing_mm: tuple[float, float, float]) -> Bool:
    """An in-slice disc: limbs may run out of the scan at either end, so opening works slice by slice."""
    return ball(radius_mm, (1e9, spacing_mm[1], spacing_mm[2]))


def find_bodies(coarse: Coarse) -> NDArray[np.uint8]:
    """Coarse body map, uint8 [slice, row, column]: 0 outside, 1.. one number a body, largest first."""
    dense = coarse.hu > BODY_HU
    disc = _disc(OPENING_MM, coarse.spacing_mm)
    opened = ndimage.binary_opening(dense, disc)
    parts = cc3d.connected_components(opened, connectivity=6)
    kept = np.zeros(parts.shape, dtype=np.uint8)
    voxel_ml = float(np.prod(coarse.spacing_mm)) / 1000.0
    sizes = np.bincount(parts.ravel())
    number = 0
    for label in np.argsort(-sizes[1:], kind="stable") + 1:
        if sizes[label] * voxel_ml < SMALLEST_BODY_ML or number == 250:
            break
        part = parts == label
        small = number > 0 and sizes[label] < SMALL_SHARE * (kept == 1).sum()
        if _is_tissue(part, coarse, may_be_rail=small):
            number += 1
            kept[part] = number
    return _grow_back(kept, dense, disc)


def _is_tissue(part: Bool, coarse: Coarse, *, may_be_rail: bool) -> bool:
    """True for a part whose inside is mostly fat and lean tissue."""
    inside = ndimage.binary_erosion(part, _disc(max(coarse.spacing_mm[1:]), coarse.spacing_mm), border_value=1)
    values = coarse.hu[inside if inside.any() else part]
    if ((values > -200) & (values < 150)).mean() <= TISSUE_FRACTION:
        return False
    if not may_be_rail:
        return True
    if _is_slab(part, coarse.spacing_mm):
        return False
    low, high = SURE_TISSUE_HU
    not_bone = coarse.hu[part & (coarse.hu < high)]
    sure = (not_bone > low).mean() > SURE_TISSUE_FRACTION
    return bool(sure or not _is_profile(part, coarse.spacing_mm[0]))


def _is_slab(part: Bool, spacing_mm: tuple[float, float, float]) -> bool:
    """True for a part that is thin and wide in every slice."""
    deepest_mm = max(float(edt.edt(np.pad(plane, 1), anisotropy=spacing_mm[1:]).max()) for plane in part)
    thick_mm = 2.0 * deepest_mm - min(spacing_mm[1:])
    area_mm2 = float(part.sum() / part.any(axis=(1, 2)).sum() * spacing_mm[1] * spacing_mm[2])
    return bool(thick_mm <= SLAB_MM and area_mm2 >= SLAB_WIDE * thick_mm**2)


def _is_profile(part: Bool, slice_mm: float) -> bool:
    """True for a part of one cross-section from end to end, as a rail or a couch has."""
    planes = np.flatnonzero(part.any(axis=(1, 2)))
    third = len(planes) // 3
    if third * slice_mm < 10.0:
        return False
    first, last = part[planes[:third]].any(axis=0), part[planes[-third:]].any(axis=0)
    return bool((first & last).sum() > CONSTANT_IOU * (first | last).sum())


def _grow_back(kept: NDArray[np.uint8], dense: Bool, disc: Bool) -> NDArray[np.uint8]:
    """Give back the rims that opening took, then fill enclosed gas, body by body."""
    grown = ndimage.grey_dilation(kept, footprint=np.broadcast_to(disc, (1, *disc.shape[1:])))
    grown[~dense] = 0
    grown[kept > 0] = kept[kept > 0]
    for label in range(1, int(kept.max()) + 1):
        filled = fill_planes(grown == label)  # within each slice: lungs, bowel gas, marrow
        grown[filled & (grown == 0)] = label
    return np.asarray(grown, dtype=np.uint8)
