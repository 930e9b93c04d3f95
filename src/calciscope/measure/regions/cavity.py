"""The inside of the trunk: chest, belly and pelvis, without the wall of muscle and bone around them."""

from __future__ import annotations

import cc3d
import edt
import numpy as np
from numpy.typing import NDArray

from calciscope.measure.coarse import CoarseScan
from calciscope.measure.regions.parts import Body, Part
from calciscope.terms.deposits import Region
from calciscope.terms.geometry import Bool
from calciscope.terms.tissue import Tissue

# Gaps in the muscle wall narrower than twice this are closed before subcutaneous fat is filled from the skin (judgement).
SEAL_MM = 6.0
# Thickness of the wall under the subcutaneous fat: muscle of the belly about 20 mm, ribs and their muscles about 15 mm
# (textbook anatomy, memory).
WALL_MM = {Region.CHEST: 15.0, Region.SHOULDER: 40.0, Region.ABDOMEN: 22.0, Region.PELVIS: 25.0}
# Fat between the muscles of the wall is thinner than twice this (judgement).
THIN_FAT_MM = 3.0
# Behind the middle of the vertebra lie the muscles of the back.
BEHIND_SPINE_MM = 5.0
# In the pelvis the cavity lies between the innermost bones, this far from them.
FROM_BONE_MM = 4.0


def body_cavity(coarse: CoarseScan, body: Body, regions: list[Region]) -> Bool:
    """Coarse cells inside the chest, the belly or the pelvis."""
    cavity = np.zeros(coarse.tissue.shape, dtype=bool)
    rows = {int(level): row for row, level in enumerate(body.levels)}
    for number, (part, region) in enumerate(zip(body.parts, regions, strict=True)):
        if region in WALL_MM:
            mine = body.labels[rows[part.level]] == number + 1
            cavity[part.level] |= _inside(coarse, part, region, mine)
    return _between_levels(cavity, body.levels)


def _inside(coarse: CoarseScan, part: Part, region: Region, mine: Bool) -> Bool:
    mm = coarse.grid.spacing_mm[1:]
    tissue = np.where(mine, coarse.tissue[part.level], Tissue.OUTSIDE)
    lean = (tissue == Tissue.MUSCLE) | (tissue == Tissue.BONE) | (mine & coarse.gas[part.level])
    depth = _from(~mine, mm)
    wall = lean & (depth > SEAL_MM)
    sealed = (_from(wall, mm) <= SEAL_MM) & mine
    sealed = _from(mine & ~sealed, mm) > SEAL_MM  # closing: dilate, then erode
    under = _filled_from_skin(mine, sealed & mine)
    deep = _with_fat(_from(~under, mm) > WALL_MM[region], under & (tissue == Tissue.FAT), mm)
    grid_y = coarse.grid.to_lps(_centres(part.level, mine.shape))[..., 1]
    spine_y = _spine_y(part)
    deep &= grid_y < spine_y + BEHIND_SPINE_MM if spine_y is not None else True
    if region is Region.PELVIS:
        deep &= _between_bones(tissue == Tissue.BONE, coarse, part)
    return deep & mine


def _with_fat(deep: Bool, fat: Bool, mm: tuple[float, float]) -> Bool:
    """Add the fat that goes on from the deep part to a thinner stretch of wall, but not the thin layers within the wall."""
    thick = _from(~fat, mm) > THIN_FAT_MM
    layers = cc3d.connected_components((thick | deep).astype(np.uint8), connectivity=4)
    reached = np.unique(layers[deep])
    joined = np.isin(layers, reached[reached > 0])
    return np.asarray(deep | (fat & (_from(joined, mm) <= THIN_FAT_MM)))


def _filled_from_skin(mine: Bool, wall: Bool) -> Bool:
    """The part without what can be reached from its skin without passing the wall."""
    open_space = ~wall
    padded = np.pad(open_space, 1, constant_values=True)
    ground = cc3d.connected_components(padded.astype(np.uint8), connectivity=4)
    return np.asarray(mine & (ground != ground[0, 0])[1:-1, 1:-1])


def _spine_y(part: Part) -> float | None:
    """y of the largest bone near the middle plane."""
    near = [bone for bone in part.bones if abs(bone.x_mm - part.x_mm) < 0.15 * part.width_mm]
    behind = [bone for bone in near if bone.y_mm > part.y_mm - 0.1 * part.depth_mm]
    return max(behind, key=lambda bone: bone.area_mm2).y_mm if behind else None


def _between_bones(bone: Bool, coarse: CoarseScan, part: Part) -> Bool:
    """Cells between the innermost bones of the two sides, row by row; all of a row without bone on both sides."""
    x = coarse.grid.to_lps(_centres(part.level, bone.shape))[..., 0]
    right = np.where(bone & (x < part.x_mm), x, -np.inf).max(axis=1)
    left = np.where(bone & (x > part.x_mm), x, np.inf).min(axis=1)
    return np.asarray((x > right[:, None] + FROM_BONE_MM) & (x < left[:, None] - FROM_BONE_MM))


def _centres(level: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    y, x = np.indices(shape)
    return np.stack([np.full(shape, level), y, x], axis=-1).astype(np.float64)


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
