"""The smallest change that is more than measurement error, for a deposit and for the burden (docs/reference/real-change.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from calciscope.measure.track.limit_class import LimitClass
from calciscope.measure.track.limit_table import (
    KERNEL_SD,
    KVP_SD,
    LIMIT_CLASSES,
    NET_SD,
    THICKNESS_SD,
)
from calciscope.terms.tracking import ScanFacts

CONFIDENCE = 0.95
"""A change beyond the limit is real with this confidence, for all deposits of a patient together."""
NORMAL_95 = 1.96
"""Two-sided 95 % of a normal distribution."""
CALIBRATION_KVP_SD = 0.04
"""Relative SD between the calibrations of one scanner at two voltages: half of the 7 to 9 % by which scanners differ at one
voltage, since filter and detector are the same (judgement)."""
SAME_THICKNESS = 0.1
"""Slices that differ in thickness by less than this share count as alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorModel:
    """How far two given scans may differ without change, and what widened it; ``extra`` is relative, 1 SD."""

    limits: LimitClass
    extra: float
    widened_by: tuple[str, ...]

    def single_mg(self, mass_mg: float, more_sd: float = 0.0) -> float:
        """95 % limit (mg) of one deposit of ``mass_mg``, as if it were the only one; ``more_sd``: a relative error of its own."""
        return math.hypot(self._own_mg(mass_mg), NORMAL_95 * math.hypot(self.extra, more_sd) * mass_mg)

    def limit_mg(self, mass_mg: float, families: int, more_sd: float = 0.0) -> float:
        """Smallest real change of one of ``families`` deposits, error held for all of them together (Sidak)."""
        return self._widening(families) * self.single_mg(mass_mg, more_sd)

    def presence_limit_mg(self, mass_mg: float, families: int, more_sd: float = 0.0) -> float:
        """The same for a deposit that one scan alone shows: it must also be too heavy to be missed."""
        return max(self.limit_mg(mass_mg, families, more_sd), self.limits.found_from_mg)

    def burden_limit_mg(self, masses_mg: Sequence[float], nets_mg: Sequence[float] = ()) -> float:
        """Smallest real change of the sum: own errors add in squares, shared ones straight; ``nets_mg``: those that are nets.

        A deposit light enough to be missed counts with all its mass.
        """
        faint = self.limits.found_from_mg
        own = [max(self._own_mg(mass), mass) if mass < faint else self._own_mg(mass) for mass in masses_mg]
        own += [NORMAL_95 * NET_SD * mass for mass in nets_mg]
        together = NORMAL_95 * math.hypot(self.extra, self.limits.shared_sd) * sum(masses_mg)
        return math.hypot(math.sqrt(sum(one**2 for one in own)), together)

    def reading_limit_mg(self, sd_mg: float, laid: int, mass_mg: float, families: int) -> float:
        """How far a change that a place reads may be off (`reread`), for all families together; ``laid`` forms tell its SD."""
        sds = float(stdtrit(laid, 1.0 - self._one_of(families) / 2.0))
        return math.hypot(sds * sd_mg, NORMAL_95 * self.extra * mass_mg)

    def _own_mg(self, mass_mg: float) -> float:
        return self.limits.slope * mass_mg + self.limits.root * math.sqrt(mass_mg) + self.limits.floor

    @staticmethod
    def _one_of(families: int) -> float:
        """Chance of a false alarm that one of ``families`` may have (Sidak)."""
        return 1.0 - CONFIDENCE ** (1.0 / max(families, 1))

    def _widening(self, families: int) -> float:
        """How much wider a limit must be for ``families`` tests together to keep CONFIDENCE."""
        degrees = self.limits.tail_degrees
        return float(stdtrit(degrees, 1.0 - self._one_of(families) / 2.0) / stdtrit(degrees, (1.0 + CONFIDENCE) / 2.0))


def error_model(then: ScanFacts, now: ScanFacts) -> ErrorModel:
    """The model for two scans: the class of the thicker slices, widened for every setting that changed."""
    thickest = max(then.slice_thickness_mm or math.inf, now.slice_thickness_mm or math.inf)
    limits = next((one for one in LIMIT_CLASSES if thickest <= one.up_to_mm + 1e-6), LIMIT_CLASSES[-1])
    changes = _changes(then, now)
    extra = math.sqrt(sum(sd**2 for sd, _ in changes))
    return ErrorModel(limits=limits, extra=extra, widened_by=tuple(reason for _, reason in changes))


def _changes(then: ScanFacts, now: ScanFacts) -> list[tuple[float, str]]:
    """(relative SD, in words) of every setting that is not the same."""
    found = []
    if then.kernel != now.kernel:
        found.append((KERNEL_SD, f"kernel {then.kernel or 'not recorded'}, then {now.kernel or 'not recorded'}"))
    if then.kvp != now.kvp:
        words = ["not recorded" if kvp is None else f"{kvp:g} kV" for kvp in (then.kvp, now.kvp)]
        found.append((math.hypot(KVP_SD, CALIBRATION_KVP_SD), f"tube voltage {words[0]}, then {words[1]}"))
    before, after = then.slice_thickness_mm, now.slice_thickness_mm
    if before is not None and after is not None and abs(before - after) > SAME_THICKNESS * max(before, after):
        found.append((THICKNESS_SD, f"slices of {before:g} mm, then {after:g} mm"))
    return found
