"""Differences of two readings over their means, with bias and limits of agreement. Every point stands in the table below it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from calciscope.web.design.charts import svg
from calciscope.web.design.charts.scale import round_above

WIDTH, HEIGHT = 640.0, 320.0
LEFT, RIGHT, TOP, BOTTOM = 74.0, 520.0, 18.0, 268.0
ROOM = 1.12  # so that no point lies on the frame
TICKS = 4


def spelled(value: float) -> str:
    """Without an exponent, and with a true minus."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return text.replace("-", "\u2212")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A level with its interval, drawn over the whole width."""

    words: str
    value: float
    lower: float
    upper: float
    kind: str  # bias | limit


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPlot:
    """``points`` are (mean, difference, what it says); ``logarithmic`` where both are ratios' scales."""

    title: str
    across: str
    up: str
    points: Sequence[tuple[float, float, str]]
    lines: Sequence[Line]
    logarithmic: bool = False

    def drawn(self) -> SafeString:
        """The plot as SVG."""
        return svg.drawing(WIDTH, HEIGHT, self.title, self._parts())

    def _parts(self) -> Iterator[SafeString]:
        for line in self.lines:
            yield svg.box(
                (LEFT, self._y(line.upper)), (RIGHT - LEFT, self._y(line.lower) - self._y(line.upper)), "zone"
            )
        yield svg.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis")
        yield svg.line((LEFT, TOP), (LEFT, BOTTOM), "axis")
        none = 1.0 if self.logarithmic else 0.0
        yield svg.line((LEFT, self._y(none)), (RIGHT, self._y(none)), "grid")
        for value in self._ticks_up():
            yield svg.text((LEFT - 6, self._y(value) + 4), spelled(value), kind="quiet", size=12, anchor="end")
        for value in self._ticks_across():
            yield svg.text((self._x(value), BOTTOM + 18), spelled(value), kind="quiet", size=12, anchor="middle")
        for line in self.lines:
            yield svg.line((LEFT, self._y(line.value)), (RIGHT, self._y(line.value)), line.kind)
        for value, words in self._apart():
            yield svg.text((RIGHT + 6, value), words, size=12)
        for mean, difference, says in self.points:
            yield svg.dot((self._x(mean), self._y(difference)), "point", radius=4.5, says=says)
        yield svg.text((4, TOP - 4), self.up, size=13)
        yield svg.text((RIGHT, BOTTOM + 40), self.across, size=13, anchor="end")

    def _apart(self) -> list[tuple[float, str]]:
        """Where the words of the lines stand: beside them, and never over one another."""
        placed: list[tuple[float, str]] = []
        for line in sorted(self.lines, key=lambda one: self._y(one.value)):
            at = self._y(line.value) + 4
            placed.append((max(at, placed[-1][0] + 15) if placed else at, line.words))
        return placed

    def _reach(self) -> float:
        """The largest distance from no difference, on the scale that is drawn."""
        values = [value for _, value, _ in self.points] + [
            end for line in self.lines for end in (line.lower, line.upper)
        ]
        reach = max((abs(self._scaled(value)) for value in values), default=0.0) or 1.0
        return ROOM * (reach if self.logarithmic else 2 * round_above(reach / 2))

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.logarithmic else value

    def _y(self, value: float) -> float:
        share = self._scaled(value) / self._reach()
        return round((TOP + BOTTOM) / 2 - share * (BOTTOM - TOP) / 2, 1)

    def _x(self, value: float) -> float:
        low, high = self._span()
        share = (self._scaled(value) - low) / (high - low)
        return round(LEFT + 8 + share * (RIGHT - LEFT - 16), 1)

    def _span(self) -> tuple[float, float]:
        means = [self._scaled(mean) for mean, *_ in self.points] or [0.0]
        if self.logarithmic:
            low, high = min(means), max(means)
            return (low, high) if high > low else (low - 1.0, high + 1.0)
        return 0.0, round_above(max(means))

    def _ticks_up(self) -> list[float]:
        reach = self._reach() / ROOM
        steps = [reach * place / (TICKS / 2) for place in range(-TICKS // 2, TICKS // 2 + 1)]
        return [math.exp(one) for one in steps] if self.logarithmic else steps

    def _ticks_across(self) -> list[float]:
        low, high = self._span()
        steps = [low + (high - low) * place / TICKS for place in range(TICKS + 1)]
        return [math.exp(one) for one in steps] if self.logarithmic else steps
