"""Scores of skin and muscle that are recorded, one panel each, on the instrument's own scale."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel, Series
from calciscope.web.scores.curves import curves

PLACE = 40
SHOWN = {
    ("cdasi-v2", "activity"): ("CDASI, skin activity", "0 to 100", 100.0),
    ("das-jdm", "total"): ("DAS, skin and muscle", "0 to 20", 20.0),
    ("mmt-8", "total_both"): ("MMT-8, both sides", "0 to 150, 150 is full", 150.0),
    ("mmt-8", "total_right"): ("MMT-8, right side", "0 to 80, 80 is full", 80.0),
    ("cmas", "total"): ("CMAS, muscle", "0 to 52, 52 is full", 52.0),
    ("haq-chaq", "disability_index"): ("HAQ or CHAQ", "0 to 3, 0 is none", 3.0),
}
"""(instrument, output) -> title, scale in words, top of the axis."""


def panels(looked: Looked) -> Iterator[Panel]:
    """In the order above; other instruments have their curves on the page of scores."""
    found = {(curve.instrument, curve.output): curve.points for curve in curves(looked.course)}
    for key, (title, unit, top) in SHOWN.items():
        if found.get(key):
            yield Panel(title=title, unit=unit, series=[Series(title=title, points=found[key])], least_top=top)
