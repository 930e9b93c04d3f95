"""One result, with the laboratory's own range and method as they were on that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Number, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken, terms, words

TESTS = "laboratory_tests"
WIDEST = 1_000_000_000


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    units = terms(TESTS)[data["test"]]["units"]
    unit, value = data["unit"], data["value"]
    if unit not in units:
        yield Problem(field="unit", message=f"For this test the unit is {' or '.join(units)}.")
    elif isinstance(value, int | float) and not units[unit][0] <= value <= units[unit][1]:
        yield Problem(field="value", message=f"This cannot be in {unit}; check the number and its unit.")
    low, high = data.get("low"), data.get("high")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        yield Problem(field="low", message="The lower limit lies above the upper one.")


NOUN = Noun(
    title="Laboratory result",
    of=Of.PATIENT,
    dated_by="sampled_on",
    check=_check,
    fields=(
        Choice(name="test", label="Test", choices=words(TESTS), required=True, may_be_unassessed=False),
        Number(name="value", label="Value", unit="1", low=0, high=WIDEST, required=True),
        Choice(name="comparator", label="Reported as", choices={"<": "less than", ">": "more than"}),
        Text(name="unit", label="Unit", longest=40, required=True, may_be_unassessed=False),
        Number(name="low", label="Laboratory's lower limit", unit="1", low=0, high=WIDEST),
        Number(name="high", label="Laboratory's upper limit", unit="1", low=0, high=WIDEST),
        Choice(name="material", label="Material", choices=spoken("serum", "plasma", "whole_blood", "urine", "fluid")),
        Text(name="method", label="Method", longest=200),
        Text(name="laboratory", label="Laboratory", longest=200),
        Day(name="sampled_on", label="Sampled on", required=True, may_be_unassessed=False),
    ),
)
