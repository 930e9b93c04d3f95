"""Where a day and a value lie on a chart, and which ticks an axis has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor, log10

NICE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
LEAST_SPAN = timedelta(days=60)  # judgement: a single visit still has an axis around it
MOST_MONTH_TICKS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A time axis from ``first`` to ``last`` over ``left`` to ``right`` (chart units)."""

    first: date
    last: date
    left: float
    right: float

    @classmethod
    def over(cls, days: Iterable[date], *, left: float, right: float) -> Days:
        """An axis that holds all days, with a little room."""
        found = sorted(days)
        first, last = (found[0], found[-1]) if found else (date.today(), date.today())
        room = max((LEAST_SPAN - (last - first)) / 2, (last - first) / 50)
        return cls(first=first - room, last=last + room, left=left, right=right)

    def x(self, day: date) -> float:
        """Where a day lies, held within the axis."""
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(self.left + min(1.0, max(0.0, share)) * (self.right - self.left), 1)

    def ticks(self, *, most: int | None = None) -> list[tuple[date, str]]:
        """Firsts of months, quarters or years, whichever are few enough."""
        for months in (1, 3, 6, 12, 24, 60):
            found = self._every(months)
            if len(found) <= (most or MOST_MONTH_TICKS):
                break
        return [(day, f"{day:%Y}" if months >= 12 else f"{day:%b %Y}") for day in found]

    def _every(self, months: int) -> list[date]:
        count = self.first.year * 12 + self.first.month - 1
        count += -count % months
        days = []
        while (day := date(count // 12, count % 12 + 1, 1)) <= self.last:
            if day >= self.first:
                days.append(day)
            count += months
        return days


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A value axis from 0 to a round top over ``bottom`` to ``ceiling`` (chart units, y falls)."""

    top: float
    bottom: float
    ceiling: float

    @classmethod
    def upto(cls, highest: float, *, bottom: float, ceiling: float) -> Values:
        """An axis from 0 to the next round number."""
        return cls(top=round_above(highest), bottom=bottom, ceiling=ceiling)

    def y(self, value: float) -> float:
        """Where a value lies."""
        return round(self.bottom - min(1.0, max(0.0, value / self.top)) * (self.bottom - self.ceiling), 1)


def round_above(value: float) -> float:
    """The next of NICE times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return next(power * step for step in NICE if power * step >= value * 0.999)
