"""How a bone is described (an adult's measures by station), and how one is built from that, grown or growing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Bone
from calciscope.phantom.anatomy.profiles import Nodes, dome, profile
from calciscope.phantom.anatomy.tube import STATION_MM, tube
from calciscope.phantom.mineral import hu_per_mg_ml

Float32 = NDArray[np.float32]
Float64 = NDArray[np.float64]
BONE_DEPTH_CM = 12.0  # water behind which bone's HU is taken; bone is not measured, so one value will do
CORTEX_MG_ML = 930.0  # mineral of adult cortical bone as CT sees it (memory: 800-1,100)
JUVENILE_CORTEX_MG_ML = 640.0  # thin, porous, remodelling cortex (judgement)
TRABECULAR_MG_ML = 170.0  # memory: 100-250
YELLOW_MARROW_HU = -60.0
RED_MARROW_HU = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BonePlan:
    """A bone of the adult model: (start, end) stations, width across and depth by station, cortex, end length."""

    name: str
    span: tuple[float, float]
    lateral: Nodes
    back: Nodes
    half_width: Nodes
    half_depth: Nodes
    cortex: Nodes
    spongy: Nodes  # 0 marrow .. 1 trabecular bone
    dome_mm: float = 9.0
    corner: float = 0.0  # threefold corner: the tibia's triangle
    plates: Sequence[float] = ()
    turn: float = 0.0  # of the section, from lateral towards the back, radians


def bone_from(plan: BonePlan, lateral: float, *, scale: float, juvenile: bool, kvp: float, block: Float32) -> Bone:
    """Build a bone; a child's has open plates and a thin, porous cortex."""
    across, back = profile(plan.lateral, scale), profile(plan.back, scale)
    wide, deep = profile(plan.half_width, scale), profile(plan.half_depth, scale)
    start, end = (scale * edge for edge in plan.span)

    def centre(s: Float64) -> tuple[Float64, Float64]:
        return scale * lateral * across(s), scale * back(s)

    def radius(s: Float64, angle: Float64) -> Float64:
        turned = angle - lateral * plan.turn
        oval = 1 / np.sqrt((np.cos(turned) / wide(s)) ** 2 + (np.sin(turned) / deep(s)) ** 2)
        return (
            scale
            * oval
            * (1 + plan.corner * np.cos(3 * (angle + np.pi / 2)))
            * dome(s, start, end, scale * plan.dome_mm)
        )

    outer = tube(start, end, centre, radius)
    s = np.asarray(outer.start_mm + STATION_MM * np.arange(len(outer.centre)), dtype=np.float64)
    factor = hu_per_mg_ml(kvp, BONE_DEPTH_CM)
    spongy = profile(plan.spongy, scale)(s)
    marrow = RED_MARROW_HU if juvenile else YELLOW_MARROW_HU
    trabecular = marrow + factor * TRABECULAR_MG_ML * (0.9 if juvenile else 1.0)
    return Bone(
        name=plan.name,
        outer=outer,
        cortex_mm=(scale * profile(plan.cortex, scale)(s) * (0.65 if juvenile else 1.0)).astype(np.float32),
        core_hu=(marrow + spongy * (trabecular - marrow)).astype(np.float32),
        core_texture_hu=(8.0 + spongy * factor * 32.0).astype(np.float32),
        cortex_hu=40.0 + factor * (JUVENILE_CORTEX_MG_ML if juvenile else CORTEX_MG_ML),
        porosity_hu=factor * (70.0 if juvenile else 25.0),
        block=block,
        plates_mm=np.asarray([scale * plate for plate in plan.plates] if juvenile else [], dtype=np.float32),
    )
