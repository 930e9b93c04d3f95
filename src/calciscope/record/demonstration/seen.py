"""What the clinic sees of the truth: visits with measurement error, rounding, and items that were left out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from calciscope.record.demonstration.chance import between, parameters, stream
from calciscope.record.demonstration.course import Course, TrueDeposit
from calciscope.record.fields import NOT_ASSESSED
from calciscope.record.nouns.skin_effects import EFFECTS
from calciscope.record.nouns.symptoms import RATED

ELLIPSOID = 0.183  # volume of an ellipsoid with axes L, 0.7 L and 0.5 L, over L cubed: pi/6 x 0.35
CHANGED = 0.25  # by which a volume is called growing or shrinking: the rule of the hand score in scleroderma (seen)
LABS = {
    # test: (unit, at rest, per point of activity as a share, spread, low, high); assumed
    "creatine_kinase": ("U/L", 110.0, 0.28, 0.35, 25, 190),
    "ldh": ("U/L", 190.0, 0.07, 0.12, 120, 250),
    "ast": ("U/L", 22.0, 0.12, 0.2, 10, 40),
    "alt": ("U/L", 20.0, 0.12, 0.25, 7, 40),
    "esr": ("mm/h", 8.0, 0.13, 0.35, 0, 20),
    "creatinine": ("mg/dL", 0.65, 0.0, 0.12, 0.4, 1.1),
    "calcium": ("mg/dL", 9.5, 0.0, 0.03, 8.6, 10.4),
    "phosphate": ("mg/dL", 3.9, 0.0, 0.08, 2.5, 5.2),
    "albumin": ("g/dL", 4.3, -0.006, 0.05, 3.5, 5.2),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One fact: noun, data, and the number of its deposit if it has one."""

    noun: str
    data: dict[str, Any]
    deposit: int | None = None


@dataclass(slots=True, kw_only=True)
class SeenVisit:
    """One visit."""

    held_on: date
    kind: str
    facts: list[Said] = field(default_factory=list)


def visits(seed: int, course: Course) -> Iterator[SeenVisit]:
    """The visits of one person, the first to the newest; deposits are numbered as they are found."""
    rng = stream(seed, course.subject.number, "seen")
    own = stream(seed, course.subject.number, "own")  # apart, so that all else stays as it was
    days = _days(rng, course)
    numbers: dict[int, int] = {}
    before: dict[int, float] = {}
    change = 0.0
    for index, day in enumerate(days):
        month = course.month_of(day)
        visit = SeenVisit(held_on=day, kind="first" if index == 0 else "planned")
        found = list(_deposits(rng, course, month, day, numbers, before))
        earlier = course.activity[course.month_of(days[index - 1])] if index else course.activity[month]
        change = course.activity[month] - earlier
        rating = _own_rating(own, course.activity[month])
        visit.facts += _ratings(rng, course.activity[month], change, own=rating, with_deposits=bool(numbers))
        visit.facts += _laboratory(rng, course.activity[month], day)
        visit.facts += found
        yield visit


def _days(rng: random.Random, course: Course) -> list[date]:
    said, days, day = parameters()["visits"], [], course.subject.treated_on
    while day <= course.subject.until:
        days.append(day)
        day += timedelta(days=round(between(rng, said["days_between"])))
    return days[-said["most"] :]


def _deposits(
    rng: random.Random, course: Course, month: int, day: date, numbers: dict[int, int], before: dict[int, float]
) -> Iterator[Said]:
    for index, deposit in enumerate(course.deposits):
        volume = deposit.at(month)
        if volume is None or volume < parameters()["growth"]["gone_below_mm3"]:
            if before.pop(index, None) is not None:
                ending = "excised" if deposit.excised is not None and month >= deposit.excised else "resolved"
                yield Said(noun="deposit_event", data={"event": ending, "on": day.isoformat()}, deposit=numbers[index])
            continue
        new = index not in numbers
        number = numbers.setdefault(index, len(numbers) + 1)
        finding = _finding(rng, deposit, volume)
        yield Said(noun="deposit_finding", data=finding, deposit=number)
        event = "present" if new else "recurred" if index not in before else _word(before[index], volume)
        if event == "stable" and finding["skin_state"] != ["intact"]:
            event = finding["skin_state"][0]
        if event != "stable" or rng.random() < 0.3:
            yield Said(noun="deposit_event", data={"event": event, "on": day.isoformat()}, deposit=number)
        before[index] = volume


