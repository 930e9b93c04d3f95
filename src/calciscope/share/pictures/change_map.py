"""Mineral then, now and the difference, projected through the body in the frame of the first scan.

Grey is the body and its bone as the first scan shows them. Mineral is the projected mass of the deposits (mg/cm2), that of the
later scan carried to where it lay at first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from calciscope.share.event_marks import GAIN_RGB, LOSS_RGB, SAME_RGB
from calciscope.share.pictures.planes import Frame, Plane, array_axes, covering_frame, on_plane, sampling
from calciscope.share.pictures.projection import warp
from calciscope.terms.geometry import Float64, Grid
from calciscope.terms.tissue import AnatomyMap, Tissue
from calciscope.terms.tracking import Comparison, Event, Family, LabelledVoxels, TimePoint, Tracking

LONGEST_PIXELS = 900
FINEST_MM = 0.2  # a finer picture only stores blur
BODY_GREY, BONE_GREY = 52.0, 95.0
BODY_DEPTH_MM, BONE_DEPTH_MM = 80.0, 25.0  # thickness at which body and bone reach 63 % of their grey
SPREAD_MM = 1.0  # a voxel's mass is spread as the scanner would
FULL_MG_PER_CM2 = 250.0  # projected mineral drawn at 63 % of full colour: about 5 mm of a dense deposit
FAINTEST = 0.3  # a deposit's thinnest part still shows this much of its colour ...
FROM_MG_PER_CM2 = 12.0  # ... down to here, where its blur begins
PANELS = ("then", "now", "difference")
MINERAL_RGB = (255, 236, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMap:
    """Three pictures on one frame, and the frame's plane and grid (of the first scan's anatomy)."""

    plane: Plane
    frame: Frame
    grid: Grid
    pictures: dict[str, Image.Image]

    def place(self, lps_mm: Float64) -> tuple[float, float]:
        """Where a point of the first scan is drawn, 0..1 from the left and from the top."""
        right_mm, down_mm = on_plane(self.plane, lps_mm)
        return self.frame.fraction(float(right_mm), float(down_mm))


def change_map(tracking: Tracking, comparison: Comparison, plane: Plane) -> ChangeMap:
    """The three panels of one follow-up against the baseline."""
    first, second = tracking.scans[0], tracking.scans[comparison.followup]
    grid = first.anatomy.grid
    frame = covering_frame(plane, _corners(first.anatomy), longest_pixels=LONGEST_PIXELS, finest_mm=FINEST_MM)
    grey = _body(first.anatomy, plane, frame)
    places = _lps(first.voxels), comparison.followup_in_baseline_mm.astype(np.float64)
    then, now = (
        _mineral(scan, where, plane, frame, _ids(comparison.families, side))
        for side, (scan, where) in enumerate(zip((first, second), places, strict=True))
    )
    real = [one for one in comparison.families if one.significant]
    same = [one for one in comparison.families if one.event is Event.STABLE]
    changed = [
        _mineral(scan, where, plane, frame, _ids(real, side))
        for side, (scan, where) in enumerate(zip((first, second), places, strict=True))
    ]
    rest = np.maximum(*(
        _mineral(scan, where, plane, frame, _ids(same, side))
        for side, (scan, where) in enumerate(zip((first, second), places, strict=True))
    ))  # fmt: skip
    return ChangeMap(
        plane=plane,
        frame=frame,
        grid=grid,
        pictures={
            "then": _painted(grey, [(then, MINERAL_RGB)]),
            "now": _painted(grey, [(now, MINERAL_RGB)]),
            "difference": _painted(
                grey,
                [
                    (np.float32(0.25) * rest, SAME_RGB),
                    (np.maximum(changed[1] - changed[0], np.float32(0)), GAIN_RGB),
                    (np.maximum(changed[0] - changed[1], np.float32(0)), LOSS_RGB),
                ],
            ),
        },
    )


def _corners(anatomy: AnatomyMap) -> Float64:
    """Corners of the box around the body, so that no air is drawn."""
    body = anatomy.tissue != Tissue.OUTSIDE
    ends = []
    for axis in range(3):
        held = np.flatnonzero(body.any(axis=tuple(k for k in range(3) if k != axis)))
        ends.append((held[0] - 0.5, held[-1] + 0.5) if len(held) else (0.0, body.shape[axis] - 1.0))
    return anatomy.grid.to_lps(np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 3))


def _lps(voxels: LabelledVoxels) -> Float64:
    return voxels.grid.to_lps(voxels.index.astype(np.float64))


def _ids(families: tuple[Family, ...] | list[Family], side: int) -> set[int]:
    return {one for family in families for one in ((family.baseline_ids, family.followup_ids)[side])}


def _body(anatomy: AnatomyMap, plane: Plane, frame: Frame) -> NDArray[np.float32]:
    depth_axis = array_axes(anatomy.grid)[plane.through]
    affine = sampling(plane, anatomy.grid, frame, (anatomy.grid.shape[depth_axis] - 1) / 2)[2]
    grey = np.zeros((frame.height, frame.width), np.float32)
    for mask, most, depth in (
        (anatomy.tissue != Tissue.OUTSIDE, BODY_GREY, BODY_DEPTH_MM),
        (anatomy.tissue == Tissue.BONE, BONE_GREY, BONE_DEPTH_MM),
    ):
        thick = np.count_nonzero(mask, axis=depth_axis) * anatomy.grid.spacing_mm[depth_axis]
        drawn = most * (1.0 - np.exp(-thick / depth))
        grey += warp(np.rint(drawn).astype(np.uint8), frame, affine).astype(np.float32)
    return grey


def _mineral(scan: TimePoint, places_mm: Float64, plane: Plane, frame: Frame, ids: set[int]) -> NDArray[np.float32]:
    """Projected mineral of the deposits, mg/cm2 a pixel."""
    known = np.isin(scan.voxels.label, list(ids))
    total = np.zeros((frame.height, frame.width))
    if known.any():
        labels = scan.voxels.label[known]
        mass = np.array([0.0, *((one.mass_mg or 0.0) for one in scan.deposits)])
        share = (mass / np.maximum(np.bincount(scan.voxels.label, minlength=len(mass)), 1))[labels]
        flat = (on_plane(plane, places_mm[known]) - np.array(frame.start_mm)) / frame.pixel_mm
        column, row = np.rint(flat).astype(int).T
        inside = (column >= 0) & (column < frame.width) & (row >= 0) & (row < frame.height)
        np.add.at(total, (row[inside], column[inside]), share[inside])
    per_cm2 = total / (frame.pixel_mm / 10.0) ** 2
    return np.asarray(gaussian_filter(per_cm2, SPREAD_MM / frame.pixel_mm), dtype=np.float32)


def _painted(grey: NDArray[np.float32], layers: list[tuple[NDArray[np.float32], tuple[int, int, int]]]) -> Image.Image:
    picture = np.repeat(grey[..., None], 3, axis=2)
    for amount, rgb in layers:
        cover = 1.0 - np.exp(-amount / FULL_MG_PER_CM2)
        cover = np.where(amount > FROM_MG_PER_CM2, np.maximum(cover, FAINTEST), cover)[..., None]
        picture = (1.0 - cover) * picture + cover * np.array(rgb, np.float32)
    return Image.fromarray(np.rint(np.clip(picture, 0, 255)).astype(np.uint8))
