"""Coverage of intervals over drawn scanners and matrices, and the own part of a published interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.intervals import MATRIX_SD_HU, SCANNER_SD, Interval, Own, added, factor, mean_held, own_held, own_sd_mg
from calciscope.measure.neighbourhood import Quantity
from calciscope.measure.quantify.mass import mass
from calciscope.terms.deposits import Deposit, Kind, Layer, Region, Shape, Side
from calciscope.terms.measurement import Calibration, Matrix, Recipe

CALIBRATION = Calibration(hu_per_mg_ml=1.3, relative_sd=0.1, source="modelled", kvp=120.0)
RECIPE = Recipe(calibration=CALIBRATION, matrix=Matrix())
FACTOR = 1.35  # at the deposit's own place


def quantity(**changes: object) -> Quantity:
    known = {
        "contrast_hu": np.zeros((1, 1, 1), np.float32), "support": np.zeros((1, 1, 1), bool), "excess_hu_ml": 300.0,
        "excess_sd_hu_ml": 12.0, "volume_ml": 0.5, "volume_sd_ml": 0.06, "excess_volume_covariance": 0.2,
        "background_hu": -90.0, "clipped": False,
    }  # fmt: skip
    return Quantity(**{**known, **changes})  # type: ignore[arg-type]


def deposit(read: Quantity, recipe: Recipe = RECIPE) -> Deposit:
    local = replace(recipe.calibration, hu_per_mg_ml=FACTOR)
    mass_mg, lower, upper = mass(read, local, recipe.matrix)
    return Deposit(
        deposit_id=1, kind=Kind.CALCINOSIS, confidence=0.9, reason="test", volume_ml=read.volume_ml, volume_130hu_ml=0.3,
        mass_mg=mass_mg, mass_lower_mg=lower, mass_upper_mg=upper, excess_hu_ml=read.excess_hu_ml, peak_hu=600, mean_hu=400,
        background_hu=read.background_hu, agatston=40.0, longest_diameter_mm=7.0, x_mm=0, y_mm=0, z_mm=0, skin_depth_mm=5,
        layer=Layer.SUBCUTANEOUS, shape=Shape.NODULE, region=Region.KNEE, side=Side.LEFT,
    )  # fmt: skip


def interval(half: float) -> Interval:
    return Interval(lower_mg=100.0 - half, upper_mg=100.0 + half, true_mg=100.0, true_ml=0.2, hu_per_mg_ml=1.3)


def test_the_factor_at_a_deposit_comes_back_from_its_figures():
    assert factor(deposit(quantity()), RECIPE) == pytest.approx(FACTOR)


@pytest.mark.parametrize("matrix", [Matrix(), Matrix(hu=None)])
def test_the_own_part_of_an_interval_is_what_calibration_and_matrix_leave(matrix):
    recipe = replace(RECIPE, matrix=matrix)
    read = quantity()
    step = 0.0 if matrix.hu is None else matrix.hu - read.background_hu
    variance = read.excess_sd_hu_ml**2 + (step * read.volume_sd_ml) ** 2 - 2 * step * read.excess_volume_covariance
    assert own_sd_mg(deposit(read, recipe), recipe) == pytest.approx(np.sqrt(variance) / FACTOR, rel=1e-6)


def test_an_interval_of_the_drawn_errors_holds_them_at_95_percent():
    spread = np.hypot(100.0 * SCANNER_SD, 0.2 * MATRIX_SD_HU / 1.3)
    assert interval(1.96 * spread).held() == pytest.approx(0.95, abs=0.015)


def test_a_narrow_interval_holds_less_and_a_wide_one_all():
    assert interval(1.0).held() < 0.2
    assert interval(90.0).held() > 0.999
    assert mean_held([interval(1.0), interval(90.0)]) == pytest.approx(
        (interval(1.0).held() + interval(90.0).held()) / 2
    )
    assert mean_held([]) is None


def test_the_burden_is_held_against_the_sum_of_its_deposits():
    whole = added([interval(1.0), interval(1.0)], 150.0, 250.0)
    assert (whole.true_mg, whole.true_ml) == pytest.approx((200.0, 0.4))
    assert whole.hu_per_mg_ml == pytest.approx(1.3)


def test_own_errors_count_as_held_within_two_sd():
    assert own_held([Own(error_mg=1.9, sd_mg=1.0), Own(error_mg=-2.1, sd_mg=1.0)]) == 0.5
    assert own_held([]) is None
