"""The record's facts become the picture that advice is given for: newest at or before the day, unknown stays unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from calciscope.record.fact import Fact
from calciscope.record.picture.deposits import NamedDeposit
from calciscope.record.picture.draw import Drawn, draw
from calciscope.terms.deposits import Layer, Region, Side
from calciscope.terms.picture import ActivityState, DepositForm, DepositState, DiseaseType, Sex

ON = date(2026, 11, 23)
BORN = date(2014, 3, 2)
D1 = UUID(int=1)
FINDING = {"region": "elbow", "side": "left", "layer": "subcutaneous", "form": "nodule", "longest_mm": 14}


def fact(noun: str, day: date | None = date(2026, 11, 1), *, deposit: UUID | None = None, **data) -> Fact:
    return Fact(
        uid=uuid4(), version=1, noun=noun, data=data, status="final", effective_on=day, visit_id=None,
        deposit_id=deposit, by="", role="", at=datetime(2026, 11, 1, tzinfo=UTC), reason="", software="",
    )  # fmt: skip


def drawn(*facts: Fact, born: date | None = BORN, on: date = ON) -> Drawn:
    return draw(facts, [(D1, "D01")], born=born, on=on)


def of_deposit(*events: Fact, **finding) -> frozenset[DepositState] | None:
    (seen,) = drawn(fact("deposit_finding", deposit=D1, **(FINDING | finding)), *events).picture.deposits or ()
    return seen.states


def event(word: str, day: date = date(2026, 11, 1)) -> Fact:
    return fact("deposit_event", day, deposit=D1, event=word, on=day.isoformat())


def test_nothing_recorded_is_nothing_known() -> None:
    picture = drawn(born=None).picture
    assert picture.patient.born is None
    assert picture.patient.pregnant is None
    assert picture.diagnosis.type is None
    assert picture.diagnosis.antibodies is None
    assert picture.activity is None
    assert picture.deposits is None
    assert picture.medications is None
    assert picture.allergies is None
    assert picture.conditions == picture.conditions_absent == frozenset()
    assert picture.labs == picture.unread == ()


def test_who_and_which_disease() -> None:
    picture = drawn(
        fact("characteristics", None, sex="female", birth_year=2014, population="juvenile"),
        fact("body_size", height_cm=138, weight_kg="not_assessed"),
        fact("body_size", date(2026, 9, 1), weight_kg=31),
        fact("diagnosis", date(2022, 6, 1), type="jdm", onset_on="2022-05", treated_on="2022-07-01"),
        fact("activity", state="active"),
    ).picture
    assert (picture.patient.sex, picture.patient.height_cm, picture.patient.weight_kg) == (Sex.FEMALE, 138, 31)
    assert (picture.diagnosis.type, picture.diagnosis.onset) == (DiseaseType.JDM, date(2022, 5, 1))
    assert picture.activity is ActivityState.ACTIVE


@pytest.mark.parametrize(("age_days", "known"), [(100, True), (400, False)])
def test_a_child_outgrows_its_weight(age_days: int, known: bool) -> None:
    measured = date.fromordinal(ON.toordinal() - age_days)
    picture = drawn(fact("body_size", measured, weight_kg=31)).picture
    assert (picture.patient.weight_kg == 31) is known
    assert (picture.unread == ()) is known
    adult = drawn(fact("body_size", measured, weight_kg=61), born=date(1980, 1, 1)).picture
    assert adult.patient.weight_kg == 61


def test_not_pregnant_is_asked_again() -> None:
    asked = date(2026, 3, 1)
    picture = drawn(fact("reproduction", asked, pregnant=False, childbearing_potential=True)).picture
    assert picture.patient.pregnant is None
    assert picture.patient.childbearing_potential is True
    assert drawn(fact("reproduction", asked, pregnant=True)).picture.patient.pregnant is True


def test_old_activity_is_not_of_today() -> None:
    picture = drawn(fact("activity", date(2024, 1, 2), state="inactive")).picture
    assert picture.activity is None
    assert picture.unread == ("activity of the disease (last recorded 02 Jan 2024, too old to hold)",)


def test_one_negative_antibody_is_no_panel() -> None:
    negative = fact("antibody", antibody="jo1", result="negative")
    assert drawn(negative).picture.diagnosis.antibodies is None
    assert drawn(fact("antibody", antibody="ana", result="positive")).picture.diagnosis.antibodies is None
    found = drawn(negative, fact("antibody", antibody="nxp2", result="weakly_positive")).picture
    assert found.diagnosis.antibodies == {"nxp2"}
    panel = fact("antibody", antibody="none_found", result="negative")
    assert drawn(panel).picture.diagnosis.antibodies == frozenset()


def test_a_deposit_with_its_place_and_size() -> None:
    found = drawn(fact("deposit_finding", deposit=D1, **FINDING, pain=2, skin_state=["intact"]))
    (seen,) = found.picture.deposits or ()
    assert (seen.site, seen.side, seen.layer) == (Region.ELBOW, Side.LEFT, Layer.SUBCUTANEOUS)
    assert (seen.form, seen.longest_mm, seen.symptomatic, seen.states) == (DepositForm.NODULE, 14, False, frozenset())
    assert found.deposits == (NamedDeposit(id=D1, label="D01"),)


def test_states_come_from_findings_and_events() -> None:
    assert of_deposit() is None
    assert of_deposit(skin_state="not_assessed") is None
    assert of_deposit(skin_state=["ulcerated", "draining"]) == {DepositState.ULCERATED, DepositState.EXTRUDING}
    assert of_deposit(skin_state=["intact"], consistency="fluid") == {DepositState.LIQUID}
    assert of_deposit(skin_state=["intact"], pain=6) == {DepositState.PAINFUL}
    assert of_deposit(skin_state=["intact"], joint_limit_deg=20) == {DepositState.LIMITING_JOINT}
    assert of_deposit(event("inflamed"), skin_state=["intact"]) == {DepositState.INFLAMED}
    assert of_deposit(event("inflamed", date(2026, 5, 1)), skin_state=["intact"]) == frozenset()


def test_growth_holds_until_somebody_says_otherwise() -> None:
    grows, then = event("growing", date(2026, 3, 1)), date(2026, 6, 1)
    assert of_deposit(grows, skin_state=["intact"]) == {DepositState.GROWING}
    assert of_deposit(grows, event("stable", then), skin_state=["intact"]) == frozenset()
    assert of_deposit(grows, skin_state=["intact"], unchanged=True) == frozenset()
    assert of_deposit(grows, event("ulcerated", then), skin_state=["intact"]) == {DepositState.GROWING}


def test_infection_holds_until_excluded_or_healed() -> None:
    suspected, excluded = event("infection_suspected", date(2026, 5, 1)), event("infection_excluded", date(2026, 5, 9))
    assert of_deposit(suspected, skin_state=["inflamed"]) == {
        DepositState.INFLAMED,
        DepositState.INFECTION_SUSPECTED,
    }
    assert DepositState.INFECTION_EXCLUDED in (of_deposit(suspected, excluded, skin_state=["inflamed"]) or ())
    assert of_deposit(suspected, skin_state=["intact"]) == frozenset()


def test_ended_deposits_are_gone_and_none_found_is_a_finding() -> None:
    finding = fact("deposit_finding", date(2026, 1, 1), deposit=D1, **FINDING)
    assert drawn(finding, event("excised")).picture.deposits == ()
    whole = fact("examination", extent="whole_body", outcome="none_found")
    assert drawn(whole).picture.deposits == ()
    assert drawn(fact("examination", extent="parts", outcome="none_found")).picture.deposits is None


def test_drugs_of_the_day() -> None:
    taken = fact(
        "medication", date(2026, 1, 1), therapy="methotrexate", dose=15, dose_unit="mg/wk", route="oral",
        started_on="2026-01",
    )  # fmt: skip
    ended = fact("medication", date(2026, 1, 1), therapy="prednisone", started_on="2026-01", stopped_on="2026-08-01")
    later = fact("medication", date(2026, 12, 1), therapy="ivig", started_on="2026-12-01")
    (drug,) = drawn(taken, ended, later).picture.medications or ()
    assert (drug.therapy, drug.dose, drug.unit, drug.since) == ("methotrexate", 15, "mg/week", date(2026, 1, 1))
    before = drawn(taken, ended, later, on=date(2026, 7, 31)).picture
    assert {one.therapy for one in before.medications or ()} == {"methotrexate", "prednisone"}
    assert drawn(ended).picture.medications == ()


def test_newest_result_of_each_test_with_its_own_range() -> None:
    old = fact("laboratory_result", date(2026, 1, 1), test="creatinine", value=0.9, unit="mg/dL")
    new = fact("laboratory_result", test="creatinine", value=0.4, unit="mg/dL", low=0.3, high=0.7)
    left = fact("laboratory_result", date(2026, 11, 9), test="creatinine", value="not_assessed", unit="mg/dL")
    (lab,) = drawn(old, new, left).picture.labs
    assert (lab.loinc, lab.value, lab.low, lab.high, lab.day) == ("2160-0", 0.4, 0.3, 0.7, date(2026, 11, 1))
    below = fact("laboratory_result", test="crp", value=0.5, unit="mg/L", comparator="<")
    assert drawn(below).picture.unread == ("C-reactive protein reported as < 0.5; the limit itself was used",)


def test_conditions_by_the_newest_word() -> None:
    picture = drawn(
        fact("condition", date(2020, 1, 1), condition="dysphagia", answer="present"),
        fact("condition", condition="dysphagia", answer="ruled_out"),
        fact("condition", condition="venous_thromboembolism", answer="past"),
        fact("condition", condition="fever", answer="past"),
        fact("condition", condition="diabetes", answer="not_assessed"),
        fact("condition", condition="other", answer="present", text="coeliac disease"),
        fact("history_item", topic="smoking", answer="denied"),
    ).picture
    assert picture.conditions == {"venous_thromboembolism"}
    assert picture.conditions_absent == {"dysphagia", "smoker"}
    assert picture.unread == ("fever in the past", "coeliac disease")


def test_allergies_none_known_is_an_answer() -> None:
    assert drawn(fact("allergy", answer="none_known")).picture.allergies == frozenset()
    assert drawn(fact("allergy", answer="not_assessed")).picture.allergies is None
    assert drawn(fact("allergy", answer="present", substance="Sulfonamides")).picture.allergies == {"Sulfonamides"}


def test_what_lies_after_the_day_is_not_known_on_it() -> None:
    later = fact("activity", date(2026, 12, 1), state="active")
    assert drawn(later).picture.activity is None
    assert drawn(later, on=date(2026, 12, 1)).picture.activity is ActivityState.ACTIVE
