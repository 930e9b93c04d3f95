"""The history as it is read: the diagnosis with its delays, drugs now and before, what was asked and what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from calciscope.record.fact import Fact
from calciscope.record.fields import Choice, first_day
from calciscope.record.in_words.fact_words import Names, lines_of, said
from calciscope.record.in_words.phrases import phrase
from calciscope.record.noun import noun
from calciscope.record.register import Size, body_sizes
from calciscope.web.design.charts.sparkline import sparkline
from calciscope.web.design.course import Course

DELAYS = (
    ("onset_on", "diagnosed_on", "First symptom to diagnosis"),
    ("onset_on", "treated_on", "First symptom to treatment"),
    ("diagnosed_on", "calcinosis_on", "Diagnosis to first calcinosis"),
)
SIZES = (("Height", "cm", "height_cm", "g"), ("Weight", "kg", "weight_kg", "g"), ("Surface", "m²", "surface_m2", ".2f"))
DAYS_A_MONTH = 30.44
OLD_MONTHS = 12  # judgement: a screening older than this is marked, since intervals differ by system and patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A topic or system: the facts of it in words; none means that nobody has asked."""

    code: str
    words: str
    facts: Sequence[tuple[UUID, str]]
    months_ago: int | None = None

    @property
    def old(self) -> bool:
        """Whether the last screening lies long back."""
        return self.months_ago is not None and self.months_ago > OLD_MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """One line of the medicines."""

    uid: UUID
    name: str
    dose: str
    route: str
    since: str
    until: str
    why: str
    effect: str
    side_effects: str


def diagnosis_lines(fact: Fact) -> list[tuple[str, str]]:
    """What is known of the diagnosis, and the delays as far as both dates are known."""
    days = {name: _day(fact.data, name) for pair in DELAYS for name in pair[:2]}
    delays = [
        (title, f"about {_months(first, last)} months")
        for start, end, title in DELAYS
        if (first := days[start]) and (last := days[end]) and last >= first
    ]
    return [*lines_of(fact), *delays]


def drugs(course: Course, today: date) -> tuple[list[Drug], list[Drug]]:
    """(now, before), the newest first."""
    facts = list(reversed(course.of_noun("medication")))
    now = [fact for fact in facts if not _stopped(fact, today)]
    return [_drug(fact) for fact in now], [_drug(fact) for fact in facts if fact not in now]


def asked(course: Course, name: str, key: str, today: date) -> list[Asked]:
    """All codes of a vocabulary, with what the record says of each."""
    field = noun(name).field(key)
    codes = field.choices if isinstance(field, Choice) else {}
    facts = list(reversed(course.of_noun(name)))
    found = []
    for code, words in codes.items():
        own = [fact for fact in facts if fact.data.get(key) == code]
        told = [(fact.uid, phrase(fact).partition(": ")[2]) for fact in own]
        screened = _day(own[0].data, "screened_on") if own else None
        found.append(
            Asked(code=code, words=words, facts=told, months_ago=_months(screened, today) if screened else None)
        )
    return found


def procedures(course: Course, names: Names) -> list[tuple[UUID, str, list[tuple[UUID, str]]]]:
    """Each procedure with how it healed, the newest first."""
    courses = list(course.of_noun("procedure_course"))
    return [
        (
            fact.uid,
            phrase(fact, names),
            [(one.uid, phrase(one)) for one in courses if str(one.data.get("procedure")) == str(fact.uid)],
        )
        for fact in reversed(course.of_noun("procedure"))
    ]


def sizes(course: Course) -> list[tuple[UUID, Size]]:
    """Height, weight and surface with the fact that says so, the newest first."""
    facts = [fact for fact in course.of_noun("body_size")]
    return list(zip((fact.uid for fact in facts), body_sizes(facts), strict=True))[::-1]


def size_trends(course: Course) -> list[tuple[str, SafeString, str]]:
    """(title, curve, newest value) of height, weight and surface; nothing with fewer than two days."""
    found = [size for size in body_sizes(course.facts) if size.on]
    days = [size.on for size in found if size.on]
    if len(days) < 2:
        return []
    trends = []
    for title, unit, name, form in SIZES:
        points = [(size.on, value) for size in found if size.on and (value := getattr(size, name)) is not None]
        if points:
            says = f"{title} over time; the same values stand in the table below"
            picture = sparkline(points=points, span=(days[0], days[-1]), title=says)
            trends.append((title, picture, f"{points[-1][1]:{form}} {unit}"))
    return trends


def _drug(fact: Fact) -> Drug:
    words = {field.name: said(field, fact.data.get(field.name)) for field in noun("medication").fields}
    return Drug(
        uid=fact.uid,
        name=words["product"] or words["therapy"].replace("_", " "),
        dose=" ".join(part for part in (words["dose"], words["dose_unit"]) if part),
        route=words["route"],
        since=words["started_on"],
        until=words["stopped_on"],
        why=words["stop_reason"],
        effect=words["response"],
        side_effects=words["side_effects"],
    )


def _stopped(fact: Fact, today: date) -> bool:
    stop = _day(fact.data, "stopped_on")
    return fact.data.get("stopped_on") is not None and (stop is None or stop <= today)


def _day(data: Mapping[str, Any], name: str) -> date | None:
    text = str(data.get(name, ""))
    return first_day(text) if text[:1].isdigit() else None


def _months(first: date, last: date) -> int:
    return round((last - first).days / DAYS_A_MONTH)
