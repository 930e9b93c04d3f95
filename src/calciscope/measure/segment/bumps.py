"""Small bodies seated on a bone's surface: what an opening takes away, if the cortex goes on beneath it.

Rolling a ball inside the filled bone leaves out what is narrower than the ball: seated nodules, but also crests and
spurs. A nodule rises steeply, is even inside, and the cortex goes on beneath it. Seats are sought above raised
densities, where blur joins bodies least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cc3d
import edt
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.measure.segment.seat import down_to_bone
from calciscope.measure.segment.solid import Bool, Solid, Spacing, box_of, denser

LEVELS_HU = (600.0, 300.0)
"""Densities above which seats are sought, HU (judgement: half of a deposit of 900 and of 400 mg/ml at 120 kV)."""
RADII_MM = (10.0, 7.0, 5.0, 4.5)
"""Radii of the rolled ball, mm; those that would eat the bone itself are left out. A ball finds a body only if it is larger than
fits into the body and smaller than fits into the bone beneath: on a fibula little lies between (judgement)."""
SHARE_OF_BONE = 0.7
"""Largest ball as a share of the bone's own half thickness."""
LEAST_HEIGHT_MM, MOST_HEIGHT_MM = 2.5, 15.0
"""A seated body stands out this far, mm; more is a process of bone or a body that the necks find (judgement)."""
LEAST_ML, MOST_ML = 0.02, 10.0
STEEP = 0.85
"""Height over the radius of the base: a seated ball rises about as far as it is wide, a crest or tubercle less
(judgement)."""
EVEN = 0.75
"""Inside over shell density of a body of mineral; a process of bone holds marrow (judgement)."""
MASSIVE, MASSIVE_MM = 0.97, 3.2
"""Inside over shell density, and half thickness (mm), from which a body as dense as its seat is no process of bone, which
would hold spongy bone (judgement; no bone of 25 real scans has such a part)."""
ROUND = 1.8
"""Longest over shortest side: crests run on (judgement)."""
SEAT_DENSER, SEAT_FAINTER = 1.12, 0.7
"""Density of the seat over the body's: cortex goes on beneath a deposit, denser than it, or a gap lies between; a
process of bone is one with its seat (judgement)."""
SEAT_TOLERANCE_MM = 0.6
RIM_MM = 2.5
"""Blurred rim given back to a body found at a raised density, mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bump:
    """A body seated on bone: mask on the solid's working grid, height above the seat, density of the seat over its own."""

    mask: Bool
    height_mm: float
    seat_ratio: float


def bumps(solid: Solid) -> list[Bump]:
    """Every seated body of one bone."""
    found: list[Bump] = []
    taken = np.zeros(solid.filled.shape, dtype=np.bool_)
    for level in LEVELS_HU:
        view = denser(solid, level)
        thickest = float(view.depth_mm.max(initial=0.0))
        for radius in RADII_MM:
            if radius > SHARE_OF_BONE * thickest:
                continue
            for bump in _left_out(view, radius):
                if not (bump.mask & taken).any():
                    whole = down_to_bone(solid, view.filled, _with_rim(solid, view, bump.mask)) & ~taken
                    taken |= whole
                    found.append(replace(bump, mask=whole))
    return found


def _with_rim(solid: Solid, view: Solid, mask: Bool) -> Bool:
    """The body with the fainter voxels around it that are nearer to it than to the bone."""
    box = ndimage.find_objects(mask.astype(np.uint8))[0]
    reach = [int(np.ceil(RIM_MM / mm)) + 2 for mm in solid.spacing_mm]
    near = tuple(slice(max(0, s.start - r), s.stop + r) for s, r in zip(box, reach, strict=True))
    own, bone = mask[near], view.filled[near] & ~mask[near]
    to_own, to_bone = (edt.edt(~part, anisotropy=solid.spacing_mm) for part in (own, bone))
    out = mask.copy()
    out[near] |= solid.filled[near] & ~bone & (to_own < to_bone) & (to_own <= RIM_MM)
    return out


