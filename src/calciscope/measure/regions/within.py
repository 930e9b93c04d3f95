"""Finer regions inside the trunk and the head, from where a point lies against the bones and the outline of its level."""

from __future__ import annotations

from calciscope.measure.regions.parts import Part
from calciscope.terms.deposits import Region

# Shares of a part's depth or width (judgement, from textbook cross-sections).
BACK_SHARE = 0.22  # behind the centre of chest or belly by this share of the depth: the back
SHOULDER_SHARE = 0.24  # beside the centre by this share of the width, at shoulder level: the shoulder
HIP_SHARE = 0.30  # beside the centre of the pelvis by this share of the width: the hip
# Distances from the centre of the pelvic bones (judgement).
BUTTOCK_MM = 30.0
GROIN_MM = 30.0


def refine(region: Region, part: Part, x_mm: float, y_mm: float, *, inside: bool) -> Region:
    """The region of a point (LPS mm) in a part; ``inside`` is true in the body cavity."""
    behind = (y_mm - part.y_mm) / part.depth_mm
    beside = abs(x_mm - part.x_mm) / part.width_mm
    if region is Region.FACE:
        return Region.FACE if behind < 0 else Region.HEAD
    if inside:
        return Region.CHEST if region is Region.SHOULDER else region
    if region is Region.SHOULDER and beside < SHOULDER_SHARE and not part.cut:
        region = Region.CHEST
    if region in (Region.CHEST, Region.ABDOMEN) and behind > BACK_SHARE:
        return Region.BACK
    if region is Region.PELVIS:
        return _pelvis(part, y_mm, beside)
    return region


def _pelvis(part: Part, y_mm: float, beside: float) -> Region:
    behind_bone = y_mm - part.bone_centre_mm[1]
    if behind_bone > BUTTOCK_MM:
        return Region.BUTTOCK
    if beside > HIP_SHARE and not part.cut:
        return Region.HIP
    return Region.GROIN if behind_bone < -GROIN_MM and beside > 0.08 else Region.PELVIS
