"""Deposits beside bone come apart from it; folded sheets are no bone; pieces of bone are no deposits."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from calciscope.measure.segment.islands import islands
from calciscope.measure.segment.sheets import is_folded_sheet
from calciscope.measure.segment.solid import Solid, fill

SPACING_MM = (2.0, 1.0, 1.0)
SHAPE = (24, 60, 60)
Z, Y, X = np.meshgrid(*(np.arange(n) * s for n, s in zip(SHAPE, SPACING_MM, strict=True)), indexing="ij")


def shaft() -> np.ndarray:
    """A shaft of bone along the scan in muscle, HU."""
    hu = np.full(SHAPE, 55.0)
    across = np.hypot(Y - 30, X - 20)
    hu[across < 9] = 1200.0
    hu[across < 6] = 40.0
    return hu


def ball(hu: np.ndarray, centre_mm: tuple[float, float, float], radius_mm: float, value_hu: float) -> None:
    """Set a ball, in place."""
    z, y, x = centre_mm
    hu[(Z - z) ** 2 + (Y - y) ** 2 + (X - x) ** 2 <= radius_mm**2] = value_hu


def split(hu: np.ndarray) -> list[np.ndarray]:
    """Islands of the scan's one dense piece, on the full grid."""
    image = np.rint(ndimage.gaussian_filter(hu, [0.9 / mm for mm in SPACING_MM])).astype(np.int16)
    labels, number = ndimage.label(image > 105, structure=np.ones((3, 3, 3)))
    assert number == 1, "the test wants one piece"
    found = []
    for box, mask in islands(image, labels.astype(np.uint16), 1, fill(labels > 0, SPACING_MM), SPACING_MM):
        whole = np.zeros(SHAPE, bool)
        whole[box] = mask
        found.append(whole)
    return found


@pytest.mark.parametrize("value_hu", [400.0, 900.0])
def test_a_ball_that_blur_joins_to_bone_is_an_island(value_hu: float) -> None:
    hu = shaft()
    ball(hu, (24.0, 30.0, 34.0), 3.0, value_hu)
    found = split(hu)
    assert len(found) == 1
    assert ndimage.center_of_mass(found[0]) == pytest.approx((12.0, 30.0, 34.0), abs=0.6)


def test_bone_alone_has_no_island() -> None:
    assert split(shaft()) == []


def test_a_denser_spot_within_the_marrow_is_bone() -> None:
    hu = shaft()
    ball(hu, (24.0, 30.0, 20.0), 2.5, 700.0)
    hu[(np.hypot(Y - 30, X - 20) < 7) & (hu < 300)] = 180.0  # dense marrow makes them one piece
    assert split(hu) == []


def test_dense_tissue_that_goes_on_behind_is_no_gap_of_blur() -> None:
    hu = shaft()
    hu[(np.abs(Y - 30) < 4) & (X > 20) & (X < 55) & (hu < 300)] = 140.0  # a band, as of cartilage
    ball(hu, (24.0, 30.0, 46.0), 3.0, 700.0)
    assert split(hu) == []


def test_large_voxels_show_no_gap() -> None:
    hu = np.full((9, 9, 9), 500, np.int16)
    assert islands(hu, np.ones(hu.shape, np.uint16), 1, np.ones(hu.shape, bool), (3.0, 3.0, 3.0)) == []


def solid_of(dense: np.ndarray) -> Solid:
    """A solid on a grid of 1 mm."""
    spacing = (1.0, 1.0, 1.0)
    filled = fill(dense, spacing)
    depth = ndimage.distance_transform_edt(np.pad(filled, 1))[1:-1, 1:-1, 1:-1].astype(np.float32)
    hu = np.where(dense, 600, 50).astype(np.float32)
    box = tuple(slice(0, n) for n in dense.shape)
    return Solid(
        hu=hu,
        dense=dense,
        filled=filled,
        depth_mm=depth,
        spacing_mm=spacing,
        factor=(1, 1, 1),
        box=(box[0], box[1], box[2]),
    )


def test_a_folded_sheet_is_open_and_a_shell_is_not() -> None:
    z, y, x = np.meshgrid(*(np.arange(30) - 15.0,) * 3, indexing="ij")
    far = np.sqrt(z**2 + y**2 + x**2)
    shell = (far <= 7) & (far > 4)
    fold = (np.abs(z) < 9) & (np.abs(x) < 8) & (np.abs(y) <= 4) & ~((np.abs(y) < 2) & (x < 6))
    assert not is_folded_sheet(solid_of(shell), 7.0)
    assert is_folded_sheet(solid_of(fold), float(solid_of(fold).depth_mm.max()))
