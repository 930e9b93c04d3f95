"""An arm from wrist to upper arm, palm forward; stations in mm from the elbow joint of an adult."""

from __future__ import annotations

from calciscope.phantom.anatomy.bone_plan import BonePlan
from calciscope.phantom.anatomy.limb_plan import FatPad, LimbPlan
from calciscope.phantom.anatomy.vessels import VesselCourse
from calciscope.terms.deposits import Region

RANGE_MM = (-250.0, 300.0)
ELBOW_MM = 35.0  # half length of the elbow region
WRIST_MM = -215.0

# (lateral, back) of muscle bellies as parts of the fascia radius, and weight as part of its square
UPPER = [
    (0.0, -0.6, 0.05),
    (0.2, -0.25, 0.0),
    (-0.3, 0.55, 0.02),
    (0.3, 0.6, 0.02),
    (0.75, 0.1, -0.05),
    (0.0, 0.3, 0.0),
]
FORE = [(-0.6, -0.3, 0.0), (0.1, -0.55, 0.0), (-0.5, 0.4, 0.0), (0.35, 0.6, 0.0), (0.75, -0.1, 0.0), (0.0, 0.1, 0.0)]

ARTERY = VesselCourse(
    name="brachial artery",
    lateral={-250: -10, -100: -8, 0: -2, 60: -10, 150: -22, 300: -28},
    back={-250: -10, -100: -10, 0: -22, 60: -14, 150: -4, 300: 2},
    radius={-250: 1.2, 0: 1.8, 300: 2.4},
    artery=True,
)
VEIN = VesselCourse(
    name="brachial vein",
    lateral={-250: -15, -100: -13, 0: -7, 60: -15, 150: -27, 300: -33},
    back={-250: -8, -100: -9, 0: -21, 60: -12, 150: -1, 300: 6},
    radius={-250: 1.3, 0: 2.0, 300: 2.8},
    artery=False,
)
SURFACE_VEIN = VesselCourse(
    name="cephalic vein",
    lateral={-250: 19, -60: 30, 0: 28, 100: 26, 300: 30},
    back={-250: -14, -60: -25, 0: -28, 100: -34, 300: -40},
    radius={-250: 1.2, 300: 1.6},
    artery=False,
    bundle=False,
)
HUMERUS = BonePlan(
    name="humerus", span=(-8, 310), lateral={-8: 0, 300: 2}, back={-8: -3, 60: 0, 300: 0},
    half_width={-8: 21, 12: 29, 35: 21, 70: 11.5, 300: 11.5}, half_depth={-8: 9, 12: 10, 35: 8.5, 70: 10.5, 300: 11.5},
    cortex={-8: 1.2, 15: 1.2, 60: 3.2, 120: 4.2, 300: 4.4}, spongy={-8: 1, 25: 0.9, 60: 0.2, 80: 0, 300: 0}, dome_mm=8,
    plates=(10,),
)  # fmt: skip
ULNA = BonePlan(
    name="ulna", span=(-250, 22), lateral={-250: -11, -60: -11, 0: -4, 22: -2}, back={-250: 6, -60: 10, -10: 16, 22: 19},
    half_width={-250: 6, -150: 6.5, -40: 8.5, 0: 11, 22: 11}, half_depth={-250: 6, -150: 6.5, -40: 9, 0: 10, 22: 7},
    cortex={-250: 2, -150: 2.8, -40: 2.6, 0: 1.4, 22: 1.2}, spongy={-250: 0.8, -200: 0.1, -60: 0.1, -20: 0.9, 22: 1}, dome_mm=6,
    corner=0.1, plates=(14,),
)  # fmt: skip
RADIUS = BonePlan(
    name="radius", span=(-250, -12), lateral={-250: 13, -120: 13, -30: 13, -12: 13}, back={-250: -1, -120: 1, -12: -1},
    half_width={-250: 12, -200: 8, -120: 7, -35: 7, -20: 10.5, -12: 10.5},
    half_depth={-250: 9, -200: 7, -120: 6.5, -35: 7, -20: 10.5, -12: 10.5},
    cortex={-250: 1.2, -200: 2.2, -120: 2.8, -40: 2.2, -12: 1.2}, spongy={-250: 1, -190: 0.2, -60: 0.1, -25: 0.9, -12: 1}, dome_mm=4,
    corner=0.06, plates=(-19,),
)  # fmt: skip
EPICONDYLE = BonePlan(
    name="medial epicondyle centre", span=(12, 23), lateral={12: -31, 23: -30}, back={12: 3, 23: 3},
    half_width={12: 4, 23: 4}, half_depth={12: 3.5, 23: 3.5}, cortex={12: 1, 23: 1}, spongy={12: 1, 23: 1}, dome_mm=5.5,
)  # fmt: skip


def _region(s_mm: float) -> Region:
    if abs(s_mm) < ELBOW_MM:
        return Region.ELBOW
    if s_mm < WRIST_MM:
        return Region.WRIST
    return Region.UPPER_ARM if s_mm > 0 else Region.FOREARM


ARM = LimbPlan(
    range_mm=RANGE_MM,
    skin_radius={-250: 28, -200: 32, -120: 41, -50: 47, 0: 45, 60: 47, 150: 53, 300: 60},
    fat_mm={-250: 4, -100: 6, 0: 6, 80: 8, 300: 11}, back_shift={-250: 0, 0: 0, 300: 2}, above=UPPER, below=FORE, blend_mm=40.0,
    fat_pads=(FatPad(span=(-30, 40), middle=(-3, -22), half=(9, 7)), FatPad(span=(18, 48), middle=(0, 16), half=(12, 5))),
    vessels=(ARTERY, VEIN, SURFACE_VEIN), bones=(HUMERUS, ULNA, RADIUS), juvenile_bones=(EPICONDYLE,), regions=_region,
)  # fmt: skip
