"""The body cut into levels, and each level into parts: a trunk, two legs, an arm beside the trunk, single fingers.

A part is one connected area of body in one level. Two thighs that touch are told apart by the waist between them. Parts of
neighbouring levels that overlap are linked, which makes limbs out of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cc3d
import edt
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, maximum

from calciscope.measure.coarse import CoarseScan
from calciscope.terms.geometry import Bool, Int16
from calciscope.terms.tissue import Tissue

# Levels are taken this far apart: joints are some centimetres long (judgement).
LEVEL_MM = 5.0
# A child's fingertip is about this wide in area; anything less is noise or cloth (judgement).
LEAST_AREA_MM2 = 25.0
# A touching pair is cut where its waist is narrower than this part of the thinner limb's half-width (judgement).
WAIST = 0.75
# A side that holds this share of the area is a limb (two legs); a smaller one must be round and hold bone (an arm at the
# trunk), else it is a fold of fat (judgement).
LEAST_HALF = 0.25
ROUND = 0.55
LEAST_LIMB_RADIUS_MM = 8.0
# The largest circle inside a single body fills this much of it; less, and a waist is looked for (two legs: 0.4 to 0.5).
ONE_BODY = 0.68
# Areas too small to be two limbs, mm2.
LEAST_CUT_MM2 = 800.0
# A linked neighbour covers at least this share of the smaller of the two parts.
OVERLAP = 0.25
# Bone pieces smaller than this share of the part's largest bone are not counted.
BONE_PIECE = 0.06
LEAST_BONE_MM2 = 12.0

Labels = NDArray[np.int16]
Areas = NDArray[np.int32]
Link = tuple[int, int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bone:
    """One bone's filled cross-section: area, mean CT number without the marrow, centre (x to the left, y to the back)."""

    area_mm2: float
    mean_hu: float
    x_mm: float
    y_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One connected area of body in one level; LPS mm of its centre; ``cut_mm``: length along
    which the image's edge cuts it."""

    level: int
    z_mm: float
    x_mm: float
    y_mm: float
    area_mm2: float
    width_mm: float
    depth_mm: float
    bones: tuple[Bone, ...]  # by falling area
    bone_mm2: float  # filled
    gas_mm2: float
    fat_mm2: float
    cut_mm: float

    @property
    def cut(self) -> bool:
        """Whether the image's edge cuts it."""
        return self.cut_mm > 0

    @property
    def whole_mm2(self) -> float:
        """Its area with what the edge may have cut off: as much again as a half square over the cut."""
        return self.area_mm2 + self.cut_mm**2 / 4

    @property
    def bone_centre_mm(self) -> tuple[float, float]:
        """x and y of the centre of all its bone; of the part itself where it has none."""
        if not self.bones:
            return self.x_mm, self.y_mm
        x = sum(bone.x_mm * bone.area_mm2 for bone in self.bones) / self.bone_mm2
        y = sum(bone.y_mm * bone.area_mm2 for bone in self.bones) / self.bone_mm2
        return x, y


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """All parts; ``labels`` [level, y, x] holds part number + 1; ``levels`` are coarse z indices; ``links`` pairs of parts."""

    parts: tuple[Part, ...]
    labels: Labels
    levels: NDArray[np.intp]
    links: tuple[Link, ...]  # lower, upper, overlap mm2
    pairs: tuple[Link, ...]  # side by side in one level, the larger first; area of the smaller, mm2


