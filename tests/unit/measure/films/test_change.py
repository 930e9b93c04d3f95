"""A change of area is called real where it is beyond repeated outlining and both films' scales, for all deposits together."""

from __future__ import annotations

import csv

import pytest

from calciscope.measure.films.change import SeenArea, area_change
from tests.conftest import ROOT


def seen(area_mm2: float, scale: float = 0.0) -> SeenArea:
    return SeenArea(area_mm2=area_mm2, scale_uncertainty=scale)


def test_the_limit_holds_error_of_repeated_films_and_not_a_true_half() -> None:
    with (ROOT / "docs" / "reference" / "film-change-data.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == "fit" and row["even"] == "True"]
    false = [area_change(seen(float(row["then_mm2"])), seen(float(row["now_mm2"]))).is_real for row in rows]
    assert len(rows) > 40 and sum(false) / len(rows) <= 0.08
    assert all(area_change(seen(area), seen(1.5 * area)).is_real for area in (10.0, 50.0, 200.0))


def test_a_scale_that_is_not_known_widens_the_limit() -> None:
    known, one, both = (
        area_change(seen(100.0, a), seen(100.0, b)).limit_mm2 for a, b in ((0, 0), (0.052, 0), (0.052, 0.052))
    )
    assert known < one < both
    assert both == pytest.approx(1.96 * 2 * 100 * 0.052 * 2**0.5, rel=0.05)


def test_more_deposits_widen_it_and_the_order_of_films_does_not_matter() -> None:
    single, many = (area_change(seen(50.0), seen(60.0), compared=n).limit_mm2 for n in (1, 20))
    assert 1.4 * single < many < 1.7 * single
    there, back = area_change(seen(50.0), seen(60.0)), area_change(seen(60.0), seen(50.0))
    assert there.change_mm2 == -back.change_mm2 and there.limit_mm2 == back.limit_mm2
