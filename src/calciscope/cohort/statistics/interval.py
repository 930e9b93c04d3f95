"""An estimate with its interval."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = 0.95  # of every interval here, the custom of reports on agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate and the limits of its 95 % interval, in the unit of what was estimated."""

    estimate: float
    lower: float
    upper: float
