"""What surrounds a candidate in its window: usable tissue, bone and its blur, skin's edge, neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.reach import distance_within
from calciscope.terms.tissue import Tissue

Float32 = NDArray[np.float32]
Bool = NDArray[np.bool_]

INSIDE_BONE = 0.5  # blurred share of bone above which a voxel is bone's own
MOSTLY_AIR = 0.5
EDGE_ERROR_HU = 900.0  # a mask's edge is off by a fraction of a voxel: HU error at the middle of skin's or bone's edge
BONE_EDGE_ERROR_HU = 150.0
GAS_HU = -300  # nothing in soft tissue is that dark but gas


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenery:
    """Window arrays [slice, row, column]: ``seen`` HU float32; ``usable`` voxels that may be looked at; ``bone`` blurred
    share of bone; ``edge_noise`` extra SD (HU) at edges; ``neighbours`` contrast (HU) of other candidates' templates."""

    seen: Float32
    usable: Bool
    bone: Float32
    edge_noise: Float32
    neighbours: Float32
    cores: Bool
    spacing_mm: tuple[float, float, float]
    sigma_mm: tuple[float, float, float]
    noise_hu: float
    fallback_hu: float

    def shell(self, present: Bool, reach_mm: float) -> Bool:
        """Usable tissue within ``reach_mm`` of ``present``, other candidates' cores left out."""
        if not present.any():
            return np.zeros_like(present)
        distance = distance_within(present, self.spacing_mm, reach_mm + max(self.spacing_mm))
        return np.asarray(self.usable & ~present & ~self.cores & (distance <= reach_mm), dtype=np.bool_)


def look_around(
    hu: NDArray[np.int16],
    tissue: NDArray[np.uint8],
    other_cores: Bool,
    neighbours: Float32,
    spacing_mm: tuple[float, float, float],
    sigma_mm: tuple[float, float, float],
    noise_hu: float,
) -> Scenery:
    """Scenery of one window."""
    sigma = [s / d for s, d in zip(sigma_mm, spacing_mm, strict=True)]
    bone_mask, out_mask = tissue == Tissue.BONE, tissue == Tissue.OUTSIDE
    bone = _blurred(bone_mask, sigma)
    outside = _blurred(out_mask | (hu < GAS_HU), sigma)
    usable = (bone < INSIDE_BONE) & (outside < MOSTLY_AIR) & ~bone_mask & ~out_mask
    edge = EDGE_ERROR_HU * 4 * outside * (1 - outside) * (outside > 0.02)
    edge = edge + BONE_EDGE_ERROR_HU * 4 * bone * (1 - bone)
    soft = hu[usable & ~other_cores]
    return Scenery(
        seen=hu.astype(np.float32),
        usable=usable,
        bone=bone,
        edge_noise=edge.astype(np.float32),
        neighbours=neighbours,
        cores=other_cores,
        spacing_mm=spacing_mm,
        sigma_mm=sigma_mm,
        noise_hu=noise_hu,
        fallback_hu=float(np.median(soft)) if soft.size else 0.0,
    )


def _blurred(mask: Bool, sigma: list[float]) -> Float32:
    """Gaussian blur of a mask; zeros at once where the mask is empty."""
    if not mask.any():
        return np.zeros(mask.shape, np.float32)
    return np.asarray(ndimage.gaussian_filter(mask.astype(np.float32), sigma, truncate=3.0, mode="nearest"), np.float32)
