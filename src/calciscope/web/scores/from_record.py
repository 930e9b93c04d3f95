"""Answers of composite measures as the record has them already, so that nobody types a number twice.

Each is taken from the visit's own day or, for results and scores, from at most a month before it. What the record lacks stays
not assessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calciscope.record.fact import Fact
from calciscope.web.design.course import Course
from calciscope.web.design.days import written

NEAR = timedelta(days=31)  # judgement: a result a month old still tells of the visit
ENZYMES = {"ck": "creatine_kinase", "aldolase": "aldolase", "ast": "ast", "alt": "alt", "ldh": "ldh"}
SCORES: Mapping[str, tuple[tuple[str, str], ...]] = {
    # answer -> (instrument, its output), the first that there is
    "physician_global": (("physician-global", "activity_vas"),),
    "patient_global": (("patient-global", "activity_vas"),),
    "cmas": (("cmas", "total"),),
    "haq": (("haq-chaq", "disability_index"),),
    "extramuscular_global": (("extramuscular-global", "extramuscular_global"),),
    "das": (("das-jdm", "total"),),
    "physician_damage": (("physician-global", "damage_vas"),),
    "patient_damage": (("patient-global", "damage_vas"),),
    "mdi_severity": (("mdi", "severity"),),
}
MUSCLE = (("total_both", 150), ("total_right", 80), ("total_left", 80))
MINERALS = {
    "calcium": ("calcium_mg_dl", "mg/dL"),
    "phosphate": ("phosphate_mg_dl", "mg/dL"),
    "albumin": ("albumin_g_dl", "g/dL"),
}
TWO_VISITS, ONE_VISIT, MINERAL = "tis-2016", "imacs-core-set", "calcium-phosphate"
TAKES = frozenset({TWO_VISITS, ONE_VISIT, MINERAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Paths of answers with their text, and where they come from in words."""

    answers: Mapping[str, list[str]]
    says: str


def taken(instrument: str, course: Course, *, on: date, earlier: date | None, born_on: date | None) -> Taken:
    """For an instrument of ``TAKES``; ``earlier`` is the day of the first of two visits."""
    if instrument == MINERAL:
        found = _minerals(course, on)
        if born_on:
            found["age_years"] = [str(on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day)))]
        return Taken(answers=found, says=f"{len(found)} answers taken from the record up to {written(on.isoformat())}.")
    if instrument == ONE_VISIT:
        found = _measures(course, on, "")
        found.pop("mmt8_max", None)
        return Taken(answers=found, says=f"{len(found)} answers taken from the record up to {written(on.isoformat())}.")
    found = _measures(course, on, "followup.")
    words = f"{len(found)} answers of the later visit taken from the record up to {written(on.isoformat())}"
    if earlier:
        first = _measures(course, earlier, "baseline.")
        words += f", {len(first)} of the earlier up to {written(earlier.isoformat())}"
        found |= first
    return Taken(answers=found, says=words + ".")


def _measures(course: Course, on: date, above: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    activity = [fact for fact in course.of_noun("activity") if course.when(fact) == on]
    for name in ("physician_global", "patient_global"):
        if activity and _is_number(activity[-1].data.get(name)):
            found[above + name] = [f"{activity[-1].data[name]:g}"]
    for name, ways in SCORES.items():
        for instrument, output in ways:
            value = _scored(course, instrument, output, on)
            if value is not None and above + name not in found and _belongs(above, name):
                found[above + name] = [f"{value:g}"]
    for output, most in MUSCLE:
        value = _scored(course, "mmt-8", output, on)
        if value is not None:
            found |= {f"{above}mmt8": [f"{value:g}"], f"{above}mmt8_max": [str(most)]}
            break
    for short, test in ENZYMES.items():
        result = _result(course, test, on)
        if result and _is_number(result.data["value"]) and _is_number(result.data.get("high")):
            found[f"{above}enzymes.{short}.value"] = [f"{result.data['value']:g}"]
            found[f"{above}enzymes.{short}.uln"] = [f"{result.data['high']:g}"]
    return found


def _belongs(above: str, name: str) -> bool:
    """The response criteria know no damage, the core set no juvenile skin score."""
    return name not in (("physician_damage", "patient_damage", "mdi_severity") if above else ("das",))


def _minerals(course: Course, on: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for test, (answer, unit) in MINERALS.items():
        result = _result(course, test, on)
        if result is None or result.data["unit"] != unit or not _is_number(result.data["value"]):
            continue
        found[answer] = [f"{result.data['value']:g}"]
        low, high = result.data.get("low"), result.data.get("high")
        if _is_number(low) and _is_number(high):
            found |= {f"ranges.{test}.low": [f"{low:g}"], f"ranges.{test}.high": [f"{high:g}"]}
    return found


def _result(course: Course, test: str, on: date) -> Fact | None:
    near = [fact for fact in course.of_noun("laboratory_result") if on - NEAR <= course.when(fact) <= on]
    own = [fact for fact in near if fact.data["test"] == test]
    return own[-1] if own else None


def _scored(course: Course, instrument: str, output: str, on: date) -> float | None:
    near = [fact for fact in course.of_noun("instrument_score") if on - NEAR <= course.when(fact) <= on]
    own = [fact.data["result"].get(output) for fact in near if fact.data["instrument"] == instrument]
    return next((float(value) for value in reversed(own) if _is_number(value)), None)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
