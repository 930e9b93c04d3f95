"""What a reader looks at: crops of the kept pixels around one item, with every item of the reading marked in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.flows.edit_reading import Desk
from calciscope.flows.reading_voxels import ReadScan
from calciscope.record.scans.review import AUTOMATIC, Item, Review
from calciscope.share.nifti import packed
from calciscope.share.pictures.crop_image import crop_image
from calciscope.terms.geometry import Float64
from calciscope.terms.whole_scan import Box, Crop, box_around

FIRST_DRAWN = 60_000  # marks of what a reader made; above every deposit_id that a screen lists
LEAST_ROOM_MM, MOST_ROOM_MM = 28.0, 45.0
"""Half the side of a crop: room to see where one is, little enough to be loaded at once (judgement)."""
PER_SIZE = 0.9  # half the side over the longest diameter


def marks_of(review: Review) -> dict[str, int]:
    """Item -> the number that it is marked with in pictures."""
    drawn = [one.id for one in review.items if one.origin != AUTOMATIC]
    numbers = {one.id: int(one.id) for one in review.items if one.origin == AUTOMATIC}
    return numbers | {name: FIRST_DRAWN + place for place, name in enumerate(drawn)}


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A crop around a point, with marks of what stands in it."""

    crop: Crop
    marks: NDArray[np.uint16]
    centre_lps_mm: Float64

    def scan_file(self) -> bytes:
        """The crop as .nii.gz."""
        return packed(self.crop.hu, self.crop.grid, description="crop")

    def marks_file(self) -> bytes:
        """The marks as .nii.gz."""
        return packed(self.marks, self.crop.grid, description="marks")

    def picture(self, own: int, names: Mapping[int, str]) -> bytes:
        """Three cuts as PNG."""
        return crop_image(self.crop, self.marks, own, self.centre_lps_mm, names)


def centre_of(item: Item) -> Float64:
    """Where an item lies, LPS mm."""
    return np.array([float(item.row[name]) for name in ("x_mm", "y_mm", "z_mm")])


def sight_of(desk: Desk, centre_lps_mm: Float64, longest_mm: float) -> Sight:
    """The crop around a point, as wide as what lies there needs."""
    scan = desk.scan()
    half_mm = min(max(LEAST_ROOM_MM, PER_SIZE * longest_mm), MOST_ROOM_MM)
    at = np.clip(np.rint(scan.kept.grid.to_index(centre_lps_mm)).astype(int), 0, np.array(scan.kept.grid.shape) - 1)
    box = box_around(scan.kept.grid, tuple(at), tuple(at), half_mm)
    crop = scan.kept.crop(box)
    return Sight(crop=crop, marks=_marked(scan, crop, box), centre_lps_mm=centre_lps_mm)


def _marked(scan: ReadScan, crop: Crop, box: Box) -> NDArray[np.uint16]:
    """The program's marks, and over them what the reader made; what an edit replaced is marked no more."""
    marks, numbers = crop.labels.copy(), marks_of(scan.review)
    replaced = [int(one.id) for one in scan.review.items if one.origin == AUTOMATIC and one.state == "replaced"]
    if replaced:
        marks[np.isin(marks, replaced)] = 0
    low, high = np.array([part.start for part in box]), np.array([part.stop for part in box])
    for item in scan.review.items:
        if item.origin == AUTOMATIC or item.state == "replaced":
            continue
        voxels = scan.voxels(item)
        inside = voxels[((voxels >= low) & (voxels < high)).all(axis=1)] - low
        marks[tuple(inside.T)] = numbers[item.id]
    return marks
