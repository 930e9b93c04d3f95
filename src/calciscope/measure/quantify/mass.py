"""From excess and volume to mineral mass, with 95 % intervals that keep shared errors shared."""

from __future__ import annotations

import math
from collections.abc import Sequence

from calciscope.measure.neighbourhood import Quantity
from calciscope.terms.measurement import Calibration, Matrix

NORMAL_95 = 1.96  # two-sided 95 % of a normal distribution


def mass(quantity: Quantity, calibration: Calibration, matrix: Matrix) -> tuple[float, float, float]:
    """(mass_mg, lower, upper): mineral of one deposit and its 95 % interval, never below zero.

    mass = (excess - volume x (matrix - background)) / calibration. Independent errors (noise, background, partial
    volume) and those of matrix and calibration add in squares for a single deposit.
    """
    mass_mg, own_sd, matrix_sd, relative_sd = _parts(quantity, calibration, matrix)
    spread = NORMAL_95 * math.sqrt(own_sd**2 + matrix_sd**2)
    return _interval(mass_mg, spread, relative_sd)


def burden_interval(measured: Sequence[tuple[Quantity, Calibration]], matrix: Matrix) -> tuple[float, float, float]:
    """(mass_mg, lower, upper) of the sum over deposits.

    Each deposit's own errors add in squares; those of matrix and calibration push all deposits the same way and add
    up straight.
    """
    total = own_variance = matrix_sd = scaled_sd = 0.0
    for quantity, calibration in measured:
        mass_mg, own_sd, shared_sd, relative_sd = _parts(quantity, calibration, matrix)
        total += mass_mg
        own_variance += own_sd**2
        matrix_sd += shared_sd
        scaled_sd += mass_mg * relative_sd
    spread = NORMAL_95 * math.sqrt(own_variance + matrix_sd**2)
    return _interval(total, spread, scaled_sd / total if total > 0 else 0.0)


def _parts(quantity: Quantity, calibration: Calibration, matrix: Matrix) -> tuple[float, float, float, float]:
    """Mass, its own SD, its SD from the matrix (all mg) and the calibration's relative SD."""
    per_mg = calibration.hu_per_mg_ml
    step_hu = 0.0 if matrix.hu is None else matrix.hu - quantity.background_hu
    mass_mg = max((quantity.excess_hu_ml - quantity.volume_ml * step_hu) / per_mg, 0.0)
    variance = (
        quantity.excess_sd_hu_ml**2
        + (step_hu * quantity.volume_sd_ml) ** 2
        - 2.0 * step_hu * quantity.excess_volume_covariance
    )
    matrix_sd = 0.0 if matrix.hu is None else matrix.sd_hu * quantity.volume_ml
    return mass_mg, math.sqrt(max(variance, 0.0)) / per_mg, matrix_sd / per_mg, calibration.relative_sd


def _interval(mass_mg: float, spread_mg: float, relative_sd: float) -> tuple[float, float, float]:
    """Interval from an additive spread and a relative error of the scale, the latter as a factor."""
    factor = NORMAL_95 * relative_sd
    lower = mass_mg - math.hypot(spread_mg, mass_mg * factor / (1.0 + factor))
    upper = mass_mg + math.hypot(spread_mg, mass_mg * factor)
    return mass_mg, max(lower, 0.0), upper
