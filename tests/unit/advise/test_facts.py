"""Facts: worked values of kidney function, units of results, infection at deposits, what counts as known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from calciscope.advise.facts.table import Facts
from calciscope.advise.index import index
from calciscope.knowledge import knowledge
from calciscope.terms.picture import (
    DepositState,
    DiseaseType,
    Lab,
    Medication,
    PatientPicture,
    Person,
    SeenDeposit,
    Sex,
)

KNOWN = knowledge()
AS_OF = date(2026, 11, 23)
CHILD = Person(born=date(2014, 3, 2), sex=Sex.FEMALE, height_cm=138, weight_kg=31)
WOMAN = Person(born=date(1966, 11, 1), sex=Sex.FEMALE, height_cm=166, weight_kg=65)


def lab(name: str, value: float, unit: str, day: date | None = date(2026, 11, 1), **limits: float) -> Lab:
    return Lab(loinc=None, name=name, value=value, unit=unit, day=day, **limits)


def facts(*labs: Lab, **picture: object) -> Facts:
    held = PatientPicture(as_of=AS_OF, labs=labs, **picture)
    return Facts(held, KNOWN.vocabulary, index(KNOWN).classes)


def test_egfr_of_a_child_is_schwartz() -> None:
    found = facts(lab("creatinine", 0.5, "mg/dL"), patient=CHILD)["egfr"]
    assert found.value == pytest.approx(0.413 * 138 / 0.5)
    assert "Schwartz" in found.told


def test_egfr_of_a_child_needs_height() -> None:
    found = facts(lab("creatinine", 0.5, "mg/dL"), patient=replace(CHILD, height_cm=None))["egfr"]
    assert found.value is None
    assert found.ask == "height (for eGFR of a child)"


def test_egfr_of_an_adult_is_ckd_epi_2021() -> None:
    """Woman of 60 with 1.0 mg/dL: 64 by the published equation, worked by hand."""
    found = facts(lab("creatinine", 1.0, "mg/dL"), patient=WOMAN)["egfr"]
    assert found.value == pytest.approx(142 * (1.0 / 0.7) ** -1.2 * 0.9938**60 * 1.012)
    assert found.value == pytest.approx(64.4, abs=0.5)


def test_micromoles_are_the_same() -> None:
    one = facts(lab("creatinine", 88.4, "umol/L"), patient=WOMAN)["egfr"].value
    other = facts(lab("creatinine", 1.0, "mg/dL"), patient=WOMAN)["egfr"].value
    assert one == pytest.approx(other, rel=1e-3)


def test_clearance_is_cockcroft_gault_in_adults_and_egfr_in_children() -> None:
    adult = facts(lab("creatinine", 1.0, "mg/dL"), patient=WOMAN)["creatinine_clearance"]
    assert adult.value == pytest.approx((140 - 60) * 65 / 72 * 0.85)
    child = facts(lab("creatinine", 0.5, "mg/dL"), patient=CHILD)
    assert child["creatinine_clearance"].value == child["egfr"].value


@pytest.mark.parametrize("condition", ["muscle_wasting", "wheelchair_bound"])
def test_creatinine_of_wasted_muscle_may_warn_but_not_reassure(condition: str) -> None:
    found = facts(lab("creatinine", 0.3, "mg/dL"), patient=CHILD, conditions=frozenset({condition}))["egfr"]
    assert found.warns_only
    assert "cystatin C" in found.ask


def test_cystatin_c_comes_first_and_is_trusted() -> None:
    found = facts(
        lab("creatinine", 0.3, "mg/dL"),
        lab("cystatin C", 2.0, "mg/L"),
        patient=CHILD,
        conditions=frozenset({"muscle_wasting"}),
    )["egfr"]
    assert found.value == pytest.approx(70.69 * 2.0**-0.931)
    assert not found.warns_only


def test_reported_egfr_of_a_child_may_only_warn() -> None:
    found = facts(lab("egfr_reported", 95, "mL/min/1.73 m2"), patient=CHILD)["egfr"]
    assert found.value == 95
    assert found.warns_only


def test_old_and_undated_results_may_only_warn() -> None:
    assert facts(lab("neutrophils", 4000, "/uL", date(2025, 1, 1)))["neutrophils"].warns_only
    assert facts(lab("neutrophils", 4000, "/uL", None))["neutrophils"].warns_only
    assert not facts(lab("neutrophils", 4000, "/uL"))["neutrophils"].warns_only


def test_the_newest_result_before_the_day_counts() -> None:
    found = facts(
        lab("neutrophils", 900, "/uL", date(2026, 10, 1)),
        lab("neutrophils", 3000, "/uL", date(2026, 11, 1)),
        lab("neutrophils", 100, "/uL", date(2026, 12, 1)),
    )
    assert found["neutrophils"].value == 3000
    assert found.results.not_checked == ["not checked: neutrophils dated after the day of the picture"]


@pytest.mark.parametrize(("value", "unit"), [(1.2, "10*9/L"), (1.2, "x10^9/L"), (1.2, "K/uL"), (1200, "/mm3")])
def test_counts_come_to_one_unit(value: float, unit: str) -> None:
    assert facts(lab("neutrophils", value, unit))["neutrophils"].value == pytest.approx(1200)


def test_a_unit_it_does_not_know_is_told_back() -> None:
    found = facts(lab("creatinine", 5, "furlong"), lab("phosphate", 4, ""))
    assert found["creatinine"].value is None
    assert found.results.not_checked == [
        "not checked: creatinine (unit furlong)",
        "not checked: phosphate (no unit given)",
    ]


def test_adult_limits_are_not_for_children() -> None:
    assert facts(lab("phosphate", 5.2, "mg/dL"), patient=WOMAN)["phosphate"].high == 4.5
    assert facts(lab("phosphate", 5.2, "mg/dL"), patient=CHILD)["phosphate"].high is None
    assert facts(lab("phosphate", 5.2, "mg/dL"))["phosphate"].high is None


def test_calcium_is_corrected_for_albumin() -> None:
    found = facts(lab("calcium", 8.0, "mg/dL"), lab("albumin", 2.5, "g/dL"), patient=WOMAN)["corrected_calcium"]
    assert found.value == pytest.approx(9.2)
    assert facts(lab("calcium", 8.0, "mg/dL"), patient=WOMAN)["corrected_calcium"].warns_only


@pytest.mark.parametrize(
    ("more", "unclear"),
    [
        ([], False),
        ([("ck", 900, "U/L", 200)], True),
        ([("ck", 100, "U/L", 200)], False),
        ([("ck", 900, "U/L", 200), ("gamma-GT", 200, "U/L", 60)], False),
        ([("ck", 900, "U/L", 200), ("gamma-GT", 20, "U/L", 60)], True),
    ],
)
def test_alt_is_of_unclear_source_only_with_a_raised_ck_and_no_sign_of_the_liver(more: list, unclear: bool) -> None:
    labs = [lab(name, value, unit, high=high) for name, value, unit, high in [("ALT", 200, "U/L", 40), *more]]
    assert facts(*labs).holds("alt_of_unclear_source") is unclear


@pytest.mark.parametrize(
    ("states", "confirmed", "suspected", "possible"),
    [
        (None, None, None, None),
        (set(), False, False, False),
        ({"inflamed"}, None, None, True),
        ({"liquid"}, None, None, True),
        ({"inflamed", "infection_excluded"}, False, False, False),
        ({"ulcerated", "infection_suspected"}, False, True, True),
        ({"infection_confirmed", "infection_excluded"}, True, False, False),
        ({"infection_suspected", "infection_excluded"}, False, True, True),
    ],
)
def test_infection_is_confirmed_suspected_excluded_or_open(
    states: set[str] | None, confirmed: bool | None, suspected: bool | None, possible: bool | None
) -> None:
    held = None if states is None else frozenset(DepositState(one) for one in states)
    found = facts(deposits=(SeenDeposit(states=held),))
    assert found.holds("deposit_infection_confirmed") is confirmed
    assert found.holds("deposit_infection_suspected") is suspected
    assert found.holds("deposit_infection_possible") is possible


def test_a_condition_that_was_not_asked_for_is_not_known() -> None:
    found = facts(conditions=frozenset({"fever"}), conditions_absent=frozenset({"diabetes"}))
    assert (found.holds("fever"), found.holds("diabetes"), found.holds("lupus")) == (True, False, None)


def test_pregnancy_is_no_question_in_a_male() -> None:
    assert facts(patient=Person(sex=Sex.MALE)).holds("pregnant") is False
    assert facts(patient=Person(sex=Sex.FEMALE)).holds("pregnant") is None
    assert facts().holds("pregnant") is None


@pytest.mark.parametrize("written", ["TIF1-γ", "anti-TIF1-gamma", "TIF1g", "tif1", "p155/140"])
def test_antibodies_are_known_however_they_are_written(written: str) -> None:
    found = facts(diagnosis=replace(PatientPicture(as_of=AS_OF).diagnosis, antibodies=frozenset({written})))
    assert found.holds("antibody_tif1_gamma") is True
    assert found.holds("antibody_nxp2") is False
    assert found["antibody_nxp2"].told == "no anti-NXP2"
    assert found.holds("cancer_risk_antibody") is True


def test_doses_come_to_one_unit() -> None:
    daily = Medication(therapy="prednisone", dose=1, unit="mg/kg/day")
    assert facts(patient=WOMAN, medications=(daily,))["prednisone_mg_per_day"].value == 65
    assert facts(medications=(daily,))["prednisone_mg_per_day"].value is None
    assert facts(medications=())["prednisone_mg_per_day"].value == 0
    assert facts()["prednisone_mg_per_day"].value is None


def test_juvenile_disease_is_by_name_then_onset_then_age() -> None:
    grown_up = replace(PatientPicture(as_of=AS_OF).diagnosis, type=DiseaseType.JDM)
    assert facts(patient=WOMAN, diagnosis=grown_up).holds("juvenile_disease") is True
    late = replace(grown_up, type=None, onset=date(2000, 1, 1))
    assert facts(patient=WOMAN, diagnosis=late).holds("juvenile_disease") is False
    assert facts(patient=CHILD).holds("juvenile_disease") is True
    assert facts(patient=WOMAN).holds("juvenile_disease") is None


@pytest.mark.parametrize("name", ["ANC", "Neutrophils", "absolute neutrophil count"])
@pytest.mark.parametrize("unit", ["10*9/L", "x10^9/L", "10^3/µL", "10E3/uL", "K/uL", "Thousand/uL"])
def test_results_are_known_by_their_usual_names_and_units(name: str, unit: str) -> None:
    assert facts(lab(name, 1.2, unit))["neutrophils"].value == pytest.approx(1200)


@pytest.mark.parametrize(
    ("unit", "not_weekly"),
    [
        ("mg/week", False),
        ("mg/wk", False),
        ("mg weekly", False),
        ("mg/day", True),
        ("mg/d", True),
        ("mg", None),
        (None, None),
    ],
)
def test_methotrexate_by_another_interval_is_an_alarm_and_no_interval_a_question(
    unit: str | None, not_weekly: bool | None
) -> None:
    entry = Medication(therapy="methotrexate", dose=10, unit=unit)
    assert facts(medications=(entry,)).holds("methotrexate_not_weekly") is not_weekly
    assert facts(medications=()).holds("methotrexate_not_weekly") is False


@pytest.mark.parametrize("written", ["Sulfites", "sulfite", "SULFITE"])
def test_allergies_are_known_however_they_are_spelled(written: str) -> None:
    assert facts(allergies=frozenset({written})).holds("allergy_sulfite") is True


def test_an_allergy_may_be_a_drug_or_its_class_and_another_word_is_kept() -> None:
    found = facts(allergies=frozenset({"Co-trimoxazole", "Bisphosphonates", "bee stings"}))
    assert found.allergies == {"cotrimoxazole", "bisphosphonate"}
    assert found.other_allergies == ("bee stings",)


@pytest.mark.parametrize(
    ("dose", "unit", "mg_per_week"),
    [
        (15, "mg/week", 15),
        (15, "mg a week", 15),
        (15, "mg weekly", 15),
        (0.015, "g/wk", 15),
        (0.5, "mg/kg/week", 15.5),
        (5, "mg/day", 35),
        (2.5, "mg twice a day", 35),
        (15, "tablets/week", None),
        (15, None, None),
        (None, "mg/week", None),
    ],
)
def test_a_dose_is_understood_as_it_is_written(dose: float | None, unit: str | None, mg_per_week: float | None) -> None:
    taken = (Medication(therapy="methotrexate", dose=dose, unit=unit),)
    found = facts(medications=taken, patient=CHILD)["methotrexate_mg_per_week"].value
    assert found == (None if mg_per_week is None else pytest.approx(mg_per_week))


def test_a_dose_by_weight_needs_the_weight() -> None:
    taken = (Medication(therapy="prednisone", dose=60, unit="mg/day"),)
    assert facts(medications=taken)["prednisone_mg_per_kg"].value is None
    assert facts(medications=taken, patient=CHILD)["prednisone_mg_per_kg"].value == pytest.approx(60 / 31)


def test_a_result_below_zero_and_limits_upside_down_are_told_back() -> None:
    below = facts(lab("creatinine", -1.0, "mg/dL"), patient=WOMAN)
    assert below["egfr"].value is None
    assert below.results.not_checked == ["not checked: creatinine (below zero)"]
    turned = facts(lab("creatinine", 1.0, "mg/dL", low=3, high=1), patient=WOMAN)
    assert turned["egfr"].value is not None
    assert turned.results.not_checked == ["not checked: limits of creatinine (the lower one lies above the upper one)"]
