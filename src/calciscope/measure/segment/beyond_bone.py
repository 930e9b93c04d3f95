"""Bodies within or on a bone that are denser than bone can be: metal, or very dense mineral seated on it."""

from __future__ import annotations

import cc3d
import edt
import numpy as np

from calciscope.measure.calibration import LOWEST_KVP, hu_per_mg_ml, plausible
from calciscope.measure.segment.solid import Bool, Solid

CORTEX_MG_ML, OVERSHOOT = 1200.0, 1.1
"""Cortical bone (imaging.md 1.5), and what a sharp kernel adds at its surface (judgement)."""
LEAST_HU, MOST_HU = 2400.0, 3000.0
"""Never below what a small clip reads when blurred (judgement), nor beyond the top of a 12-bit scale (3071 HU)."""
THIN_CM = np.array([4.0])
"""Water path of a child's limb, behind which mineral reads highest."""
LEAST_ML = 0.02
RIM_MM = 2.0
"""Blurred rim that belongs to such a body, mm."""


def beyond_bone_hu(kvp: float | None) -> float:
    """CT number that no bone reaches at a tube voltage (kV); where none is known, as at the lowest: bone is no deposit."""
    factor = float(hu_per_mg_ml(kvp if kvp is not None and plausible(kvp) else LOWEST_KVP, THIN_CM)[0])
    return min(max(OVERSHOOT * CORTEX_MG_ML * factor, LEAST_HU), MOST_HU)


def beyond_bone(solid: Solid, from_hu: float) -> list[Bool]:
    """Masks on the working grid of every body denser than ``from_hu``, with its rim, in order of their labels."""
    core = solid.dense & (solid.hu > from_hu)
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
