"""The course of each score that was kept: one curve for every number that an instrument gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from calciscope.record.fact import Fact
from calciscope.web.design.course import Course

NOUN = "instrument_score"
FRAME = frozenset(
    {
        "schema", "schema_version", "research_use", "software", "instrument", "title", "missing", "parts", "readings",
        "notes", "cautions", "source", "verification", "verification_of", "rights", "answers",
    }
)  # fmt: skip
"""Keys of a score's document that are no result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One number of one instrument over time, the oldest first."""

    instrument: str
    output: str
    title: str
    points: Sequence[tuple[date, float]]


def curves(course: Course) -> list[Curve]:
    """Numbers alone: classes and yes-or-no answers have no course, and a score that could not be told is no point."""
    found: dict[tuple[str, str], list[tuple[date, float]]] = {}
    titles: dict[str, str] = {}
    for fact in course.of_noun(NOUN):
        name = str(fact.data["instrument"])
        titles[name] = str(fact.data["result"].get("title", name))
        for output, value in numbers_of(fact):
            found.setdefault((name, output), []).append((course.when(fact), value))
    return [
        Curve(instrument=name, output=output, title=f"{titles[name]}: {output.replace('_', ' ')}", points=points)
        for (name, output), points in found.items()
    ]


def numbers_of(fact: Fact) -> list[tuple[str, float]]:
    """(output, value) of one kept score."""
    result: Mapping[str, Any] = fact.data["result"]
    return [
        (name, float(value))
        for name, value in result.items()
        if name not in FRAME and isinstance(value, int | float) and not isinstance(value, bool)
    ]
