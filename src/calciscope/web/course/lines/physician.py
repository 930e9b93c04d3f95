"""Activity of the disease as the physician rates it."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel, Series

PLACE = 30
TOP = 10.0


def panels(looked: Looked) -> Iterator[Panel]:
    """One panel."""
    points = looked.course.numbers(looked.course.of_noun("activity"), "physician_global")
    if points:
        series = Series(title="physician", points=points)
        yield Panel(title="Physician's global", unit="0 to 10", series=[series], least_top=TOP)
