"""Deposits are put where their group says, far apart, and what was added is what the truth states."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.insertion import FREE, NEAR_BONE, SHEET, Scan, inserted_hu, insertions
from benchmarks.occupancy import Blur
from benchmarks.ring_peer import ring_reading
from benchmarks.scan_tissue import ground

SPACING_MM = (3.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def leg() -> Scan:
    """A cylinder of fat with muscle and one bone."""
    axis = np.arange(150, dtype=np.float32) - 74.5
    away = np.hypot(axis[:, None], axis[None, :])
    plane = np.full((150, 150), -1000.0)
    plane[away < 62] = -100.0
    plane[away < 42] = 55.0
    plane[np.hypot(axis[:, None], axis[None, :] - 10) < 9] = 1100.0
    noise = np.random.default_rng(0).normal(0, 12, (40, 150, 150))
    hu = np.rint(plane + noise).astype(np.int16)
    blur = Blur(in_plane_fwhm_mm=1.3, along_fwhm_mm=1.0, slice_box_mm=3.0)
    return Scan(name="leg", hu=hu, spacing_mm=SPACING_MM, kvp=120, ground=ground(hu, SPACING_MM), blur=blur)


@pytest.fixture(scope="module")
def put(leg):
    return list(insertions(leg, {NEAR_BONE: 1, SHEET: 2, FREE: 3}, 4))


def test_every_group_is_put_in(put):
    assert {deposit.group for deposit in put} == {FREE, NEAR_BONE, SHEET}


def test_truth_is_the_hu_that_was_added(leg, put):
    gained = inserted_hu(leg, put).astype(float) - leg.hu
    total = gained.sum() * np.prod(SPACING_MM) / 1000
    assert total == pytest.approx(sum(deposit.excess_hu_ml for deposit in put), rel=0.01)


def test_those_near_bone_are_four_to_eight_millimetres_from_it_and_the_others_farther(put):
    for deposit in put:
        assert (4 <= deposit.bone_mm <= 8) if deposit.group == NEAR_BONE else deposit.bone_mm > 8


def test_deposits_are_far_apart(put):
    for i, first in enumerate(put):
        for second in put[i + 1 :]:
            gap = np.linalg.norm((np.array(first.centre) - second.centre) * SPACING_MM)
            assert gap >= 25


def test_sheets_lie_on_the_muscle_surface(leg, put):
    for sheet in (deposit for deposit in put if deposit.group == SHEET):
        index = np.argwhere(sheet.support) + [part.start for part in sheet.window]
        away = np.hypot(index[:, 1] - 74.5, index[:, 2] - 74.5)
        assert np.percentile(np.abs(away - 42), 90) < 3.5


def test_the_same_seed_puts_the_same_deposits(leg, put):
    again = list(insertions(leg, {NEAR_BONE: 1, SHEET: 2, FREE: 3}, 4))
    assert [deposit.excess_hu_ml for deposit in again] == [deposit.excess_hu_ml for deposit in put]


def test_the_ring_peer_reads_a_large_free_deposit_in_homogeneous_tissue_well(leg):
    from benchmarks.occupancy import ball, occupancy

    seen = occupancy(ball(6.0), (20.0, 40.0, 75.0), (6.0,) * 3, SPACING_MM, leg.hu.shape, leg.blur)
    hu = leg.hu.astype(np.float32)
    hu[seen.window()] += 800 * seen.fraction
    read = ring_reading(np.rint(hu).astype(np.int16), seen.window(), seen.fraction > 0.2, leg.ground.bone, 0.003)
    assert read.excess_hu_ml == pytest.approx(800 * seen.volume_ml, rel=0.05)
