"""The inside of trunk and skull: chest, belly and pelvis, without the wall of muscle and bone around them, and the head.

A cell is inside when the skeleton encloses it: seen from it, bone lies to both sides and behind. In front bone or a wall of
muscle closes the trunk. Where the image cuts the body, what lies beyond is unknown; it may stand for bone only towards the
middle of the body, so that the muscles outside a hip bone never count as pelvis. Between ribs and hip bones, where only the
spine is left, the inside is what lies deep under the wall of muscle. In the head, bone must be met all around.
"""

from __future__ import annotations

from dataclasses import dataclass

import edt
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.coarse import CoarseScan
from calciscope.measure.regions.outlook import BONE, EAST, FREE, FRONT, REAR, UNSEEN, WEST, outlook
from calciscope.measure.regions.parts import Body, Part
from calciscope.terms.deposits import Region
from calciscope.terms.geometry import Bool, Float64
from calciscope.terms.tissue import Tissue

# Strands and skin thinner than twice this do not belong to the wall of muscle, mm (judgement).
STRAND_MM = 4.0
# Thickness of the wall under the subcutaneous fat: muscle of the belly about 20 mm, ribs and their muscles about 15 mm
# (textbook anatomy, memory).
WALL_MM = {Region.CHEST: 15.0, Region.ABDOMEN: 22.0, Region.PELVIS: 25.0}
# Here bone must be met in every direction.
RINGED = (Region.SHOULDER, Region.HEAD, Region.FACE)
# Behind the middle of the vertebra lie the muscles of the back.
BEHIND_SPINE_MM = 5.0
# Bones of neighbouring levels close the gaps between ribs and the notches of the hip bone: reach up and down, mm (a rib and
# the space to the next take about 30 mm in an adult, memory). At the shoulders the ribs slope steeply, and less must do.
LATTICE_MM, LATTICE_RING_MM = 25.0, 8.0
# The lining of muscle on the inside of hip bones and ribs (obturator, iliac, intercostal), mm (judgement).
FROM_BONE_MM = {Region.CHEST: 4.0, Region.ABDOMEN: 4.0, Region.PELVIS: 8.0}
# Beside an unseen side, the bone on the other must lie this far out on its own side of the scanner's middle, mm: then the
# unseen part is the middle of the body (judgement: half the width of a child's pelvis).
OUTER_MM = 30.0
# So many of the three looks behind may slip through a gap; one more on the floor of the pelvis, which bones close in front but
# only the coccyx behind (judgement).
MOST_GAPS, MOST_GAPS_FLOOR = 1, 2
# Bones to the two sides that are nearer to each other bound no trunk but the space between femur and hip bone, or blade and
# rib, mm (the pelvis of a child of six is about 75 mm wide inside, memory).
NARROWEST_MM = 60.0
# At the shoulders blades and arm bones also stand around: the inlet of the chest takes this share of the width there (memory).
INLET = 0.2
# Up to this far above the thighs only what the pubic bones close in front is pelvis, mm; what is not is the groin (judgement).
ABOVE_THIGH_MM = 70.0
# Edge of the square in which the majority of cells decides, mm: single looks past a bone leave streaks (judgement).
SMOOTH_MM = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """One part of the trunk in one level: its cells, tissue codes, bone of this and near levels, and beyond the image."""

    part: Part
    region: Region
    mine: Bool
    tissue: NDArray[np.uint8]
    lattice: Bool
    cut: Bool
    lps_mm: Float64  # of every cell
    mm: tuple[float, float]
    above_thigh_mm: float


def body_cavity(coarse: CoarseScan, body: Body, regions: list[Region]) -> Bool:
    """Coarse cells inside the chest, the belly or the pelvis."""
    cavity = np.zeros(coarse.tissue.shape, dtype=bool)
    if not any(region in WALL_MM or region in RINGED for region in regions):
        return cavity
    rows = {int(level): row for row, level in enumerate(body.levels)}
    lattice, lattice_ring = (_lattice(coarse, reach_mm) for reach_mm in (LATTICE_MM, LATTICE_RING_MM))
    thigh_mm = max(
        (p.z_mm for p, region in zip(body.parts, regions, strict=True) if region is Region.THIGH), default=-1e9
    )
    for number, (part, region) in enumerate(zip(body.parts, regions, strict=True)):
        if region not in WALL_MM and region not in RINGED:
            continue
        mine = body.labels[rows[part.level]] == number + 1
        tissue = np.where(mine, coarse.tissue[part.level], Tissue.OUTSIDE).astype(np.uint8)
        y, x = np.indices(mine.shape)
        level = _Level(
            part=part,
            region=region,
            mine=mine,
            tissue=tissue,
            lattice=(lattice_ring if region in RINGED else lattice)[part.level] & mine,
            cut=coarse.cut[part.level],
            lps_mm=coarse.grid.to_lps(np.stack([np.full(mine.shape, part.level), y, x], axis=-1).astype(np.float64)),
            mm=(coarse.grid.spacing_mm[1], coarse.grid.spacing_mm[2]),
            above_thigh_mm=part.z_mm - thigh_mm,
        )
        cavity[part.level] |= _inside(level)
    return _between_levels(cavity, body.levels)


