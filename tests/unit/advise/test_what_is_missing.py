"""The three facts that would settle most come first, and what is due is told from the results."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from calciscope.advise import advise
from calciscope.knowledge import knowledge
from calciscope.terms.picture import ActivityState, Lab, Medication, PatientPicture, Person, Sex

PICTURE = PatientPicture(
    as_of=date(2026, 11, 23),
    patient=Person(born=date(1990, 1, 1), sex=Sex.FEMALE, weight_kg=60, height_cm=165),
    activity=ActivityState.ACTIVE,
    deposits=(),
    medications=(),
    allergies=frozenset(),
)


def result(name: str, unit: str, value: float, day: date) -> Lab:
    return Lab(loinc=None, name=name, unit=unit, value=value, day=day, high=40)


def test_pregnancy_settles_most_where_it_is_not_known() -> None:
    asked = replace(
        PICTURE,
        conditions_absent=frozenset({"live_vaccine_planned", "active_infection", "fever", "serious_infection"}),
    )
    advice = advise(asked, knowledge())
    assert len(advice.unlocks) == 3
    assert any("pregnant" in text for text in advice.unlocks)
    known = replace(asked, patient=replace(PICTURE.patient, pregnant=False, childbearing_potential=False))
    assert not any("pregnant" in text for text in advise(known, knowledge()).unlocks)


def test_missing_begins_with_what_unlocks() -> None:
    advice = advise(PICTURE, knowledge())
    assert advice.missing[:3] == advice.unlocks


def test_monitoring_is_due_from_the_oldest_of_its_results() -> None:
    taken = (Medication(therapy="methotrexate", dose=15, unit="mg/week"),)
    labs = (
        result("white blood cells", "/uL", 6000, date(2026, 11, 20)),
        result("ALT", "U/L", 20, date(2026, 10, 1)),
        result("creatinine", "mg/dL", 0.7, date(2026, 11, 20)),
    )
    advice = advise(replace(PICTURE, medications=taken, labs=labs), knowledge())
    due = next(one for one in advice.assessment.due if one.rule == "methotrexate-monitoring")
    assert (due.last, due.due, due.overdue) == (date(2026, 10, 1), date(2026, 10, 29), True)
    unknown = advise(replace(PICTURE, medications=taken), knowledge()).assessment.due
    assert next(one for one in unknown if one.rule == "methotrexate-monitoring").overdue is None


def test_a_routine_ct_is_never_the_next_test() -> None:
    advice = advise(PICTURE, knowledge())
    assert "ct_before_surgery" not in {one.test for one in advice.assessment.next_tests}
    assert len(advice.assessment.next_tests) <= 3


def test_replaying_an_earlier_day_uses_what_was_known_then() -> None:
    labs = (
        result("neutrophils", "/uL", 700, date(2026, 11, 20)),
        result("neutrophils", "/uL", 4000, date(2026, 10, 1)),
    )
    now = advise(replace(PICTURE, labs=labs), knowledge())
    then = advise(replace(PICTURE, labs=labs, as_of=date(2026, 10, 15)), knowledge())
    stopped = {True: now, False: then}
    for expected, advice in stopped.items():
        rules = {card.rule for option in advice.options for card in option.stops}
        assert ("jak-neutrophils" in rules) is expected


def test_a_route_or_a_reason_that_no_rule_knows_is_told_back() -> None:
    taken = (Medication(therapy="methotrexate", route="by the clock", indication="habit"),)
    missing = advise(replace(PICTURE, medications=taken), knowledge()).missing
    assert "not checked: methotrexate (route by the clock)" in missing
    assert "not checked: methotrexate (reason habit)" in missing


def test_allergies_are_asked_for_where_a_drug_is_considered_and_not_for_exercise() -> None:
    options = {one.therapy: one for one in advise(replace(PICTURE, allergies=None), knowledge()).options}
    assert "allergies" in options["methotrexate"].needs_data
    assert "allergies" not in options["physiotherapy"].needs_data
