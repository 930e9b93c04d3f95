"""Burden, activity and treatment on one time axis: panels one above the other, lanes of treatment below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from calciscope.web.design.charts import svg
from calciscope.web.design.charts.scale import Days, Values

LANE, HEAD = 22.0, 14.0
THIN_SPACE = "\u202f"
LEAST_BAND = 2.0  # so that a narrow band of error is still seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things stand, in chart units: words beside the panels on a desk, above them on a telephone."""

    width: float
    left: float
    right: float
    panel: float
    gap: float
    above: float  # of each panel, for its words
    letters: int  # that fit beside a lane


WIDE = Layout(width=780.0, left=178.0, right=772.0, panel=84.0, gap=22.0, above=0.0, letters=23)
PAPER = Layout(width=1000.0, left=190.0, right=992.0, panel=62.0, gap=17.0, above=0.0, letters=24)
NARROW = Layout(width=380.0, left=44.0, right=374.0, panel=84.0, gap=20.0, above=40.0, letters=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """What measurement error alone may make of a value between two days."""

    first: date
    last: date
    lower: float
    upper: float
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve; ``kind`` is `line` for the clinic's, `patient-line` for the patient's own."""

    title: str
    points: Sequence[tuple[date, float]]
    kind: str = "line"
    bands: Sequence[tuple[date, float, float]] = ()  # uncertainty: day, lower, upper
    corridors: Sequence[Corridor] = ()
    apart: frozenset[date] = frozenset()  # days that no line reaches, since they cannot be compared with the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Curves that share a value axis; ``marks`` are (day, sign, words) of what has no value."""

    title: str
    unit: str
    series: Sequence[Series]
    least_top: float = 0.0
    normal: tuple[float, float] | None = None
    marks: Sequence[tuple[date, str, str]] = ()
    note: str = ""  # for the table: what a reader should know of it
    tall: float = 1.0  # times the height of other panels


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
    layout: Layout = WIDE

    def drawn(self) -> SafeString:
        """The chart as SVG."""
        shape = self.layout
        days = Days.over([*self._days(), self.today], left=shape.left, right=shape.right)
        lane = LANE + (LANE - 6 if shape.above else 0)
        high = [shape.above + shape.panel * panel.tall + shape.gap for panel in self.panels]
        bottom = HEAD + sum(high) + len(self.lanes) * lane
        return svg.drawing(shape.width, bottom + 26, self.title, self._parts(days, bottom, high, lane))

    def _days(self) -> Iterator[date]:
        yield from self.visits
        for panel in self.panels:
            yield from (day for day, *_ in panel.marks)
            for series in panel.series:
                yield from (day for day, _ in series.points)
        for one in self.lanes:
            for first, last, _ in one.spans:
                yield from (day for day in (first, last) if day)
            yield from (day for day, _ in one.marks)

    def _parts(self, days: Days, bottom: float, high: Sequence[float], lane: float) -> Iterator[SafeString]:
        for day, words in days.ticks(most=5 if self.layout.above else None):
            yield svg.line((days.x(day), HEAD), (days.x(day), bottom), "grid")
            yield svg.text((days.x(day), bottom + 18), words, kind="quiet", size=12, anchor="middle")
        for day in self.visits:
            yield svg.line((days.x(day), HEAD), (days.x(day), bottom), "visit-line")
        top = HEAD
        for panel, height in zip(self.panels, high, strict=True):
            yield from _panel(panel, days, top, self.layout)
            top += height
        for one in self.lanes:
            yield from _lane(one, days, top, self.today, self.layout)
            top += lane


def _panel(panel: Panel, days: Days, start: float, shape: Layout) -> Iterator[SafeString]:
    top = start + shape.above
    tops = [value for series in panel.series for _, value in series.points]
    tops += [upper for series in panel.series for *_, upper in series.bands]
    tops += [one.upper for series in panel.series for one in series.corridors]
    scale = Values.upto(max([*tops, panel.least_top]), bottom=top + shape.panel * panel.tall, ceiling=top + 6)
    if panel.normal:
        low, high = (scale.y(min(value, scale.top)) for value in panel.normal)
        size = (shape.right - shape.left, max(0.0, low - high))
        yield svg.box((shape.left, high), size, "range", says="within the laboratory's range")
    yield svg.line((shape.left, scale.bottom), (shape.right, scale.bottom), "axis")
    yield from _words(panel, start, shape)
    yield svg.text((shape.left - 6, top + 14), _top(scale.top), kind="quiet", size=12, anchor="end")
    yield svg.text((shape.left - 6, scale.bottom), "0", kind="quiet", size=12, anchor="end")
    for series in panel.series:
        yield from _series(series, days, scale)
    for day, sign, words in panel.marks:
        yield svg.text(
            (days.x(day), top + 8), sign, kind="said", size=16, anchor="middle", says=f"{day:%d %b %Y}: {words}"
        )


def _words(panel: Panel, start: float, shape: Layout) -> Iterator[SafeString]:
    """Title, unit and key: one below the other on a desk, in two lines above the panel on a telephone."""
    keys = [_key(series) for series in panel.series] if len(panel.series) > 1 else []
    if shape.above:
        yield svg.text((4, start + 18), f"{panel.title}, {panel.unit}", size=14)
        yield svg.text((4, start + 34), "   ".join(keys), kind="quiet", size=12)
        return
    yield svg.text((4, start + 20), panel.title, size=14)
    yield svg.text((4, start + 37), panel.unit, kind="quiet", size=12)
    for index, words in enumerate(keys):
        yield svg.text((4, start + 54 + 15 * index), words, kind="quiet", size=12)


def _top(value: float) -> str:
    return f"{value:,.0f}".replace(",", THIN_SPACE) if value >= 1000 else f"{value:g}"


def _key(series: Series) -> str:
    return ("– – " if series.kind == "patient-line" else "—— ") + series.title


def _series(series: Series, days: Days, scale: Values) -> Iterator[SafeString]:
    point = "patient-point" if series.kind == "patient-line" else "point"
    for one in series.corridors:
        left, right, high, low = days.x(one.first), days.x(one.last), scale.y(one.upper), scale.y(one.lower)
        size = (round(right - left, 1), max(LEAST_BAND, round(low - high, 1)))
        yield svg.box((left, high), size, "corridor", says=one.says)
    for day, lower, upper in series.bands:
        yield svg.line((days.x(day), scale.y(lower)), (days.x(day), scale.y(upper)), "band")
    kind = "line" if series.kind == "line" else f"line {series.kind}"
    for run in _runs(series):
        if len(run) > 1:
            yield svg.curve([(days.x(day), scale.y(value)) for day, value in run], kind)
    for day, value in series.points:
        yield svg.dot((days.x(day), scale.y(value)), point, says=f"{day:%d %b %Y}: {value:g} ({series.title})")


def _runs(series: Series) -> Iterator[list[tuple[date, float]]]:
    """The points that a line joins."""
    run: list[tuple[date, float]] = []
    for day, value in series.points:
        if day in series.apart and run:
            yield run
            run = []
        run.append((day, value))
    yield run


def _lane(lane: Lane, days: Days, top: float, today: date, shape: Layout) -> Iterator[SafeString]:
    words = lane.title if len(lane.title) <= shape.letters else lane.title[: shape.letters - 1] + "…"
    yield svg.text((4, top + 15), words, kind="lane-text", size=13)
    down = top + (LANE - 6 if shape.above else 0)
    for first, last, says in lane.spans:
        left, right = days.x(first), days.x(last or today)
        kind = "lane" if last else "lane-now"
        yield svg.box((left, down + 5), (max(3.0, round(right - left, 1)), LANE - 9), kind, says=says)
    for day, says in lane.marks:
        yield svg.mark((days.x(day), down + LANE / 2), "event", says=says)
