"""The bones of a scan, each apart, and the limbs they belong to: what registration holds on to."""

from __future__ import annotations

from dataclasses import dataclass

import cc3d
import edt
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from skimage.segmentation import watershed

from calciscope.measure.track.field import SurfaceField, surface_field
from calciscope.terms.geometry import Bool, Float64
from calciscope.terms.tissue import AnatomyMap, Tissue

NECK_SHARE = 0.72
"""Bones that touch are parted where the neck between them is narrower than this share of the thinner one: joints bridged
by the map's 2 mm voxels are at 0.1 to 0.65, the narrowing of one bone's shaft above 0.8 (measured on phantoms). A bone
parted in two by mistake does little harm: both halves are fitted."""
SMOOTHED_VOXELS = 0.7
"""Smoothing of the depth below bone's surface before its peaks are sought: the staircase of voxels is no peak."""
LEAST_BONE_ML = 1.0
"""Smaller pieces move with their neighbours: no fit of their own is stable on so few voxels (judgement)."""
LIMB_GAP_MM = 14.0
"""Bones nearer to each other than this are of one limb: more than any joint's gap in an adult, less than the soft tissue
between two legs (judgement)."""
PART_SHARE = 0.5
"""Bone of less than this share of the nearest greater bone's limb is a part of it where tissue alone lies between: a rib that
bends away from the spine, a shoulder blade; two legs hold about as much each (judgement)."""
SHELL_MM = 4.0
"""Points of a bone are taken this near to its surface, inside and out, where the distance map is sharp (judgement)."""
GAP_STEP, BETWEEN_POINTS = 8, 50  # every eighth point of a bone, and points on the way between two limbs, are looked at
MOST_POINTS = 1600
"""Points a bone is fitted with; more change the fit by less than 0.1 mm (measured on phantoms)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bone:
    """One bone as far as the scan shows it.

    ``points_mm`` (n, 3) LPS near its surface, with their signed distances ``depth_mm`` from it; ``limb`` numbers the limb.
    """

    points_mm: Float64
    depth_mm: Float64
    centre_mm: Float64
    axis: Float64
    volume_ml: float
    limb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """All bones of a scan by falling volume, and the distance field of all bone together."""

    bones: tuple[Bone, ...]
    field: SurfaceField
    limbs: int

    def of_limb(self, limb: int) -> tuple[Bone, ...]:
        """The limb's bones."""
        return tuple(bone for bone in self.bones if bone.limb == limb)


def skeleton(anatomy: AnatomyMap) -> Skeleton:
    """Split the bone of an anatomy map into bones and limbs."""
    mask = anatomy.tissue == Tissue.BONE
    field = surface_field(mask, anatomy.grid)
    pieces = _pieces(mask, field)
    least = LEAST_BONE_ML / anatomy.grid.voxel_volume_ml
    sizes = np.bincount(pieces.ravel())
    kept = [number for number in range(1, len(sizes)) if sizes[number] >= least]
    limb_of_voxel = cc3d.connected_components(field.mm <= LIMB_GAP_MM / 2, connectivity=6)
    found = [_bone(number, pieces, field, limb_of_voxel, anatomy) for number in kept]
    found = _with_parts(sorted(found, key=lambda bone: -bone.volume_ml), anatomy)
    order = list(dict.fromkeys(bone.limb for bone in found))  # limbs by their largest bone
    bones = tuple(_renumbered(bone, order.index(bone.limb)) for bone in found)
    return Skeleton(bones=bones, field=field, limbs=len(order))


def _with_parts(bones: list[Bone], anatomy: AnatomyMap) -> list[Bone]:
    """Small limbs that tissue joins to a greater one become part of it, the smallest first."""
    limbs: dict[int, list[Bone]] = {}
    for bone in bones:
        limbs.setdefault(bone.limb, []).append(bone)
    volume = {limb: sum(bone.volume_ml for bone in own) for limb, own in limbs.items()}
    for limb in sorted(limbs, key=lambda one: volume[one]):
        greater = [one for one in limbs if one != limb and volume[limb] < PART_SHARE * volume[one]]
        if not greater:
            continue
        points = _points_of(limbs[limb])
        gaps = [(*_gap(points, _points_of(limbs[one])), one) for one in greater]
        _, here, there, whole = min(gaps, key=lambda gap: gap[0])
        if _tissue_between(here, there, anatomy):
            limbs[whole] += limbs.pop(limb)
            volume[whole] += volume.pop(limb)
    return sorted(
        (_renumbered(bone, limb) for limb, own in limbs.items() for bone in own), key=lambda bone: -bone.volume_ml
    )


def _points_of(bones: list[Bone]) -> Float64:
    return np.concatenate([bone.points_mm[::GAP_STEP] for bone in bones])


def _gap(points_mm: Float64, others_mm: Float64) -> tuple[float, Float64, Float64]:
    """Distance of two sets of points, and where they are nearest."""
    away, which = cKDTree(others_mm).query(points_mm)
    nearest = int(np.argmin(away))
    return float(away[nearest]), points_mm[nearest], others_mm[which[nearest]]


