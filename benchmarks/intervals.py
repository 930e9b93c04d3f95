"""Whether 95 % intervals hold the truth when scanners and matrices differ as they are taken to differ.

One picture stands for many truths. A scanner whose factor is k (1 + d), and deposits whose matrix is m HU denser, show the very
same picture of a deposit that holds M' = (M - V m / k) / (1 + d) mg instead of M. So the errors that all deposits of a scan share
are drawn many times from one scan, and those of noise, background and form come from the picture itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.deposits import Deposit
from calciscope.terms.measurement import Recipe

Float64 = NDArray[np.float64]

# Four makers' scanners read one insert with an SD of 8.8 % (docs/explanation/calibration.md); the matrix is a judgement.
SCANNER_SD, MATRIX_SD_HU = 0.088, 30.0
DRAWS, DRAW_SEED = 4000, 20261128
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A 95 % interval (mg) and the truth it is held against: mass (mg), volume (ml), and the factor there (HU per mg/ml)."""

    lower_mg: float
    upper_mg: float
    true_mg: float
    true_ml: float
    hu_per_mg_ml: float

    def held(self) -> float:
        """Share (0..1) of drawn scanners and matrices with which the interval holds the truth."""
        scale, matrix_hu = shared_errors()
        truths = (self.true_mg - self.true_ml * matrix_hu / self.hu_per_mg_ml) / (1.0 + scale)
        possible = truths > 0.0
        return float(((truths >= self.lower_mg) & (truths <= self.upper_mg))[possible].mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Error (mg) of one deposit's mass without calibration and matrix, and the SD (mg) that its interval grants to it."""

    error_mg: float
    sd_mg: float

    @property
    def held(self) -> bool:
        """Whether the error lies within 1.96 SD."""
        return abs(self.error_mg) <= NORMAL_95 * self.sd_mg


def shared_errors() -> tuple[Float64, Float64]:
    """Relative errors of the scanner's factor, and errors of the matrix (HU), the same for every interval."""
    random = np.random.default_rng(DRAW_SEED)
    drawn = random.standard_normal((2, DRAWS))
    return SCANNER_SD * drawn[0], MATRIX_SD_HU * drawn[1]


def added(parts: Sequence[Interval], lower_mg: float, upper_mg: float) -> Interval:
    """The interval of a burden against the sum of the deposits; their mean factor weighs by volume."""
    volume = sum(part.true_ml for part in parts)
    matrix = sum(part.true_ml / part.hu_per_mg_ml for part in parts)
    return Interval(lower_mg=lower_mg, upper_mg=upper_mg, true_mg=sum(part.true_mg for part in parts), true_ml=volume,
                    hu_per_mg_ml=volume / matrix)  # fmt: skip


def factor(deposit: Deposit, recipe: Recipe) -> float:
    """HU per mg/ml the product used for a deposit, from its own figures."""
    excess, volume, mass = deposit.excess_hu_ml or 0.0, deposit.volume_ml or 0.0, deposit.mass_mg or 0.0
    step_hu = 0.0 if recipe.matrix.hu is None else recipe.matrix.hu - (deposit.background_hu or 0.0)
    return (excess - volume * step_hu) / mass if mass > 0.0 else recipe.calibration.hu_per_mg_ml


def own_sd_mg(deposit: Deposit, recipe: Recipe) -> float:
    """What of a deposit's interval is its own: the shared SDs taken out of its upper half."""
    mass, upper = deposit.mass_mg or 0.0, deposit.mass_upper_mg or 0.0
    whole = ((upper - mass) / NORMAL_95) ** 2
    matrix_hu = 0.0 if recipe.matrix.hu is None else recipe.matrix.sd_hu
    matrix = matrix_hu * (deposit.volume_ml or 0.0) / factor(deposit, recipe)
    return float(np.sqrt(max(whole - (mass * recipe.calibration.relative_sd) ** 2 - matrix**2, 0.0)))


def mean_held(intervals: Sequence[Interval]) -> float | None:
    """Share of intervals that hold the truth, None when there are none."""
    return float(np.mean([interval.held() for interval in intervals])) if intervals else None


def own_held(owns: Sequence[Own]) -> float | None:
    """Share of own errors within their 95 %, None when there are none."""
    return float(np.mean([own.held for own in owns])) if owns else None
