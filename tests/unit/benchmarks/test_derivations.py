"""Scans made of others are what they are said to be, and the marks of deposits stay on them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.bench_derived_scans import ON_LIMBS, Outcome, row
from benchmarks.derivations import Marked
from benchmarks.engine import series_of

SPACING_MM = (3.0, 1.0, 1.0)


@pytest.fixture(scope="module")
def limb() -> Marked:
    """A thigh of fat and muscle with a bone, and one marked deposit of 800 HU."""
    z, y, x = np.indices((16, 120, 130))
    away = np.hypot(y - 60, x - 65)
    hu = np.full(z.shape, -1000, dtype=np.int16)
    hu[away < 55] = -100
    hu[away < 45] = 55
    hu[away < 10] = 1000
    deposit = (abs(z - 8) < 2) & (np.hypot(y - 60, x - 90) < 4)
    hu[deposit] = 800
    return Marked(series=series_of(hu, SPACING_MM), put=deposit.astype(np.uint16))


@pytest.mark.parametrize("name", [name for name in ON_LIMBS if name not in ("field of 120 mm", "a rod of metal")])
def test_the_mark_stays_on_the_deposit(limb, name):
    made = ON_LIMBS[name](limb, np.random.default_rng(1))
    assert made.put.shape == made.series.volume.hu.shape == made.series.volume.grid.shape
    assert made.put.any() and np.median(made.hu[made.put > 0]) > 500


@pytest.mark.parametrize(
    "name", ["slices of 5 mm", "pixels of 0.5 mm", "feet first", "a quarter of the slices", "two limbs"]
)
def test_the_deposit_stays_where_it_was_in_the_patient(limb, name):
    made = ON_LIMBS[name](limb, np.random.default_rng(1))
    before, after = (scan.series.volume.grid.to_lps(np.argwhere(scan.put).mean(axis=0)) for scan in (limb, made))
    assert np.abs(before - after).max() < 1.5


def test_a_sharp_kernel_overshoots_beside_bone_and_a_soft_one_does_not(limb):
    sharp = ON_LIMBS["sharp kernel"](limb, np.random.default_rng(1))
    soft = ON_LIMBS["soft kernel"](limb, np.random.default_rng(1))
    assert sharp.series.volume.hu.max() > 1000 >= soft.series.volume.hu.max()


def test_contrast_runs_from_end_to_end_and_metal_has_streaks(limb):
    filled = ON_LIMBS["contrast in vessels"](limb, np.random.default_rng(1))
    added = (filled.hu - limb.hu) > 100
    assert filled.series.acquisition.contrast_agent and added.any(axis=(1, 2)).all()
    metal = ON_LIMBS["a rod of metal"](limb, np.random.default_rng(1)).hu
    assert metal.max() == 3071 and (metal[8][(limb.hu[8] == 55)] < 0).any()


def test_a_row_counts_false_deposits_a_scan_and_the_share_found():
    every = [
        ("a", "x", Outcome(false_ml=(0.5, 0.1), peer_false_ml=())),
        ("a", "x", Outcome(false_ml=(), peer_false_ml=(), put=4, found=3, seen=4, peer_found=2)),
        ("b", "x", Outcome(false_ml=(), peer_false_ml=(0.2,))),
    ]
    assert row("x", every) == ("x", 2, 1.0, 0.6, 0.5, 0.2, 4, 75.0, 100.0, 50.0)
