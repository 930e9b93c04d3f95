"""The smallest change that is more than measurement error, for a deposit and for the burden (docs/explanation/real-change.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtri

from calciscope.measure.track.limit_table import LIMIT_CLASSES, LimitClass
from calciscope.terms.tracking import ScanFacts

CONFIDENCE = 0.95
"""A change beyond the limit is real with this confidence, for all deposits of a patient together."""
KERNEL_SD = 0.03
"""Relative SD that another reconstruction kernel adds to a difference (judgement; measured on phantoms: docs)."""
KVP_SD = 0.05
"""Relative SD that another tube voltage adds: the calibration's errors at two voltages are alike in part; half of the
spread between scanners at one voltage (judgement)."""
THICKNESS_SD = 0.03
"""Relative SD that another slice thickness adds (judgement; measured on phantoms: docs)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorModel:
    """Spread of differences between two given scans, and what widened it."""

    limits: LimitClass
    extra: float
    widened_by: tuple[str, ...]

    def spread_mg(self, mass_mg: float) -> float:
        """1 SD (mg) of the difference of two measurements of one deposit of ``mass_mg``."""
        own = self.limits.slope * mass_mg + self.limits.root * math.sqrt(mass_mg) + self.limits.floor
        return math.hypot(own, math.hypot(self.extra, self.limits.shared) * mass_mg)

    def limit_mg(self, mass_mg: float, families: int) -> float:
        """Smallest real change of one of ``families`` deposits, error held for all of them together (Sidak)."""
        return _quantile(families) * self.spread_mg(mass_mg)

    def burden_limit_mg(self, masses_mg: Sequence[float]) -> float:
        """Smallest real change of the sum: own errors add in squares, shared ones straight."""
        own = [self.limits.slope * m + self.limits.root * math.sqrt(m) + self.limits.floor for m in masses_mg]
        together = math.hypot(self.extra, self.limits.shared) * sum(masses_mg)
        return _quantile(1) * math.hypot(math.sqrt(sum(one**2 for one in own)), together)


def error_model(then: ScanFacts, now: ScanFacts) -> ErrorModel:
    """The model for two scans: the class of the thicker slices, widened for every setting that changed."""
    thickest = max(then.slice_thickness_mm or math.inf, now.slice_thickness_mm or math.inf)
    limits = next((one for one in LIMIT_CLASSES if thickest <= one.up_to_mm + 1e-6), LIMIT_CLASSES[-1])
    extra, reasons = 0.0, []
    for sd, reason in _changes(then, now):
        extra = math.hypot(extra, sd)
        reasons.append(reason)
    return ErrorModel(limits=limits, extra=extra, widened_by=tuple(reasons))


def _changes(then: ScanFacts, now: ScanFacts) -> list[tuple[float, str]]:
    found = []
    if then.kernel != now.kernel:
        found.append((KERNEL_SD, f"kernel {then.kernel or 'not recorded'}, then {now.kernel or 'not recorded'}"))
    if then.kvp != now.kvp:
        words = ["not recorded" if kvp is None else f"{kvp:g} kV" for kvp in (then.kvp, now.kvp)]
        found.append((KVP_SD, f"tube voltage {words[0]}, then {words[1]}"))
    before, after = then.slice_thickness_mm, now.slice_thickness_mm
    if before is not None and after is not None and abs(before - after) > 0.1 * max(before, after):
        found.append((THICKNESS_SD, f"slices of {before:g} mm, then {after:g} mm"))
    return found


def _quantile(families: int) -> float:
    """Normal quantile at which ``families`` independent two-sided tests together keep CONFIDENCE."""
    single = 1.0 - CONFIDENCE ** (1.0 / max(families, 1))
    return float(-ndtri(single / 2.0))
