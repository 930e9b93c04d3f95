"""Coarse CT numbers: sums are kept, places too."""

from __future__ import annotations

import numpy as np

from calciscope.measure.coarse_ct import coarse_ct
from calciscope.terms.geometry import Grid, Volume

SPACING = np.diag([0.8, 0.9, 1.0, 1.0])  # column, row, slice


def volume(hu: np.ndarray) -> Volume:
    return Volume(hu=hu.astype(np.int16), grid=Grid(shape=hu.shape, affine=SPACING))


def test_a_sum_of_ct_numbers_is_kept_to_one_unit_a_cell() -> None:
    hu = np.random.default_rng(3).normal(40, 20, (8, 12, 12)).round()
    found = coarse_ct(volume(hu))
    assert np.allclose(found.grid.spacing_mm, (2.0, 1.8, 1.6))
    fine = hu[:8, :12, :12].sum() * SPACING[0, 0] * SPACING[1, 1]
    coarse = float(found.hu.sum()) * found.grid.voxel_volume_mm3
    assert 0 <= fine - coarse <= found.hu.size * found.grid.voxel_volume_mm3


def test_a_bright_voxel_lies_in_the_cell_at_its_place() -> None:
    hu = np.zeros((9, 11, 13))
    hu[5, 6, 7] = 1000
    grid = volume(hu).grid
    found = coarse_ct(volume(hu))
    cell = np.argwhere(found.hu > 0)[0]
    away = np.abs(found.grid.to_lps(cell.astype(float)) - grid.to_lps(np.array([5.0, 6.0, 7.0])))
    assert (away <= np.array(found.grid.spacing_mm)[::-1] / 2).all()


def test_slices_thicker_than_a_cell_stay_as_they_are() -> None:
    thick = Volume(hu=np.full((3, 4, 4), 7, np.int16), grid=Grid(shape=(3, 4, 4), affine=np.diag([0.8, 0.8, 5.0, 1.0])))
    assert coarse_ct(thick).hu.shape[0] == 3
