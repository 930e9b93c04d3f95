"""A long bone's fit, cut along the bone: each part may leave the whole a little, as its own surfaces ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from calciscope.measure.track.bones import Bone
from calciscope.measure.track.similarity import Freedom, SurfacePull, fit
from calciscope.terms.geometry import Float64

PART_MM = 30.0
"""Length of a part: shorter ones do not hold their turn across the axis (judgement)."""
LAP_MM = 8.0
"""A part is fitted with this much of its neighbours, so that parts hang together (judgement)."""
SOFT_LAP_MM = 15.0
"""... and with this much more of skin and muscles, which tell less of their place (judgement)."""
PART_FREEDOM = Freedom(shift_mm=1.0, turn_rad=0.03, log_scale=0.0)
"""How far a part may leave the bone's fit, 1 SD: a limb that moves during the scan, a map that errs along the bone, growth
that bends it (judgement)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Points (n, 3) of the baseline and the 4 x 4 matrix that carries the tissue around them."""

    points_mm: Float64
    matrix: Float64


def parts_of(bone: Bone, matrix: Float64, surfaces: Sequence[SurfacePull]) -> tuple[Part, ...]:
    """Parts of a bone fitted as a whole by ``matrix``; ``surfaces``: what the bone was fitted with, its own first."""
    along = _along(bone, bone.points_mm)
    low, high = float(along.min()), float(along.max())
    count = max(1, round((high - low) / PART_MM))
    if count == 1:
        return (Part(points_mm=bone.points_mm, matrix=matrix),)
    half = 0.5 * (high - low) / count
    own = np.clip(((along - low) / (2.0 * half)).astype(int), 0, count - 1)
    found = []
    for number in range(count):
        points = bone.points_mm[own == number]
        if not len(points):
            continue
        middle = low + (2 * number + 1) * half
        near = [
            _stretch(bone, pull, middle, half + LAP_MM + (SOFT_LAP_MM if n else 0.0)) for n, pull in enumerate(surfaces)
        ]
        pulls = [pull for pull in near if len(pull.points_mm)]
        found.append(
            Part(
                points_mm=points, matrix=fit(matrix, pulls[0].points_mm.mean(axis=0), pulls, None, PART_FREEDOM).matrix
            )
        )
    return tuple(found)


def _along(bone: Bone, points_mm: Float64) -> Float64:
    return np.asarray((points_mm - bone.centre_mm) @ bone.axis)


def _stretch(bone: Bone, pull: SurfacePull, middle_mm: float, half_mm: float) -> SurfacePull:
    """The points of a surface beside one stretch of the bone."""
    near = np.abs(_along(bone, pull.points_mm) - middle_mm) <= half_mm
    return replace(pull, points_mm=pull.points_mm[near], depth_mm=pull.depth_mm[near])
