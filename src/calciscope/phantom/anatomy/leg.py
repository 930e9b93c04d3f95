"""A leg from ankle to upper thigh; stations in mm from the knee joint of an adult, lateral is +u of a left leg."""

from __future__ import annotations

from calciscope.phantom.anatomy.bone_plan import BonePlan
from calciscope.phantom.anatomy.limb_plan import FatPad, LimbPlan
from calciscope.phantom.anatomy.profiles import Nodes
from calciscope.phantom.anatomy.vessels import VesselCourse
from calciscope.terms.deposits import Region

RANGE_MM = (-420.0, 420.0)
SKIN_RADIUS: Nodes = {-420: 36, -360: 37, -300: 42, -240: 50, -180: 58, -120: 61, -60: 58, -20: 60, 20: 62, 60: 65, 120: 73,
               200: 83, 300: 91, 420: 97}  # fmt: skip
FAT_MM: Nodes = {-420: 5, -240: 8, -120: 10, -30: 8, 30: 8, 80: 12, 200: 17, 420: 22}
BACK_SHIFT: Nodes = {-420: 0, -240: 4, -150: 9, -40: 4, 0: 0, 60: -2, 200: 0, 420: 4}  # the calf bulges backward

# (u, v) of muscle bellies as parts of the fascia radius (lateral, back), and weight as part of its square
THIGH = [(0.1, -0.75, 0.0), (0.65, -0.35, 0.05), (-0.5, -0.45, 0.0), (0.15, -0.3, 0.02), (0.5, 0.45, 0.0), (0.05, 0.72, -0.05),
         (-0.35, 0.55, 0.0), (-0.45, 0.1, 0.03), (-0.85, -0.05, -0.08), (-0.8, 0.4, -0.1)]  # fmt: skip
SHANK = [(0.3, -0.6, 0.0), (0.75, -0.15, -0.04), (-0.2, -0.55, -0.02), (0.2, -0.1, 0.0), (0.45, 0.6, 0.0), (0.3, 0.25, 0.03),
         (-0.4, 0.6, 0.0), (-0.1, 0.2, 0.03), (-0.6, 0.1, -0.06), (-0.65, 0.45, -0.1)]  # fmt: skip
KNEE_BLEND_MM = 60.0
KNEE_MM = 45.0  # half length of the knee region
ANKLE_MM = -365.0

ARTERY = VesselCourse(
    name="femoral-popliteal artery",
    lateral={-420: -6, -300: -2, -120: 2, -40: 3, 0: 2, 60: -4, 90: -14, 120: -22, 200: -30, 420: -26},
    back={-420: 22, -300: 18, -120: 16, -40: 26, 0: 33, 60: 32, 90: 25, 120: 14, 200: -6, 420: -28},
    radius={-420: 1.3, -200: 1.7, -60: 2.4, 0: 2.9, 120: 3.3, 420: 4.0},
    artery=True,
)
VEIN = VesselCourse(
    name="femoral-popliteal vein",
    lateral={-420: -1, -300: 4, -120: 9, -40: 9, 0: 7, 60: 2, 90: -8, 120: -17, 200: -26, 420: -34},
    back={-420: 25, -300: 21, -120: 20, -40: 31, 0: 39, 60: 38, 90: 32, 120: 21, 200: 1, 420: -24},
    radius={-420: 1.5, -200: 2.0, -60: 2.9, 0: 3.6, 120: 4.2, 420: 5.0},
    artery=False,
)
SURFACE_VEIN = VesselCourse(
    name="great saphenous vein",
    lateral={-420: -24, -240: -42, -120: -53, 0: -53, 120: -60, 420: -72},
    back={-420: -14, -240: -8, -120: 6, 0: 14, 120: 10, 420: -22},
    radius={-420: 1.2, 420: 2.0},
    artery=False,
    bundle=False,
)


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


POPLITEAL = FatPad(span=(-45, 75), middle=(4, 31), half=(17, 13))
BEHIND_TENDON = FatPad(span=(-28, 14), middle=(0, -38), half=(17, 9))


def _region(s_mm: float) -> Region:
    if abs(s_mm) < KNEE_MM:
        return Region.KNEE
    if s_mm < ANKLE_MM:
        return Region.ANKLE
    return Region.THIGH if s_mm > 0 else Region.LOWER_LEG


LEG = LimbPlan(
    range_mm=RANGE_MM, skin_radius=SKIN_RADIUS, fat_mm=FAT_MM, back_shift=BACK_SHIFT, above=THIGH, below=SHANK,
    blend_mm=KNEE_BLEND_MM, fat_pads=(POPLITEAL, BEHIND_TENDON), vessels=(ARTERY, VEIN, SURFACE_VEIN),
    bones=(FEMUR, TIBIA, FIBULA, PATELLA, FABELLA), juvenile_bones=(TUBEROSITY,), regions=_region,
)  # fmt: skip
