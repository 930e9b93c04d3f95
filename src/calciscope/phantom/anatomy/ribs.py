"""Ribs that slope forward and down around the lower chest, and the cartilage that goes on from them."""

from __future__ import annotations

import numpy as np

from calciscope.phantom.anatomy.bone_plan import BONE_DEPTH_CM, CORTEX_MG_ML, JUVENILE_CORTEX_MG_ML
from calciscope.phantom.anatomy.limb_plan import Patient
from calciscope.phantom.anatomy.solid_parts import Chain
from calciscope.phantom.anatomy.tube import Tube
from calciscope.phantom.mineral import hu_per_mg_ml

HEADS_MM = (78.0, 108.0, 138.0, 168.0, 198.0, 228.0, 258.0)  # stations of the ribs' heads, adult
DROP_MM = (45.0, 70.0, 85.0, 90.0, 90.0, 85.0, 80.0)  # how far each comes down
REACH = (0.45, 0.62, 0.75, 0.85, 0.9, 0.92, 0.95)  # part of the way from spine to breastbone that is bone
RADIUS_MM, CARTILAGE_MM = 5.0, 4.5
FLAT = 1.25
CARTILAGE_HU, CARTILAGE_SHELL_HU = 105.0, 190.0  # costal cartilage calcifies along its rim in adults
DEPTH_MM = 7.0  # of the rib's middle below the outer surface of the muscle wall
NODES = 18


def ribs(patient: Patient, fascia: Tube) -> list[Chain]:
    """Ribs and costal cartilage of both sides."""
    scale = patient.scale
    factor = hu_per_mg_ml(patient.kvp, BONE_DEPTH_CM)
    shell_hu = 40.0 + factor * 0.8 * (JUVENILE_CORTEX_MG_ML if patient.juvenile else CORTEX_MG_ML)
    parts = []
    for lateral in (1.0, -1.0):
        for head, drop, reach in zip(HEADS_MM, DROP_MM, REACH, strict=True):
            part = np.linspace(0.0, 1.0, NODES)
            bone, cartilage = part[part <= reach], part[part >= reach - 0.06]
            parts.append(
                Chain(
                    name="rib",
                    points=_course(bone, head, drop, lateral, scale, fascia),
                    radius_mm=scale * RADIUS_MM,
                    shell_mm=1.1 * scale,
                    shell_hu=shell_hu,
                    core_hu=70.0 + factor * 60.0,
                    flat=FLAT,
                    is_bone=True,
                )
            )
            if reach > 0.7:
                parts.append(
                    Chain(
                        name="costal cartilage",
                        points=_course(cartilage, head, drop, lateral, scale, fascia),
                        radius_mm=scale * CARTILAGE_MM,
                        shell_mm=1.0,
                        shell_hu=CARTILAGE_HU if patient.juvenile else CARTILAGE_SHELL_HU,
                        core_hu=CARTILAGE_HU,
                        flat=FLAT,
                        is_bone=True,
                    )
                )
    return parts


def _course(part: np.ndarray, head: float, drop: float, lateral: float, scale: float, fascia: Tube) -> np.ndarray:
    """Points (s, u, v) along a rib: from the spine around the side to the front, sinking on the way."""
    angle = np.pi / 2 - lateral * (0.32 + part * 2.55)
    s = scale * (head - drop * np.sin(part * np.pi / 2) ** 1.5)
    points = []
    for station, turn in zip(s, angle, strict=True):
        r = fascia.radius_at(float(station), float(turn)) - scale * DEPTH_MM
        points.append([station, r * np.cos(turn), r * np.sin(turn)])
    return np.array(points)