def _lattice(coarse: CoarseScan, reach_mm: float) -> Bool:
    """Bone of each level and of those up to ``reach_mm`` above and below."""
    bone = (coarse.tissue == Tissue.BONE).view(np.uint8)
    size = 2 * round(reach_mm / coarse.grid.spacing_mm[0]) + 1
    return np.asarray(ndimage.maximum_filter1d(bone, size, axis=0, mode="constant"), dtype=bool)


def _inside(level: _Level) -> Bool:
    """Cells of one part that lie inside the trunk."""
    looks, steps = outlook(level.mine, level.lattice, level.cut)
    inside = _wide(level, looks, steps)
    if level.region in RINGED:
        inside &= (looks == BONE).all(axis=0)
    else:
        inside &= _enclosed(level, looks, steps) & _closed_in_front(level, looks)
    if level.region is Region.ABDOMEN:
        spine_y = _spine_y(level.part)
        before_spine = level.lps_mm[..., 1] < spine_y + BEHIND_SPINE_MM if spine_y is not None else True
        inside |= _under_wall(level) & before_spine
    if level.region in WALL_MM:
        inside &= _from(level.tissue == Tissue.BONE, level.mm) > FROM_BONE_MM[level.region]
    size = [max(1, 2 * round(SMOOTH_MM / step / 2) + 1) for step in level.mm]
    return np.asarray(ndimage.uniform_filter(inside.astype(np.float32), size) > 0.5) & level.mine


def _enclosed(level: _Level, looks: NDArray[np.uint8], steps: NDArray[np.uint16]) -> Bool:
    """Bone to both sides and behind; an unseen side counts as closed only towards the middle of the body."""
    x_mm = level.lps_mm[..., 0]
    left_mm, right_mm = x_mm + steps[EAST] * level.mm[1], x_mm - steps[WEST] * level.mm[1]
    east, west = looks[EAST], looks[WEST]
    sides = (east == BONE) & (west == BONE)
    sides |= (east == BONE) & (left_mm > OUTER_MM) & (west == UNSEEN)
    sides |= (west == BONE) & (right_mm < -OUTER_MM) & (east == UNSEEN)
    floor = (looks[list(FRONT)] != FREE).all(axis=0) & (level.region is Region.PELVIS)
    gaps = (looks[list(REAR)] == FREE).sum(axis=0)
    return np.asarray(sides & (gaps <= np.where(floor, MOST_GAPS_FLOOR, MOST_GAPS)))


def _closed_in_front(level: _Level, looks: NDArray[np.uint8]) -> Bool:
    """Behind bone or what is unseen, or deep under the wall; just above the thighs bone it must be."""
    front = looks[list(FRONT)]
    if level.region is Region.PELVIS and level.above_thigh_mm < ABOVE_THIGH_MM:
        return np.asarray((front == BONE).all(axis=0))
    return np.asarray((front != FREE).all(axis=0) | _under_wall(level))


def _wide(level: _Level, looks: NDArray[np.uint8], steps: NDArray[np.uint16]) -> Bool:
    """Where the bones to the two sides are as far apart as those of a trunk."""
    across_mm = (steps[EAST] + steps[WEST]) * level.mm[1]
    least_mm = max(NARROWEST_MM, INLET * level.part.width_mm if level.region is Region.SHOULDER else 0.0)
    return np.asarray((across_mm > least_mm) | (looks[EAST] != BONE) | (looks[WEST] != BONE))


def _under_wall(level: _Level) -> Bool:
    """Cells deeper than the wall of muscle: within the hull of muscle and bone, less the wall's thickness."""
    lean = (level.tissue == Tissue.MUSCLE) | (level.tissue == Tissue.BONE)
    core = _from(~lean, level.mm) > STRAND_MM
    if core.sum() < 3:
        return np.zeros_like(level.mine)
    from skimage.morphology import convex_hull_image  # slow to load, and needed in trunks alone

    hull = convex_hull_image(core) & level.mine
    return np.asarray(_from(~hull, level.mm) > WALL_MM[level.region] - STRAND_MM)


def _spine_y(part: Part) -> float | None:
    """y of the largest bone near the middle plane."""
    near = [bone for bone in part.bones if abs(bone.x_mm - part.x_mm) < 0.15 * part.width_mm]
    behind = [bone for bone in near if bone.y_mm > part.y_mm - 0.1 * part.depth_mm]
    return max(behind, key=lambda bone: bone.area_mm2).y_mm if behind else None


def _from(mask: Bool, mm: tuple[float, float]) -> NDArray[np.float32]:
    if not mask.any():
        return np.full(mask.shape, 1e6, dtype=np.float32)
    return np.asarray(edt.edt(~mask, anisotropy=mm, black_border=False), dtype=np.float32)


def _between_levels(cavity: Bool, levels: NDArray[np.intp]) -> Bool:
    """Every coarse level takes the cavity of the nearest level looked at."""
    if len(levels) == 0:
        return cavity
    nearest = levels[np.abs(np.arange(len(cavity))[:, None] - levels[None, :]).argmin(axis=1)]
    return cavity[nearest]