def _left_out(solid: Solid, radius: float) -> list[Bump]:
    """Bodies that a ball of this radius leaves out."""
    kept = solid.depth_mm > radius
    if not kept.any():
        return []
    away = np.zeros(kept.shape, dtype=np.float32)
    inside = box_of(solid.filled)
    away[inside] = edt.edt(~kept[inside], anisotropy=solid.spacing_mm, parallel=2) - radius
    rest = solid.filled & (away > SEAT_TOLERANCE_MM)
    parts = cc3d.connected_components(rest, connectivity=6)
    voxel_ml = float(np.prod(solid.spacing_mm)) / 1000.0
    sizes_ml = np.bincount(parts.ravel()) * voxel_ml
    boxes = ndimage.find_objects(parts.astype(np.int32))
    found = []
    for label in np.flatnonzero((sizes_ml >= LEAST_ML) & (sizes_ml <= MOST_ML)):
        bump = _seated(solid, parts, away, int(label), boxes[label - 1]) if label else None
        if bump is not None:
            found.append(bump)
    return found


def _seated(
    solid: Solid, parts: NDArray[np.uint32], away: NDArray[np.float32], label: int, box: tuple[slice, ...]
) -> Bump | None:
    """The part as a seated body, or None when it is a crest, a process or the rim of the image."""
    own = parts[box] == label
    height = float(away[box][own].max())
    sides = [(s.stop - s.start) * mm for s, mm in zip(box, solid.spacing_mm, strict=True)]
    if not LEAST_HEIGHT_MM <= height <= MOST_HEIGHT_MM or max(sides) > ROUND * min(sides):
        return None
    if any(s.start == 0 or s.stop == n for s, n in zip(box, parts.shape, strict=True)):
        return None
    core_of_shell = _core_of_shell(solid, own, box)
    even = core_of_shell is None or core_of_shell > EVEN
    if height < STEEP * _base_radius(own, away[box], solid.spacing_mm) or not even:
        return None
    mask = np.zeros(parts.shape, dtype=np.bool_)
    mask[box] = own
    ratio = _seat_ratio(solid, mask, away, box)
    massive = (core_of_shell or 0.0) > MASSIVE and float(solid.depth_mm[box][own].max()) >= MASSIVE_MM
    if SEAT_FAINTER < ratio < SEAT_DENSER and not massive:
        return None
    return Bump(mask=mask, height_mm=height, seat_ratio=ratio)


def _base_radius(own: Bool, away: NDArray[np.float32], spacing_mm: Spacing) -> float:
    """Radius (mm) of a disc with the area of the layer just above the seat."""
    layer = max(1.0, min(spacing_mm))
    base = own & (away < SEAT_TOLERANCE_MM + layer)
    area_mm2 = float(base.sum() * np.prod(spacing_mm)) / layer
    return float(np.sqrt(max(area_mm2, 1e-6) / np.pi))


def _seat_ratio(solid: Solid, mask: Bool, away: NDArray[np.float32], box: tuple[slice, ...]) -> float:
    """Density where the body meets the bone over the body's own; 1 when it cannot be told."""
    reach = [int(np.ceil(4.0 / mm)) for mm in solid.spacing_mm]
    near = tuple(slice(max(0, s.start - r), s.stop + r) for s, r in zip(box, reach, strict=True))
    to_body = edt.edt(~mask[near], anisotropy=solid.spacing_mm)
    seat = solid.filled[near] & ~mask[near] & (to_body <= 3.5) & (away[near] < SEAT_TOLERANCE_MM)
    seat &= ndimage.binary_erosion(solid.filled[near])
    if seat.sum() < 5:
        return 1.0
    return float(np.percentile(solid.hu[near][seat], 80) / max(float(np.median(solid.hu[mask])), 1.0))


def _core_of_shell(solid: Solid, own: Bool, box: tuple[slice, ...]) -> float | None:
    """Density of the body's core over its shell's; None where there is too little of either."""
    depth, hu = solid.depth_mm[box], solid.hu[box]
    deepest = float(depth[own].max())
    inside, shell = own & (depth > 0.6 * deepest), own & (depth > 0.25 * deepest) & (depth <= 0.6 * deepest)
    if inside.sum() < 4 or shell.sum() < 4:
        return None
    return float(np.median(hu[inside]) / max(float(np.percentile(hu[shell], 80)), 1.0))
