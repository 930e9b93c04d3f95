"""Lengths between points, depth below the skin, and the scale that a drawn ruler gives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from calciscope.measure.films.distance import (
    COVERAGE,
    RULER_READING_MM,
    depth_between,
    length_between,
    limits_around,
    pointing_px,
    scale_of_ruler,
)
from calciscope.read.films.scale import UNKNOWN_FROM, UNKNOWN_TO, magnification_unknown
from calciscope.terms.errors import Refused
from calciscope.terms.film import Scale, ScaleBasis

SHAPE = (1000, 800)
UNEVEN = Scale(x_mm=0.1, y_mm=0.2, relative_uncertainty=0.02, basis=ScaleBasis.REGION)


def test_a_length_takes_each_axis_by_its_own_scale() -> None:
    assert length_between((100.0, 100.0), (130.0, 120.0), UNEVEN, pointing=0.0).mm == pytest.approx(5.0)
    found = length_between((100.0, 100.0), (400.0, 100.0), UNEVEN, pointing=0.0)
    assert found.upper_mm / found.mm == pytest.approx(math.exp(COVERAGE * 0.02))
    assert found.mm / found.lower_mm == pytest.approx(math.exp(COVERAGE * 0.02))


def test_limits_hold_the_truth_wherever_an_unknown_magnification_lies() -> None:
    assumed, uncertainty = magnification_unknown()
    for factor in (UNKNOWN_FROM, 1.05, UNKNOWN_TO):
        found = 30.0 * factor / assumed
        lower, upper = limits_around(found, 0.0, uncertainty)
        assert lower <= 30.0 <= upper
        lower, upper = limits_around(found**2, 0.0, 2 * uncertainty)
        assert lower <= 30.0**2 <= upper


def test_depth_is_straight_down_and_never_upward() -> None:
    assert depth_between((50.0, 20.0), (300.0, 70.0), UNEVEN, pointing=1.0).mm == pytest.approx(10.0)
    with pytest.raises(Refused, match="skin"):
        depth_between((50.0, 70.0), (50.0, 20.0), UNEVEN, pointing=1.0)


def test_a_ruler_gives_a_scale_with_what_pointing_and_reading_leave_open() -> None:
    scale = scale_of_ruler((100.0, 900.0), (600.0, 900.0), 100.0, shape=SHAPE, factor=1.0, factor_uncertainty=0.0)
    assert scale.x_mm == scale.y_mm == pytest.approx(0.2)
    rng = np.random.default_rng(1)
    pointing = pointing_px(SHAPE)
    apart = 500 + rng.normal(0, pointing, 20_000) - rng.normal(0, pointing, 20_000)
    found = (100 + rng.normal(0, RULER_READING_MM, 20_000)) / apart
    assert scale.relative_uncertainty == pytest.approx(found.std() / found.mean(), rel=0.03)


def test_a_ruler_on_the_detector_needs_the_magnification() -> None:
    plain, magnified = (
        scale_of_ruler((0.0, 0.0), (500.0, 0.0), 100.0, shape=SHAPE, factor=factor, factor_uncertainty=uncertainty)
        for factor, uncertainty in ((1.0, 0.0), (1.1, 0.05))
    )
    assert magnified.x_mm == pytest.approx(plain.x_mm / 1.1)
    assert magnified.relative_uncertainty > 0.05 > plain.relative_uncertainty


@pytest.mark.parametrize(
    ("first", "second", "length_mm", "says"),
    [
        ((0.0, 0.0), (20.0, 0.0), 50.0, "too near"),
        ((0.0, 0.0), (500.0, 0.0), 0.0, "length"),
        ((0.0, 0.0), (500.0, 0.0), 5000.0, "length"),
        ((0.0, 0.0), (900.0, 0.0), 50.0, "outside"),
    ],
)
def test_a_ruler_that_gives_no_scale_is_refused(first, second, length_mm, says) -> None:
    with pytest.raises(Refused, match=says):
        scale_of_ruler(first, second, length_mm, shape=SHAPE, factor=1.0, factor_uncertainty=0.0)
