"""Agreement of two readers on kinds or events, beyond what chance alone would give.

Cohen, Educational and Psychological Measurement 1960;20:37-46; the large-sample standard error of Fleiss, Cohen and Everitt,
Psychological Bulletin 1969;72:323-327 (memory; checked against a numerical derivative).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from calciscope.cohort.statistics.interval import LEVEL, Interval
from calciscope.terms.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """``agreed`` of ``pairs`` are alike; ``kappa`` None where one of the two gave one answer throughout."""

    pairs: int
    agreed: int
    kappa: Interval | None


def cohens_kappa(first: Sequence[str], second: Sequence[str]) -> Kappa:
    """Unweighted, with its 95 % interval.

    Raises:
        Refused: no pairs, or series of different length.
    """
    if len(first) != len(second) or not first:
        raise Refused("The two readings are not of the same things; compare pairs alone.")
    categories = sorted({*first, *second})
    place = {name: index for index, name in enumerate(categories)}
    shares = np.zeros((len(categories), len(categories)))
    for one, other in zip(first, second, strict=True):
        shares[place[one], place[other]] += 1.0 / len(first)
    agreed = sum(one == other for one, other in zip(first, second, strict=True))
    return Kappa(pairs=len(first), agreed=agreed, kappa=_kappa(shares, len(first)))


def _kappa(shares: np.ndarray, n: int) -> Interval | None:
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    seen, by_chance = float(np.trace(shares)), float(rows @ columns)
    if max(rows.max(), columns.max()) >= 1.0 - np.finfo(np.float64).eps * n:
        return None
    kappa = (seen - by_chance) / (1.0 - by_chance)
    # 1969, formula 13: diagonal, off-diagonal and joint part of the variance.
    together = columns[:, None] + rows[None, :]  # of cell (i, j): p.i + pj.
    diagonal = float((np.diag(shares) * (1.0 - np.diag(together) * (1.0 - kappa)) ** 2).sum())
    off = shares - np.diag(np.diag(shares))
    beside = (1.0 - kappa) ** 2 * float((off * together**2).sum())
    joint = (kappa - by_chance * (1.0 - kappa)) ** 2
    error = math.sqrt(max(0.0, diagonal + beside - joint) / n) / (1.0 - by_chance)
    margin = float(stats.norm.ppf((1 + LEVEL) / 2)) * error
    return Interval(estimate=kappa, lower=max(-1.0, kappa - margin), upper=min(1.0, kappa + margin))
