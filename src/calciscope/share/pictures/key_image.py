"""Key images: one deposit cut through its middle, axial and coronal, with its outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from calciscope.share.kind_marks import KIND_MARKS
from calciscope.share.pictures.planes import AXIAL, CORONAL, Frame, Plane, array_axes, on_plane, sampling
from calciscope.share.pictures.projection import Footprint, edge, warp
from calciscope.terms.deposits import Deposit
from calciscope.terms.measurement import Measurement

WINDOW_WIDTH_HU = 1000.0  # fat, muscle and mineral apart in one picture
WINDOW_LEVEL_HU = 250.0
PIXELS = 380
SMALLEST_FIELD_MM = 40.0
LARGEST_FIELD_MM = 160.0
FIELD_PER_DEPOSIT = 2.2  # field of view over the deposit's largest extent


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyImage:
    """Two cuts through one deposit on the same field of view (mm)."""

    deposit: Deposit
    field_mm: float
    cuts: tuple[tuple[Plane, Image.Image], ...]


def key_image(measurement: Measurement, marked: Footprint, deposit: Deposit) -> KeyImage | None:
    """The cuts through ``deposit``; None where the label map does not hold it."""
    own = marked.label == deposit.deposit_id
    if not own.any():
        return None
    index = np.stack([axis[own] for axis in marked.index], axis=1)
    spacing = np.array(measurement.series.volume.grid.spacing_mm)
    extent_mm = float(((index.max(axis=0) - index.min(axis=0) + 1) * spacing).max())
    field_mm = min(max(FIELD_PER_DEPOSIT * extent_mm, SMALLEST_FIELD_MM), LARGEST_FIELD_MM)
    cuts = tuple(
        (plane, _cut(measurement, plane, index, field_mm, KIND_MARKS[deposit.kind].rgb, deposit.deposit_id))
        for plane in (AXIAL, CORONAL)
    )
    return KeyImage(deposit=deposit, field_mm=field_mm, cuts=cuts)


def _cut(
    measurement: Measurement,
    plane: Plane,
    index: NDArray[np.int32],
    field_mm: float,
    rgb: tuple[int, int, int],
    label: int,
) -> Image.Image:
    """One cut at the depth where most of the deposit lies, centred on the deposit there."""
    volume = measurement.series.volume
    depth_axis = array_axes(volume.grid)[plane.through]
    depth = int(np.bincount(index[:, depth_axis]).argmax())
    centre = index[index[:, depth_axis] == depth].astype(np.float64)
    middle = on_plane(plane, volume.grid.to_lps((centre.min(axis=0) + centre.max(axis=0)) / 2))
    pixel_mm = field_mm / PIXELS
    start = middle - (PIXELS - 1) / 2 * pixel_mm
    frame = Frame(start_mm=(float(start[0]), float(start[1])), pixel_mm=pixel_mm, width=PIXELS, height=PIXELS)
    vertical, horizontal, affine = sampling(plane, volume.grid, frame, depth)
    slab, near = _around(np.take(volume.hu, depth, axis=depth_axis), affine)
    grey = (slab.astype(np.float32) - (WINDOW_LEVEL_HU - WINDOW_WIDTH_HU / 2)) / WINDOW_WIDTH_HU
    picture = warp(np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8), frame, near).astype(np.uint8)
    mask = np.take(measurement.labels, depth, axis=depth_axis) == label
    shown, near = _around(mask.astype(np.uint8) * 255, affine)
    inside = (warp(shown, frame, near) > 127).astype(np.int32)
    coloured = np.repeat(picture[..., None], 3, axis=2)
    coloured[edge(1 - inside)] = rgb  # the line lies outside the deposit, so that it hides nothing of it
    return Image.fromarray(coloured)


def _around(image: NDArray[np.generic], affine: tuple[float, ...]) -> tuple[NDArray[np.generic], tuple[float, ...]]:
    """``image`` cropped to what the affine reaches, and the affine for the crop."""
    corners = np.array([(x, y, 1.0) for x in (0, PIXELS) for y in (0, PIXELS)]).T
    reached = np.array(affine).reshape(2, 3) @ corners
    low = np.maximum(np.floor(reached.min(axis=1)).astype(int) - 2, 0)
    high = np.ceil(reached.max(axis=1)).astype(int) + 2
    moved = (affine[0], affine[1], affine[2] - low[0], affine[3], affine[4], affine[5] - low[1])
    crop = image[low[1] : max(high[1], low[1] + 1), low[0] : max(high[0], low[0] + 1)]
    return np.ascontiguousarray(crop), moved
