"""Bone apart from everything else, also from deposits that touch it (split, never dropped)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.segmentation import watershed

from calciscope.measure.segment.pieces import Piece
from calciscope.measure.segment.solid import Bool, Build, Solid, build_of

SMALLEST_BONE_ML = 0.25
"""Dense pieces below this are judged as small candidates, ml: a phalanx is larger, a sesamoid smaller (judgement)."""
CORTEX_HU = 270.0
"""Density that the shell of any bone reaches, HU: a rib blurred by 3 mm voxels still does (measured: 297-380)."""
CORE_TO_SHELL = 0.68
"""Bone's core reads less than this share of its shell, a deposit about as much inside as outside (measured: bones
0.1-0.66, clumps of mineral in muscle 0.79-0.96)."""
HOLLOW = 0.12
"""Share of marrow or soft tissue enclosed by a bone (measured on limbs: 0.13-0.31 for shafts and joints)."""
HOLLOW_CORTEX_HU = 420.0
"""Density of the shell around a hollow that makes it marrow, HU: a lace of mineral also encloses tissue (judgement)."""
CANAL, CANAL_TO_SHELL = 0.01, 0.4
"""Hollow share, and the innermost part's density over the shell's, of a shaft whose cortex is thick about a narrow canal, where
it is cut by the edge of the scan: blur leaves little of such a canal, yet a deposit is densest inside (judgement)."""
THICK_MM = 3.2
"""Depth below which there is no core to judge, mm (judgement)."""
CUT_CORE_TO_SHELL, CUT_ML = 0.86, 1.0
"""The same share, and the least volume, for a piece cut by the edge of the scan: its marrow may lie outside, and bones
are what usually runs out of an image (measured: bones cut at an edge 0.68-0.77)."""
NECK = 0.75
"""Two bulges are two bodies when the neck between them is thinner than this share of the smaller (judgement)."""
CONTACT = 0.33
"""A knob on bone is a body of its own when less than this share of its surface is the neck (judgement)."""
LEAST_KNOB_ML, MOST_KNOB_ML = 0.03, 60.0
"""Sizes of bodies sought on bone, ml."""
PLATE = 3.0
"""A part of more than this many balls of its own depth is a plate of cortex, not a body (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """A body that touches bone but is not built as bone: mask on the solid's working grid, and how it is attached."""

    mask: Bool
    contact: float
    thickness_mm: float
    build: Build


def is_bone(piece: Piece, build: Build) -> bool:
    """True when a piece is built as bone: a dense shell around marrow."""
    if build.shell_hu < CORTEX_HU or piece.volume_ml < SMALLEST_BONE_ML or build.thickness_mm < THICK_MM:
        return False
    if build.hollow > HOLLOW and build.shell_hu > HOLLOW_CORTEX_HU:
        return True
    canal = build.hollow > CANAL and build.heart_hu < CANAL_TO_SHELL * build.shell_hu
    if piece.at_edge and canal and build.shell_hu > HOLLOW_CORTEX_HU:
        return True
    share = CUT_CORE_TO_SHELL if piece.at_edge and piece.volume_ml > CUT_ML else CORE_TO_SHELL
    return build.core_hu is not None and build.core_hu < share * build.shell_hu


def bulges(solid: Solid) -> NDArray[np.int32]:
    """Split a solid at its necks: watershed of the depth, basins joined where the neck is wide. int32, 0 outside."""
    depth = ndimage.gaussian_filter(solid.depth_mm, [0.7 / s for s in solid.spacing_mm])
    peaks = (depth == ndimage.maximum_filter(depth, size=3)) & solid.filled & (solid.depth_mm > 1.2)
    markers, number = ndimage.label(peaks, structure=np.ones((3, 3, 3)))
    if number <= 1:
        return solid.filled.astype(np.int32)
    basins = watershed(-depth, markers, mask=solid.filled)
    return _join(basins.astype(np.int32), depth, number)


def _join(basins: NDArray[np.int32], depth: NDArray[np.float32], number: int) -> NDArray[np.int32]:
    """Join neighbouring basins, widest neck first, unless the neck is thinner than NECK of the thinner body."""
    saddles = _saddles(basins, depth, number)
    height = np.zeros(number + 1)
    inside = basins > 0
    np.maximum.at(height, basins[inside], depth[inside].astype(np.float64))
    parent = np.arange(number + 1)

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = int(parent[n])
        return n

    for (a, b), saddle in sorted(saddles.items(), key=lambda item: (-item[1], item[0])):
        ra, rb = root(a), root(b)
        if ra != rb and saddle >= NECK * min(height[ra], height[rb]):
            keep, drop = (ra, rb) if height[ra] >= height[rb] else (rb, ra)
            parent[drop] = keep
    final = np.array([root(n) for n in range(number + 1)], dtype=np.int32)
    return final[basins]


def _saddles(basins: NDArray[np.int32], depth: NDArray[np.float32], number: int) -> dict[tuple[int, int], float]:
    """Greatest depth on the border between each pair of touching basins."""
    keys, values = [], []
    for axis in range(3):
        ahead = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
        back = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
        one, two = basins[back], basins[ahead]
        border = (one != two) & (one > 0) & (two > 0)
        low, high = np.minimum(one[border], two[border]), np.maximum(one[border], two[border])
        keys.append(low.astype(np.int64) * (number + 1) + high)
        values.append(np.minimum(depth[back][border], depth[ahead][border]))
    key, value = np.concatenate(keys), np.concatenate(values)
    pairs, index = np.unique(key, return_inverse=True)
    best = np.zeros(len(pairs), dtype=np.float64)
    np.maximum.at(best, index, value.astype(np.float64))
    return {(int(p // (number + 1)), int(p % (number + 1))): float(v) for p, v in zip(pairs, best, strict=True)}


def knobs(solid: Solid) -> list[Knob]:
    """Bodies attached to a bone by a neck and not built as bone, in order of their labels."""
    parts = bulges(solid)
    boxes = ndimage.find_objects(parts)
    sizes = np.bincount(parts.ravel())
    if (sizes[1:] > 0).sum() <= 1:
        return []
    main = int(np.argmax(sizes[1:])) + 1
    voxel_ml = float(np.prod(solid.spacing_mm)) / 1000.0
    found = []
    for label in np.flatnonzero((sizes * voxel_ml > LEAST_KNOB_ML) & (sizes * voxel_ml < MOST_KNOB_ML)):
        if label in (0, main):
            continue
        knob = _as_knob(solid, parts, int(label), boxes[label - 1])
        if knob is not None:
            found.append(knob)
    return found


def _as_knob(solid: Solid, parts: NDArray[np.int32], label: int, box: tuple[slice, ...]) -> Knob | None:
    """The part as a knob, or None when it is bone after all."""
    grown = tuple(slice(max(0, s.start - 1), s.stop + 1) for s in box)
    own, near = parts[grown] == label, parts[grown]
    shell = ndimage.binary_dilation(own) & ~own
    contact = float(((near > 0) & shell).sum() / max(1, shell.sum()))
    where = np.zeros(parts.shape, bool)
    where[grown] = own
    build = build_of(solid, where)
    solid_inside = build.core_hu is None or build.core_hu > 0.85 * build.shell_hu
    ball_mm3 = 4.19 * max(build.thickness_mm, 1.0) ** 3
    plate = float(own.sum() * np.prod(solid.spacing_mm)) > PLATE * ball_mm3
    if contact > CONTACT or plate or not solid_inside or build.hollow > 0.08 or build.thickness_mm > 12.0:
        return None
    return Knob(mask=where, contact=contact, thickness_mm=build.thickness_mm, build=build)
