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

WINDOW_WIDTH_HU = 800.0  # fat, muscle and mineral apart in one picture
WINDOW_LEVEL_HU = 200.0
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
    affine = sampling(plane, volume.grid, frame, depth)[2]
    slab = np.take(volume.hu, depth, axis=depth_axis).astype(np.float32)
    grey = np.clip((slab - (WINDOW_LEVEL_HU - WINDOW_WIDTH_HU / 2)) / WINDOW_WIDTH_HU, 0.0, 1.0) * 255.0
    picture = warp(np.rint(grey).astype(np.uint8), frame, affine)
    mask = np.take(measurement.labels, depth, axis=depth_axis) == label
    inside = (warp(mask.astype(np.uint8) * 255, frame, affine) > 127).astype(np.int32)
    coloured = np.repeat(picture[..., None], 3, axis=2)
    around = edge(1 - inside)
    coloured[around | edge((1 - inside) * ~around)] = rgb  # two pixels, outside the deposit: hides nothing of it
    return Image.fromarray(coloured)
