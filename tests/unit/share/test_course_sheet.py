"""How the course lies on one page: pictures as large as it allows, and as many deposits as fit below them."""

from __future__ import annotations

import pytest

from calciscope.share.course_sheet.typesetting import (
    CAPTION_MM,
    FEWEST_ROWS,
    HEAD_MM,
    PAGE_HIGH_MM,
    ROW_MM,
    pictures_laid,
    rows_that_fit,
)


def test_low_pictures_stand_in_two_rows_where_there_is_room() -> None:
    assert pictures_laid([1.1] * 6, 30.0) == (3, pytest.approx(170.0 / 3.3))
    columns, high_mm = pictures_laid([1.1] * 6, 122.0)
    assert columns == 6 and high_mm == pytest.approx(162.5 / 6.6), "a tall chart leaves one row"


def test_tall_pictures_stand_side_by_side() -> None:
    assert pictures_laid([0.4] * 6, 30.0) == (6, 66.0)
    assert pictures_laid([], 30.0) == (0, 0.0)


@pytest.mark.parametrize("chart_mm", [0.0, 30.0, 60.0, 90.0])
@pytest.mark.parametrize("shape", [0.3, 0.8, 1.1, 2.0])
def test_the_page_holds_what_is_laid_on_it(chart_mm: float, shape: float) -> None:
    columns, high_mm = pictures_laid([shape] * 6, chart_mm)
    rows = rows_that_fit(6, columns, high_mm, chart_mm)
    used = HEAD_MM + 6 / columns * (high_mm + CAPTION_MM) + chart_mm + rows * ROW_MM
    assert rows >= FEWEST_ROWS and used <= PAGE_HIGH_MM
