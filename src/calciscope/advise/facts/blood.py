"""What several blood values say together: liver or muscle, calcium corrected for albumin."""

from __future__ import annotations

from calciscope.advise.facts.fact import Fact, derived, plain, unknown, yes_no
from calciscope.advise.facts.table import Facts

ALBUMIN_NORMAL_G_DL = 4.0  # usual constant of the correction; memory
CALCIUM_PER_ALBUMIN = 0.8  # mg/dL of calcium per g/dL of albumin; memory


def above_limit(facts: Facts, analyte: str) -> bool | None:
    """Above the upper limit of normal; unknown where the value or its limit is."""
    fact = facts[analyte]
    if fact.value is None or fact.high is None:
        return None
    return True if fact.value > fact.high else None if fact.warns_only else False


@derived
def ck_raised(facts: Facts) -> Fact:
    """Creatine kinase above its limit."""
    raised = above_limit(facts, "ck")
    return unknown("creatine kinase with its limit") if raised is None else yes_no(raised, facts["ck"].told)


@derived
def alt_of_unclear_source(facts: Facts) -> Fact:
    """ALT raised while creatine kinase is, and nothing points to the liver: it may come from muscle."""
    raised = above_limit(facts, "alt") and above_limit(facts, "ck")
    liver = above_limit(facts, "ggt") or above_limit(facts, "bilirubin") or facts.holds("liver_disease")
    return yes_no(bool(raised and not liver), f"{facts['alt'].told}, {facts['ck'].told}")


@derived
def corrected_calcium(facts: Facts) -> Fact:
    """mg/dL: calcium + 0.8 x (4.0 - albumin in g/dL), against the limits of calcium. Ionised calcium is better."""
    calcium, albumin = facts["calcium"], facts["albumin"]
    if calcium.value is None:
        return unknown("calcium")
    if albumin.value is None:
        return Fact(
            value=calcium.value, told=calcium.told, low=calcium.low, high=calcium.high,
            warns_only="not corrected without albumin", ask="albumin (to correct calcium)",
        )  # fmt: skip
    value = calcium.value + CALCIUM_PER_ALBUMIN * (ALBUMIN_NORMAL_G_DL - albumin.value)
    doubt = calcium.warns_only or albumin.warns_only
    told = f"corrected calcium {plain(value)} mg/dL ({calcium.told}, {albumin.told})"
    return Fact(
        value=value, told=told, low=calcium.low, high=calcium.high, warns_only=doubt, ask=calcium.ask or albumin.ask
    )


@derived
def calcium_phosphate_product(facts: Facts) -> Fact:
    """mg²/dL², of corrected calcium; its zones are for adults."""
    calcium, phosphate = facts["corrected_calcium"], facts["phosphate"]
    if calcium.value is None or phosphate.value is None:
        return unknown("calcium and phosphate")
    value = calcium.value * phosphate.value
    doubt = calcium.warns_only or phosphate.warns_only
    return Fact(
        value=value, told=f"calcium-phosphate product {plain(value)} mg²/dL²", warns_only=doubt, ask=calcium.ask
    )


@derived
def calcium_and_phosphate_normal(facts: Facts) -> Fact:
    """Both known, and within the limits of the laboratory."""
    parts = [_within(facts[one]) for one in ("corrected_calcium", "phosphate")]
    if None in parts:
        return yes_no(False) if False in parts else unknown("calcium with albumin, and phosphate, each with its limits")
    return yes_no(all(parts), f"{facts['corrected_calcium'].told}, {facts['phosphate'].told}")


def _within(fact: Fact) -> bool | None:
    if fact.value is None or fact.low is None or fact.high is None:
        return None
    inside = fact.low <= fact.value <= fact.high
    return None if inside and fact.warns_only else inside
