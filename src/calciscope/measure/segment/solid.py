"""A dense piece as a solid on a working grid of about 1 mm: filled, with its depth map and how density runs with depth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import edt
import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.holes import fill_planes
from calciscope.measure.segment.pieces import Box, Labels, Piece
from calciscope.measure.segment.rolling import closed

WORKING_MM = 1.0
"""Finest edge of the working grid in the slice, mm: below the blur of any clinical CT."""
LARGE_CROP, LARGE_WORKING_MM = 1_000_000, 1.5
"""Crops of more voxels (a thigh bone, a pelvis) are worked on this coarser grid, mm: still finer than cortex."""
CLOSING_MM = 2.5
"""Gaps closed before filling, mm: pores and growth plates of thin juvenile cortex (judgement)."""
HEART = 0.8
"""Share of the half thickness from which on a solid's innermost part begins."""

Bool = NDArray[np.bool_]
Spacing = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solid:
    """``hu`` float32, ``dense`` and ``filled`` bool, ``depth_mm`` float32 (to the surface of ``filled``), all on the
    working grid [slice, row, column]; ``factor`` and ``box`` tie it to the full grid."""

    hu: NDArray[np.float32]
    dense: Bool
    filled: Bool
    depth_mm: NDArray[np.float32]
    spacing_mm: Spacing
    factor: tuple[int, int, int]
    box: Box

    def to_full(self, mask: Bool) -> Bool:
        """A working-grid mask on the full grid's crop ``box``."""
        full = mask
        for axis, factor in enumerate(self.factor):
            if factor > 1:
                full = np.repeat(full, factor, axis=axis)
        return full[tuple(slice(0, s.stop - s.start) for s in self.box)]


def _voxels(box: Box) -> int:
    """Voxels of a box."""
    return int(np.prod([s.stop - s.start for s in box]))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _pool(hu, labels, label, fz, fy, fx, image, dense):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Block means of the CT numbers, and blocks half of which bear the label; edges are repeated to fill the last
    blocks."""
    depth, height, width = hu.shape
    size = fz * fy * fx
    for k in range(image.shape[0]):
        for j in range(image.shape[1]):
            for i in range(image.shape[2]):
                total, own = 0, 0
                for z in range(k * fz, k * fz + fz):
                    for y in range(j * fy, j * fy + fy):
                        for x in range(i * fx, i * fx + fx):
                            zz, yy, xx = min(z, depth - 1), min(y, height - 1), min(x, width - 1)
                            total += hu[zz, yy, xx]
                            own += labels[zz, yy, xx] == label
                image[k, j, i] = total / size
                dense[k, j, i] = 2 * own >= size


def build_solid(
    hu: NDArray[np.int16], labels: Labels, piece: Piece, spacing_mm: Spacing, margin_mm: float = 6.0
) -> Solid:
    """Lift one piece onto the working grid and fill it."""
    box = piece.around(margin_mm, spacing_mm, hu.shape)
    working_mm = WORKING_MM if _voxels(box) < LARGE_CROP else LARGE_WORKING_MM
    factor = tuple(max(1, round(working_mm / s)) for s in spacing_mm)
    factor3 = (factor[0], factor[1], factor[2])
    size = tuple(s * f for s, f in zip(spacing_mm, factor, strict=True))
    size3 = (size[0], size[1], size[2])
    shape = tuple(-(-(part.stop - part.start) // f) for part, f in zip(box, factor3, strict=True))
    image, dense = np.empty(shape, dtype=np.float32), np.empty(shape, dtype=np.bool_)
    _pool(hu[box], labels[box], piece.label, *factor3, image, dense)
    filled = fill(dense, size3)
    depth = _depth_mm(filled, size3)
    return Solid(hu=image, dense=dense, filled=filled, depth_mm=depth, spacing_mm=size3, factor=factor3, box=box)


def denser(solid: Solid, level_hu: float) -> Solid:
    """The same solid above a higher density: bodies that only their blur joins come apart."""
    dense = solid.dense & (solid.hu > level_hu)
    filled = fill(dense, solid.spacing_mm) & solid.filled
    return replace(solid, dense=dense, filled=filled, depth_mm=_depth_mm(filled, solid.spacing_mm))


def box_of(mask: Bool) -> tuple[slice, ...]:
    """The box that holds a mask; nothing of it where the mask is empty."""
    boxes = ndimage.find_objects(mask.view(np.uint8))
    return boxes[0] if boxes else (slice(0, 0),) * mask.ndim


def _depth_mm(filled: Bool, spacing_mm: Spacing) -> NDArray[np.float32]:
    """Distance to the surface, mm, 0 outside. What the image's border cuts ends there; what the first or last slice cuts goes on,
    for a limb is longer than its scan."""
    depth = np.zeros(filled.shape, dtype=np.float32)
    planes, rows, columns = box_of(filled)
    box = slice(max(0, planes.start - 1), planes.stop + 1), rows, columns
    if filled[box].size:
        beside = np.pad(filled[box], ((0, 0), (1, 1), (1, 1)))
        depth[box] = edt.edt(beside, anisotropy=spacing_mm, parallel=2)[:, 1:-1, 1:-1]
    return depth


def fill(dense: Bool, spacing_mm: Spacing) -> Bool:
    """Close small gaps and fill what is enclosed in a slice of any of the three orientations."""
    solid = closed(dense, CLOSING_MM, spacing_mm) | dense
    for axis in range(3):
        solid = fill_planes(solid, axis)
    return solid


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How a solid is built: what tells bone (a dense shell around marrow) from mineral (densest inside)."""

    thickness_mm: float  # greatest depth
    shell_hu: float  # 90th percentile within 3.5 mm of the surface
    core_hu: float | None  # median deeper than 4 mm (or than 60 % of the depth of thinner pieces); None if tiny
    hollow: float  # share of the filled solid that reads as marrow or soft tissue
    heart_hu: float  # median of the deepest fifth of the depth


def core_depth_mm(thickness_mm: float) -> float:
    """Depth from which a solid of this half thickness has a core, mm."""
    return min(4.0, max(0.6 * thickness_mm, 1.5))


def build_of(solid: Solid, where: Bool | None = None) -> Build:
    """Describe the whole solid or the part of it in ``where``."""
    filled = solid.filled if where is None else solid.filled & where
    depth = solid.depth_mm
    thickness = float(depth[filled].max()) if filled.any() else 0.0
    shell = solid.hu[filled & (depth <= 3.5) & solid.dense]
    core = solid.hu[filled & (depth > core_depth_mm(thickness))]
    hollow = filled & ~solid.dense & (solid.hu > -200)
    heart = solid.hu[filled & (depth >= HEART * thickness)]
    return Build(
        thickness_mm=thickness,
        shell_hu=float(np.percentile(shell, 90)) if shell.size else 0.0,
        core_hu=float(np.median(core)) if core.size >= 6 else None,
        hollow=float(hollow.sum() / max(1, filled.sum())),
        heart_hu=float(np.median(heart)) if heart.size else 0.0,
    )
