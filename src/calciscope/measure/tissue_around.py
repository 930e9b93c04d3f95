"""Muscle and fat around a deposit, as they would be without it.

A deposit and its blurred rim break the tissue map: mineral reads as bone or nothing, and its rim in fat reads as muscle.
Both are filled from the tissue at their rim before any distance is taken (imaging.md 3.3, seen).
"""

from __future__ import annotations

from dataclasses import dataclass

import cc3d
import numpy as np
from numpy.typing import NDArray

from calciscope.measure.membrane import filled
from calciscope.measure.neighbourhood import Neighbourhood, Quantity
from calciscope.measure.reach import distance_within, farthest_mm
from calciscope.measure.scene import Scene
from calciscope.terms.geometry import Bool
from calciscope.terms.tissue import Tissue

# The crop, and every distance in it, reaches this far around the deposit: wider than any layer band plus the openings below.
MARGIN_MM = 9.0
# The rim of other deposits nearby, blurred by about one millimetre (scanner blur 0.9-1.2 mm FWHM, memory).
RIM_MM = 1.5
# Fat specks smaller than this inside muscle are noise, not septa, which are wide in two directions (judgement).
SPECK_MM3 = 60.0
# Lean tissue thinner than twice this is skin, vessel or a septum of the fat, not muscle (judgement).
THIN_MM = 2.0

# A gap no wider than this between a deposit and bone is blur, not fat (scanner blur about 1 mm, memory).
TOUCH_MM = 0.8
HALF = 0.5
# From the nearest voxel centre of a body back to its surface, in pixels: one half where the surface runs along the voxels,
# less where it crosses them, since then some centre lies close to it (mean over planes at any angle: 0.28 to 0.4, measured).
FACE = 0.33
# A hidden stretch wider than this many voxels to either side takes the most sweeps there are (membrane.SWEEPS).
WIDEST_VOXELS = 50

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueAround:
    """Maps on a box of the scan, exact up to ``MARGIN_MM``: ``origin`` is its first voxel's index in the full grid.

    ``muscle_depth_mm``: distance to the surface of muscle under the deep fascia (bone counted with it, and all that lies
    deeper, ``measure.fascia``), positive inside, negative outside; ``bone_mm``: distance from voxel centre to the nearest
    voxel centre of bone; ``surface_mm``: distance to the body surface, within half a voxel.
    """

    origin: tuple[int, int, int]
    muscle_depth_mm: Float32
    bone_mm: Float32
    surface_mm: Float32
    touches_bone: bool


def look_around(scene: Scene, neighbourhood: Neighbourhood, quantity: Quantity) -> TissueAround:
    """The tissue around a deposit with every deposit filled in."""
    mm = neighbourhood.spacing_mm
    box = _box(scene, neighbourhood, quantity)
    tissue = scene.segmentation.tissue[box]
    labels = scene.segmentation.labels[box]
    origin = (box[0].start, box[1].start, box[2].start)
    unknown = _eaten(labels, neighbourhood, quantity, origin, mm)
    bone = (tissue == Tissue.BONE) & (labels == 0)
    deep = ~scene.in_box(scene.outer, box) & (tissue != Tissue.OUTSIDE)
    lean = (((tissue == Tissue.MUSCLE) | deep) & ~unknown) | bone
    if unknown.any():
        half_width = farthest_mm(~unknown, mm, WIDEST_VOXELS * min(mm)) / min(mm)
        lean |= unknown & (filled(lean.astype(np.float32), unknown, mm, half_width) > HALF)
    muscle = _muscle(lean, mm) | deep
    face = FACE * min(mm)
    depth = np.where(muscle, _to(~muscle, mm) - face, face - _to(muscle, mm))
    mine = labels == neighbourhood.candidate.label
    return TissueAround(
        origin=origin,
        muscle_depth_mm=depth.astype(np.float32),
        bone_mm=_to(bone, mm),
        surface_mm=np.maximum(_to(tissue == Tissue.OUTSIDE, mm) - face, 0),
        touches_bone=bool(bone.any() and (mine & _beside(bone, mm)).any()),
    )


def _box(scene: Scene, neighbourhood: Neighbourhood, quantity: Quantity) -> tuple[slice, slice, slice]:
    used = np.argwhere(quantity.support | neighbourhood.core)
    low, high = used.min(axis=0) + neighbourhood.origin, used.max(axis=0) + neighbourhood.origin
    margin = np.ceil(MARGIN_MM / np.array(neighbourhood.spacing_mm)).astype(int)
    start = np.maximum(0, low - margin)
    stop = np.minimum(scene.grid.shape, high + margin + 1)
    a, b, c = (slice(int(s), int(t)) for s, t in zip(start, stop, strict=True))
    return a, b, c


def _eaten(
    labels: NDArray[np.uint16],
    neighbourhood: Neighbourhood,
    quantity: Quantity,
    origin: tuple[int, int, int],
    mm: tuple[float, float, float],
) -> Bool:
    """Voxels whose tissue the deposit itself, or another one, hides."""
    hidden = labels > 0
    if hidden.any():
        hidden = _near(hidden, mm, RIM_MM)
    offset = np.array(neighbourhood.origin) - origin
    where = np.argwhere(quantity.support | neighbourhood.core) + offset
    inside = ((where >= 0) & (where < labels.shape)).all(axis=1)
    hidden[tuple(where[inside].T)] = True
    return hidden


def _muscle(lean: Bool, mm: tuple[float, float, float]) -> Bool:
    """Lean tissue without specks of fat in it and without thin strands outside it."""
    speck = max(2, round(SPECK_MM3 / float(np.prod(mm))))
    fat = ~lean
    kept = cc3d.dust(fat.astype(np.uint8), threshold=speck, connectivity=6).astype(bool)
    solid = ~kept
    core = ~_near(~solid, mm, THIN_MM)
    if not core.any():
        return core
    return solid & _near(core, mm, THIN_MM + min(mm))


def _to(mask: Bool, mm: tuple[float, float, float]) -> Float32:
    """Distance (mm) from every voxel centre to the nearest centre in ``mask``, at most ``MARGIN_MM``."""
    return distance_within(mask, mm, MARGIN_MM)


def _near(mask: Bool, mm: tuple[float, float, float], limit_mm: float) -> Bool:
    """Voxels no farther from ``mask`` than the limit."""
    return np.asarray(distance_within(mask, mm, limit_mm + min(mm)) <= limit_mm)


def _beside(bone: Bool, mm: tuple[float, float, float]) -> Bool:
    """Voxels that share a face with bone, or lie within ``TOUCH_MM`` of it."""
    near = _near(bone, mm, TOUCH_MM + min(mm))
    for axis in range(3):
        line = np.moveaxis(near, axis, 0)
        solid = np.moveaxis(bone, axis, 0)
        line[1:] |= solid[:-1]
        line[:-1] |= solid[1:]
    return near
