"""Mass from excess and volume, and what its interval holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calciscope.measure.neighbourhood import Quantity
from calciscope.measure.quantify.mass import burden_interval, mass
from calciscope.terms.measurement import Calibration, Matrix

QUANTITY = Quantity(
    contrast_hu=np.zeros((1, 1, 1), np.float32),
    support=np.zeros((1, 1, 1), bool),
    excess_hu_ml=100.0,
    excess_sd_hu_ml=2.0,
    volume_ml=0.2,
    volume_sd_ml=0.01,
    excess_volume_covariance=0.0,
    background_hu=-90.0,
    clipped=False,
)
CALIBRATION = Calibration(hu_per_mg_ml=1.25, relative_sd=0.05, source="given", kvp=120.0)
EXACT = replace(CALIBRATION, relative_sd=0.0)


def test_soft_tissue_that_replaced_fat_is_not_counted() -> None:
    assert mass(QUANTITY, CALIBRATION, Matrix(hu=40.0))[0] == pytest.approx((100.0 - 0.2 * 130.0) / 1.25)


def test_matrix_background_is_excess_over_calibration() -> None:
    read, lower, upper = mass(QUANTITY, EXACT, Matrix(hu=None))
    assert read == pytest.approx(80.0)
    assert upper - read == pytest.approx(1.96 * 2.0 / 1.25)
    assert read - lower == pytest.approx(1.96 * 2.0 / 1.25)


def test_own_errors_of_many_deposits_average_out_and_shared_ones_do_not() -> None:
    alone = mass(QUANTITY, EXACT, Matrix(hu=None))
    many = burden_interval([(QUANTITY, EXACT)] * 25, Matrix(hu=None))
    assert (many[2] - many[0]) / many[0] == pytest.approx((alone[2] - alone[0]) / alone[0] / 5)
    precise = replace(QUANTITY, excess_sd_hu_ml=0.0, volume_sd_ml=0.0)
    one = mass(precise, CALIBRATION, Matrix(hu=40.0))
    hundred = burden_interval([(precise, CALIBRATION)] * 100, Matrix(hu=40.0))
    assert hundred[2] / hundred[0] == pytest.approx(one[2] / one[0])


def test_mass_and_its_lower_bound_never_fall_below_zero() -> None:
    faint = replace(QUANTITY, excess_hu_ml=1.0)
    read, lower, upper = mass(faint, CALIBRATION, Matrix(hu=40.0))
    assert read == 0.0 and lower == 0.0 and upper > 0.0


def test_an_empty_burden_is_zero() -> None:
    assert burden_interval([], Matrix()) == (0.0, 0.0, 0.0)
