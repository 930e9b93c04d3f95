"""A curve as small as a word, beside the numbers that it repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.safestring import SafeString

from calciscope.web.design.charts import svg
from calciscope.web.design.charts.scale import Days, Values

WIDTH, HEIGHT, EDGE = 120.0, 30.0, 4.0


def sparkline(
    *,
    points: Sequence[tuple[date, float]],
    span: tuple[date, date],
    normal: tuple[float | None, float | None] = (None, None),
    title: str,
) -> SafeString:
    """``normal`` is a range drawn behind, from 0 where it has no lower end."""
    low, high = normal
    tops = [value for _, value in points] + ([high] if high is not None else [])
    days = Days.over(span, left=EDGE, right=WIDTH - EDGE)
    values = Values(top=max(tops, default=1.0) * 1.08 or 1.0, bottom=HEIGHT - EDGE, ceiling=EDGE)
    return svg.drawing(WIDTH, HEIGHT, title, _parts(points, low, high, days, values))


def _parts(
    points: Sequence[tuple[date, float]], low: float | None, high: float | None, days: Days, values: Values
) -> Iterator[SafeString]:
    if high is not None:
        ceiling, floor = values.y(high), values.y(low or 0.0)
        yield svg.box((0, ceiling), (WIDTH, max(1.0, round(floor - ceiling, 1))), "range")
    if len(points) > 1:
        yield svg.curve([(days.x(day), values.y(value)) for day, value in points], "line thin")
    for day, value in points[-1:]:
        yield svg.dot((days.x(day), values.y(value)), "point", radius=3.0)
