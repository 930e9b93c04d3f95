"""Words, numbers and label places of the report."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calciscope.share.report import words
from calciscope.share.report.label_layout import LABEL_PITCH_MM, MOST_LABELS, Target, lay_out, spread
from calciscope.terms.deposits import Region, Side


def test_dates_read_alike_everywhere() -> None:
    assert words.day(date(2026, 3, 7)) == "Scan of 07 Mar 2026"
    assert words.day(None) == "Scan date not recorded"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0, "0"),
        (0.01234, "0.0123"),
        (1.999, "2.00"),
        (12.34, "12.3"),
        (999.6, "1\u202f000"),
        (14671.2, "14\u202f671"),
    ],
)
def test_amounts_have_three_digits(value, text) -> None:
    assert words.amount(value) == text


def test_interval_keeps_the_same_decimals_on_both_sides() -> None:
    assert words.interval(8.32, 23.46) == "8.3–23.5"
    assert words.interval(-1.0, 250.0) == "-1–250"
    assert words.interval(None, 3.0) == "–"
    assert words.interval(0.0, 0.0) == "0–0"


def test_sites_read_as_words() -> None:
    assert words.site(Region.LOWER_LEG, Side.LEFT) == "left lower leg"
    assert words.site(Region.CHEST, Side.MIDLINE) == "chest, midline"
    assert words.site(Region.UNKNOWN, Side.UNKNOWN) == "region unknown"
    assert words.site(Region.UNKNOWN, Side.LEFT) == "region unknown, left"


def test_text_from_the_file_is_limited_to_what_can_be_printed() -> None:
    assert words.printable("Müller\x00\n 東芝") == "Müller? ??"
    assert words.printable(None) == ""


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 120)), max_size=80),
    st.floats(4, 150),
)
def test_labels_never_overlap_nor_leave_the_picture(places, height_mm) -> None:
    targets = [Target(number=index, x_mm=x, y_mm=min(y, height_mm)) for index, (x, y) in enumerate(places)]
    labels = lay_out(targets, width_mm=100, height_mm=height_mm)
    assert len(labels) <= MOST_LABELS
    for on_left in (True, False):
        own = sorted(label.y_mm for label in labels if label.on_left is on_left)
        assert all(second - first > LABEL_PITCH_MM - 1e-6 for first, second in zip(own, own[1:], strict=False))
        assert all(-1e-6 <= y <= height_mm + 1e-6 for y in own)


def test_most_important_are_labelled_first() -> None:
    targets = [Target(number=index, x_mm=10, y_mm=5) for index in range(50)]
    labels = lay_out(targets, width_mm=100, height_mm=20)
    assert {label.target.number for label in labels} == set(range(10))


def test_lonely_label_stays_at_its_deposit() -> None:
    assert spread([50.0], pitch=4, length=100) == [50.0]
    assert spread([50.0, 50.0], pitch=4, length=100) == [48.0, 52.0]
