"""What a cross-section of each part of the body looks like, and which parts lie above which.

Sizes are those of textbook cross-sections from a five-year-old to a large adult (memory), so the spreads are wide; what does
not grow with the body (the ratio of two bones, the share of bone) carries most of the weight.
"""

from __future__ import annotations

import numpy as np

from calciscope.measure.regions.parts import Part
from calciscope.terms.deposits import Region
from calciscope.terms.geometry import Float64

# Mean and spread of each feature. Shares and areas are logarithms to base 10 (area cm2, first: largest bone cm2, bone: its
# share of the part), second and third: those bones against the first, count: bones (at most 8), gas: share of the part,
# aspect: log2 of width by depth, spread: mean sideways distance of bone from the centre by the half-width, dense: mean CT number of the
# largest bone's cells in 1000 HU (a shaft's cortex is twice as dense as the spongy bone of joints, pelvis and spine).
FEATURES = ("area", "first", "bone", "second", "third", "count", "gas", "aspect", "spread", "dense")
_TABLE = """
           area        first       bone        second      third       count       gas         aspect      spread      dense
head       2.30/0.12   2.15/0.15   -0.12/0.10  0.03/0.10   0.02/0.08   1.50/1.50   0.03/0.04   -0.20/0.25  0.10/0.12   0.80/0.25
face       2.30/0.15   1.60/0.35   -0.55/0.25  0.40/0.30   0.25/0.20   4.00/2.00   0.07/0.05   -0.20/0.30  0.30/0.20   0.50/0.20
neck       1.95/0.18   0.90/0.20   -1.00/0.20  0.20/0.25   0.10/0.15   2.50/2.00   0.02/0.03   0.10/0.30   0.15/0.12   0.40/0.15
shoulder   2.70/0.15   1.15/0.20   -1.60/0.20  0.80/0.20   0.60/0.25   7.00/2.00   0.03/0.04   1.00/0.30   0.50/0.12   0.40/0.13
chest      2.75/0.18   1.05/0.25   -1.65/0.25  0.50/0.25   0.35/0.25   8.00/1.50   0.30/0.12   0.50/0.30   0.45/0.15   0.35/0.13
abdomen    2.75/0.20   1.15/0.20   -1.65/0.25  0.25/0.25   0.15/0.20   3.50/3.00   0.02/0.03   0.45/0.30   0.20/0.20   0.28/0.11
pelvis     2.75/0.18   1.25/0.25   -1.55/0.25  0.80/0.20   0.45/0.30   4.00/2.00   0.01/0.03   0.60/0.30   0.45/0.12   0.32/0.13
pelvis     2.60/0.25   1.25/0.27   -1.35/0.32  0.30/0.35   0.10/0.20   2.00/1.20   0.01/0.03   0.20/0.60   0.40/0.25   0.30/0.13
thigh      2.10/0.25   0.85/0.18   -1.40/0.18  0.00/0.10   0.00/0.08   1.00/0.60   0.00/0.03   0.00/0.30   0.15/0.12   0.80/0.22
knee       1.95/0.20   1.45/0.20   -0.60/0.25  0.20/0.25   0.05/0.15   2.00/0.90   0.00/0.03   0.00/0.25   0.10/0.15   0.35/0.13
lower_leg  1.80/0.22   0.75/0.18   -1.15/0.20  0.22/0.10   0.00/0.08   2.00/0.60   0.00/0.03   0.00/0.25   0.20/0.12   0.80/0.23
ankle      1.65/0.18   1.15/0.20   -0.55/0.20  0.30/0.25   0.08/0.15   2.40/0.80   0.00/0.03   -0.30/0.30  0.20/0.15   0.43/0.15
foot       1.85/0.25   1.00/0.35   -0.75/0.30  0.55/0.30   0.40/0.35   4.50/2.50   0.00/0.03   -0.90/0.50  0.25/0.20   0.38/0.15
toe        0.60/0.35   -0.10/0.30  -0.60/0.30  0.10/0.30   0.00/0.20   1.20/1.00   0.00/0.03   -0.20/0.60  0.10/0.20   0.45/0.20
upper_arm  1.70/0.25   0.60/0.18   -1.15/0.18  0.00/0.10   0.00/0.08   1.00/0.60   0.00/0.03   -0.20/0.30  0.15/0.12   0.75/0.22
elbow      1.60/0.20   0.95/0.20   -0.70/0.22  0.45/0.35   0.10/0.20   2.00/0.80   0.00/0.03   0.20/0.30   0.20/0.15   0.50/0.20
forearm    1.45/0.25   0.25/0.20   -1.20/0.20  0.75/0.15   0.00/0.08   2.00/0.60   0.00/0.03   0.10/0.35   0.30/0.15   0.80/0.25
wrist      1.30/0.20   0.60/0.22   -0.80/0.22  0.65/0.25   0.45/0.35   4.00/2.00   0.00/0.03   0.50/0.50   0.35/0.20   0.43/0.15
hand       1.45/0.25   -0.05/0.25  -1.15/0.22  0.85/0.15   0.75/0.18   5.00/1.00   0.00/0.03   0.80/0.70   0.45/0.15   0.60/0.25
finger     0.50/0.30   -0.10/0.25  -0.55/0.25  0.05/0.20   0.00/0.15   1.00/0.70   0.00/0.03   0.00/0.40   0.05/0.15   0.60/0.25
"""  # the second row of the pelvis is half a pelvis or one hip, as a scan cropped to one side shows it, cut by the image's edge
_ROWS = [line.split() for line in _TABLE.strip().splitlines()[1:]]
_REGION_OF_ROW = [Region(row[0]) for row in _ROWS]
REGIONS = tuple(dict.fromkeys(_REGION_OF_ROW))
LOOKS = np.array(
    [[[float(number) for number in cell.split("/")] for cell in row[1:]] for row in _ROWS]
)  # [row, feature, 2]
LOOK_OF = np.array([REGIONS.index(region) for region in _REGION_OF_ROW])
HALF_PELVIS = _REGION_OF_ROW.index(Region.PELVIS) + 1