def _word(before: float, now: float) -> str:
    if now > before * (1 + CHANGED):
        return "growing"
    return "shrinking" if now < before * (1 - CHANGED) else "stable"


def _finding(rng: random.Random, deposit: TrueDeposit, volume: float) -> dict[str, Any]:
    said = parameters()["measuring"]
    length = (volume / ELLIPSOID) ** (1 / 3)
    axes = (length * share for share in (1.0, 0.7, 0.5))
    sizes = sorted((max(1.0, round(rng.gauss(mm, _error(mm)), 0)) for mm in axes), reverse=True)
    data: dict[str, Any] = {
        "region": deposit.region,
        "side": deposit.side,
        "layer": deposit.layer,
        "form": deposit.form,
        "consistency": "hard",
        "longest_mm": sizes[0],
        "second_mm": sizes[1],
        "third_mm": sizes[2],
        "size_method": "caliper",
        "pain": min(10, max(0, round(rng.gauss(length / 8.0, 1.5)))),
        "skin_state": ["intact"] if length < 18 or rng.random() < 0.8 else [rng.choice(["inflamed", "ulcerated"])],
    }
    if rng.random() < said["missing_share"]:
        data["pain"] = NOT_ASSESSED
    return data


def _error(mm: float) -> float:
    said = parameters()["measuring"]
    return float(said["caliper_sd_mm"] + said["caliper_sd_share"] * mm)


def _ratings(rng: random.Random, activity: float, change: float, *, own: float, with_deposits: bool) -> Iterator[Said]:
    missing = parameters()["measuring"]["missing_share"]

    def rated(names: Any, share: float) -> dict[str, Any]:
        marks = {name: min(10, max(0, round(rng.gauss(activity * share, 1.0)))) for name in names}
        return {name: mark for name, mark in marks.items() if rng.random() >= missing}

    yield Said(
        noun="activity",
        data={
            "state": "active" if activity > 2.5 else "inactive",
            "physician_global": round(min(10.0, activity), 1),
            "patient_global": own,
        },
    )
    outcome = "deposits_found" if with_deposits else "none_found"
    yield Said(noun="examination", data={"extent": "whole_body", "outcome": outcome})
    yield Said(noun="skin_effects", data=rated(EFFECTS, 0.4 if with_deposits else 0.1))
    yield Said(noun="symptoms", data=rated(RATED, 0.45))
    felt = "same" if abs(change) < 1 else "worse" if change > 0 else "better"
    yield Said(noun="anchor_questions", data={"change": felt, "acceptable": activity < 3.5, "answered_by": "patient"})


def _own_rating(rng: random.Random, activity: float) -> float:
    """The patient's own view of the disease, 0 to 10: near the physician's, and wider."""
    return round(min(10.0, max(0.0, rng.gauss(activity * 0.9 + 0.6, 1.2))), 1)


def _laboratory(rng: random.Random, activity: float, day: date) -> Iterator[Said]:
    for test, (unit, rest, per_point, spread, low, high) in LABS.items():
        if rng.random() < parameters()["measuring"]["missing_share"]:
            continue
        value = rest * (1 + per_point * activity) * rng.lognormvariate(0.0, spread)
        digits = 0 if rest > 15 else 2
        data = {"test": test, "value": round(value, digits), "unit": unit, "low": low, "high": high}
        yield Said(noun="laboratory_result", data=data | {"sampled_on": day.isoformat()})
