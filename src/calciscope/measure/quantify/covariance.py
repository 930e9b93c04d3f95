"""Covariance of soft tissue as a function of distance, and its choice from the tissue around a deposit.

Tissue is taken as a random field: a smooth part (which compartment one is in), a fine part (septa, texture and
correlated noise) and white noise. Predicting such a field under a deposit is kriging (Matheron 1963) [memory].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Float64 = NDArray[np.float64]

SMOOTH_LENGTH_MM = 15.0  # range of fat/muscle compartments in limbs; 8-20 mm change the result little [measured]
FINE_LENGTH_MM = 2.5  # range of septa and of the grain of noise [measured on limb scans: 2-4 mm]
LEVEL_SD_HU = 300.0  # the mean level is left free
STRETCHES = (1.0, 0.6, 0.4)  # distance along the slices' axis counts this much: muscle, fat and septa run along a limb
CHOICES_HU = ((6.0, 4.0), (15.0, 8.0), (30.0, 14.0), (60.0, 25.0), (90.0, 45.0))  # (smooth, fine) SDs to choose from
TABLE_STEP_MM, TABLE_MAX_MM = 0.1, 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariance:
    """Standard deviations (HU) of the smooth and fine parts of tissue and of white noise."""

    smooth_hu: float
    fine_hu: float
    white_hu: float
    stretch: float = 1.0

    def warped(self, points_mm: Float64) -> Float64:
        """Points (n, 3) as the field sees them: distance along the slices' axis shortened."""
        return np.asarray(points_mm * np.array((self.stretch, 1.0, 1.0)), dtype=np.float64)

    def table(self) -> Float64:
        """Covariance (HU^2) at distances 0, 0.1, 0.2 ... mm, without white noise, with the free level."""
        distance = np.arange(0.0, TABLE_MAX_MM, TABLE_STEP_MM)
        smooth = self.smooth_hu**2 * matern(distance / SMOOTH_LENGTH_MM)
        fine = self.fine_hu**2 * matern(distance / FINE_LENGTH_MM)
        return np.asarray(LEVEL_SD_HU**2 + smooth + fine, dtype=np.float64)


def matern(scaled: Float64) -> Float64:
    """Matern 3/2 correlation of a distance in units of its length."""
    return np.asarray((1.0 + scaled) * np.exp(-scaled), dtype=np.float64)


@numba.njit(cache=True, nogil=True)
def covariance_between(first_mm: Float64, second_mm: Float64, table: Float64) -> Float64:
    """(n, m) covariance of points (n, 3) and (m, 3) mm by linear look-up in ``table`` (step 0.1 mm)."""
    out = np.empty((first_mm.shape[0], second_mm.shape[0]))
    last = table.size - 2
    for i in range(first_mm.shape[0]):
        for j in range(second_mm.shape[0]):
            total = 0.0
            for axis in range(3):
                step = first_mm[i, axis] - second_mm[j, axis]
                total += step * step
            place = np.sqrt(total) / 0.1
            index = min(int(place), last)
            part = min(place - index, 1.0)
            out[i, j] = table[index] * (1.0 - part) + table[index + 1] * part
    return out


@numba.njit(cache=True, nogil=True)
def _look_up(table: Float64, distance_mm: float) -> float:
    place = distance_mm / 0.1
    index = min(int(place), table.size - 2)
    part = min(place - index, 1.0)
    return float(table[index] * (1.0 - part) + table[index + 1] * part)


@numba.njit(cache=True, nogil=True)
def assemble(
    points_mm: Float64,
    parts: Float64,
    tables: Float64,
    white: Float64,
) -> Float64:
    """(n, n) covariance: sum over components k of parts[k, i] x tables[k](distance) x parts[k, j], plus white noise."""
    n = points_mm.shape[0]
    out = np.empty((n, n))
    for i in range(n):
        for j in range(i + 1):
            squares = 0.0
            for axis in range(3):
                step = points_mm[i, axis] - points_mm[j, axis]
                squares += step * step
            distance = np.sqrt(squares)
            total = 0.0
            for k in range(parts.shape[0]):
                weight = parts[k, i] * parts[k, j]
                if weight != 0.0:
                    total += weight * _look_up(tables[k], distance)
            out[i, j] = total
            out[j, i] = total
        out[i, i] += white[i]
    return out


def choose(points_mm: Float64, values_hu: Float64, counts: Float64, noise_hu: float) -> Covariance:
    """The likeliest of a few covariances for tissue values (n,) at points (n, 3) mm; ``counts`` voxels averaged in each.

    Half of the noise variance is taken as white, half as grain that the fine part carries. Amplitudes first, then the
    stretch along the slices' axis.
    """
    white = noise_hu * np.sqrt(0.5)
    trials = [
        Covariance(smooth_hu=smooth, fine_hu=float(np.hypot(fine, white)), white_hu=white)
        for smooth, fine in CHOICES_HU
    ]
    centred = values_hu - np.median(values_hu)
    scores = [_log_likelihood(trial, points_mm, centred, counts) for trial in trials]
    best = trials[int(np.argmax(scores))]
    stretched = [replace(best, stretch=stretch) for stretch in STRETCHES[1:]]
    scores = [max(scores), *(_log_likelihood(trial, points_mm, centred, counts) for trial in stretched)]
    return [best, *stretched][int(np.argmax(scores))]


def _log_likelihood(trial: Covariance, points_mm: Float64, centred: Float64, counts: Float64) -> float:
    """Logarithm of the likelihood of tissue values about their median, a constant aside."""
    warped = trial.warped(points_mm)
    matrix = covariance_between(warped, warped, trial.table())
    matrix[np.diag_indices_from(matrix)] += trial.white_hu**2 / counts
    factor = linalg.cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)
    whitened = linalg.solve_triangular(factor, centred, lower=True, check_finite=False)
    return -0.5 * float(whitened @ whitened) - float(np.log(np.diag(factor)).sum())
