"""Organs of the trunk: liver, spleen, kidneys, psoas, spinal canal, lungs, and bowel with content and gas."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Filled
from calciscope.phantom.anatomy.limb import Part
from calciscope.phantom.anatomy.limb_plan import Patient
from calciscope.phantom.anatomy.profiles import dome, profile
from calciscope.phantom.anatomy.solid_parts import Ellipsoid
from calciscope.phantom.anatomy.tube import Tube, tube

Float64 = NDArray[np.float64]

LUNG_HU = -860.0
GAS_HU = -1000.0
BOWEL_HU = 32.0
BOWEL_CONTRAST_HU = 320.0  # positive oral contrast
LUNG_BASE_MM = 118.0
LOOPS = 30
# centre (s, u, v), half axes, HU without and with contrast; adult mm, u to the left
SOLID_ORGANS = (
    ("liver", (112.0, -72.0, -18.0), (78.0, 62.0, 62.0), 56.0, 105.0),
    ("spleen", (120.0, 98.0, 26.0), (46.0, 24.0, 38.0), 48.0, 110.0),
    ("right kidney", (32.0, -58.0, 34.0), (52.0, 25.0, 22.0), 33.0, 165.0),
    ("left kidney", (42.0, 58.0, 34.0), (52.0, 25.0, 22.0), 33.0, 165.0),
)


def organs(patient: Patient, cavity: Tube) -> list[Part]:
    """Parts in painting order, all inside the cavity."""
    scale = patient.scale
    parts: list[Part] = []
    for name, centre, half, plain, enhanced in SOLID_ORGANS:
        parts.append(_ellipsoid(name, centre, half, enhanced if patient.contrast else plain, scale))
    for lateral in (1.0, -1.0):
        parts.append(
            _straight("psoas", patient, (-170, 90), 36 * lateral, 44, {-170: 19, -60: 21, 60: 11, 90: 5}, 57.0)
        )
        parts.append(_lung(patient, lateral, cavity))
    parts.append(_straight("discs", patient, (-95, 265), 0, 52, {-95: 18, 265: 18}, 80.0))
    parts.append(_straight("spinal canal", patient, (-160, 265), 0, 76, {-160: 7, 265: 8}, 28.0))
    return parts + _bowel(patient)


def _bowel(patient: Patient) -> list[Part]:
    rng = np.random.default_rng([int(abs(float(patient.block[0, 0, 0])) * 1e6), 5])
    parts: list[Part] = []
    for number in range(LOOPS):
        centre = (float(rng.uniform(-170, 70)), float(rng.uniform(-95, 95)), float(rng.uniform(-62, -18)))
        half = (float(rng.uniform(16, 34)), float(rng.uniform(12, 21)), float(rng.uniform(11, 17)))
        content = BOWEL_CONTRAST_HU if patient.contrast and number % 2 else BOWEL_HU + float(rng.uniform(-10, 10))
        parts.append(_ellipsoid("bowel", centre, half, 38.0, patient.scale))
        inner = tuple(size - 2.5 for size in half)
        parts.append(_ellipsoid("bowel content", centre, (inner[0], inner[1], inner[2]), content, patient.scale))
        if number % 3 == 0:
            high = (centre[0], centre[1], centre[2] - 0.45 * inner[2])
            gas = (0.8 * inner[0], 0.8 * inner[1], 0.5 * inner[2])
            parts.append(_ellipsoid("bowel gas", high, gas, GAS_HU, patient.scale))
    return parts


def _ellipsoid(
    name: str, centre: tuple[float, float, float], half: tuple[float, float, float], hu: float, scale: float
) -> Ellipsoid:
    s, u, v = (scale * value for value in centre)
    a, b, c = (scale * value for value in half)
    return Ellipsoid(name=name, centre=(s, u, v), half_mm=(a, b, c), hu=hu)


def _straight(
    name: str, patient: Patient, span: tuple[float, float], u: float, v: float, size: dict[float, float], hu: float
) -> Filled:
    scale, start, end = patient.scale, patient.scale * span[0], patient.scale * span[1]
    radius = profile(size, scale)
    outer = tube(
        start,
        end,
        lambda s: (np.full_like(s, scale * u), np.full_like(s, scale * v)),
        lambda s, angle: scale * radius(s) + 0 * angle,
    )
    return Filled(name=name, outer=outer, hu=hu, texture_hu=3.0, block=patient.block)


def _lung(patient: Patient, lateral: float, cavity: Tube) -> Filled:
    """A lung that fills its half of the cavity from the base up."""
    scale = patient.scale
    start, end = scale * LUNG_BASE_MM, cavity.end_mm + 40.0
    u0 = 68.0 * scale * lateral

    def radius(s: Float64, angle: Float64) -> Float64:
        oval = 1 / np.sqrt((np.cos(angle) / 52.0) ** 2 + (np.sin(angle) / 72.0) ** 2)
        return scale * oval * dome(s, start, end, 60.0 * scale)

    outer = tube(start, end, lambda s: (np.full_like(s, u0), np.full_like(s, 2.0 * scale)), radius)
    return Filled(name="lung", outer=outer, hu=LUNG_HU, texture_hu=25.0, block=patient.block)
