"""Tables of ratings: what every statistic of agreement asks of its input before it computes anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from calciscope.terms.errors import Refused

FEWEST_SUBJECTS = 3  # with two there is one degree of freedom and every interval is without meaning (judgement)


def table_of_ratings(ratings: Sequence[Sequence[float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(subjects, raters) as numbers; raises Refused for gaps, too few subjects or fewer than two raters."""
    if len({len(row) for row in ratings}) > 1:
        raise Refused("Not every subject was rated by every rater; agreement takes complete rows alone.")
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < FEWEST_SUBJECTS or table.shape[1] < 2:
        raise Refused(f"Agreement needs at least {FEWEST_SUBJECTS} subjects, each rated at least twice.")
    if not np.isfinite(table).all():
        raise Refused("A rating is missing or no number; agreement takes complete rows alone.")
    return table
