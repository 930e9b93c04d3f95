"""Drugs, results, conditions and allergies as they stood on one day."""

from __future__ import annotations

from datetime import date

from calciscope.record.fact import Fact
from calciscope.record.picture.held import Held, day, number, value
from calciscope.record.vocabulary import terms
from calciscope.terms.picture import Lab, Medication

PER = {"d": "day", "wk": "week", "mo": "month", "a": "year"}  # UCUM -> how advice writes an interval
DRUGS_ONCE_CALLED = {"calcium": "calcium_supplement", "proton_pump_inhibitor": "ppi"}
LASTING = frozenset(
    {
        "venous_thromboembolism", "cardiovascular_disease", "peptic_ulcer", "urate_stones", "hepatitis_b", "hepatitis_c",
        "hepatitis_b_core_antibody", "retinopathy", "demyelinating_disease", "pml", "zoster_history", "trauma_at_site",
        "injection_at_site", "severe_immunoglobulin_reaction", "depression", "smoker", "lupus", "osteoporosis",
    }
)  # fmt: skip
"""Conditions that decide though they are past (judgement); of any other, a past one is told back and not used."""


def medications(held: Held) -> tuple[Medication, ...] | None:
    """Drugs taken on that day; None where none was ever recorded."""
    facts = held.all("medication")
    if not facts:
        return None
    return tuple(_medication(fact, held.on) for fact in facts if day(fact, "stopped_on", until=held.on) is None)


def labs(held: Held) -> tuple[Lab, ...]:
    """The newest result of each test."""
    newest = {
        str(fact.data["test"]): fact for fact in held.all("laboratory_result") if number(fact, "value") is not None
    }
    return tuple(_lab(test, newest[test], held) for test in sorted(newest))


def conditions(held: Held) -> tuple[frozenset[str], frozenset[str]]:
    """(present, asked and not there), by the newest word on each."""
    words = {str(fact.data["condition"]): fact for fact in held.all("condition") if _named(fact)}
    answers = {name: str(value(fact, "answer")) for name, fact in words.items()}
    if "smoker" not in answers and (smoking := _smoking(held)):
        answers["smoker"] = smoking
    present = {
        name for name, answer in answers.items() if answer == "present" or (answer == "past" and name in LASTING)
    }
    absent = {name for name, answer in answers.items() if answer == "ruled_out"}
    past = sorted(name for name, answer in answers.items() if answer == "past" and name not in LASTING)
    held.unread += [f"{name.replace('_', ' ')} in the past" for name in past]
    held.unread += [
        str(value(fact, "text"))
        for fact in held.all("condition")
        if fact.data["condition"] == "other" and value(fact, "answer") == "present" and value(fact, "text")
    ]
    return frozenset(present), frozenset(absent)


def allergies(held: Held) -> frozenset[str] | None:
    """Substances as they were written; None where nobody asked."""
    facts = [fact for fact in held.all("allergy") if value(fact, "answer")]
    if not facts:
        return None
    named = {str(value(fact, "substance")).strip() for fact in facts if value(fact, "answer") == "present"}
    return frozenset(named)


def _named(fact: Fact) -> bool:
    return value(fact, "condition") not in (None, "other")


def _medication(fact: Fact, on: date) -> Medication:
    drug = str(fact.data["therapy"])
    return Medication(
        therapy=DRUGS_ONCE_CALLED.get(drug, drug),
        dose=number(fact, "dose"),
        unit=_unit(value(fact, "dose_unit")),
        route=value(fact, "route"),
        indication=value(fact, "indication"),
        since=day(fact, "started_on", until=on),
    )


def _unit(ucum: str | None) -> str | None:
    """mg/kg/d -> mg/kg/day; mg/wk -> mg/week."""
    if ucum is None:
        return None
    amount, *per = ucum.replace("/(kg.d)", "/kg/d").split("/")
    return "/".join([amount, *(PER.get(one, one) for one in per)])


def _lab(test: str, fact: Fact, held: Held) -> Lab:
    said = terms("laboratory_tests")[test]
    if sign := value(fact, "comparator"):
        held.unread.append(f"{said['words']} reported as {sign} {number(fact, 'value'):g}; the limit itself was used")
    return Lab(
        loinc=said.get("loinc"),
        name=str(said["words"]),
        value=number(fact, "value"),
        unit=value(fact, "unit"),
        low=number(fact, "low"),
        high=number(fact, "high"),
        day=fact.effective_on,
    )


def _smoking(held: Held) -> str:
    said = [fact for fact in held.all("history_item") if fact.data["topic"] == "smoking"]
    return {"present": "present", "denied": "ruled_out"}.get(str(value(said[-1], "answer")), "") if said else ""
