"""Scores of skin and muscle that are recorded, one panel each, on the instrument's own scale."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.instruments import instruments
from calciscope.instruments.definition import Output
from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel, Series
from calciscope.web.scores.curves import curves

PLACE = 40


def panels(looked: Looked) -> Iterator[Panel]:
    """Those whose definitions give them a name on the course; others have their curves on the page of scores."""
    found = {(curve.instrument, curve.output): curve.points for curve in curves(looked.course)}
    for one in instruments().values():
        for output in one.outputs:
            points = found.get((one.id, output.name))
            if output.on_course and points:
                series = [Series(title=output.on_course, points=points)]
                top = float(output.high) if output.high is not None else 0.0
                yield Panel(title=output.on_course, unit=_scale(output), series=series, least_top=top)


def _scale(output: Output) -> str:
    ends = "" if output.low is None or output.high is None else f"{float(output.low):g} to {float(output.high):g}"
    return ", ".join(filter(None, (ends, output.best)))
