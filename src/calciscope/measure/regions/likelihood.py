"""What a cross-section of each part of the body looks like, and which parts lie above which.

Sizes are those of textbook cross-sections from a five-year-old to a large adult (memory), so the spreads are wide; what does
not grow with the body (the ratio of two bones, the share of bone) carries most of the weight.
"""

from __future__ import annotations

import numpy as np

from calciscope.measure.regions.parts import Part
from calciscope.terms.deposits import Region
from calciscope.terms.geometry import Float64

# Per region: mean and spread of: log10 area cm2, log10 share of the largest bone, second bone / first, third / first,
# bones counted (at most 8), gas share, log2 width / depth, mean sideways distance of bone from the centre / half-width.
FEATURES = ("area", "bone", "second", "third", "count", "gas", "aspect", "spread")
_LOOKS: dict[Region, tuple[tuple[float, float], ...]] = {
    Region.HEAD: ((2.30, 0.12), (-0.12, 0.10), (0.03, 0.05), (0.02, 0.05), (1.5, 1.5), (0.03, 0.04), (-0.2, 0.25), (0.1, 0.1)),
    Region.FACE: ((2.30, 0.15), (-0.55, 0.25), (0.40, 0.30), (0.25, 0.20), (4.0, 2.0), (0.07, 0.05), (-0.2, 0.3), (0.3, 0.2)),
    Region.NECK: ((1.95, 0.18), (-1.00, 0.20), (0.20, 0.25), (0.10, 0.15), (2.5, 2.0), (0.02, 0.02), (0.1, 0.3), (0.15, 0.12)),
    Region.SHOULDER: ((2.70, 0.15), (-1.60, 0.20), (0.80, 0.20), (0.60, 0.25), (7.0, 2.0), (0.03, 0.04), (1.0, 0.3), (0.50, 0.10)),
    Region.CHEST: ((2.75, 0.18), (-1.65, 0.25), (0.50, 0.25), (0.35, 0.25), (8.0, 1.5), (0.30, 0.12), (0.5, 0.3), (0.45, 0.15)),
    Region.ABDOMEN: ((2.75, 0.20), (-1.65, 0.25), (0.25, 0.25), (0.15, 0.20), (3.5, 3.0), (0.02, 0.03), (0.45, 0.3), (0.20, 0.20)),
    Region.PELVIS: ((2.75, 0.18), (-1.55, 0.25), (0.80, 0.20), (0.45, 0.30), (4.0, 2.0), (0.01, 0.02), (0.6, 0.3), (0.45, 0.12)),
    Region.THIGH: ((2.10, 0.25), (-1.40, 0.18), (0.00, 0.05), (0.00, 0.04), (1.0, 0.3), (0.0, 0.01), (0.0, 0.3), (0.15, 0.12)),
    Region.KNEE: ((1.95, 0.20), (-0.60, 0.25), (0.20, 0.25), (0.05, 0.15), (2.0, 0.9), (0.0, 0.01), (0.0, 0.25), (0.10, 0.15)),
    Region.LOWER_LEG: ((1.80, 0.22), (-1.15, 0.20), (0.22, 0.10), (0.00, 0.05), (2.0, 0.3), (0.0, 0.01), (0.0, 0.25), (0.20, 0.12)),
    Region.ANKLE: ((1.65, 0.18), (-0.55, 0.20), (0.30, 0.25), (0.08, 0.15), (2.4, 0.8), (0.0, 0.01), (-0.3, 0.3), (0.20, 0.15)),
    Region.FOOT: ((1.85, 0.25), (-0.75, 0.30), (0.55, 0.30), (0.40, 0.35), (4.5, 2.5), (0.0, 0.02), (-0.9, 0.5), (0.25, 0.20)),
    Region.TOE: ((0.60, 0.35), (-0.60, 0.30), (0.10, 0.30), (0.00, 0.20), (1.2, 1.0), (0.0, 0.02), (-0.2, 0.6), (0.10, 0.20)),
    Region.UPPER_ARM: ((1.70, 0.25), (-1.15, 0.18), (0.00, 0.05), (0.00, 0.04), (1.0, 0.3), (0.0, 0.01), (-0.2, 0.3), (0.15, 0.12)),
    Region.ELBOW: ((1.60, 0.20), (-0.70, 0.22), (0.45, 0.35), (0.10, 0.20), (2.0, 0.8), (0.0, 0.01), (0.2, 0.3), (0.20, 0.15)),
    Region.FOREARM: ((1.45, 0.25), (-1.20, 0.20), (0.75, 0.15), (0.00, 0.06), (2.0, 0.3), (0.0, 0.01), (0.1, 0.35), (0.30, 0.15)),
    Region.WRIST: ((1.30, 0.20), (-0.80, 0.22), (0.65, 0.25), (0.45, 0.35), (4.0, 2.0), (0.0, 0.01), (0.5, 0.5), (0.35, 0.20)),
    Region.HAND: ((1.45, 0.25), (-1.15, 0.22), (0.85, 0.15), (0.75, 0.18), (5.0, 1.0), (0.0, 0.02), (0.8, 0.7), (0.45, 0.15)),
    Region.FINGER: ((0.50, 0.30), (-0.55, 0.25), (0.05, 0.20), (0.00, 0.15), (1.0, 0.7), (0.0, 0.02), (0.0, 0.4), (0.05, 0.15)),
}  # fmt: skip
REGIONS = tuple(_LOOKS)
LOOKS = np.array([_LOOKS[region] for region in REGIONS])  # [region, feature, (mean, spread)]

