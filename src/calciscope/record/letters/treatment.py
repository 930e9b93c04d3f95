"""Drugs now and before, procedures, results, conditions, allergies and organ screening, each in words."""

from __future__ import annotations

from datetime import date

from calciscope.record.fact import Fact
from calciscope.record.in_words.fact_words import Names, said
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.record.picture.held import Held, day, number, value
from calciscope.record.vocabulary import words
from calciscope.record.written_days import written
from calciscope.terms.letter_facts import ToldDrug, ToldResult

LISTED = {"condition": "condition", "organ_screening": "system"}
"""Noun -> the field that tells its facts apart."""


def drugs(held: Held) -> tuple[tuple[ToldDrug, ...], tuple[ToldDrug, ...]]:
    """(taken now, taken before), the newest first. A drug that was stopped on a day not known counts as before."""
    told = [(_drug(fact), _ended(fact, held.on)) for fact in reversed(held.all("medication"))]
    return tuple(drug for drug, over in told if not over), tuple(drug for drug, over in told if over)


def procedures(held: Held, names: Names) -> tuple[str, ...]:
    """Each with how it healed, the newest first."""
    healed: dict[str, list[str]] = {}
    for fact in held.all("procedure_course"):
        healed.setdefault(str(fact.data.get("procedure")), []).append(phrase(fact))
    return tuple(
        "; ".join([phrase(fact, names), *healed.get(str(fact.uid), [])]) for fact in reversed(held.all("procedure"))
    )


def results(held: Held) -> tuple[ToldResult, ...]:
    """The newest result of each test, by the test's name."""
    newest = {str(fact.data["test"]): fact for fact in held.all("laboratory_result")}
    names = words("laboratory_tests")
    return tuple(
        _result(names.get(test, test), newest[test]) for test in sorted(newest, key=lambda one: names.get(one, one))
    )


def listed(held: Held, name: str) -> tuple[str, ...]:
    """The newest word on each condition, or on each organ system."""
    key = LISTED[name]
    newest: dict[str, Fact] = {}
    for fact in held.all(name):
        code = str(fact.data.get(key))
        newest[code if code != "other" else str(fact.uid)] = fact
    return tuple(phrase(fact) for fact in newest.values())


def allergies(held: Held) -> tuple[str, ...]:
    """Every one that was recorded; "denied" is an answer."""
    return tuple(phrase(fact) for fact in held.all("allergy"))


def _drug(fact: Fact) -> ToldDrug:
    told = {field.name: said(field, fact.data.get(field.name)) for field in noun("medication").fields}
    named = told["therapy"].replace("_", " ")
    return ToldDrug(
        name=f"{told['product']} ({named})" if told["product"] else named,
        dose=" ".join(part for part in (told["dose"], told["dose_unit"]) if part),
        route=told["route"],
        indication=told["indication"],
        since=told["started_on"],
        until=told["stopped_on"],
        why_stopped=told["stop_reason"],
        response=told["response"],
        side_effects=told["side_effects"],
        code=str(fact.data["therapy"]),
    )


def _ended(fact: Fact, on: date) -> bool:
    stopped = value(fact, "stopped_on")
    if fact.data.get("stopped_on") is None:
        return False
    return stopped is None or day(fact, "stopped_on", until=on) is not None


def _result(name: str, fact: Fact) -> ToldResult:
    held, low, high = (number(fact, each) for each in ("value", "low", "high"))
    unit = str(fact.data.get("unit", ""))
    unit = "" if unit == "1" else f" {unit}"
    sign = str(value(fact, "comparator") or "")
    limits = f"{low:g} to {high:g}" if low is not None and high is not None else ""
    limits = limits or (f"up to {high:g}" if high is not None else "") or (f"from {low:g}" if low is not None else "")
    outside = None if held is None or (low is None and high is None) else _outside(held, low, high)
    return ToldResult(
        test=name,
        value="not assessed" if held is None else f"{sign}{held:g}{unit}",
        limits=limits,
        on=written(fact.effective_on.isoformat()) if fact.effective_on else "",
        outside=outside,
    )


def _outside(held: float, low: float | None, high: float | None) -> bool:
    return (low is not None and held < low) or (high is not None and held > high)
