"""What bone encloses is inside; where the image cuts the body, the muscles outside a hip bone are still not the pelvis."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.coarse import CoarseScan
from calciscope.measure.regions.cavity import body_cavity
from calciscope.measure.regions.outlook import BONE, EAST, FREE, UNSEEN, WEST, outlook
from calciscope.measure.regions.parts import find_parts
from calciscope.terms.deposits import Region
from calciscope.terms.geometry import Grid
from calciscope.terms.tissue import Tissue

MM = 3.0
LEVELS, ROWS, COLUMNS = 20, 80, 130


def pelvis(columns: slice) -> CoarseScan:
    """Levels of a pelvis: skin fat, a ring of muscle, two hip bones and a sacrum around organs; cropped to ``columns``."""
    y, x = np.meshgrid((np.arange(ROWS) - ROWS / 2) * MM, (np.arange(COLUMNS) - COLUMNS / 2) * MM, indexing="ij")
    out = np.hypot(x / 175.0, y / 105.0)
    plane = np.full(x.shape, int(Tissue.OUTSIDE), dtype=np.uint8)
    plane[out < 1.0] = int(Tissue.FAT)
    plane[out < 0.85] = int(Tissue.MUSCLE)
    wing = np.abs(np.hypot(x, 1.2 * (y - 10.0)) - 85.0) < 6.0
    plane[wing & (np.abs(x) > 45.0) & (y > -45.0) & (y < 65.0)] = int(Tissue.BONE)
    plane[(np.abs(x) < 40.0) & (np.abs(y - 65.0) < 12.0)] = int(Tissue.BONE)
    tissue = np.repeat(plane[None, :, columns], LEVELS, axis=0)
    cut = np.zeros(tissue.shape, dtype=bool)
    cut[:, :, [0, -1]] = tissue[:, :, [0, -1]] != Tissue.OUTSIDE
    affine = np.diag([MM, MM, MM, 1.0])
    affine[:3, 3] = (columns.start - COLUMNS / 2) * MM, -ROWS / 2 * MM, 0.0
    hu = np.where(tissue == Tissue.BONE, 500, 0).astype(np.int16)
    return CoarseScan(
        tissue=tissue,
        hu=hu,
        gas=np.zeros(tissue.shape, dtype=bool),
        cut=cut,
        grid=Grid(shape=tissue.shape, affine=affine),
    )


@pytest.mark.parametrize(
    ("columns", "places"),
    [
        (slice(0, COLUMNS), {(0.0, 0.0): True, (40.0, 10.0): True, (125.0, 0.0): False, (0.0, 85.0): False}),
        (slice(65, COLUMNS), {(30.0, 10.0): True, (125.0, 0.0): False, (100.0, 50.0): False}),
        (slice(96, COLUMNS), {(115.0, 10.0): False, (125.0, -10.0): False}),
    ],
    ids=["whole", "one half", "one buttock"],
)
def test_the_inside_of_a_pelvis_whole_and_cropped(columns: slice, places: dict[tuple[float, float], bool]) -> None:
    scan = pelvis(columns)
    body = find_parts(scan)
    cavity = body_cavity(scan, body, [Region.PELVIS] * len(body.parts))
    for (x_mm, y_mm), inside in places.items():
        k, j, i = scan.cell_of(np.array([x_mm, y_mm, LEVELS / 2 * MM]))
        assert cavity[k, j, i] == inside, (x_mm, y_mm)


def test_looks_end_at_bone_at_the_skin_or_at_the_image() -> None:
    mine = np.ones((3, 9), dtype=bool)
    mine[:, 0] = False
    bone = np.zeros_like(mine)
    bone[1, 6] = True
    seen, steps = outlook(mine, bone, np.zeros_like(mine))
    assert (seen[EAST][1, 3], steps[EAST][1, 3]) == (BONE, 3)
    assert (seen[WEST][1, 3], steps[WEST][1, 3]) == (FREE, 3)
    assert seen[EAST][0, 3] == UNSEEN
    cut = np.zeros_like(mine)
    cut[:, 1] = True
    assert outlook(mine, bone, cut)[0][WEST][1, 3] == UNSEEN
