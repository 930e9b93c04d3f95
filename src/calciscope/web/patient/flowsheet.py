"""The table that repeats every graphic: a row a quantity, a column a day. Missing is an empty cell, never a zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from calciscope.record.fact import Fact
from calciscope.record.fields import NOT_ASSESSED, Number, YesNo
from calciscope.record.in_words.amounts import number
from calciscope.record.in_words.deposit_words import place_of, size
from calciscope.record.noun import noun
from calciscope.record.register import body_sizes
from calciscope.record.stories import Story
from calciscope.record.vocabulary import terms, words
from calciscope.web.design.course import Course
from calciscope.web.design.days import written
from calciscope.web.imaging.masses import masses_on_ct
from calciscope.web.photographs.shots import area_words, pose_words
from calciscope.web.scores.curves import curves

LEFT_OUT = "not assessed"
ENDING = frozenset(code for code, said in terms("deposit_events").items() if said.get("ends"))
BEYOND = '<td class="high">{}<span class="visually-hidden"> (outside the range)</span></td>'
RATED = ("activity", "skin_effects", "symptoms", "anchor_questions")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """One quantity; cells by the day's place in the sheet."""

    title: str
    unit: str
    cells: Sequence[str]
    outside: Sequence[bool]  # beyond the laboratory's own range

    def drawn(self) -> SafeString:
        """The cells as HTML, the newest first: joined here, since a template takes ten times as long over a thousand of them."""
        pairs = list(zip(self.cells, self.outside, strict=True))[::-1]
        return mark_safe(
            "".join(BEYOND.format(escape(cell)) if out else f"<td>{escape(cell)}</td>" for cell, out in pairs)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows that belong together."""

    title: str
    rows: Sequence[FlowRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flowsheet:
    """The whole sheet."""

    days: Sequence[date]
    groups: Sequence[Group]

    def lines(self) -> Iterator[list[str]]:
        """As rows of a CSV file, with dates as ISO writes them."""
        yield ["group", "quantity", "unit", *(day.isoformat() for day in self.days)]
        for group in self.groups:
            for row in group.rows:
                yield [group.title, row.title, row.unit, *row.cells]


Cells = dict[date, tuple[str, bool]]


def flowsheet(course: Course) -> Flowsheet:
    """From a patient's course."""
    groups: list[tuple[str, list[tuple[str, str, Cells]]]] = [
        ("Deposits", [_deposit(course, story) for story in course.stories]),
        ("Deposits in all", list(_burden(course))),
        *((noun(name).title, list(_rated(course, name))) for name in RATED),
        ("Height, weight, body surface", list(_size_of_body(course))),
        ("Scores", list(_scores(course))),
        ("Photographs", list(_ulcers(course))),
        ("Laboratory", list(_laboratory(course))),
        ("Treatment", list(_treatment(course))),
    ]
    days = sorted(
        {day for _, rows in groups for _, _, cells in rows for day in cells} | {v.held_on for v in course.visits}
    )
    return Flowsheet(days=days, groups=[Group(title=title, rows=rows_of(rows, days)) for title, rows in groups if rows])


def rows_of(rows: list[tuple[str, str, Cells]], days: Sequence[date]) -> list[FlowRow]:
    """(title, unit, cells) as rows of a sheet with these days."""
    return [
        FlowRow(
            title=title,
            unit=unit,
            cells=[cells.get(day, ("", False))[0] for day in days],
            outside=[cells.get(day, ("", False))[1] for day in days],
        )
        for title, unit, cells in rows
    ]


def _deposit(course: Course, story: Story) -> tuple[str, str, Cells]:
    """Sizes as they were measured; the method stands once, where it was always the same."""
    methods = {str(fact.data.get("size_method", "")) for fact in story.findings if "longest_mm" in fact.data}
    one = methods.pop().replace("_", " ") if len(methods) == 1 else ""
    cells: dict[date, list[str]] = {}
    for fact in story.findings:
        measured = size(fact.data)
        short = measured.removesuffix(f" mm ({one})") if one else measured
        said = short + (", unchanged" if fact.data.get("unchanged") is True else "")
        cells.setdefault(course.when(fact), []).append(said)
    for fact in story.events:
        cells.setdefault(course.when(fact), []).append(words("deposit_events")[str(fact.data["event"])])
    joined: Cells = {day: ("; ".join(said), False) for day, said in cells.items()}
    return f"{story.label} {place_of(story)}", f"mm, {one}" if one else "", joined


def _size_of_body(course: Course) -> Iterator[tuple[str, str, Cells]]:
    sizes = [size for size in body_sizes(course.facts) if size.on]
    rows = (
        ("Height", "cm", "height_cm", "g"),
        ("Weight", "kg", "weight_kg", "g"),
        ("Body surface", "m2", "surface_m2", ".2f"),
    )
    for title, unit, name, form in rows:
        cells: Cells = {
            size.on: (format(getattr(size, name), form), False)
            for size in sizes
            if size.on and getattr(size, name) is not None
        }
        if cells:
            yield title, unit, cells


def _burden(course: Course) -> Iterator[tuple[str, str, Cells]]:
    counted: Cells = {day: (str(count), False) for day, count in deposits_present(course)}
    if counted:
        yield "Deposits present", "1", counted
    for parts, masses in masses_on_ct(course).items():
        cells: Cells = {
            one.on: (" ".join((number(one.mass_mg), f"({number(one.lower_mg)} to {number(one.upper_mg)})")), False)
            for one in masses
        }
        yield f"Calcium mass on CT{', ' + parts if parts else ''} (whole scan, 95 % interval)", "mg", cells


def deposits_present(course: Course) -> list[tuple[date, int]]:
    """How many deposits were followed as present at each visit."""
    found = []
    for visit in course.visits:
        if visit.state == "cancelled":
            continue
        present = 0
        for story in course.stories:
            begun = [course.when(fact) for fact in (*story.findings, *story.events)]
            past = [fact for fact in story.events if course.when(fact) <= visit.held_on]
            ended = bool(past) and str(past[-1].data["event"]) in ENDING
            present += bool(begun) and min(begun) <= visit.held_on and not ended
        found.append((visit.held_on, present))
    return found


def _rated(course: Course, name: str) -> Iterator[tuple[str, str, Cells]]:
    facts = course.of_noun(name)
    for field in noun(name).fields:
        cells: Cells = {
            course.when(fact): (_spoken(fact.data[field.name], yes_no=isinstance(field, YesNo)), False)
            for fact in facts
            if field.name in fact.data
        }
        if cells:
            unit = field.unit if isinstance(field, Number) else ""
            yield field.label, unit, cells


def _laboratory(course: Course) -> Iterator[tuple[str, str, Cells]]:
    by_test: dict[tuple[str, str], list[Fact]] = {}
    for fact in course.of_noun("laboratory_result"):
        by_test.setdefault((str(fact.data["test"]), str(fact.data["unit"])), []).append(fact)
    for (test, unit), facts in by_test.items():
        cells: Cells = {course.when(fact): (_result(fact.data), outside_range(fact.data)) for fact in facts}
        yield words("laboratory_tests").get(test, test), unit, cells


def _scores(course: Course) -> Iterator[tuple[str, str, Cells]]:
    for curve in curves(course):
        yield curve.title, "1", {day: (f"{value:g}", False) for day, value in curve.points}


def _ulcers(course: Course) -> Iterator[tuple[str, str, Cells]]:
    """Area of the ulcer in each pose, with its 95 % interval."""
    by_pose: dict[str, Cells] = {}
    for fact in course.of_noun("photograph"):
        if area_words(fact.data):
            said = area_words(fact.data).replace(" cm²", "")
            by_pose.setdefault(pose_words(fact.data), {})[course.when(fact)] = (said, False)
    for pose, cells in by_pose.items():
        yield f"{pose[:1].upper()}{pose[1:]}: area of the ulcer", "cm2", cells


def _result(data: Mapping[str, Any]) -> str:
    value = data["value"]
    return f"{data.get('comparator', '')}{value:g}" if isinstance(value, int | float) else LEFT_OUT


def outside_range(data: Mapping[str, Any]) -> bool:
    """Whether a result lies outside the laboratory's own range, as far as that came with it."""
    value, low, high = (data.get(name) for name in ("value", "low", "high"))
    if not isinstance(value, int | float):
        return False
    return (isinstance(low, int | float) and value < low) or (isinstance(high, int | float) and value > high)


def _treatment(course: Course) -> Iterator[tuple[str, str, Cells]]:
    for fact in course.of_noun("medication"):
        data = fact.data
        dose = (
            f"{data['dose']:g} {data.get('dose_unit', '')}".strip() if isinstance(data.get("dose"), int | float) else ""
        )
        cells: Cells = {course.when(fact): (" ".join(part for part in ("started", dose) if part), False)}
        stop = str(data.get("stopped_on", ""))
        if len(stop) == len("2026-01-01"):
            cells[date.fromisoformat(stop)] = ("stopped: " + str(data.get("stop_reason", "")).replace("_", " "), False)
        yield str(data["therapy"]).replace("_", " "), "", cells
    for fact in course.of_noun("procedure"):
        yield "procedure", "", {course.when(fact): (str(fact.data["kind"]).replace("_", " "), False)}


def _spoken(value: Any, *, yes_no: bool) -> str:
    if value == NOT_ASSESSED:
        return LEFT_OUT
    if yes_no:
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else written(str(value)).replace("_", " ")
