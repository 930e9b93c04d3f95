"""What the list of drugs says: doses per day and per kg, and classes that rules ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from calciscope.advise.facts.fact import Fact, any_of, derived, plain, unknown, yes_no
from calciscope.advise.facts.table import Facts
from calciscope.terms.picture import Medication

DAYS_A_WEEK = 7
DAILY = ("day", "daily", "/d", "month", "hour")  # words of other intervals than the week
FOR_THE_DISEASE = frozenset({"treatment"})
MG = {"g": 1000.0, "mg": 1.0, "ug": 0.001, "mcg": 0.001, "µg": 0.001}
TIMES = {"once": 1, "twice": 2, "threetimes": 3, "fourtimes": 4}
RATE = re.compile(
    f"(?P<mass>{'|'.join(MG)})(?P<by_kg>/kg)?(?P<times>{'|'.join(TIMES)})?(?:/|per|a)?(?P<interval>daily|day|d|weekly|week|wk)"
)


@derived
def prednisone_mg_per_day(facts: Facts) -> Fact:
    """mg/day of prednisone; 0 where it is not taken."""
    return _dose(facts, "prednisone", "mg/day", "prednisone")


@derived
def prednisone_mg_per_kg(facts: Facts) -> Fact:
    """mg/kg/day of prednisone; 0 where it is not taken."""
    return _dose(facts, "prednisone", "mg/kg/day", "prednisone")


@derived
def methotrexate_mg_per_week(facts: Facts) -> Fact:
    """mg a week of methotrexate; 0 where it is not taken."""
    return _dose(facts, "methotrexate", "mg/week", "methotrexate")


@derived
def colchicine_mg_per_day(facts: Facts) -> Fact:
    """mg/day of colchicine; 0 where it is not taken."""
    return _dose(facts, "colchicine", "mg/day", "colchicine")


@derived
def hydroxychloroquine_mg_per_kg(facts: Facts) -> Fact:
    """mg/kg/day by actual weight."""
    return _dose(facts, "hydroxychloroquine", "mg/kg/day", "hydroxychloroquine")


@derived
def calcipotriol_g_per_week(facts: Facts) -> Fact:
    """g of ointment a week."""
    return _dose(facts, "calcipotriol", "g/week", "calcipotriol")


@derived
def ivig_rate_ml_per_kg_min(facts: Facts) -> Fact:
    """Infusion rate, where the list gives it in this unit."""
    return _dose(facts, "ivig", "ml/kg/min", "immunoglobulin", other_units=0.0)


@derived
def methotrexate_not_weekly(facts: Facts) -> Fact:
    """Taken, and the dose is given by another interval than the week."""
    entries = facts.taken("methotrexate")
    if entries is None:
        return unknown("the list of drugs that are taken")
    weekly = [_weekly(one.unit) for one in entries]
    if None in weekly:
        return unknown("how often methotrexate is taken")
    told = ", ".join(sorted({one.unit or "" for one in entries}))
    return yes_no(not all(weekly), f"methotrexate in {told}" if told else "")


def _weekly(unit: str | None) -> bool | None:
    """Whether a dose is given by the week; None where the unit names no interval."""
    written = (unit or "").lower()
    if any(word in written for word in ("week", "wk")):
        return True
    return False if any(word in written for word in DAILY) else None


@derived
def hepatitis_b_unscreened(facts: Facts) -> Fact:
    """Nobody has said whether there is hepatitis B."""
    return yes_no(facts.holds("hepatitis_b") is None, "hepatitis B not screened for")


@derived
def tuberculosis_unscreened(facts: Facts) -> Fact:
    """Nobody has said whether there is tuberculosis, latent or active."""
    known = any_of([facts.holds("tuberculosis_latent"), facts.holds("tuberculosis_active")])
    return yes_no(facts.holds("tuberculosis_latent") is None and not known, "tuberculosis not screened for")


@derived
def glucose_lowering_drug(facts: Facts) -> Fact:
    """Insulin or another drug that lowers glucose."""
    return facts.takes("glucose_lowering")


@derived
def anticoagulated(facts: Facts) -> Fact:
    """Anticoagulants, warfarin too."""
    return facts.takes("anticoagulant", "warfarin")


@derived
def immunosuppressed(facts: Facts) -> Fact:
    """Any drug that suppresses immunity."""
    return facts.takes("immunosuppressant")


@derived
def biologic_or_jak_inhibitor(facts: Facts) -> Fact:
    """A biologic or a JAK inhibitor."""
    return facts.takes("biologic", "jak_inhibitor")


@derived
def taking_warfarin(facts: Facts) -> Fact:
    """Warfarin, for whatever reason."""
    return facts.takes("warfarin")


@derived
def warfarin_for_calcinosis(facts: Facts) -> Fact:
    """Warfarin whose indication is this disease."""
    entries = facts.taken("warfarin")
    if entries is None:
        return unknown("the list of drugs that are taken")
    reasons = [one.indication for one in entries]
    if None in reasons:
        return unknown("why warfarin is taken")
    return yes_no(any(reason in FOR_THE_DISEASE for reason in reasons), "warfarin for calcinosis")


def _dose(facts: Facts, drug: str, unit: str, title: str, *, other_units: float | None = None) -> Fact:
    entries = facts.taken(drug)
    if entries is None:
        return unknown("the list of drugs that are taken")
    doses = [_in_unit(one, unit, facts.picture.patient.weight_kg) for one in entries]
    doses = [other_units if one is None else one for one in doses]
    if any(one is None for one in doses):
        return unknown(f"dose of {title}" + (" and weight" if "kg" in unit else ""))
    total = sum(one for one in doses if one is not None)
    return Fact(value=total, told=f"{title} {plain(total)} {unit}")


def _in_unit(entry: Medication, unit: str, weight_kg: float | None) -> float | None:
    """The dose in ``unit``; None where the entry does not say enough."""
    written = (entry.unit or "").lower().replace(" ", "")
    if entry.dose is None:
        return None
    if written == unit.lower():
        return entry.dose
    given, asked = _rate(written), _rate(unit.lower())
    if given is None or asked is None or (given.by_kg != asked.by_kg and not weight_kg):
        return None
    by_weight = (weight_kg or 1.0) ** (given.by_kg - asked.by_kg)
    return entry.dose * given.mg_a_day / asked.mg_a_day * by_weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A unit of dose: how many mg (or mg/kg) a day one of it is."""

    mg_a_day: float
    by_kg: bool


def _rate(written: str) -> Rate | None:
    """A unit as drugs are written up, "mg/kg/day", "mg twice a day", "g a week"; None where it is no dose by the day or week."""
    found = RATE.fullmatch(written)
    if found is None:
        return None
    times = TIMES.get(found["times"] or "", 1)
    days = DAYS_A_WEEK if found["interval"].startswith("w") else 1
    return Rate(mg_a_day=MG[found["mass"]] * times / days, by_kg=bool(found["by_kg"]))
