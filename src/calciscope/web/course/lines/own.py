"""What the patient or the parents say: pain, the whole, and whether it is better, the same or worse."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel, Series

PLACE = 80
TOP = 10.0
SIGNS = {"much_better": "++", "better": "+", "same": "=", "worse": "\u2212", "much_worse": "\u2212\u2212"}


def panels(looked: Looked) -> Iterator[Panel]:
    """One panel; answers to the anchor question are signs above it."""
    course = looked.course
    pain = course.numbers(course.of_noun("skin_effects"), "pain")
    overall = course.numbers(course.of_noun("activity"), "patient_global")
    said = [
        (course.when(fact), SIGNS[change], f"since the last visit {change.replace('_', ' ')}")
        for fact in course.of_noun("anchor_questions")
        if (change := str(fact.data.get("change"))) in SIGNS
    ]
    if pain or overall or said:
        lines = [
            Series(title="pain", points=pain),
            Series(title="global", points=overall, kind="patient-line"),
        ]
        shown = [one for one in lines if one.points] or lines[:1]
        yield Panel(title="The patient's own", unit="0 to 10", series=shown, least_top=TOP, marks=said)