LEG = (Region.TOE, Region.FOOT, Region.ANKLE, Region.LOWER_LEG, Region.KNEE, Region.THIGH)
ARM = (Region.FINGER, Region.HAND, Region.WRIST, Region.FOREARM, Region.ELBOW, Region.UPPER_ARM)
TRUNK = (Region.PELVIS, Region.ABDOMEN, Region.CHEST, Region.SHOULDER, Region.NECK, Region.FACE, Region.HEAD)

# Neighbouring levels look alike: each adds the evidence of an independent one only every so many mm (judgement).
INDEPENDENT_MM = 25.0
# Anatomy varies, tumours more so: with this chance a feature may be anything within its whole range.
ANYTHING = 0.04
# How many bones there are and how large the others tell much the same; so do area, bone and its share, but less so.
WEIGHTS = np.array([1.0, 1.0, 0.8, 0.6, 0.6, 0.6, 1.0, 0.8, 0.8, 1.0])
RANGES = np.array([3.0, 3.0, 2.5, 1.0, 1.0, 8.0, 0.6, 3.0, 1.0, 1.5])
# Of a part cut by the image's edge, size, outline, number and place of its bones say less.
CUT_WIDENS = np.array([1.4, 1.2, 1.4, 1.5, 1.5, 1.5, 1.0, 4.0, 2.5, 1.0])
# Length of a typical part: the chance to pass to the next one in a millimetre is one over it.
TYPICAL_MM = 150.0
SHORT_MM = 60.0
SHORT = {Region.KNEE, Region.ELBOW, Region.ANKLE, Region.WRIST, Region.NECK, Region.FINGER, Region.TOE}
# Chance per level of an order no body has (bent or crossed limbs, touching limbs, an error).
ODD = 1e-5
TOUCHING = 2e-3
# Chance that two limbs side by side are at the same height of the body.
ALIKE = 0.7


def features(part: Part) -> Float64:
    """The features of one part, in the order of ``FEATURES``; NaN where there is none to tell."""
    bones = [bone.area_mm2 for bone in part.bones]
    first = bones[0] if bones else np.nan
    total = sum(bones)
    sideways = sum(abs(b.x_mm - part.x_mm) * b.area_mm2 for b in part.bones) / total if bones else np.nan
    return np.array([
        np.log10(part.whole_mm2 / 100),
        np.log10(first / 100),
        np.log10(first / part.whole_mm2),
        bones[1] / first if len(bones) > 1 else (0.0 if bones else np.nan),
        bones[2] / first if len(bones) > 2 else (0.0 if bones else np.nan),
        min(len(bones), 8) if bones else np.nan,
        part.gas_mm2 / part.area_mm2,
        np.log2(part.width_mm / part.depth_mm),
        sideways / (part.width_mm / 2),
        part.bones[0].mean_hu / 1000 if bones else np.nan,
    ])  # fmt: skip


def evidence(part: Part, thickness_mm: float) -> Float64:
    """Log-likelihood of each region of ``REGIONS`` for one part of a level ``thickness_mm`` high."""
    seen = features(part)
    off = (seen - LOOKS[:, :, 0]) / LOOKS[:, :, 1]
    widen = CUT_WIDENS if part.cut else np.ones(len(CUT_WIDENS))
    density = np.exp(-0.5 * (off / widen) ** 2) / (np.sqrt(2 * np.pi) * LOOKS[:, :, 1] * widen)
    each = np.log((1 - ANYTHING) * density + ANYTHING / RANGES)
    each[:, np.isnan(seen)] = 0.0
    each *= WEIGHTS
    rows = each.sum(axis=1)
    if not part.cut:
        rows[HALF_PELVIS] = -np.inf
    best = np.full(len(REGIONS), -np.inf)
    np.maximum.at(best, LOOK_OF, rows)
    return np.asarray(best * min(1.0, thickness_mm / INDEPENDENT_MM))


def passage(thickness_mm: float) -> Float64:
    """Chance [below, above] that a part of one region is linked to a part of another one level higher."""
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
    return chance


def neighbours() -> Float64:
    """1.0 [one, other] where two regions are the same or border on each other, else 0.0."""
    border = passage(1.0) > TOUCHING
    return np.asarray((border | border.T | np.eye(len(REGIONS), dtype=bool)).astype(np.float64))


def beside() -> Float64:
    """Chance [one, other] of two parts side by side in one level: two legs or arms mostly lie alike."""
    count = len(REGIONS)
    chance = np.full((count, count), (1 - ALIKE) / count)
    trunk = [REGIONS.index(region) for region in TRUNK]
    chance[np.ix_(trunk, trunk)] = ODD
    limb = [REGIONS.index(region) for region in (*LEG, *ARM)]
    chance[limb, limb] += ALIKE
    return chance


def _allow(chance: Float64, upward: list[Region], thickness_mm: float) -> None:
    for below, above in zip(upward, upward[1:], strict=False):
        a, b = REGIONS.index(below), REGIONS.index(above)
        chance[a, b] = max(chance[a, b], thickness_mm / _length_mm(below))


def _length_mm(region: Region) -> float:
    return SHORT_MM if region in SHORT else TYPICAL_MM
