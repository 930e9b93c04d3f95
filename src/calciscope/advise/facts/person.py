"""Who the patient is: age, pregnancy, breastfeeding."""

from __future__ import annotations

from calciscope.advise.facts.fact import Fact, derived, plain, unknown, yes_no
from calciscope.advise.facts.table import Facts
from calciscope.terms.picture import Sex

ADULT_YEARS = 18
DAYS_A_YEAR = 365.25


@derived
def age_years(facts: Facts) -> Fact:
    """Whole years from birth, with months below two years."""
    born, as_of = facts.picture.patient.born, facts.picture.as_of
    if born is None:
        return unknown("date of birth")
    years = as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))
    exact = (as_of - born).days / DAYS_A_YEAR
    value = float(years) if years >= 2 else exact
    return Fact(value=value, told=f"age {plain(value)} years")


@derived
def child(facts: Facts) -> Fact:
    """Younger than 18 years."""
    age = facts["age_years"]
    return unknown(age.ask) if age.value is None else yes_no(age.value < ADULT_YEARS, age.told)


@derived
def pregnant(facts: Facts) -> Fact:
    """Pregnancy; not possible in a male."""
    return _of_women(facts, facts.picture.patient.pregnant, "pregnant", "whether she is pregnant (a test)")


@derived
def childbearing_potential(facts: Facts) -> Fact:
    """Whether a pregnancy could come about; a present one says so."""
    patient = facts.picture.patient
    value = True if patient.pregnant else patient.childbearing_potential
    return _of_women(facts, value, "childbearing potential", "childbearing potential")


@derived
def breastfeeding(facts: Facts) -> Fact:
    """Breastfeeding; not possible in a male."""
    return _of_women(facts, facts.picture.patient.breastfeeding, "breastfeeding", "whether she is breastfeeding")


def _of_women(facts: Facts, value: bool | None, told: str, ask: str) -> Fact:
    if value is None and facts.picture.patient.sex is Sex.MALE:
        return yes_no(False, "male")
    return unknown(ask) if value is None else yes_no(value, told if value else f"not {told}")
