"""What the image holds of every deposit is what truth.json says, before noise: the phantom's first promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.phantom import Body, Kernel, PhantomSpec
from calciscope.phantom.deposits.planned import PlannedDeposit
from calciscope.phantom.make import Scene, scene_of
from calciscope.phantom.mineral import hu_per_mg_ml
from calciscope.phantom.render import Brightened, ideal_slices

TOLERANCE = 0.005  # of a deposit's excess
SMALL = PhantomSpec(kind=Body.LEG, slices=60, rows=170, columns=170, spacing_mm=1.0, noise_hu=0.0, seed=3)


def _image(spec: PhantomSpec, scene: Scene, deposits: list[Brightened]) -> np.ndarray:
    return np.stack([image for _, image in ideal_slices(spec, scene.body, deposits, scene.grid)])


def _excess(spec: PhantomSpec) -> list[tuple[PlannedDeposit, float, float]]:
    """Each deposit alone in the image: (deposit, measured excess, truth) in HU ml."""
    scene = scene_of(spec)
    bare = _image(spec, scene, [])
    rows = []
    for item in scene.brightened(spec):
        seen = _image(spec, scene, [item]) - bare
        rows.append((item.deposit, float(seen.sum(dtype=np.float64)) * scene.grid.voxel_volume_ml, item.excess_hu_ml))
    assert rows
    return rows


@pytest.mark.parametrize(
    "changes",
    [
        {"deposits": "nodules", "count": 3},
        {"deposits": "clusters", "count": 1, "kernel": Kernel.SHARP},
        {"deposits": "nodules-muscle", "count": 2, "slice_mm": 3.0, "slices": 20, "matrix_hu": 0.0},
        {"deposits": "nodules-muscle", "count": 2, "tilt_deg": 15.0},
    ],
    ids=["nodules", "grains sharp", "thick slices", "tilted gantry"],
)
def test_sum_of_excess_is_mass_times_brightness_plus_matrix(changes: dict[str, object]) -> None:
    for deposit, seen, truth in _excess(replace(SMALL, **changes)):
        assert seen == pytest.approx(truth, rel=TOLERANCE), deposit.recipe.identity


@pytest.mark.parametrize("preset", ["sheets", "laces", "lines", "plaques", "on-bone"])
def test_spread_out_deposits_keep_their_excess(preset: str) -> None:
    for deposit, seen, truth in _excess(replace(SMALL, deposits=preset, count=1, centre_mm=120.0)):
        assert seen == pytest.approx(truth, rel=TOLERANCE), deposit.recipe.identity


def test_excess_is_the_formula_of_mass_matrix_and_background() -> None:
    spec = replace(SMALL, deposits="nodules-fat", count=1, diameter_mm=5.0, concentration_mg_ml=400.0)
    scene = scene_of(spec)
    (item,) = scene.brightened(spec)
    _image(spec, scene, [item])
    volume_ml = 4 / 3 * np.pi * 2.5**3 / 1000
    assert item.deposit.volume_ml == pytest.approx(volume_ml, rel=1e-12)
    background = item.background_hu_ml / volume_ml
    assert -130 < background < -70
    expected = 400 * volume_ml * item.hu_per_mg_ml + volume_ml * (spec.matrix_hu - background)
    assert item.excess_hu_ml == pytest.approx(expected, rel=1e-6)


def test_brightness_follows_the_spectral_table() -> None:
    assert hu_per_mg_ml(120, 20) == pytest.approx(1.31)
    assert hu_per_mg_ml(80, 8) == pytest.approx(2.01)
    assert hu_per_mg_ml(110, 14) == pytest.approx((1.47 + 1.31 + 1.67 + 1.50) / 4)
    assert hu_per_mg_ml(70, 8) > hu_per_mg_ml(140, 8) > hu_per_mg_ml(140, 32)


def test_deeper_and_thicker_bodies_dim_the_mineral() -> None:
    leg, adult = (scene_of(replace(SMALL, kind=kind, deposits="nodules-muscle", count=3, slices=60, rows=120, columns=120,
                                   spacing_mm=spacing)) for kind, spacing in ((Body.ARM, 1.0), (Body.TRUNK, 3.5)))  # fmt: skip
    arm_cm = [leg.rays.water_cm(item.solid.centre_mm) for item in leg.deposits]
    trunk_cm = [adult.rays.water_cm(item.solid.centre_mm) for item in adult.deposits]
    assert max(arm_cm) < min(trunk_cm)
    assert 4 < min(arm_cm) and max(trunk_cm) < 40
