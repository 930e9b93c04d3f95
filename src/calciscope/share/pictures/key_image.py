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

SOFT_WINDOW_HU = (800.0, 200.0)  # width, level: fat, muscle and faint mineral apart in one picture
DENSE_WINDOW_HU = (2500.0, 700.0)  # shows the inside of dense deposits and of cortex
DENSE_ABOVE_HU = 600.0  # peak at which a deposit is white in the soft window
PIXELS = 380
SMALLEST_FIELD_MM = 40.0
LARGEST_FIELD_MM = 160.0
FIELD_PER_DEPOSIT = 2.2  # field of view over the deposit's largest extent


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyImage:
    """Two cuts through one deposit on the same field of view (mm) in the same window (width, level, HU)."""

    deposit: Deposit
    field_mm: float
    window_hu: tuple[float, float]
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
    dense = deposit.peak_hu is not None and deposit.peak_hu > DENSE_ABOVE_HU
    window_hu = DENSE_WINDOW_HU if dense else SOFT_WINDOW_HU
    cuts = tuple(
        (plane, _cut(measurement, plane, index, field_mm=field_mm, window_hu=window_hu, deposit=deposit))
        for plane in (AXIAL, CORONAL)
    )
    return KeyImage(deposit=deposit, field_mm=field_mm, window_hu=window_hu, cuts=cuts)


def _cut(
    measurement: Measurement,
    plane: Plane,
    index: NDArray[np.int32],
    *,
    field_mm: float,
    window_hu: tuple[float, float],
    deposit: Deposit,
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
    affine = sampling(plane, volume.grid, frame, depth)[2]
    slab = np.take(volume.hu, depth, axis=depth_axis).astype(np.float32)
    width_hu, level_hu = window_hu
    grey = np.clip((slab - (level_hu - width_hu / 2)) / width_hu, 0.0, 1.0) * 255.0
    picture = warp(np.rint(grey).astype(np.uint8), frame, affine)
    mask = np.take(measurement.labels, depth, axis=depth_axis) == deposit.deposit_id
    inside = (warp(mask.astype(np.uint8) * 255, frame, affine) > 127).astype(np.int32)
    coloured = np.repeat(picture[..., None], 3, axis=2)
    around = edge(1 - inside)
    line = around | edge((1 - inside) * ~around)  # two pixels, outside the deposit: hides nothing of it
    coloured[line] = KIND_MARKS[deposit.kind].rgb
    return Image.fromarray(coloured)
