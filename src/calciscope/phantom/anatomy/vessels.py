"""Courses of arteries and veins, with the fat of the neurovascular bundle around the deep ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Filled
from calciscope.phantom.anatomy.profiles import Nodes, profile
from calciscope.phantom.anatomy.tube import Tube, tube

Float64 = NDArray[np.float64]
BLOOD_HU = 42.0  # unenhanced blood (memory: 35-50)
ARTERY_CONTRAST_HU = 310.0  # arterial phase (memory: 250-400)
VEIN_CONTRAST_HU = 130.0
BUNDLE_FAT_HU = -85.0
BUNDLE_MM = 2.5  # fat around a deep vessel


@dataclass(frozen=True, slots=True, kw_only=True)
class VesselCourse:
    """Course by station (mm of the adult model): lateral and backward offset of the centre, and the outer radius."""

    name: str
    lateral: Nodes
    back: Nodes
    radius: Nodes
    artery: bool
    bundle: bool = True


def vessel_parts(
    course: VesselCourse, lateral: float, scale: float, contrast: bool, range_mm: tuple[float, float]
) -> tuple[Tube, tuple[Filled, ...]]:
    """Return the vessel's outer tube, and what to paint: the bundle's fat first, the lumen last."""
    across, back = profile(course.lateral, scale), profile(course.back, scale)
    size = profile(course.radius, scale)

    def centre(s: Float64) -> tuple[Float64, Float64]:
        sway = 1.5 * np.sin(s / (41.0 * scale) + len(course.name))
        return scale * (lateral * across(s) + sway), scale * back(s)

    def sized(extra_mm: float) -> Tube:
        return tube(
            scale * range_mm[0], scale * range_mm[1], centre, lambda s, angle: scale * (size(s) + extra_mm) + 0 * angle
        )

    filling = BLOOD_HU
    if contrast:
        filling = ARTERY_CONTRAST_HU if course.artery else VEIN_CONTRAST_HU
    vessel = sized(0.0)
    lumen = Filled(name=course.name, outer=vessel, hu=filling)
    if not course.bundle:
        return vessel, (lumen,)
    return vessel, (Filled(name="bundle", outer=sized(BUNDLE_MM), hu=BUNDLE_FAT_HU), lumen)
