"""Femur, tibia, fibula and patella, adult or growing (growth plates, ossification centres, fabella)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.phantom.anatomy.bone import Bone
from calciscope.phantom.anatomy.profiles import dome, profile
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
    lateral: dict[float, float]
    back: dict[float, float]
    half_width: dict[float, float]
    half_depth: dict[float, float]
    cortex: dict[float, float]
    spongy: dict[float, float]  # 0 marrow .. 1 trabecular bone
    dome_mm: float = 9.0
    corner: float = 0.0  # threefold corner: the tibia's triangle
    plates: Sequence[float] = ()


FEMUR = BonePlan(
    name="femur", span=(1.5, 430), lateral={0: 0, 100: 4, 200: 8, 430: 6}, back={0: 2, 60: -2, 150: -9, 430: -6},
    half_width={0: 33, 25: 39, 45: 34, 75: 21, 110: 15, 430: 15}, half_depth={0: 27, 25: 30, 50: 22, 80: 16, 110: 14.5, 430: 15},
    cortex={0: 1.3, 40: 1.3, 80: 3.2, 140: 6.2, 430: 7}, spongy={0: 1, 50: 0.9, 80: 0.45, 130: 0, 430: 0}, dome_mm=11, plates=(38,),
)  # fmt: skip
TIBIA = BonePlan(
    name="tibia", span=(-430, -3.5), lateral={-430: -4, -150: -9, -60: -4, 0: 0}, back={-430: -6, -150: -18, -60: -12, 0: 3},
    half_width={-430: 15, -200: 13, -120: 15, -60: 22, -25: 36, 0: 38}, half_depth={-430: 14, -200: 15, -120: 18, -60: 22, -25: 25, 0: 25},
    cortex={-430: 4.5, -150: 6, -80: 3.5, -35: 1.3, 0: 1.3}, spongy={-430: 0, -130: 0, -70: 0.5, -40: 0.9, 0: 1}, dome_mm=5,
    corner=0.13, plates=(-17,),
)  # fmt: skip
FIBULA = BonePlan(
    name="fibula", span=(-430, -17), lateral={-430: 22, -150: 27, -60: 34, 0: 38}, back={-430: 6, -150: 4, -60: 14, 0: 17},
    half_width={-430: 7, -80: 6.5, -40: 8, -25: 11, 0: 11}, half_depth={-430: 7, -80: 6.5, -40: 8, -25: 11, 0: 11},
    cortex={-430: 2.6, -80: 2.6, -45: 1.2, 0: 1.0}, spongy={-430: 0, -80: 0, -50: 0.7, 0: 1}, dome_mm=7, corner=0.08, plates=(-31,),
)  # fmt: skip
PATELLA = BonePlan(
    name="patella", span=(2, 44), lateral={0: 1, 44: 1}, back={0: -43, 44: -45}, half_width={2: 13, 25: 22, 44: 19},
    half_depth={2: 7, 25: 10.5, 44: 9}, cortex={2: 1.5, 44: 1.5}, spongy={2: 1, 44: 1}, dome_mm=18,
)  # fmt: skip
FABELLA = BonePlan(
    name="fabella", span=(18, 25), lateral={18: 24, 25: 24}, back={18: 35, 25: 35}, half_width={18: 3.6, 25: 3.6},
    half_depth={18: 3.0, 25: 3.0}, cortex={18: 1.0, 25: 1.0}, spongy={18: 1, 25: 1}, dome_mm=3.5,
)  # fmt: skip
TUBEROSITY = BonePlan(
    name="tibial tuberosity centre", span=(-46, -33), lateral={-46: -2, -33: -2}, back={-46: -40, -33: -40},
    half_width={-46: 6, -33: 6}, half_depth={-46: 3.2, -33: 3.2}, cortex={-46: 1.0, -33: 1.0}, spongy={-46: 1, -33: 1}, dome_mm=6.5,
)  # fmt: skip


def leg_bones(lateral: float, *, scale: float, juvenile: bool, kvp: float, block: Float32) -> tuple[Bone, ...]:
    """Bones of one leg; a child's have open plates, a thin porous cortex and small ossification centres."""
    plans = [FEMUR, TIBIA, FIBULA, PATELLA, FABELLA, *([TUBEROSITY] if juvenile else [])]
    return tuple(_bone(plan, lateral, scale, juvenile, kvp, block) for plan in plans)


def _bone(plan: BonePlan, lateral: float, scale: float, juvenile: bool, kvp: float, block: Float32) -> Bone:
    across, back = profile(plan.lateral, scale), profile(plan.back, scale)
    wide, deep = profile(plan.half_width, scale), profile(plan.half_depth, scale)
    start, end = (scale * edge for edge in plan.span)

    def centre(s: Float64) -> tuple[Float64, Float64]:
        return scale * lateral * across(s), scale * back(s)

    def radius(s: Float64, angle: Float64) -> Float64:
        oval = 1 / np.sqrt((np.cos(angle) / wide(s)) ** 2 + (np.sin(angle) / deep(s)) ** 2)
        return (
            scale
            * oval
            * (1 + plan.corner * np.cos(3 * (angle + np.pi / 2)))
            * dome(s, start, end, scale * plan.dome_mm)
        )

    outer = tube(start, end, centre, radius)
    s = outer.start_mm + STATION_MM * np.arange(len(outer.centre))
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
