"""The course of every score that was kept more than once, above the treatment it was scored under."""

from __future__ import annotations

from datetime import date

from django.utils.safestring import SafeString

from calciscope.flows.score_patient import scorable
from calciscope.web.design.charts.course_chart import CourseChart, Panel, Series
from calciscope.web.design.course import Course
from calciscope.web.design.lanes import treatment_lanes
from calciscope.web.scores.curves import Curve, curves

MOST_WORDS = 22  # letters beside a panel


def scores_picture(course: Course, today: date) -> SafeString | None:
    """None before the first score."""
    found = curves(course)
    if not found:
        return None
    chart = CourseChart(
        panels=[_panel(curve) for curve in found],
        lanes=list(treatment_lanes(course)),
        visits=[visit.held_on for visit in course.visits if visit.state != "cancelled"],
        today=today,
        title="Scores and treatment over time; the same values stand in the table below",
    )
    return chart.drawn()


def short_title(title: str) -> str:
    """The name as it is spoken: what stands in brackets, where that is the shorter one."""
    before, _, inside = title.partition(" (")
    inside = inside.split(")")[0]
    name = inside if inside and len(inside) < len(before) and " " not in inside else before
    return name if len(name) <= MOST_WORDS else name[: MOST_WORDS - 1] + "…"


def _panel(curve: Curve) -> Panel:
    instrument = scorable().get(curve.instrument)
    outputs = {output.name: output for output in instrument.outputs} if instrument else {}
    known = outputs.get(curve.output)
    top = float(known.high) if known and known.high is not None else 0.0
    words = curve.output.replace("_", " ")
    title = short_title(instrument.title if instrument else curve.instrument)
    unit = words + (f", 0 to {top:g}" if top else "")
    return Panel(title=title, unit=unit, series=[Series(title=words, points=curve.points)], least_top=top)
