"""Intraclass correlation of single ratings, in two-way models: how much of the spread is that of the subjects.

Formulas and intervals: McGraw and Wong, Psychological Methods 1996;1:30-46, table 7 (memory; checked against the worked example
of Shrout and Fleiss, Psychological Bulletin 1979;86:420-428, and against simulation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from calciscope.cohort.statistics.interval import LEVEL, Interval
from calciscope.cohort.statistics.ratings import table_of_ratings
from calciscope.terms.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Intraclass:
    """``agreement`` is ICC(2,1), in which a rater who reads high throughout counts as error; ``consistency`` is ICC(3,1)."""

    subjects: int
    raters: int
    agreement: Interval
    consistency: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class _MeanSquares:
    """Two-way analysis of variance with one rating a cell: subjects, raters, error."""

    n: int
    k: int
    subjects: float
    raters: float
    error: float


def intraclass_correlation(ratings: Sequence[Sequence[float]]) -> Intraclass:
    """Of a complete table, (subjects, raters), with 95 % intervals.

    Raises:
        Refused: too few subjects or raters, gaps, or subjects who are all alike, of whom there is nothing to tell apart.
    """
    squares = _mean_squares(table_of_ratings(ratings))
    if squares.subjects == 0.0:
        raise Refused("What was rated is all alike on average; an intraclass correlation tells nothing of it.")
    return Intraclass(
        subjects=squares.n, raters=squares.k, agreement=_agreement(squares), consistency=_consistency(squares)
    )


def _mean_squares(table: np.ndarray[Any, np.dtype[np.float64]]) -> _MeanSquares:
    n, k = table.shape
    mean = table.mean()
    of_subjects = k * ((table.mean(axis=1) - mean) ** 2).sum()
    of_raters = n * ((table.mean(axis=0) - mean) ** 2).sum()
    residual = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + mean
    whole = float(((table - mean) ** 2).sum())
    left = float((residual**2).sum())
    rounding = np.finfo(np.float64).eps * n * k * max(whole, mean**2)
    return _MeanSquares(
        n=n,
        k=k,
        subjects=0.0 if of_subjects <= rounding else float(of_subjects) / (n - 1),
        raters=float(of_raters) / (k - 1),
        error=0.0 if left <= rounding else left / ((n - 1) * (k - 1)),
    )


def _agreement(squares: _MeanSquares) -> Interval:
    """ICC(A,1) of McGraw and Wong, ICC(2,1) of Shrout and Fleiss; the interval by Satterthwaite's degrees of freedom."""
    n, k = squares.n, squares.k
    of_subjects, of_raters, error = squares.subjects, squares.raters, squares.error
    spread = of_subjects + (k - 1) * error + k * (of_raters - error) / n
    if spread <= 0.0:
        return Interval(estimate=0.0, lower=0.0, upper=0.0)
    r = (of_subjects - error) / spread
    if r >= 1.0:
        return Interval(estimate=1.0, lower=1.0, upper=1.0)
    a = k * r / (n * (1 - r))
    b = 1 + k * r * (n - 1) / (n * (1 - r))
    each = (a * of_raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * of_raters + b * error) ** 2 / each if each > 0.0 else 1.0
    high = float(stats.f.ppf((1 + LEVEL) / 2, n - 1, freedom))
    low = float(stats.f.ppf((1 + LEVEL) / 2, freedom, n - 1))
    both = k * of_raters + (k * n - k - n) * error
    return Interval(
        estimate=r,
        lower=n * (of_subjects - high * error) / (high * both + n * of_subjects),
        upper=n * (low * of_subjects - error) / (both + n * low * of_subjects),
    )


def _consistency(squares: _MeanSquares) -> Interval:
    """ICC(C,1) of McGraw and Wong, ICC(3,1) of Shrout and Fleiss; exact interval of the F ratio."""
    n, k = squares.n, squares.k
    if squares.error == 0.0:
        return Interval(estimate=1.0, lower=1.0, upper=1.0)
    ratio = squares.subjects / squares.error
    freedom = (n - 1, (n - 1) * (k - 1))
    low = ratio / float(stats.f.ppf((1 + LEVEL) / 2, *freedom))
    high = ratio * float(stats.f.ppf((1 + LEVEL) / 2, *reversed(freedom)))
    estimate, lower, upper = ((value - 1) / (value + k - 1) for value in (ratio, low, high))
    return Interval(estimate=estimate, lower=lower, upper=upper)
