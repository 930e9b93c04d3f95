"""A coarse outline of the body on a sample of slices, for the checks; the real segmentation is measured elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calciscope.terms.geometry import Bool, Int16, Volume

# Between fat (-120 HU) and air, where partial volume puts the skin (judgement).
BODY_FROM_HU = -300
SAMPLE_SLICES = 40
SAMPLE_PIXEL_MM = 1.5
# Table tops, clothes and cushions are thinner than this; limbs are not (judgement).
THIN_MM = 9.0
SMALLEST_BODY_MM2 = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Sampled slices: their indices, HU and body mask [slice, row, column], field, pixel area and size."""

    indices: tuple[int, ...]
    hu: Int16
    body: Bool
    field: Bool
    pixel_mm: tuple[float, float]  # row, column

    @property
    def pixel_area_mm2(self) -> float:
        """Area of one sampled pixel."""
        return self.pixel_mm[0] * self.pixel_mm[1]


def outline(volume: Volume, slices: int = SAMPLE_SLICES) -> Outline:
    """First and last slice and evenly spaced ones between, ``slices`` in all, coarsened to about 1.5 mm."""
    count = len(volume.hu)
    indices = tuple(sorted({int(n) for n in np.linspace(0, count - 1, min(count, slices)).round()}))
    _, row_mm, column_mm = volume.grid.spacing_mm
    steps = tuple(max(1, round(SAMPLE_PIXEL_MM / mm)) for mm in (row_mm, column_mm))
    hu = np.ascontiguousarray(volume.hu[list(indices), :: steps[0], :: steps[1]])
    field = np.ones(hu.shape[1:], bool) if volume.field is None else volume.field[:: steps[0], :: steps[1]]
    pixel_mm = (row_mm * steps[0], column_mm * steps[1])
    body = np.stack([_body(one, pixel_mm) for one in hu])
    return Outline(indices=indices, hu=hu, body=body, field=field, pixel_mm=pixel_mm)


def _body(hu: Int16, pixel_mm: tuple[float, float]) -> Bool:
    """Everything thick and large enough to be a limb or trunk, its cavities filled."""
    rows, columns = (max(1, round(THIN_MM / 2 / mm)) for mm in pixel_mm)
    result: Bool = np.zeros(hu.shape, dtype=bool)
    boxes = ndimage.find_objects((hu > BODY_FROM_HU).view(np.uint8))
    if not boxes:
        return result
    box = tuple(slice(max(0, part.start - 1), part.stop + 1) for part in boxes[0])
    matter = ndimage.binary_fill_holes(hu[box] > BODY_FROM_HU)
    # The border counts as matter, or a body cut by it would be opened away there.
    padded = np.pad(matter, ((rows, rows), (columns, columns)), mode="edge")
    opened = ndimage.binary_opening(padded, structure=_ellipse(rows, columns))[rows:-rows, columns:-columns]
    labels, count = ndimage.label(opened)
    areas = np.bincount(labels.ravel(), minlength=count + 1) * pixel_mm[0] * pixel_mm[1]
    keep = areas >= SMALLEST_BODY_MM2
    keep[0] = False
    result[box] = keep[labels]
    return result


def _ellipse(rows: int, columns: int) -> NDArray[np.bool_]:
    r, c = np.mgrid[-rows : rows + 1, -columns : columns + 1]
    inside: NDArray[np.bool_] = (r / rows) ** 2 + (c / columns) ** 2 <= 1.0
    return inside


def edge_of(body: Bool) -> Bool:
    """Outermost pixels of the body, those on the image's border too."""
    shrunk = np.stack([ndimage.binary_erosion(one, border_value=0) for one in body])
    edge: Bool = body & ~shrunk
    return edge


def cut_edge(view: Outline) -> Bool:
    """Outermost pixels of the body that lie on the border of the image or of the scanner's field."""
    shrunk = ndimage.binary_erosion(view.field, iterations=2, border_value=0)
    cut: Bool = edge_of(view.body) & ~shrunk
    return cut