def _tissue_between(here_mm: Float64, there_mm: Float64, anatomy: AnatomyMap) -> bool:
    """Whether the straight way between two points runs through the body alone."""
    way = here_mm + np.linspace(0.0, 1.0, BETWEEN_POINTS)[:, None] * (there_mm - here_mm)
    index = np.rint(anatomy.grid.to_index(way)).astype(np.intp)
    index = np.clip(index, 0, np.array(anatomy.grid.shape) - 1)
    return bool((anatomy.tissue[tuple(index.T)] != Tissue.OUTSIDE).all())


def _pieces(mask: Bool, field: SurfaceField) -> NDArray[np.int32]:
    """Number (from 1) of the bone each voxel of bone belongs to: bones that touch are parted where they are narrow."""
    if not mask.any():
        return np.zeros(mask.shape, np.int32)
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    depth = np.where(mask[box], ndimage.gaussian_filter(np.maximum(-field.mm[box], 0.0), SMOOTHED_VOXELS), 0.0)
    tops = mask[box] & (depth == ndimage.maximum_filter(depth, size=3))
    basins = watershed(-depth, cc3d.connected_components(tops, connectivity=26).astype(np.int32), mask=mask[box])
    peak = np.zeros(int(basins.max()) + 1, depth.dtype)
    np.maximum.at(peak, basins[mask[box]], depth[mask[box]])
    one = np.arange(basins.max() + 1)
    for saddle, a, b in _saddles(depth, basins):
        first, second = _root(one, a), _root(one, b)
        if first != second and saddle >= NECK_SHARE * min(peak[first], peak[second]):
            keep, gone = (first, second) if peak[first] >= peak[second] else (second, first)
            one[gone] = keep
    found = np.zeros(mask.shape, np.int32)
    roots = np.array([_root(one, number) for number in range(len(one))])
    found[box] = np.unique(roots[basins], return_inverse=True)[1].reshape(basins.shape)
    return found


def _saddles(depth: NDArray[np.float32], basins: NDArray[np.int32]) -> list[tuple[float, int, int]]:
    """(greatest depth on the border, basin, basin) of touching basins, the widest borders first."""
    best: dict[tuple[int, int], float] = {}
    for axis in range(3):
        ahead = tuple(slice(1, None) if k == axis else slice(None) for k in range(3))
        behind = tuple(slice(None, -1) if k == axis else slice(None) for k in range(3))
        touching = (basins[ahead] != basins[behind]) & (basins[ahead] > 0) & (basins[behind] > 0)
        low = np.minimum(depth[ahead], depth[behind])[touching]
        pairs = np.sort(np.stack([basins[ahead][touching], basins[behind][touching]], axis=1), axis=1)
        for (a, b), saddle in zip(pairs.tolist(), low.tolist(), strict=True):
            best[a, b] = max(best.get((a, b), 0.0), saddle)
    return sorted(((saddle, a, b) for (a, b), saddle in best.items()), key=lambda one: (-one[0], one[1], one[2]))


def _root(one: NDArray[np.intp], number: int) -> int:
    while one[number] != number:
        number = int(one[number])
    return number


def _bone(
    number: int, pieces: NDArray[np.int32], field: SurfaceField, limbs: NDArray[np.uint32], anatomy: AnatomyMap
) -> Bone:
    grid = anatomy.grid
    own = np.argwhere(pieces == number)
    low = np.maximum(own.min(axis=0) - 2, 0)
    high = np.minimum(own.max(axis=0) + 3, grid.shape)
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    near = edt.edt(pieces[box] != number, anisotropy=grid.spacing_mm, black_border=False) <= SHELL_MM
    near &= (np.abs(field.mm[box]) <= SHELL_MM) & ((pieces[box] == number) | (pieces[box] == 0))
    index = np.argwhere(near) + low
    within = (index[:, 0] >= 1) & (
        index[:, 0] <= grid.shape[0] - 2
    )  # a bone cut by the scan's end has no surface there
    index = index[within] if within.any() else index
    index = index[:: max(1, len(index) // MOST_POINTS)]
    spots = grid.to_lps(own.astype(np.float64))
    centre = spots.mean(axis=0)
    axis = np.linalg.svd(spots[:: max(1, len(spots) // 4000)] - centre, full_matrices=False)[2][0]
    return Bone(
        points_mm=grid.to_lps(index.astype(np.float64)),
        depth_mm=field.mm[tuple(index.T)].astype(np.float64),
        centre_mm=centre,
        axis=axis * (1.0 if axis[2] >= 0 else -1.0),
        volume_ml=len(own) * grid.voxel_volume_ml,
        limb=int(limbs[tuple(own[0])]),
    )


def _renumbered(bone: Bone, limb: int) -> Bone:
    return Bone(
        points_mm=bone.points_mm,
        depth_mm=bone.depth_mm,
        centre_mm=bone.centre_mm,
        axis=bone.axis,
        volume_ml=bone.volume_ml,
        limb=limb,
    )