LEG = (Region.TOE, Region.FOOT, Region.ANKLE, Region.LOWER_LEG, Region.KNEE, Region.THIGH)
ARM = (Region.FINGER, Region.HAND, Region.WRIST, Region.FOREARM, Region.ELBOW, Region.UPPER_ARM)
TRUNK = (Region.PELVIS, Region.ABDOMEN, Region.CHEST, Region.SHOULDER, Region.NECK, Region.FACE, Region.HEAD)

# Neighbouring levels look alike: each adds the evidence of an independent one only every so many mm (judgement).
INDEPENDENT_MM = 25.0
# No single feature may count more than this many spreads: anatomy varies, wounds and tumours more so.
MOST_SPREADS = 3.0
# Of a part cut by the image's edge, size, outline and the place of its bones say little.
CUT_WIDENS = np.array([2.5, 1.8, 1.0, 1.0, 1.0, 1.5, 4.0, 2.5])
# Length of a typical part: the chance to pass to the next one in a millimetre is one over it.
TYPICAL_MM = 150.0
SHORT_MM = 60.0
SHORT = {Region.KNEE, Region.ELBOW, Region.ANKLE, Region.WRIST, Region.NECK, Region.FINGER, Region.TOE}
# Chance per level of an order no body has (bent or crossed limbs, touching limbs, an error).
ODD = 1e-5
TOUCHING = 2e-3


def features(part: Part) -> Float64:
    """The features of one part, in the order of ``FEATURES``; NaN where there is none to tell."""
    bones = [bone.area_mm2 for bone in part.bones]
    first = bones[0] if bones else np.nan
    total = sum(bones)
    sideways = sum(abs(b.x_mm - part.x_mm) * b.area_mm2 for b in part.bones) / total if bones else np.nan
    return np.array([
        np.log10(part.area_mm2 / 100),
        np.log10(first / part.area_mm2),
        bones[1] / first if len(bones) > 1 else (0.0 if bones else np.nan),
        bones[2] / first if len(bones) > 2 else (0.0 if bones else np.nan),
        min(len(bones), 8) if bones else np.nan,
        part.gas_mm2 / part.area_mm2,
        np.log2(part.width_mm / part.depth_mm),
        sideways / (part.width_mm / 2),
    ])  # fmt: skip


def evidence(part: Part, thickness_mm: float) -> Float64:
    """Log-likelihood of each region of ``REGIONS`` for one part of a level ``thickness_mm`` high."""
    seen = features(part)
    spread = LOOKS[:, :, 1] * (CUT_WIDENS if part.cut else 1.0)
    off = np.minimum(np.abs(seen - LOOKS[:, :, 0]) / spread, MOST_SPREADS)
    each = -0.5 * off**2 - np.log(spread)
    each[:, np.isnan(seen)] = 0.0
    return np.asarray(each.sum(axis=1) * min(1.0, thickness_mm / INDEPENDENT_MM))


def passage(thickness_mm: float) -> Float64:
    """Log chance [below, above] that a part of one region is linked to a part of another one level higher."""
    chance = np.full((len(REGIONS), len(REGIONS)), ODD)
    _allow(chance, [*LEG, Region.PELVIS], thickness_mm)
    _allow(chance, [*ARM, Region.SHOULDER], thickness_mm)
    _allow(chance, [Region.SHOULDER, *reversed(ARM)], thickness_mm)  # raised arms
    _allow(chance, list(TRUNK), thickness_mm)
    _allow(chance, [Region.LOWER_LEG, Region.FOOT], thickness_mm / 3)
    _allow(chance, [Region.UPPER_ARM, Region.CHEST], thickness_mm / 3)
    _allow(chance, [Region.SHOULDER, Region.HEAD], thickness_mm / 10)
    for limb in (*ARM, Region.THIGH):  # an arm or a hand that touches the trunk or a leg
        for trunk in (Region.PELVIS, Region.ABDOMEN, Region.CHEST, Region.SHOULDER, Region.THIGH):
            if limb is not trunk:
                a, b = REGIONS.index(limb), REGIONS.index(trunk)
                chance[a, b], chance[b, a] = max(chance[a, b], TOUCHING), max(chance[b, a], TOUCHING)
    for k, region in enumerate(REGIONS):
        chance[k, k] = 1 - thickness_mm / _length_mm(region)
    return np.log(chance)


def _allow(chance: Float64, upward: list[Region], thickness_mm: float) -> None:
    for below, above in zip(upward, upward[1:], strict=False):
        a, b = REGIONS.index(below), REGIONS.index(above)
        chance[a, b] = max(chance[a, b], thickness_mm / _length_mm(below))


def _length_mm(region: Region) -> float:
    return SHORT_MM if region in SHORT else TYPICAL_MM
