"""What the patient or the parents say: pain, the whole, and whether it is better, the same or worse."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel, Series

PLACE = 80
TOP = 10.0


def panels(looked: Looked) -> Iterator[Panel]:
    """One panel; answers to the anchor questions are marks above it."""
    course = looked.course
    pain = course.numbers(course.of_noun("skin_effects"), "pain")
    overall = course.numbers(course.of_noun("activity"), "patient_global")
    said = [
        (course.when(fact), f"since the last visit {str(fact.data['change']).replace('_', ' ')}")
        for fact in course.of_noun("anchor_questions")
        if fact.data.get("change") and fact.data["change"] != "not_assessed"
    ]
    if pain or overall or said:
        lines = [
            Series(title="pain", points=pain),
            Series(title="global", points=overall, kind="patient-line"),
        ]
        shown = [one for one in lines if one.points] or lines[:1]
        yield Panel(title="The patient's own", unit="0 to 10", series=shown, least_top=TOP, marks=said)
