"""Kidney function: eGFR by cystatin C or creatinine, with the children's formula, and doubt where muscle is wasted.

Formulas: children, Schwartz 2009 (0.413 x height in cm / creatinine in mg/dL) and Schwartz 2012 for cystatin C; adults,
CKD-EPI 2021 (creatinine), CKD-EPI 2012 (cystatin C), Cockcroft and Gault 1976 (clearance). Coefficients: memory.
"""

from __future__ import annotations

from calciscope.advise.facts.fact import Fact, any_of, derived, plain, unknown
from calciscope.advise.facts.table import Facts
from calciscope.terms.picture import Sex

WASTED = "creatinine is unreliable in wasted muscle"
UNIT = "mL/min/1.73 m²"
SCHWARTZ = 0.413  # mL/min/1.73 m² per cm of height and mg/dL of creatinine


@derived
def egfr(facts: Facts) -> Fact:
    """mL/min/1.73 m². Cystatin C first, since it does not depend on muscle; then creatinine; then what was reported."""
    by_cystatin = _by_cystatin(facts)
    if by_cystatin is not None and not by_cystatin.warns_only:
        return by_cystatin
    by_creatinine = _by_creatinine(facts)
    known = [one for one in (by_creatinine, _reported(facts), by_cystatin) if one is not None and one.value is not None]
    return known[0] if known else by_creatinine or unknown("creatinine (for eGFR)")


@derived
def creatinine_clearance(facts: Facts) -> Fact:
    """mL/min by Cockcroft and Gault in adults; in children eGFR takes its place, since that formula is not for them."""
    if facts.holds("child") is not False:
        return facts["egfr"]
    patient, creatinine, age = facts.picture.patient, facts["creatinine"], facts["age_years"].value
    if creatinine.value is None or not creatinine.value:
        return facts["egfr"] if facts["egfr"].value is not None else unknown("creatinine")
    if patient.weight_kg is None or patient.sex is None or age is None:
        return unknown("weight and sex (for creatinine clearance)")
    value = (140 - age) * patient.weight_kg / (72 * creatinine.value) * (0.85 if patient.sex is Sex.FEMALE else 1.0)
    told = f"creatinine clearance {plain(value)} mL/min (Cockcroft-Gault; {creatinine.told})"
    return _doubted(facts, Fact(value=value, told=told, warns_only=creatinine.warns_only, ask=creatinine.ask))


def _by_creatinine(facts: Facts) -> Fact | None:
    creatinine, patient, age = facts["creatinine"], facts.picture.patient, facts["age_years"].value
    if not creatinine.value:
        return None
    if age is None:
        return unknown("date of birth (for eGFR)")
    if facts.holds("child"):
        if patient.height_cm is None:
            return unknown("height (for eGFR of a child)")
        value, how = SCHWARTZ * patient.height_cm / creatinine.value, f"Schwartz, height {plain(patient.height_cm)} cm"
    else:
        if patient.sex is None:
            return unknown("sex (for eGFR)")
        female = patient.sex is Sex.FEMALE
        ratio, power = creatinine.value / (0.7 if female else 0.9), -0.241 if female else -0.302
        value = 142 * min(ratio, 1) ** power * max(ratio, 1) ** -1.2 * 0.9938**age * (1.012 if female else 1)
        how = "CKD-EPI 2021"
    told = f"eGFR {plain(value)} {UNIT} ({how}; {creatinine.told})"
    return _doubted(facts, Fact(value=value, told=told, warns_only=creatinine.warns_only, ask=creatinine.ask))


def _by_cystatin(facts: Facts) -> Fact | None:
    cystatin, age = facts["cystatin_c"], facts["age_years"].value
    if not cystatin.value or age is None:
        return None
    if facts.holds("child"):
        value, how = 70.69 * cystatin.value**-0.931, "Schwartz 2012"
    else:
        ratio = cystatin.value / 0.8
        female = 0.932 if facts.picture.patient.sex is Sex.FEMALE else 1
        value, how = 133 * min(ratio, 1) ** -0.499 * max(ratio, 1) ** -1.328 * 0.996**age * female, "CKD-EPI 2012"
    told = f"eGFR {plain(value)} {UNIT} ({how}; {cystatin.told})"
    return Fact(value=value, told=told, warns_only=cystatin.warns_only, ask=cystatin.ask)


def _reported(facts: Facts) -> Fact | None:
    reported = facts["egfr_reported"]
    if reported.value is None:
        return None
    doubt = reported.warns_only
    if facts.holds("child") is not False and not doubt:
        doubt = "laboratories report eGFR by formulas for adults"
    ask = "creatinine and height (for eGFR of a child)" if doubt != reported.warns_only else reported.ask
    return _doubted(facts, Fact(value=reported.value, told=reported.told, warns_only=doubt, ask=ask))


def _doubted(facts: Facts, found: Fact) -> Fact:
    """The same, unable to reassure where there is less muscle to make creatinine."""
    if not any_of([facts.holds("muscle_wasting"), facts.holds("wheelchair_bound")]):
        return found
    return Fact(value=found.value, told=f"{found.told}; {WASTED}", warns_only=WASTED, ask=f"cystatin C ({WASTED})")
