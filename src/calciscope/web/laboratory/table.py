"""Results as rows of tests and columns of days. A result is judged by the range that came with it, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from calciscope.record.fact import Fact
from calciscope.record.vocabulary import terms
from calciscope.web.design.charts.sparkline import sparkline
from calciscope.web.design.course import Course

NOUN, TESTS = "laboratory_result", "laboratory_tests"
GROUPS = {
    "muscle": "Muscle enzymes",
    "mineral": "Calcium, phosphate and bone",
    "kidney": "Kidney",
    "inflammation": "Inflammation",
    "blood": "Blood",
}
ABOVE, BELOW, WITHIN, UNJUDGED = "above", "below", "within", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One result."""

    uid: UUID
    on: date
    text: str
    place: str  # above | below | within the laboratory's own range, or nothing where none came with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One test in one unit; ``cells`` by day, each day with what was sampled on it."""

    test: str
    title: str
    unit: str
    loinc: str
    by_age: bool
    range: str
    newest: Cell
    cells: Sequence[Sequence[Cell]]
    trend: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTable:
    """Days from the newest; groups in the order of the battery."""

    days: Sequence[date]
    groups: Sequence[tuple[str, Sequence[Row]]]
    older: int  # days that are not shown


def result_table(course: Course, *, most_days: int = 0) -> ResultTable:
    """All results; ``most_days`` keeps to the newest days (0: all)."""
    facts = course.of_noun(NOUN)
    all_days = sorted({course.when(fact) for fact in facts}, reverse=True)
    days = all_days[: most_days or None]
    span = (all_days[-1], all_days[0]) if all_days else None
    by_test: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        by_test.setdefault((str(fact.data["test"]), str(fact.data["unit"])), []).append(fact)
    rows = [_row(course, key, found, days, span) for key, found in by_test.items() if span]
    order = list(terms(TESTS))
    rows.sort(key=lambda row: order.index(row.test))
    groups = [
        (title, [row for row in rows if terms(TESTS)[row.test]["group"] == name]) for name, title in GROUPS.items()
    ]
    return ResultTable(days=days, groups=[group for group in groups if group[1]], older=len(all_days) - len(days))


def newest_results(course: Course) -> list[Row]:
    """The newest result of each test, in the order of the battery."""
    return [row for _, rows in result_table(course, most_days=1).groups for row in rows]


def newest_of(course: Course, test: str) -> tuple[Fact, Cell] | None:
    """The last result of a test, in whichever unit."""
    found = [fact for fact in course.of_noun(NOUN) if fact.data["test"] == test]
    return (found[-1], _cell(course, found[-1])) if found else None


def place_in_range(data: Mapping[str, Any]) -> str:
    """Where a result lies against the range that came with it. "< 5" with a lower limit of 10 lies below it; "> 5" is unjudged."""
    value, low, high = (_number(data.get(name)) for name in ("value", "low", "high"))
    if value is None or (low is None and high is None):
        return UNJUDGED
    if high is not None and value > high:
        return ABOVE if data.get("comparator") != "<" else UNJUDGED
    if low is not None and value < low:
        return BELOW if data.get("comparator") != ">" else UNJUDGED
    return WITHIN


def range_words(data: Mapping[str, Any]) -> str:
    """The laboratory's own range as it prints it."""
    low, high = _number(data.get("low")), _number(data.get("high"))
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    if high is not None:
        return f"up to {high:g}"
    return f"from {low:g}" if low is not None else ""


def _row(
    course: Course, key: tuple[str, str], facts: Sequence[Fact], days: Sequence[date], span: tuple[date, date] | None
) -> Row:
    test, unit = key
    said = terms(TESTS)[test]
    cells = [_cell(course, fact) for fact in facts]
    newest = facts[-1].data
    return Row(
        test=test,
        title=str(said["words"]),
        unit=unit.replace("{1.73_m2}", "1.73 m²").replace("(24.h)", "24 h").replace("10*9", "10⁹"),
        loinc=str(said.get("loinc", "")),
        by_age=bool(said.get("by_age", False)),
        range=range_words(newest),
        newest=cells[-1],
        cells=[[cell for cell in cells if cell.on == day] for day in days],
        trend=sparkline(
            points=list(_points(course, facts)),
            span=span or (cells[0].on, cells[-1].on),
            normal=(_number(newest.get("low")), _number(newest.get("high"))),
            title=f"{said['words']} over time; the same values stand in this row",
        ),
    )


def _points(course: Course, facts: Sequence[Fact]) -> Iterator[tuple[date, float]]:
    for fact in facts:
        value = _number(fact.data["value"])
        if value is not None:
            yield course.when(fact), value


def _cell(course: Course, fact: Fact) -> Cell:
    value = _number(fact.data["value"])
    text = f"{fact.data.get('comparator', '')}{value:g}" if value is not None else "not assessed"
    return Cell(uid=fact.uid, on=course.when(fact), text=text, place=place_in_range(fact.data))


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
