"""One deposit's longest axis over time; all of a patient's share both axes, so that they can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.safestring import SafeString

from calciscope.web.design.charts import svg
from calciscope.web.design.charts.scale import Days, Values

WIDTH, HEIGHT, LEFT, RIGHT = 220.0, 84.0, 26.0, 212.0


def small_multiple(
    *,
    title: str,
    points: Sequence[tuple[date, float]],
    events: Sequence[tuple[date, str]],
    span: tuple[date, date],
    top_mm: float,
) -> SafeString:
    """The sparkline; ``span`` and ``top_mm`` are those of all deposits of the patient."""
    days = Days.over(span, left=LEFT, right=RIGHT)
    values = Values.upto(top_mm, bottom=HEIGHT - 12, ceiling=8)
    return svg.drawing(WIDTH, HEIGHT, title, _parts(points, events, days, values))


def _parts(
    points: Sequence[tuple[date, float]], events: Sequence[tuple[date, str]], days: Days, values: Values
) -> Iterator[SafeString]:
    yield svg.line((LEFT, values.bottom), (RIGHT, values.bottom), "axis")
    yield svg.text((LEFT - 4, 14), f"{values.top:g}", kind="quiet", size=10, anchor="end")
    yield svg.text((LEFT - 4, values.bottom), "0", kind="quiet", size=10, anchor="end")
    if len(points) > 1:
        yield svg.curve([(days.x(day), values.y(value)) for day, value in points], "line")
    for day, value in points:
        yield svg.dot((days.x(day), values.y(value)), "point", radius=3.5, says=f"{day:%d %b %Y}: {value:g} mm")
    for day, words in events:
        yield svg.mark((days.x(day), values.bottom), "event", half=4, says=f"{day:%d %b %Y}: {words}")