def find_parts(coarse: CoarseScan) -> Body:
    """Cut a coarse scan into linked parts."""
    step = max(1, round(LEVEL_MM / coarse.grid.spacing_mm[0]))
    levels = np.arange(step // 2 if coarse.grid.shape[0] > step // 2 else 0, coarse.grid.shape[0], step)
    labels = np.zeros((len(levels), *coarse.grid.shape[1:]), dtype=np.int16)
    parts: list[Part] = []
    for row, level in enumerate(levels):
        areas = _areas(
            coarse.tissue[level] != Tissue.OUTSIDE, coarse.tissue[level] == Tissue.BONE, coarse.grid.spacing_mm[1:]
        )
        for number, box in enumerate(find_objects(areas), start=1):
            if box is None:
                continue
            parts.append(_part(coarse, int(level), areas, number, box))
            labels[row][box][areas[box] == number] = len(parts)
    links = tuple(
        link for row in range(len(levels) - 1) for link in _links(parts, labels[row], labels[row + 1], coarse)
    )
    return Body(parts=tuple(parts), labels=labels, levels=levels, links=links, pairs=_pairs(parts))


def _areas(body: Bool, bone: Bool, mm: tuple[float, float]) -> Areas:
    """Numbered areas of one level, touching limbs cut apart."""
    areas = _number(body, 4)
    sizes = np.bincount(areas.ravel()) * mm[0] * mm[1]
    areas[(sizes < LEAST_AREA_MM2)[areas]] = 0
    top = len(sizes) - 1
    waiting = list(range(1, top + 1))
    while waiting:
        number = waiting.pop()
        box = _box_of(areas == number) if sizes[number] >= LEAST_CUT_MM2 else None
        limb = None if box is None else _touching_limb(areas[box] == number, bone[box], mm)
        if box is None or limb is None:
            continue
        top += 1
        areas[box][limb] = top
        sizes = np.append(sizes, limb.sum() * mm[0] * mm[1])
        sizes[number] -= sizes[top]
        waiting += [number]
    return areas


def _touching_limb(area: Bool, bone: Bool, mm: tuple[float, float]) -> Bool | None:
    """The smaller side of a narrow waist, when it is a limb: about half of the area, or a round part with bone in it."""
    inner = edt.edt(area, anisotropy=mm, black_border=True)
    widest = float(inner.max())
    if np.pi * widest**2 > ONE_BODY * area.sum() * mm[0] * mm[1]:
        return None
    for waist_mm in np.geomspace(min(4.0, widest / 2), 0.8 * widest, 7):
        cores = _number(inner > waist_mm, 4)
        radii = maximum(inner, cores, np.arange(1, cores.max() + 1)) if cores.max() > 1 else np.zeros(1)
        for core in np.argsort(-radii, kind="stable")[1:] + 1:
            if radii[core - 1] < max(LEAST_LIMB_RADIUS_MM, waist_mm / WAIST):
                break
            limb = area & (_from(cores == core, mm) < _from((cores > 0) & (cores != core), mm))
            share = limb.sum() / area.sum()
            if LEAST_HALF <= share <= 1 - LEAST_HALF or (
                share < LEAST_HALF and _round_with_bone(limb, bone, radii[core - 1], mm)
            ):
                return limb
    return None


def _round_with_bone(limb: Bool, bone: Bool, radius_mm: float, mm: tuple[float, float]) -> bool:
    area_mm2 = float(limb.sum()) * mm[0] * mm[1]
    return bool(np.pi * radius_mm**2 > ROUND * area_mm2 and (limb & bone).sum() * mm[0] * mm[1] >= LEAST_BONE_MM2)


def _from(mask: Bool, mm: tuple[float, float]) -> NDArray[np.float32]:
    return np.asarray(edt.edt(~mask, anisotropy=mm, black_border=False), dtype=np.float32)


def _number(mask: Bool, connectivity: int) -> Areas:
    return np.asarray(cc3d.connected_components(mask.astype(np.uint8), connectivity=connectivity), dtype=np.int32)


def _filled(mask: Bool) -> Bool:
    """The mask with its holes filled."""
    ground = _number(np.pad(~mask, 1, constant_values=True), 4)
    return np.asarray((ground != ground[0, 0])[1:-1, 1:-1])


def _box_of(mask: Bool) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _part(coarse: CoarseScan, level: int, areas: Areas, number: int, box: tuple[slice, slice]) -> Part:
    mine = areas[box] == number
    tissue = np.where(mine, coarse.tissue[level][box], 0)
    mm = coarse.grid.spacing_mm[1:]
    cell = mm[0] * mm[1]
    offset = np.array([level, box[0].start, box[1].start], dtype=np.float64)
    rows, columns = np.nonzero(mine)
    centre = coarse.grid.to_lps(offset + [0.0, rows.mean(), columns.mean()])
    bones = _bones(coarse, tissue == Tissue.BONE, coarse.hu[level][box], offset)
    return Part(
        level=level,
        x_mm=float(centre[0]),
        y_mm=float(centre[1]),
        z_mm=float(centre[2]),
        area_mm2=float(mine.sum()) * cell,
        width_mm=mine.shape[1] * mm[1],
        depth_mm=mine.shape[0] * mm[0],
        bones=bones,
        bone_mm2=sum(bone.area_mm2 for bone in bones),
        gas_mm2=float((coarse.gas[level][box] & mine).sum()) * cell,
        fat_mm2=float((tissue == Tissue.FAT).sum()) * cell,
        cut_mm=float((coarse.cut[level][box] & mine).sum()) * max(mm),
    )


def _bones(coarse: CoarseScan, bone: Bool, hu: Int16, offset: NDArray[np.float64]) -> tuple[Bone, ...]:
    if not bone.any():
        return ()
    mm = coarse.grid.spacing_mm[1:]
    pieces = _number(_filled(bone), 8)
    count = int(pieces.max())
    flat = pieces.ravel()
    area = np.bincount(flat, minlength=count + 1)[1:] * mm[0] * mm[1]
    rows, columns = np.indices(pieces.shape)
    y = np.bincount(flat, weights=rows.ravel(), minlength=count + 1)[1:]
    x = np.bincount(flat, weights=columns.ravel(), minlength=count + 1)[1:]
    cells = np.maximum(np.bincount(flat, minlength=count + 1)[1:], 1)
    solid = np.maximum(np.bincount(flat, weights=bone.ravel(), minlength=count + 1)[1:], 1)
    mean_hu = np.bincount(flat, weights=np.where(bone, hu, 0).ravel(), minlength=count + 1)[1:] / solid
    keep = (area >= LEAST_BONE_MM2) & (area >= BONE_PIECE * area.max())
    where = np.stack([np.zeros(count), y / cells, x / cells], axis=1)[keep] + offset
    lps = coarse.grid.to_lps(where)
    found = [
        Bone(area_mm2=float(a), mean_hu=float(h), x_mm=float(p[0]), y_mm=float(p[1]))
        for a, h, p in zip(area[keep], mean_hu[keep], lps, strict=True)
    ]
    return tuple(sorted(found, key=lambda piece: -piece.area_mm2))


def _links(parts: list[Part], lower: Labels, upper: Labels, coarse: CoarseScan) -> list[Link]:
    """Overlapping parts of two levels: lower, upper, shared area."""
    both = (lower > 0) & (upper > 0)
    coded, cells = np.unique(lower[both].astype(np.int64) * len(parts) * 2 + upper[both], return_counts=True)
    cell = coarse.grid.spacing_mm[1] * coarse.grid.spacing_mm[2]
    links = []
    for code, count in zip(coded, cells, strict=True):
        first, second = int(code) // (len(parts) * 2) - 1, int(code) % (len(parts) * 2) - 1
        if count * cell >= OVERLAP * min(parts[first].area_mm2, parts[second].area_mm2):
            links.append((first, second, float(count * cell)))
    return links


def _pairs(parts: list[Part]) -> tuple[Link, ...]:
    """Every part with the largest part of its level."""
    largest: dict[int, int] = {}
    for number, part in enumerate(parts):
        best = largest.get(part.level)
        if best is None or part.area_mm2 > parts[best].area_mm2:
            largest[part.level] = number
    return tuple(
        (largest[part.level], number, part.area_mm2)
        for number, part in enumerate(parts)
        if largest[part.level] != number
    )
