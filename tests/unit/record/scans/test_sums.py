"""Sums of stored masses have the interval that measuring gives the burden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calciscope.measure.neighbourhood import Quantity
from calciscope.measure.quantify.mass import burden_interval, mass
from calciscope.record.scans.sums import Shared, mass_sum
from calciscope.terms.measurement import Calibration, Matrix

CALIBRATION = Calibration(hu_per_mg_ml=1.4, relative_sd=0.06, source="modelled", kvp=120.0)
MATRIX = Matrix(hu=40.0, sd_hu=30.0)
RECIPE = {"calibration": {"hu_per_mg_ml": 1.4, "relative_sd": 0.06}, "matrix": {"hu": 40.0, "sd_hu": 30.0}}


def quantity(excess: float, volume: float, sd: float) -> Quantity:
    return Quantity(
        contrast_hu=None, support=None, excess_hu_ml=excess, excess_sd_hu_ml=sd * excess, volume_ml=volume, volume_sd_ml=0.0,
        excess_volume_covariance=0.0, background_hu=-50.0, clipped=False,
    )  # fmt: skip


def row(one: Quantity) -> dict[str, float]:
    mass_mg, lower, upper = mass(one, CALIBRATION, MATRIX)
    return {"mass_mg": mass_mg, "mass_lower_mg": lower, "mass_upper_mg": upper, "volume_ml": one.volume_ml}


made = st.builds(
    quantity, st.floats(200.0, 5000.0), st.floats(0.01, 1.0), st.floats(0.01, 0.4)
)  # enough mineral that no mass is cut off at zero


@given(st.lists(made, min_size=1, max_size=8))
def test_the_sum_of_stored_rows_is_the_burden_as_measured(found) -> None:
    mass_mg, lower, upper = burden_interval([(one, CALIBRATION) for one in found], MATRIX)
    summed = mass_sum([row(one) for one in found], Shared.of(RECIPE))
    assert summed.mass_mg == pytest.approx(mass_mg)
    assert summed.mass_lower_mg == pytest.approx(lower, abs=1e-6)
    assert summed.mass_upper_mg == pytest.approx(upper)


def test_without_a_recipe_limits_are_summed() -> None:
    rows = [row(quantity(900.0, 0.5, 0.1))] * 3
    wide, fair = mass_sum(rows, Shared.of(None)), mass_sum(rows, Shared.of(RECIPE))
    assert wide.mass_upper_mg > fair.mass_upper_mg
    assert wide.mass_mg == fair.mass_mg


def test_one_that_could_not_be_weighed_leaves_no_sum() -> None:
    assert mass_sum([{"mass_mg": None}, row(quantity(900.0, 0.5, 0.1))], None).mass_mg is None
    assert mass_sum([], None).mass_mg == 0.0
