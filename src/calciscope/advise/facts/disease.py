"""The disease and its course: kind, activity, times, antibodies."""

from __future__ import annotations

from datetime import date

from calciscope.advise.facts.fact import Fact, derived, plain, spoken, unknown, yes_no
from calciscope.advise.facts.person import ADULT_YEARS, DAYS_A_YEAR
from calciscope.advise.facts.table import Facts
from calciscope.terms.picture import ActivityState, DiseaseType

DAYS_A_MONTH = DAYS_A_YEAR / 12
JUVENILE = frozenset({DiseaseType.JDM, DiseaseType.JADM})
ADULT_TYPES = frozenset({DiseaseType.DM, DiseaseType.ADM})
LINKED_WITH_CANCER = ("antibody_tif1_gamma", "antibody_nxp2")


@derived
def juvenile_disease(facts: Facts) -> Fact:
    """Begun before 18 years: by its name, else by its onset, else by the patient's age."""
    diagnosis, born = facts.picture.diagnosis, facts.picture.patient.born
    if diagnosis.type in JUVENILE:
        return yes_no(True, f"{diagnosis.type}")
    if born is not None and diagnosis.onset is not None:
        return yes_no((diagnosis.onset - born).days < ADULT_YEARS * DAYS_A_YEAR, f"onset {spoken(diagnosis.onset)}")
    return yes_no(True, "a child") if facts.holds("child") else unknown("date of onset")


@derived
def adult_dermatomyositis(facts: Facts) -> Fact:
    """Dermatomyositis, amyopathic too, that began in adult age."""
    diagnosis = facts.picture.diagnosis
    if diagnosis.type is None:
        return unknown("the kind of myositis")
    return yes_no(diagnosis.type in ADULT_TYPES and facts.holds("child") is not True, f"{diagnosis.type}")


@derived
def active_disease(facts: Facts) -> Fact:
    """Active in skin, muscle or elsewhere."""
    state = facts.picture.activity
    return (
        unknown("whether the disease is active")
        if state is None
        else yes_no(state is ActivityState.ACTIVE, f"disease {state}")
    )


@derived
def months_since_treatment_start(facts: Facts) -> Fact:
    """Months from the start of treatment to the day of the picture."""
    return _months(
        facts.picture.diagnosis.treatment_start, facts.picture.as_of, "since treatment began", "start of treatment"
    )


@derived
def months_from_onset_to_treatment(facts: Facts) -> Fact:
    """Months without treatment."""
    diagnosis = facts.picture.diagnosis
    return _months(
        diagnosis.onset, diagnosis.treatment_start, "from onset to treatment", "dates of onset and of treatment"
    )


@derived
def years_since_onset(facts: Facts) -> Fact:
    """Years of disease."""
    months = _months(facts.picture.diagnosis.onset, facts.picture.as_of, "since onset", "date of onset")
    if months.value is None:
        return months
    return Fact(value=months.value / 12, told=months.told)


@derived
def cancer_risk_antibody(facts: Facts) -> Fact:
    """TIF1-gamma or NXP2."""
    found = [one for one in LINKED_WITH_CANCER if facts.holds(one)]
    if not found and facts.picture.diagnosis.antibodies is None:
        return unknown("myositis antibodies")
    return yes_no(bool(found), ", ".join(facts[one].told for one in found))


def _months(start: date | None, end: date | None, told: str, ask: str) -> Fact:
    if start is None or end is None:
        return unknown(ask)
    months = (end - start).days / DAYS_A_MONTH
    return Fact(value=months, told=f"{plain(round(months))} months {told}")
