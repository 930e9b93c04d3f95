"""Calcium mass per litre of limb, for children, whose limbs grow between two scans."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.web.course.looked import Looked
from calciscope.web.course.told import number
from calciscope.web.design.charts.course_chart import Panel, Series

PLACE = 15


def panels(looked: Looked) -> Iterator[Panel]:
    """One panel for a child whose comparisons give litres."""
    if looked.chain is None or not looked.child:
        return
    points = {}
    for step in looked.chain.steps:
        for scan, name in ((step.earlier, "baseline_mg_per_litre"), (step.later, "followup_mg_per_litre")):
            value = number(step.burden, name)
            if value is not None and scan.effective_on:
                points[scan.effective_on] = round(value, 1)
    if points:
        series = Series(title="mass per litre", points=sorted(points.items()))
        yield Panel(
            title="Mass per litre of limb",
            unit="mg/l",
            series=[series],
            note="Mass per litre of limb is for children, whose limbs grow.",
        )
