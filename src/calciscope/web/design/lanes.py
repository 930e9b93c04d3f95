"""Treatment as lanes of a chart: one a drug, and one for procedures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from calciscope.record.fact import Fact
from calciscope.record.fields import first_day
from calciscope.web.design.charts.course_chart import Lane
from calciscope.web.design.course import Course


def treatment_lanes(course: Course) -> Iterator[Lane]:
    """Drugs in the order in which they were first given, then procedures."""
    by_drug: dict[str, list[Fact]] = {}
    for fact in course.of_noun("medication"):
        by_drug.setdefault(str(fact.data["therapy"]), []).append(fact)
    for drug, facts in by_drug.items():
        spans = [span for span in map(_span, facts) if span]
        if spans:
            yield Lane(title=drug.replace("_", " "), spans=spans)
    done = [(course.when(fact), str(fact.data["kind"]).replace("_", " ")) for fact in course.of_noun("procedure")]
    if done:
        yield Lane(title="procedures", spans=[], marks=done)


def _span(fact: Fact) -> tuple[date, date | None, str] | None:
    first = first_day(str(fact.data["started_on"])) if str(fact.data["started_on"])[:1].isdigit() else None
    stop = str(fact.data.get("stopped_on", ""))
    last = first_day(stop) if stop[:1].isdigit() else None
    dose = (
        f"{fact.data['dose']:g} {fact.data.get('dose_unit', '')}"
        if isinstance(fact.data.get("dose"), int | float)
        else ""
    )
    return (first, last, f"{fact.data['therapy']} {dose}".strip().replace("_", " ")) if first else None
