"""Whether a projected area has changed by more than measurement error can make it (docs/reference/film-change.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from calciscope.measure.films.change_table import FLOOR_MM2, ROOT_MM, SLOPE

CONFIDENCE = 0.95
"""A change beyond the limit is real with this confidence, for all deposits compared on a pair of films together."""
NORMAL_95 = 1.96
"""Two-sided 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenArea:
    """An area outlined by its edge, and the relative standard uncertainty of a length on its film."""

    area_mm2: float
    scale_uncertainty: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange:
    """How far two areas of one deposit differ, and how far they would differ by error alone."""

    change_mm2: float
    limit_mm2: float

    @property
    def is_real(self) -> bool:
        """Whether error alone does not explain it."""
        return abs(self.change_mm2) > self.limit_mm2


def area_change(then: SeenArea, now: SeenArea, *, compared: int = 1) -> AreaChange:
    """The change of one of ``compared`` deposits on a pair of films, with its limit."""
    size = max(then.area_mm2, now.area_mm2)
    own = SLOPE * size + ROOT_MM * math.sqrt(size) + FLOOR_MM2
    of_scale = NORMAL_95 * 2 * size * math.hypot(then.scale_uncertainty, now.scale_uncertainty)
    limit = _widening(compared) * math.hypot(own, of_scale)
    return AreaChange(change_mm2=now.area_mm2 - then.area_mm2, limit_mm2=limit)


def _widening(compared: int) -> float:
    """So that the chance of any false change among them stays that of one (Sidak)."""
    miss = 1 - CONFIDENCE ** (1 / max(1, compared))
    return float(ndtri(1 - miss / 2) / ndtri(0.5 + CONFIDENCE / 2))
