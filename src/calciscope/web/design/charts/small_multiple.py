"""One deposit over time: its size or mass, the patient's own line and what was given, on axes that all deposits share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from calciscope.web.design.charts import svg
from calciscope.web.design.charts.course_chart import LEAST_BAND, Corridor, Lane
from calciscope.web.design.charts.scale import Days, Values

WIDTH, LEFT, RIGHT = 260.0, 26.0, 238.0
PLOT, TOP, LANE, FOOT = 78.0, 8.0, 6.0, 16.0
RATING_TOP = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """What all small multiples of a patient share: days, the top of the value axis in its unit, and the lanes of treatment."""

    span: tuple[date, date]
    top: float
    lanes: Sequence[Lane] = ()
    unit: str = "mm"

    @property
    def height(self) -> float:
        """Of each picture, in its own units."""
        return PLOT + 6 + len(self.lanes) * LANE + FOOT


def small_multiple(
    *,
    title: str,
    points: Sequence[tuple[date, float]],
    own: Sequence[tuple[date, float]],
    events: Sequence[tuple[date, str]],
    axes: Axes,
    corridors: Sequence[Corridor] = (),
) -> SafeString:
    """``points`` in the axes' unit; ``own`` is what the patient says of it, 0 to 10, read on the right."""
    days = Days.over(axes.span, left=LEFT, right=RIGHT)
    values = Values.upto(axes.top, bottom=PLOT, ceiling=TOP)
    parts = [
        *_frame(values, own, axes, days),
        *_lanes(axes, days),
        *_own(own, days),
        *_corridors(corridors, days, values),
        *_values(points, events, days, values, axes.unit),
    ]
    return svg.drawing(WIDTH, axes.height, title, parts)


def _frame(values: Values, own: Sequence[tuple[date, float]], axes: Axes, days: Days) -> Iterator[SafeString]:
    yield svg.line((LEFT, values.bottom), (RIGHT, values.bottom), "axis")
    yield svg.text((LEFT - 4, TOP + 6), f"{values.top:g}", kind="quiet", size=10, anchor="end")
    yield svg.text((LEFT - 4, values.bottom), "0", kind="quiet", size=10, anchor="end")
    if own:
        yield svg.text((RIGHT + 4, TOP + 6), f"{RATING_TOP:g}", kind="patient-words", size=10)
        yield svg.text((RIGHT + 4, values.bottom), "0", kind="patient-words", size=10)
    first, last = axes.span
    base = axes.height - 4
    yield svg.text((LEFT, base), f"{first:%b %Y}", kind="quiet", size=10)
    yield svg.text((RIGHT, base), f"{last:%b %Y}", kind="quiet", size=10, anchor="end")


def _lanes(axes: Axes, days: Days) -> Iterator[SafeString]:
    for index, lane in enumerate(axes.lanes):
        top = PLOT + 6 + index * LANE
        for first, last, says in lane.spans:
            left, right = days.x(first), days.x(last or axes.span[1])
            kind = "lane" if last else "lane-now"
            yield svg.box((left, top), (max(2.0, round(right - left, 1)), LANE - 2), kind, says=says)


def _own(own: Sequence[tuple[date, float]], days: Days) -> Iterator[SafeString]:
    ratings = Values(top=RATING_TOP, bottom=PLOT, ceiling=TOP)
    if len(own) > 1:
        yield svg.curve([(days.x(day), ratings.y(value)) for day, value in own], "line thin patient-line")
    for day, value in own:
        says = f"{day:%d %b %Y}: {value:g} of 10"
        yield svg.dot((days.x(day), ratings.y(value)), "patient-point", radius=2.5, says=says)


def _corridors(corridors: Sequence[Corridor], days: Days, values: Values) -> Iterator[SafeString]:
    for one in corridors:
        left, right, high, low = days.x(one.first), days.x(one.last), values.y(one.upper), values.y(one.lower)
        size = (round(right - left, 1), max(LEAST_BAND, round(low - high, 1)))
        yield svg.box((left, high), size, "corridor", says=one.says)


def _values(
    points: Sequence[tuple[date, float]], events: Sequence[tuple[date, str]], days: Days, values: Values, unit: str
) -> Iterator[SafeString]:
    if len(points) > 1:
        yield svg.curve([(days.x(day), values.y(value)) for day, value in points], "line")
    for day, value in points:
        yield svg.dot((days.x(day), values.y(value)), "point", radius=3.5, says=f"{day:%d %b %Y}: {value:g} {unit}")
    for day, words in events:
        yield svg.mark((days.x(day), values.bottom), "event", half=4, says=f"{day:%d %b %Y}: {words}")
