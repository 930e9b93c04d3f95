"""The laboratory page: each result against the range that came with it, and what tells the subtypes apart."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse

from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.web.laboratory.table import ABOVE, BELOW, UNJUDGED, WITHIN, place_in_range
from tests.web.test_visit_without_a_script import text_of

RANGES = {
    "calcium": ("mg/dL", 9.4, 8.6, 10.4),
    "phosphate": ("mg/dL", 4.5, 3.7, 5.6),
    "parathyrin": ("pg/mL", 30, 10, 65),
    "vitamin_d_25": ("ng/mL", 32, 30, 100),
    "cystatin_c": ("mg/L", 0.8, 0.5, 1.0),
}


def results(by: Actor, patient: UUID, *, on: str = "2026-11-02", **changed: float) -> None:
    sayings = [
        Saying(
            noun="laboratory_result",
            data={
                "test": test,
                "value": changed.get(test, value),
                "unit": unit,
                "low": low,
                "high": high,
                "sampled_on": on,
            },
        )
        for test, (unit, value, low, high) in RANGES.items()
    ]
    record_entries(by=by, patient=patient, sayings=sayings)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"value": 5, "low": 1, "high": 4}, ABOVE),
        ({"value": 0.5, "low": 1, "high": 4}, BELOW),
        ({"value": 4, "low": 1, "high": 4}, WITHIN),
        ({"value": 5}, UNJUDGED),
        ({"value": "not_assessed", "low": 1, "high": 4}, UNJUDGED),
        ({"value": 0.5, "low": 1, "comparator": ">"}, UNJUDGED),
        ({"value": 0.5, "low": 1, "comparator": "<"}, BELOW),
        ({"value": 0, "high": 4}, WITHIN),
    ],
)
def test_a_result_is_held_against_its_own_range_alone(data: dict, place: str) -> None:
    assert place_in_range(data) == place


def test_results_stand_by_test_and_day_with_code_unit_and_mark(web, doctor, patient) -> None:
    results(doctor, patient, calcium=11.0)
    page = text_of(web.get(reverse("laboratory", args=[patient])))
    assert "LOINC 17861-6" in page
    assert "above the range: </span> 11" in page
    assert "8.6 to 10.4" in page
    assert "for age" in page  # the patient is a child


def test_the_battery_names_what_lies_outside_and_what_is_unknown(web, doctor, patient) -> None:
    address = reverse("laboratory", args=[patient])
    assert "Cannot be judged: calcium, total; phosphate" in text_of(web.get(address))
    results(doctor, patient, phosphate=6.5)
    page = text_of(web.get(address))
    assert "Outside the laboratory's range: phosphate. An option to discuss" in page.replace("&#x27;", "'")
    assert "fits dystrophic" not in page
    results(doctor, patient, on="2026-11-03")
    page = text_of(web.get(address))
    assert "this fits dystrophic calcinosis" in page
    assert "Cannot be judged" not in page


def test_a_childs_range_of_long_ago_is_not_offered_again(web, doctor, patient, visit) -> None:
    results(doctor, patient, on="2025-01-10")
    page = text_of(web.get(reverse("visit_laboratory", args=[patient, visit])))
    phosphate = page.split('name="phosphate-low"', 1)[1][:30]
    parathyrin = page.split('name="parathyrin-low"', 1)[1][:30]
    assert 'value=""' in phosphate
    assert 'value="10"' in parathyrin
    assert "Take the range for this age" in page


def test_a_range_of_this_year_is_offered_to_a_child_too(web, doctor, patient, visit) -> None:
    results(doctor, patient, on="2026-08-10")
    page = text_of(web.get(reverse("visit_laboratory", args=[patient, visit])))
    assert 'value="3.7"' in page.split('name="phosphate-low"', 1)[1][:30]


def test_earlier_days_are_one_click_away(web, doctor, patient) -> None:
    for month in range(1, 9):
        results(doctor, patient, on=date(2026, month, 1).isoformat())
    address = reverse("laboratory", args=[patient])
    assert "2 earlier days" in text_of(web.get(address))
    assert "01 Jan 2026" in text_of(web.get(address, {"days": "all"}))
