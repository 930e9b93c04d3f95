"""The mass of several deposits with its 95 % interval, from the masses and limits of each as they are stored.

As `measure` sums a burden: errors of each deposit's own add in squares, those of the matrix and of the calibration push
all deposits the same way and add up straight. The own error is what a deposit's upper limit leaves once the two shared
ones, known from the recipe, are taken out. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

NORMAL_95 = 1.96  # two-sided 95 % of a normal distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all deposits of a measurement share: relative SD of the calibration, and mg per ml by one SD of the matrix."""

    relative_sd: float
    matrix_mg_per_ml: float

    @classmethod
    def of(cls, recipe: Mapping[str, Any] | None) -> Shared | None:
        """From a measurement's recipe; None where it does not tell."""
        calibration, matrix = ((recipe or {}).get(name) or {} for name in ("calibration", "matrix"))
        per_mg, relative = calibration.get("hu_per_mg_ml"), calibration.get("relative_sd")
        if not isinstance(per_mg, int | float) or not isinstance(relative, int | float) or per_mg <= 0:
            return None
        sd_hu = matrix.get("sd_hu") if matrix.get("hu") is not None else 0.0
        return cls(relative_sd=float(relative), matrix_mg_per_ml=float(sd_hu or 0.0) / float(per_mg))


@dataclass(frozen=True, slots=True, kw_only=True)
class MassSum:
    """Milligrams of hydroxyapatite and the 95 % interval; None where one of the deposits could not be weighed."""

    mass_mg: float | None
    mass_lower_mg: float | None
    mass_upper_mg: float | None


def mass_sum(rows: Iterable[Mapping[str, Any]], shared: Shared | None) -> MassSum:
    """Over rows with ``mass_mg``, ``mass_lower_mg``, ``mass_upper_mg`` and ``volume_ml``.

    Where ``shared`` or a volume is not known, limits are summed, which makes the interval too wide rather than too narrow.
    """
    known = list(rows)
    masses, lowers, uppers = (_numbers(known, name) for name in ("mass_mg", "mass_lower_mg", "mass_upper_mg"))
    if masses is None or lowers is None or uppers is None:
        return MassSum(mass_mg=None, mass_lower_mg=None, mass_upper_mg=None)
    volumes = _numbers(known, "volume_ml")
    if shared is None or volumes is None:
        return MassSum(mass_mg=sum(masses), mass_lower_mg=sum(lowers), mass_upper_mg=sum(uppers))
    total, own, matrix = sum(masses), 0.0, 0.0
    scale = NORMAL_95 * shared.relative_sd
    for mass, upper, volume in zip(masses, uppers, volumes, strict=True):
        of_matrix = NORMAL_95 * shared.matrix_mg_per_ml * volume
        own += max((upper - mass) ** 2 - (mass * scale) ** 2 - of_matrix**2, 0.0)
        matrix += of_matrix
    spread = math.sqrt(own + matrix**2)
    lower = total - math.hypot(spread, total * scale / (1.0 + scale))
    return MassSum(
        mass_mg=total, mass_lower_mg=max(lower, 0.0), mass_upper_mg=total + math.hypot(spread, total * scale)
    )


def _numbers(rows: list[Mapping[str, Any]], name: str) -> list[float] | None:
    values = [row.get(name) for row in rows]
    numbers = [float(value) for value in values if isinstance(value, int | float)]
    return numbers if len(numbers) == len(values) else None
