"""Bodies within or on a bone that are denser than bone can be: metal, or very dense mineral seated on it."""

from __future__ import annotations

import cc3d
import edt
import numpy as np

from calciscope.measure.segment.solid import Bool, Solid

BEYOND_BONE_HU = 2400.0
"""Cortical bone (1200 mg/ml) at 80 kV reads about 2200 HU (imaging.md 1.5: 1.8 HU per mg/ml)."""
LEAST_ML = 0.02
RIM_MM = 2.0
"""Blurred rim that belongs to such a body, mm."""


def beyond_bone(solid: Solid) -> list[Bool]:
    """Masks on the working grid of every body denser than bone, with its rim, in order of their labels."""
    core = solid.dense & (solid.hu > BEYOND_BONE_HU)
    if not core.any():
        return []
    parts = cc3d.connected_components(core, connectivity=26)
    sizes_ml = np.bincount(parts.ravel()) * float(np.prod(solid.spacing_mm)) / 1000.0
    found: list[Bool] = []
    taken = np.zeros(core.shape, dtype=np.bool_)
    for label in np.flatnonzero(sizes_ml >= LEAST_ML):
        if label == 0:
            continue
        near = edt.edt(parts != label, anisotropy=solid.spacing_mm) <= RIM_MM
        mask = np.asarray(near & solid.dense & ~taken)
        taken |= mask
        found.append(mask)
    return found
