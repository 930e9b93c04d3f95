"""Bodies of one cross-section (rules filled_vessel and metal): filled vessels and bars of metal are told, lumps and sheets of
mineral stay deposits."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from calciscope.measure.segment.bars import across, along_its_length
from calciscope.measure.segment.run import segment
from calciscope.terms.deposits import Kind
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.series import Acquisition, Series

SPACING_MM = (3.0, 1.0, 1.0)
SHAPE = (24, 100, 100)
Z, Y, X = np.indices(SHAPE)


def limb(added: NDArray[np.bool_], value: float, **acquisition: object) -> Series:
    """A limb of fat and muscle with noise, and something of one value in it, blurred as a scanner would."""
    from scipy.ndimage import gaussian_filter

    away = np.hypot(Y - 50, X - 50)
    hu = np.where(away < 44, np.where(away < 38, 55.0, -100.0), -1000.0)
    share = gaussian_filter(added.astype(np.float32), (0.2, 0.7, 0.7))
    hu = hu * (1 - share) + share * value + np.random.default_rng(3).normal(0, 12, SHAPE)
    affine = np.diag([SPACING_MM[2], SPACING_MM[1], SPACING_MM[0], 1.0])
    voxels = np.clip(np.rint(hu), -1024, 3071).astype(np.int16)
    return Series(
        volume=Volume(hu=voxels, grid=Grid(shape=SHAPE, affine=affine)),
        acquisition=Acquisition(kvp=120.0, slice_thickness_mm=3.0, **acquisition),  # type: ignore[arg-type]
    )


def tube(width_mm: float, lean: float = 0.3) -> NDArray[np.bool_]:
    """A tube through the scan that leans by so many mm a slice."""
    return np.asarray(np.hypot(Y - 45 - lean * Z, X - 60) < width_mm / 2)


def kinds(series: Series) -> list[Kind]:
    """Kinds of what is larger than a grain."""
    found = segment(series)
    sizes = np.bincount(found.labels.ravel(), minlength=len(found.candidates) + 1) * series.volume.grid.voxel_volume_ml
    return [c.kind for c in found.candidates if sizes[c.label] > 0.1]


def test_a_filled_vessel_is_contrast_whether_or_not_the_header_tells():
    assert kinds(limb(tube(6.0), 300.0)) == [Kind.CONTRAST]
    assert kinds(limb(tube(6.0), 300.0, contrast_agent="iodine")) == [Kind.CONTRAST]


def test_a_line_of_mineral_that_ends_within_the_scan_is_no_filled_vessel():
    assert kinds(limb(tube(4.0) & (Z >= 5) & (Z < 19), 400.0)) == [Kind.CALCINOSIS]


def test_a_nail_is_metal_though_its_streaks_are_faint():
    assert kinds(limb(tube(8.0), 6000.0)) == [Kind.METAL]


def test_a_chain_of_lumps_and_a_long_sheet_are_calcinosis():
    chain = np.hypot(Y - 45, X - 60) < np.where(Z % 8 < 4, 5, 2)
    sheet = (abs(Y - 45) < 1.5) & (abs(X - 55) < 12)
    for shape in (chain, sheet):
        assert Kind.CONTRAST not in (found := kinds(limb(shape, 400.0))) and Kind.CALCINOSIS in found


def test_dense_mineral_that_is_no_bar_is_no_metal():
    ball = (Z - 12) ** 2 * 9 + (Y - 45) ** 2 + (X - 60) ** 2 < 81
    assert kinds(limb(ball, 3000.0)) == [Kind.CALCINOSIS]


def test_a_shaft_of_thick_cortex_in_a_short_scan_is_bone():
    away = np.hypot(Y - 50, X - 50)
    found = segment(limb((away < 14) & (away > 4), 1400.0))
    assert not found.candidates


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_bar_is_described_across_whichever_axis_it_runs(axis: int):
    straight = np.moveaxis(np.broadcast_to(np.hypot(*np.indices((20, 20)) - 10) < 4, (30, 20, 20)), 0, axis)
    bar = along_its_length(np.ascontiguousarray(straight), np.full(straight.shape, 900, np.int16), (1.0, 1.0, 1.0))
    assert bar is not None
    assert bar.length_mm == 30 and abs(bar.width_mm - 8) < 0.6 and bar.bent_mm < 0.01 and bar.oblong < 1.05
    assert bar.width_varies == 0 and bar.inner_varies == 0


def test_a_body_with_a_gap_or_few_planes_is_no_bar():
    core = np.zeros((12, 5, 5), dtype=bool)
    core[:4, 2, 2] = True
    hu = np.zeros(core.shape, dtype=np.int16)
    assert across(0, core, hu, (1.0, 1.0, 1.0)) is None
    core[6:, 2, 2] = True
    assert across(0, core, hu, (1.0, 1.0, 1.0)) is None
