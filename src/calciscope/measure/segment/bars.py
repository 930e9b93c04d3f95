"""Bodies of one cross-section from end to end: vessels filled with contrast medium, and bars of metal. Mineral is none of these:
it is laid down in lumps, sheets and nets, which swell and thin out along their length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.measure.segment.solid import Bool, Spacing

LEAST_SECTIONS = 5
"""Sections from which a course is seen (judgement)."""
INNER = 85.0
"""Percentile of a section's CT numbers that stands for its middle: the rest is its blurred rim."""
VARYING = (15.0, 85.0)
"""Percentiles over sections between which they vary, branches and ends left out."""

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """``length_mm``; ``width_mm`` of a disc with the usual section's area; the rest says how its sections vary."""

    length_mm: float
    width_mm: float
    width_varies: float  # range of the widths of discs as large as its sections, over the usual one
    inner_varies: float  # range of the middle CT numbers, over the usual one
    inner_hu: float
    oblong: float  # usual length over width of a section
    bent_mm: float  # root mean square distance of the sections' middles from a straight line


def across(axis: int, core: Bool, hu: NDArray[np.int16], spacing_mm: Spacing) -> Bar | None:
    """A body followed from plane to plane of the grid across ``axis``; None where it has gaps or too few planes."""
    index = np.argwhere(core)
    if not len(index):
        return None
    section = index[:, axis] - index[:, axis].min()
    sides = [other for other in range(3) if other != axis]
    place = (index * np.array(spacing_mm))[:, [axis, *sides]]
    return _bar(place, hu[core].astype(np.float64), section, spacing_mm[axis], [spacing_mm[side] for side in sides])


def along_its_length(core: Bool, hu: NDArray[np.int16], spacing_mm: Spacing) -> Bar | None:
    """A body cut across the axis of the grid along which it is longest."""
    index = np.argwhere(core)
    if not len(index):
        return None
    return across(int(np.argmax(np.ptp(index, axis=0) * np.array(spacing_mm))), core, hu, spacing_mm)


def _bar(place: Float, values: Float, section: NDArray[np.intp], step_mm: float, sides_mm: list[float]) -> Bar | None:
    """Describe the sections; ``place`` (n, 3) in mm, first the direction along the body."""
    count = int(section.max()) + 1
    voxels = np.bincount(section, minlength=count)
    if count < LEAST_SECTIONS or (voxels == 0).any():
        return None
    middle = np.stack([np.bincount(section, place[:, axis], count) / voxels for axis in (0, 1, 2)], axis=1)
    away = place[:, 1:] - middle[section, 1:]
    spread = np.stack([np.bincount(section, a * b, count) / voxels for a, b in
                       ((away[:, 0], away[:, 0]), (away[:, 1], away[:, 1]), (away[:, 0], away[:, 1]))])  # fmt: skip
    own = float(np.mean(np.square(sides_mm))) / 12.0
    mean, half = (spread[0] + spread[1]) / 2.0, np.hypot((spread[0] - spread[1]) / 2.0, spread[2])
    width = np.sqrt(voxels * float(np.prod(sides_mm)) * 4.0 / np.pi)
    inner = np.array([np.percentile(values[section == n], INNER) for n in range(count)])
    usual = float(np.median(width))
    return Bar(
        length_mm=count * step_mm,
        width_mm=usual,
        width_varies=float(np.ptp(np.percentile(width[1:-1], VARYING))) / usual,
        inner_varies=float(np.ptp(np.percentile(inner[1:-1], VARYING)) / max(float(np.median(inner)), 1.0)),
        inner_hu=float(np.median(inner)),
        oblong=float(np.median(np.sqrt((mean + half + own) / np.maximum(mean - half + own, own)))),
        bent_mm=_bent_mm(middle),
    )


def _bent_mm(middle: Float) -> float:
    """Root mean square distance of points (n, 3) from the straight line through them."""
    around = middle - middle.mean(axis=0)
    return float(np.sqrt((np.linalg.svd(around, compute_uv=False)[1:] ** 2).sum() / len(middle)))
