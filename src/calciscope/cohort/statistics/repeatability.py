"""How far one reader's readings of the same scan differ: within-subject SD, repeatability coefficient, coefficient of variation.

Bland and Altman, BMJ 1996;312:1654 and 1996;313:106; Raunig et al. (QIBA), Statistical Methods in Medical Research 2015;24:27-67
(memory). The interval of a variance is that of chi-square.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from calciscope.cohort.statistics.interval import LEVEL, Interval
from calciscope.cohort.statistics.ratings import table_of_ratings

OF_TWO = float(stats.norm.ppf((1 + LEVEL) / 2)) * math.sqrt(2.0)  # 2.77: two readings differ by less in 95 % of cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """``within_sd`` and ``coefficient`` in the unit of the ratings; ``within_cv_percent`` None where a value is 0 or less."""

    subjects: int
    readings: int
    within_sd: Interval
    coefficient: Interval
    within_cv_percent: Interval | None


def repeatability(ratings: Sequence[Sequence[float]]) -> Repeatability:
    """Of a complete table, (subjects, repeated readings); two readings of a subject differ by less than ``coefficient`` in 95 %.

    Raises:
        Refused: too few subjects, a subject read once, or gaps.
    """
    table = table_of_ratings(ratings)
    within = _within(table)
    by_logarithm = _within(np.log(table)) if (table > 0.0).all() else None
    return Repeatability(
        subjects=table.shape[0],
        readings=table.shape[1],
        within_sd=within,
        coefficient=_times(within, OF_TWO),
        within_cv_percent=_as_cv_percent(by_logarithm) if by_logarithm else None,
    )


def _within(table: np.ndarray) -> Interval:
    """Root of the mean variance within subjects, (subjects) (readings - 1) degrees of freedom."""
    subjects, readings = table.shape
    freedom = subjects * (readings - 1)
    variance = float(table.var(axis=1, ddof=1).mean())
    low, high = (float(stats.chi2.ppf(share, freedom)) for share in ((1 + LEVEL) / 2, (1 - LEVEL) / 2))
    return Interval(
        estimate=math.sqrt(variance),
        lower=math.sqrt(variance * freedom / low),
        upper=math.sqrt(variance * freedom / high),
    )


def _times(one: Interval, factor: float) -> Interval:
    return Interval(estimate=one.estimate * factor, lower=one.lower * factor, upper=one.upper * factor)


def _as_cv_percent(of_logarithms: Interval) -> Interval:
    """Of a log-normal spread: CV = sqrt(exp(s^2) - 1)."""
    estimate, lower, upper = (
        100.0 * math.sqrt(math.expm1(one**2))
        for one in (of_logarithms.estimate, of_logarithms.lower, of_logarithms.upper)
    )
    return Interval(estimate=estimate, lower=lower, upper=upper)
