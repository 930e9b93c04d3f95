"""Projections of the whole scan: brightest voxel along the line of sight over a soft silhouette of the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calciscope.share.kind_marks import IMPORTANCE, KIND_MARKS
from calciscope.share.pictures.planes import (
    FINEST_PER_SPACING,
    Frame,
    Plane,
    array_axes,
    corners_mm,
    covering_frame,
    on_plane,
    sampling,
)
from calciscope.terms.deposits import Deposit
from calciscope.terms.geometry import Float64, Grid
from calciscope.terms.measurement import Measurement

LONGEST_PIXELS = 1100  # two views of this size print at 300 dpi on one page
MINERAL_WINDOW_HU = (110.0, 1300.0)  # below: soft tissue, shown by the silhouette; above: cortex, white
BESIDE_MM = 12.0  # air left around the body
MINERAL_GAMMA = 0.65  # lifts faint deposits against cortex
SILHOUETTE_DEPTH_MM = 80.0  # body thickness at which the silhouette reaches 63 % of its grey
SILHOUETTE_GREY = 96.0
FILL_SHARE = 0.45  # how much of a deposit's footprint is its kind's colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """All labelled voxels of a scan: array indices (slice, row, column) and labels, slice by slice."""

    index: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]
    label: NDArray[np.uint16]


def footprint(labels: NDArray[np.uint16]) -> Footprint:
    """The labelled voxels of ``labels`` [slice, row, column]; only rows that hold any are searched."""
    marked = labels.max(axis=2) if labels.size else np.zeros((0, 0), np.uint16)
    found = []
    for number in np.flatnonzero(marked.any(axis=1)):
        lines = np.flatnonzero(marked[number])
        row, column = labels[number, lines].nonzero()
        found.append((number, lines[row], column))
    if not found:
        empty = np.zeros(0, np.int32)
        return Footprint(index=(empty, empty, empty), label=np.zeros(0, np.uint16))
    slices = np.concatenate([np.full(len(rows), number, np.int32) for number, rows, _ in found])
    rows = np.concatenate([rows for _, rows, _ in found]).astype(np.int32)
    columns = np.concatenate([columns for _, _, columns in found]).astype(np.int32)
    return Footprint(index=(slices, rows, columns), label=labels[slices, rows, columns])


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A drawn view: RGB picture, its frame, the plane it shows, and the grid that was looked through."""

    plane: Plane
    frame: Frame
    grid: Grid
    picture: Image.Image

    def place(self, lps_mm: Float64) -> tuple[float, float]:
        """Where a point (LPS) is drawn, 0..1 from the left and from the top.

        Looking through a tilted scan along its own axis shifts what lies in front of or behind its middle; the place
        is shifted alike, so that a mark lies on its deposit.
        """
        index = self.grid.to_index(lps_mm)
        depth_axis = array_axes(self.grid)[self.plane.through]
        index[depth_axis] = (self.grid.shape[depth_axis] - 1) / 2
        right_mm, down_mm = on_plane(self.plane, self.grid.to_lps(index))
        return self.frame.fraction(float(right_mm), float(down_mm))


def project(measurement: Measurement, marked: Footprint, plane: Plane) -> Projection:
    """The view of the whole scan on ``plane``, deposits tinted and outlined by kind."""
    grid = measurement.series.volume.grid
    frame = _frame(measurement, marked, plane)
    grey = _mineral(measurement, plane, frame) + _silhouette(measurement, plane, frame)
    picture = np.repeat(np.minimum(grey, 255.0)[..., None], 3, axis=2)
    _tint(picture, _footprint_labels(measurement, marked, plane, frame), measurement.deposits)
    return Projection(plane=plane, frame=frame, grid=grid, picture=Image.fromarray(np.rint(picture).astype(np.uint8)))


def _frame(measurement: Measurement, marked: Footprint, plane: Plane) -> Frame:
    """What there is to see, the body and every candidate, without the air beside it; the scan keeps its whole length."""
    grid, anatomy = measurement.series.volume.grid, measurement.anatomy
    whole = corners_mm(grid)
    boxes = (_box_mm(anatomy.tissue.nonzero(), anatomy.grid, plane), _box_mm(marked.index, grid, plane))
    seen = [box for box in boxes if box is not None]
    points = np.concatenate(seen) if seen else whole
    flat, bounds = on_plane(plane, points), on_plane(plane, whole)
    low = np.maximum(flat.min(axis=0) - BESIDE_MM, bounds.min(axis=0))
    high = np.minimum(flat.max(axis=0) + BESIDE_MM, bounds.max(axis=0))
    ends = np.array([low, high]) @ np.array([plane.right, plane.down], dtype=np.float64)
    finest_mm = min(grid.spacing_mm) / FINEST_PER_SPACING
    return covering_frame(plane, ends, finest_mm=finest_mm, longest_pixels=LONGEST_PIXELS)


