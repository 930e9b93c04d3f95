"""One reader of dates, for forms and for lists."""

from __future__ import annotations

import pytest

from calciscope.record.patient_list.days import DateOrder, spelled_day
from calciscope.record.written_days import named_day, written
from calciscope.web.design.days import read


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("7 Mar 2026", "2026-03-07"), ("07 March 2026", "2026-03-07"), ("7. März 2026", "2026-03-07"), ("March 2026", "2026-03"),
        ("Mar 7, 2026", "2026-03-07"), ("07-Mar-2026", "2026-03-07"), ("2026", "2026"), ("2026-03", "2026-03"),
        (" 2026-03-07 ", "2026-03-07"),
    ],
)  # fmt: skip
def test_forms_and_lists_read_the_same(text: str, iso: str) -> None:
    assert named_day(text) == read(text) == iso
    assert spelled_day(text.strip(), DateOrder.DAY_FIRST) == iso


@pytest.mark.parametrize("text", ["07/03/2026", "03.07.26", "soon", "", "7 Foo 2026"])
def test_what_may_mean_two_days_is_left_to_the_list_and_its_order(text: str) -> None:
    assert named_day(text) is None
    assert read(text) == text


def test_lists_know_no_day_that_there_is_not() -> None:
    assert spelled_day("31 Feb 2026", DateOrder.DAY_FIRST) is None
    assert spelled_day("2026-13", DateOrder.DAY_FIRST) is None
    assert read("31 Feb 2026") == "2026-02-31"  # for the record to refuse at its field


def test_what_is_written_is_read_again() -> None:
    for iso in ("2026-03-07", "2026-12", "1999"):
        assert named_day(written(iso)) == iso
