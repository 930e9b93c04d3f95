"""What lies beneath the deep fascia: fat between muscles and in the trunk does, fat under the skin does not."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.coarse import CoarseScan, coarsen
from calciscope.measure.fascia import outer_side
from calciscope.measure.neighbourhood import Segmentation
from calciscope.measure.scene import survey
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition
from calciscope.terms.tissue import Tissue

MM = (1.0, 1.0, 1.0)
SHAPE = (8, 140, 180)
Y, X = np.indices(SHAPE[1:]) - np.array([70, 90])[:, None, None]
RADIUS = np.hypot(Y, X)


def _coarse(tissue: np.ndarray, affine: np.ndarray | None = None) -> CoarseScan:
    tissue = np.ascontiguousarray(np.broadcast_to(tissue, SHAPE).astype(np.uint8))
    grid = Grid(shape=SHAPE, affine=np.eye(4) if affine is None else affine)
    return coarsen(Volume(hu=np.zeros(SHAPE, dtype=np.int16), grid=grid), tissue)


def _outer(tissue: np.ndarray, y: int, x: int) -> bool:
    """Whether the cell that holds a pixel (from the middle) is on the outer side."""
    coarse = _coarse(tissue)
    z_cell, y_cell, x_cell = coarse.cell_of(np.array([90.0 + x, 70.0 + y, 4.0]))
    return bool(outer_side(coarse, np.zeros(coarse.tissue.shape, dtype=bool))[z_cell, y_cell, x_cell])


def _limb() -> np.ndarray:
    """Skin, 12 mm of fat, muscle."""
    return np.select([RADIUS < 40, RADIUS < 52, RADIUS < 54], [Tissue.MUSCLE, Tissue.FAT, Tissue.SKIN_OTHER], 0)


def test_fat_under_the_skin_is_outside_and_muscle_inside() -> None:
    limb = _limb()
    assert _outer(limb, 0, 46) and _outer(limb, -46, 0) and _outer(limb, 0, 60)
    assert not _outer(limb, 0, 33) and not _outer(limb, 0, 0)


def test_fat_between_muscles_lies_beneath_though_its_gap_opens_to_the_skin() -> None:
    limb = _limb()
    limb[(np.abs(Y) <= 3) & (X > 0) & (RADIUS < 40)] = Tissue.FAT
    assert not _outer(limb, 0, 20)
    assert _outer(limb, 0, 47)


def test_a_wide_bay_of_fat_under_the_skin_stays_outside() -> None:
    limb = _limb()
    limb[(np.hypot(Y, X - 40) < 18) & (RADIUS < 52)] = Tissue.FAT
    assert _outer(limb, 0, 30)


def test_a_strand_does_not_close_off_the_fat_beneath_it() -> None:
    limb = _limb()
    limb[(RADIUS > 46) & (RADIUS < 48)] = Tissue.MUSCLE  # a sheet in the fat, all around
    assert _outer(limb, 0, 43)


def test_fat_in_the_belly_lies_beneath_its_wall() -> None:
    belly = np.where(RADIUS < 28, Tissue.FAT, _limb())
    assert not _outer(belly, 0, 0)
    assert not _outer(belly, 0, 27)
    assert _outer(belly, 0, 47)


def test_a_belly_known_as_such_is_beneath_though_its_wall_is_open() -> None:
    belly = np.where((RADIUS < 28) | ((X > 0) & (np.abs(Y) < 16)), Tissue.FAT, _limb())
    belly[RADIUS > 52] = _limb()[RADIUS > 52]
    coarse = _coarse(belly)
    inside = np.broadcast_to((coarse.grid.to_lps(np.moveaxis(np.indices(coarse.tissue.shape), 0, -1).astype(float))
                              - np.array([90.0, 70.0, 0.0]))[..., :2], (*coarse.tissue.shape, 2))  # fmt: skip
    cavity = np.hypot(inside[..., 0], inside[..., 1]) < 26
    middle = tuple(coarse.cell_of(np.array([90.0, 70.0, 4.0])))
    assert outer_side(coarse, np.zeros_like(cavity))[middle]
    assert not outer_side(coarse, cavity)[middle]


def test_gas_in_the_belly_is_not_the_air_around_the_body() -> None:
    gas = np.where(RADIUS < 12, Tissue.OUTSIDE, np.where(RADIUS < 28, Tissue.FAT, _limb()))
    assert not _outer(gas, 0, 20)


def test_fat_at_the_cut_edge_of_the_image_stays_outside_and_so_does_all_where_no_air_is_seen() -> None:
    only_fat_and_muscle = np.where(np.abs(Y) < 20, Tissue.MUSCLE, Tissue.FAT)
    assert _outer(only_fat_and_muscle, 60, 0) and _outer(only_fat_and_muscle, -60, 0)
    assert _outer(np.full(SHAPE[1:], Tissue.MUSCLE), 0, 0)


@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, 1, -1)])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_a_coarse_map_is_looked_up_at_every_voxel_of_a_box(
    signs: tuple[int, int, int], order: tuple[int, int, int]
) -> None:
    affine = np.zeros((4, 4))
    affine[3, 3] = 1.0
    for column, axis in enumerate(order):
        affine[axis, column] = signs[column]
    affine[0, 2] += 0.1  # sheared a little, as by a tilted gantry
    tissue = np.ascontiguousarray(np.broadcast_to(_limb(), SHAPE).astype(np.uint8))
    volume = Volume(hu=np.zeros(SHAPE, dtype=np.int16), grid=Grid(shape=SHAPE, affine=affine))
    scene = survey(
        volume, Acquisition(), Segmentation(labels=tissue.astype(np.uint16), tissue=tissue, candidates=(), noise_hu=9.0)
    )
    box = (slice(2, 7), slice(30, 61), slice(50, 93))
    field = np.random.default_rng(1).random(scene.coarse.tissue.shape) < 0.5
    index = np.moveaxis(np.indices((5, 31, 43)), 0, -1) + np.array([2.0, 30.0, 50.0])
    cells = scene.coarse.cell_of(scene.grid.to_lps(index))
    assert (scene.in_box(field, box) == field[tuple(np.moveaxis(cells, -1, 0))]).all()
