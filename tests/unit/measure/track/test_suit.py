"""What may be compared: one patient, one part of the body, two scans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from calciscope.measure.track.suit import in_order_of_time, must_be_comparable, warnings_on
from calciscope.terms.deposits import Region
from calciscope.terms.errors import Refused
from calciscope.terms.measurement import Coverage
from calciscope.terms.tracking import TimePoint
from tests.unit.measure.track.toy import Ball, of_a_later_day, scan

FIRST = scan((Ball(at=(40.0, 5.0, 60.0)),))
SECOND = of_a_later_day(FIRST)
UNRECOGNISED = (Coverage(region=Region.UNKNOWN, side="left", evaluable=True),)


def with_facts(one: TimePoint, **changes: object) -> TimePoint:
    return replace(one, facts=replace(one.facts, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scans", "word"),
    [
        ((FIRST,), "Only one scan"),
        ((FIRST, with_facts(SECOND, pixel_sha256="first")), "same scan"),
        ((FIRST, with_facts(SECOND, patient_key="two")), "two patients"),
        ((FIRST, replace(SECOND, coverage=(Coverage(region=Region.KNEE, side="right", evaluable=True),))), "right"),
        ((FIRST, replace(SECOND, coverage=(Coverage(region=Region.WRIST, side="left", evaluable=True),))), "wrist"),
        ((FIRST, replace(with_facts(SECOND, body_part="ARM"), coverage=UNRECOGNISED)), "filed as arm"),
    ],
)
def test_refused_in_one_sentence(scans: tuple[TimePoint, ...], word: str) -> None:
    with pytest.raises(Refused, match=word) as refused:
        must_be_comparable(scans)
    assert str(refused.value).count(". ") == 0


def test_one_patient_and_one_part_pass() -> None:
    must_be_comparable((FIRST, SECOND))
    must_be_comparable((FIRST, replace(with_facts(SECOND, body_part="LEG"), coverage=UNRECOGNISED)))
    must_be_comparable((FIRST, replace(with_facts(SECOND, body_part=None), coverage=UNRECOGNISED)))


def test_the_earliest_is_the_baseline_whatever_the_order() -> None:
    ordered, warnings = in_order_of_time((SECOND, FIRST))
    assert [scan.facts.scan_date for scan in ordered] == [date(2025, 3, 7), date(2026, 3, 7)]
    assert "order of time" in warnings[0]
    assert in_order_of_time((FIRST, SECOND)) == ((FIRST, SECOND), ())


def test_without_dates_the_order_given_stands() -> None:
    ordered, warnings = in_order_of_time((with_facts(SECOND, scan_date=None), FIRST))
    assert ordered[1] is FIRST and "order given" in warnings[0]


def test_contrast_and_clipping_are_warned_of() -> None:
    told = " ".join(warnings_on(FIRST, with_facts(SECOND, contrast_agent="IODINE", failed_checks=("clipping",)), 1))
    assert "contrast" in told and "lower bounds" in told
    assert warnings_on(FIRST, SECOND, 1) == ()