def _box_mm(index: tuple[NDArray[np.integer], ...], grid: Grid, plane: Plane) -> Float64 | None:
    """Corners (8, 3; LPS mm) of the box of array indices that holds all voxels of ``index``; None where it has none.

    Along the line of sight the box reaches the scan's middle, where everything is drawn (``Projection.place``).
    """
    if not len(index[0]):
        return None
    first, last = (np.array([end(axis) for axis in index], dtype=np.int64) for end in (np.min, np.max))
    depth_axis = array_axes(grid)[plane.through]
    middle = grid.shape[depth_axis] // 2
    first[depth_axis], last[depth_axis] = min(first[depth_axis], middle), max(last[depth_axis], middle)
    return corners_mm(grid, first, last)


def warp(
    image: NDArray[np.uint8] | NDArray[np.int32], frame: Frame, affine: tuple[float, ...], *, smooth: bool = True
) -> NDArray[np.uint8]:
    """``image`` drawn into ``frame``, 0 outside it; ``smooth`` False takes the nearest pixel."""
    how = Image.Resampling.BILINEAR if smooth else Image.Resampling.NEAREST
    drawn = Image.fromarray(image).transform((frame.width, frame.height), Image.Transform.AFFINE, affine, how)
    return np.asarray(drawn)


def _mineral(measurement: Measurement, plane: Plane, frame: Frame) -> NDArray[np.float32]:
    volume = measurement.series.volume
    depth_axis = array_axes(volume.grid)[plane.through]
    brightest = volume.hu.max(axis=depth_axis)
    low, high = MINERAL_WINDOW_HU
    grey = np.clip((brightest.astype(np.float32) - low) / (high - low), 0.0, 1.0) ** MINERAL_GAMMA * 255.0
    affine = sampling(plane, volume.grid, frame, (volume.grid.shape[depth_axis] - 1) / 2)[2]
    return warp(np.rint(grey).astype(np.uint8), frame, affine).astype(np.float32)


def _silhouette(measurement: Measurement, plane: Plane, frame: Frame) -> NDArray[np.float32]:
    anatomy = measurement.anatomy
    depth_axis = array_axes(anatomy.grid)[plane.through]
    depth_mm = np.count_nonzero(anatomy.tissue, axis=depth_axis) * anatomy.grid.spacing_mm[depth_axis]
    grey = SILHOUETTE_GREY * (1.0 - np.exp(-depth_mm / SILHOUETTE_DEPTH_MM))
    affine = sampling(plane, anatomy.grid, frame, (anatomy.grid.shape[depth_axis] - 1) / 2)[2]
    return warp(np.rint(grey).astype(np.uint8), frame, affine).astype(np.float32)


def _footprint_labels(measurement: Measurement, marked: Footprint, plane: Plane, frame: Frame) -> NDArray[np.int32]:
    """Label seen at each pixel of the frame; where several overlap, the most important one."""
    grid = measurement.series.volume.grid
    depth_axis = array_axes(grid)[plane.through]
    vertical, horizontal, affine = sampling(plane, grid, frame, (grid.shape[depth_axis] - 1) / 2)
    seen = np.zeros((grid.shape[vertical], grid.shape[horizontal]), np.int32)
    if len(marked.label):
        rank = np.full(int(marked.label.max()) + 1, len(measurement.deposits) + 1, np.int64)
        ordered = sorted(measurement.deposits, key=lambda one: (IMPORTANCE[one.kind], one.deposit_id))
        for place, deposit in enumerate(ordered):
            if deposit.deposit_id < len(rank):
                rank[deposit.deposit_id] = place
        last_wins = np.argsort(-rank[marked.label], kind="stable")
        seen[marked.index[vertical][last_wins], marked.index[horizontal][last_wins]] = marked.label[last_wins]
    return warp(seen, frame, affine, smooth=False).astype(np.int32)


def _tint(picture: NDArray[np.float32], seen: NDArray[np.int32], deposits: tuple[Deposit, ...]) -> None:
    colour = np.zeros((int(seen.max()) + 1, 3), np.float32)
    for deposit in deposits:
        if deposit.deposit_id < len(colour):
            colour[deposit.deposit_id] = KIND_MARKS[deposit.kind].rgb
    inside = seen > 0
    picture[inside] = (1 - FILL_SHARE) * picture[inside] + FILL_SHARE * colour[seen[inside]]
    rim = edge(seen)
    picture[rim] = colour[seen[rim]]


def edge(labels: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Labelled pixels that touch another label or the background."""
    framed = np.pad(labels, 1, mode="edge")
    rim = np.zeros(labels.shape, np.bool_)
    for down, across in ((0, 1), (2, 1), (1, 0), (1, 2)):
        rim |= framed[down : down + labels.shape[0], across : across + labels.shape[1]] != labels
    return rim & (labels > 0)
