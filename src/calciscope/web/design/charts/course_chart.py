"""Burden, activity and treatment on one time axis: panels one above the other, lanes of treatment below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from calciscope.web.design.charts import svg
from calciscope.web.design.charts.scale import Days, Values

WIDTH, LEFT, RIGHT = 780.0, 178.0, 772.0
PANEL, GAP, LANE, HEAD = 84.0, 22.0, 22.0, 14.0
MOST_LABEL = 23  # letters that fit beside a lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve; ``kind`` is `line` for the clinic's, `patient-line` for the patient's own."""

    title: str
    points: Sequence[tuple[date, float]]
    kind: str = "line"
    bands: Sequence[tuple[date, float, float]] = ()  # uncertainty: day, lower, upper


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Curves that share a value axis."""

    title: str
    unit: str
    series: Sequence[Series]
    least_top: float = 0.0
    normal: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A treatment: from a day to a day (None: still going on)."""

    title: str
    spans: Sequence[tuple[date, date | None, str]]
    marks: Sequence[tuple[date, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseChart:
    """All of it."""

    panels: Sequence[Panel]
    lanes: Sequence[Lane]
    visits: Sequence[date]
    today: date
    title: str = "Burden, activity and treatment over time; the same values stand in the flowsheet below"

    def drawn(self) -> SafeString:
        """The chart as SVG."""
        days = Days.over([*self._days(), self.today], left=LEFT, right=RIGHT)
        bottom = HEAD + len(self.panels) * (PANEL + GAP) + len(self.lanes) * LANE
        return svg.drawing(WIDTH, bottom + 26, self.title, self._parts(days, bottom))

    def _days(self) -> Iterator[date]:
        yield from self.visits
        for panel in self.panels:
            for series in panel.series:
                yield from (day for day, _ in series.points)
        for lane in self.lanes:
            for first, last, _ in lane.spans:
                yield from (day for day in (first, last) if day)
            yield from (day for day, _ in lane.marks)

    def _parts(self, days: Days, bottom: float) -> Iterator[SafeString]:
        for day, words in days.ticks():
            yield svg.line((days.x(day), HEAD), (days.x(day), bottom), "grid")
            yield svg.text((days.x(day), bottom + 18), words, kind="quiet", size=12, anchor="middle")
        for day in self.visits:
            yield svg.line((days.x(day), HEAD), (days.x(day), bottom), "visit-line")
        top = HEAD
        for panel in self.panels:
            yield from _panel(panel, days, top)
            top += PANEL + GAP
        for lane in self.lanes:
            yield from _lane(lane, days, top, self.today)
            top += LANE


def _panel(panel: Panel, days: Days, top: float) -> Iterator[SafeString]:
    tops = [value for series in panel.series for _, value in series.points]
    tops += [upper for series in panel.series for *_, upper in series.bands]
    scale = Values.upto(max([*tops, panel.least_top]), bottom=top + PANEL, ceiling=top + 6)
    if panel.normal:
        low, high = (scale.y(min(value, scale.top)) for value in panel.normal)
        yield svg.box((LEFT, high), (RIGHT - LEFT, max(0.0, low - high)), "range", says="within the laboratory's range")
    yield svg.line((LEFT, scale.bottom), (RIGHT, scale.bottom), "axis")
    yield svg.text((4, top + 20), panel.title, size=14)
    yield svg.text((4, top + 37), panel.unit, kind="quiet", size=12)
    yield svg.text((LEFT - 6, top + 14), f"{scale.top:g}", kind="quiet", size=12, anchor="end")
    yield svg.text((LEFT - 6, scale.bottom), "0", kind="quiet", size=12, anchor="end")
    for index, series in enumerate(panel.series):
        yield from _series(series, days, scale)
        if len(panel.series) > 1:
            yield svg.text((4, top + 54 + 15 * index), _key(series), kind="quiet", size=12)


def _key(series: Series) -> str:
    return ("– – " if series.kind == "patient-line" else "—— ") + series.title


def _series(series: Series, days: Days, scale: Values) -> Iterator[SafeString]:
    point = "patient-point" if series.kind == "patient-line" else "point"
    for day, lower, upper in series.bands:
        yield svg.line((days.x(day), scale.y(lower)), (days.x(day), scale.y(upper)), "band")
    if len(series.points) > 1:
        kind = "line" if series.kind == "line" else f"line {series.kind}"
        yield svg.curve([(days.x(day), scale.y(value)) for day, value in series.points], kind)
    for day, value in series.points:
        yield svg.dot((days.x(day), scale.y(value)), point, says=f"{day:%d %b %Y}: {value:g} ({series.title})")


def _lane(lane: Lane, days: Days, top: float, today: date) -> Iterator[SafeString]:
    words = lane.title if len(lane.title) <= MOST_LABEL else lane.title[: MOST_LABEL - 1] + "…"
    yield svg.text((4, top + 15), words, kind="lane-text", size=13)
    for first, last, says in lane.spans:
        left, right = days.x(first), days.x(last or today)
        kind = "lane" if last else "lane-now"
        yield svg.box((left, top + 5), (max(3.0, round(right - left, 1)), LANE - 9), kind, says=says)
    for day, says in lane.marks:
        yield svg.mark((days.x(day), top + LANE / 2), "event", says=says)
