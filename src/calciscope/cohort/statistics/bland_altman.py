"""Limits of agreement of two readings of the same subjects, with the intervals of bias and limits.

Bland and Altman, Lancet 1986;327:307-310 and Statistical Methods in Medical Research 1999;8:135-160 (memory; checked against
the worked example of the first).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from calciscope.cohort.statistics.interval import LEVEL, Interval
from calciscope.cohort.statistics.ratings import table_of_ratings
from calciscope.terms.errors import Refused

NORMAL = float(stats.norm.ppf((1 + LEVEL) / 2))  # 1.96; the paper of 1986 rounds it to 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsOfAgreement:
    """Of first minus second in their unit; where ``as_ratio``, of first over second, and means are geometric.

    ``slope`` is how the difference (of logarithms where ``as_ratio``) grows with the mean: where its interval does not hold
    0, one pair of limits does not fit small and large alike.
    """

    subjects: int
    as_ratio: bool
    bias: Interval
    lower_limit: Interval
    upper_limit: Interval
    slope: Interval | None
    means: tuple[float, ...]
    differences: tuple[float, ...]

    @property
    def is_proportional(self) -> bool:
        """Whether the difference depends on the size, beyond chance."""
        return self.slope is not None and not self.slope.lower <= 0.0 <= self.slope.upper


def limits_of_agreement(
    first: Sequence[float], second: Sequence[float], *, as_ratio: bool = False
) -> LimitsOfAgreement:
    """Bias and 95 % limits of agreement, each with its 95 % interval; ``as_ratio`` works on logarithms.

    Raises:
        Refused: series of different length, too few subjects, gaps, or a value of 0 or less where ratios are asked for.
    """
    if len(first) != len(second):
        raise Refused("The two readings are of different numbers of subjects; compare pairs alone.")
    table = table_of_ratings(list(zip(first, second, strict=True)))
    if as_ratio:
        if (table <= 0.0).any():
            raise Refused("A value is 0 and has no logarithm; look at differences instead of ratios.")
        table = np.log(table)
    means, differences = table.mean(axis=1), table[:, 0] - table[:, 1]
    n = len(differences)
    bias, spread = float(differences.mean()), float(differences.std(ddof=1))
    t = float(stats.t.ppf((1 + LEVEL) / 2, n - 1))
    of_bias = t * spread / math.sqrt(n)
    # 1999, section 3.2: variance of a limit = spread^2 (1/n + 1.96^2 / (2 (n - 1)))
    of_limit = t * spread * math.sqrt(1 / n + NORMAL**2 / (2 * (n - 1)))
    back = math.exp if as_ratio else float

    def around(value: float, margin: float) -> Interval:
        return Interval(estimate=back(value), lower=back(value - margin), upper=back(value + margin))

    return LimitsOfAgreement(
        subjects=n,
        as_ratio=as_ratio,
        bias=around(bias, of_bias),
        lower_limit=around(bias - NORMAL * spread, of_limit),
        upper_limit=around(bias + NORMAL * spread, of_limit),
        slope=_slope(means, differences),
        means=tuple(back(float(one)) for one in means),
        differences=tuple(back(float(one)) for one in differences),
    )


def _slope(means: np.ndarray, differences: np.ndarray) -> Interval | None:
    """Of the differences on the means, by least squares; None where the means are all alike."""
    n = len(means)
    if float(np.ptp(means)) == 0.0:
        return None
    found = stats.linregress(means, differences)
    margin = float(stats.t.ppf((1 + LEVEL) / 2, n - 2)) * float(found.stderr)
    slope = float(found.slope)
    return Interval(estimate=slope, lower=slope - margin, upper=slope + margin)
