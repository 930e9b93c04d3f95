"""Three cuts through one place of a scan as one picture: what a reader sees where no 3-D viewer runs."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from calciscope.share.pictures.projection import edge
from calciscope.terms.geometry import Float64
from calciscope.terms.whole_scan import Crop

SIDE_PX = 360
GAP_PX = 8
WINDOW_HU = (-160.0, 640.0)  # fat dark, muscle grey, faint mineral bright (judgement)
OWN_RGB, OTHER_RGB = (255, 159, 28), (120, 190, 235)
CROSS_RGB = (255, 191, 60)
PLANES = ("axial", "coronal", "sagittal")
ACROSS = ((1, 2), (0, 2), (0, 1))  # rows and columns of each plane among [slice, row, column]


def crop_image(crop: Crop, marks: NDArray[Any], own: int, centre_lps_mm: Float64, names: Mapping[int, str]) -> bytes:
    """A PNG: axial, coronal and sagittal through a point, outlines of all marks, the own one thicker; ``names`` are drawn.

    The head is up in the coronal and sagittal cuts. ``marks``: uint16 of the crop's shape, 0 where nothing is.
    """
    middle = np.clip(np.rint(crop.grid.to_index(centre_lps_mm)).astype(int), 0, np.array(crop.hu.shape) - 1)
    picture = Image.new("RGB", (3 * SIDE_PX + 2 * GAP_PX, SIDE_PX), (8, 12, 14))
    for place, (rows, columns) in enumerate(ACROSS):
        depth = ({0, 1, 2} - {rows, columns}).pop()
        cut = _cut(crop, marks, int(middle[depth]), depth, (rows, columns), own, names, PLANES[place])
        picture.paste(cut, (place * (SIDE_PX + GAP_PX), 0))
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _cut(
    crop: Crop,
    marks: NDArray[Any],
    index: int,
    depth: int,
    axes: tuple[int, int],
    own: int,
    names: Mapping[int, str],
    word: str,
) -> Image.Image:
    hu = np.asarray(crop.hu.take(index, axis=depth), dtype=np.float32)
    seen = np.asarray(marks.take(index, axis=depth))
    spacing = [crop.grid.spacing_mm[axis] for axis in axes]
    scale = SIDE_PX / max(n * mm for n, mm in zip(hu.shape, spacing, strict=True))
    size = (max(1, round(hu.shape[1] * spacing[1] * scale)), max(1, round(hu.shape[0] * spacing[0] * scale)))
    flip = axes[0] == 0 and crop.grid.affine[2, 2] > 0  # slices run to the head: the last one is drawn on top
    if flip:
        hu, seen = hu[::-1], seen[::-1]
    low, high = WINDOW_HU
    grey = Image.fromarray((255 * np.clip((hu - low) / (high - low), 0, 1)).astype(np.uint8)).resize(
        size, Image.Resampling.BICUBIC
    )
    labels = np.asarray(Image.fromarray(seen.astype(np.int32)).resize(size, Image.Resampling.NEAREST))
    colour = np.repeat(np.asarray(grey)[..., None], 3, axis=2)
    rim = edge(labels)
    colour[rim & (labels != own)] = OTHER_RGB
    mine = rim & (labels == own)
    colour[mine | np.roll(mine, 1, 0) | np.roll(mine, 1, 1)] = OWN_RGB
    out = Image.new("RGB", (SIDE_PX, SIDE_PX), (8, 12, 14))
    offset = ((SIDE_PX - size[0]) // 2, (SIDE_PX - size[1]) // 2)
    out.paste(Image.fromarray(colour.astype(np.uint8)), offset)
    _write(out, labels, offset, own, names, word)
    return out


def _write(
    out: Image.Image, labels: NDArray[np.int32], offset: tuple[int, int], own: int, names: Mapping[int, str], word: str
) -> None:
    draw, font = ImageDraw.Draw(out), ImageFont.load_default(16)
    for label in (int(n) for n in np.unique(labels) if n):
        y, x = (int(part.mean()) for part in np.nonzero(labels == label))
        colour = OWN_RGB if label == own else OTHER_RGB
        at = (offset[0] + x + 10, offset[1] + y - 22)
        draw.text(at, names.get(label, ""), font=font, fill=colour, stroke_width=2, stroke_fill=(0, 0, 0))
    draw.text((8, 6), word, font=font, fill=(235, 235, 235), stroke_width=2, stroke_fill=(0, 0, 0))
