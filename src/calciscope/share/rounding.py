"""One rounding for every file, so that the table and the JSON say the same and no false digits are shown."""

from __future__ import annotations

import math

SIGNIFICANT_DIGITS = 6  # far below the measurement's own uncertainty (per cent), above what sums lose by rounding


def rounded(value: float | None) -> float | None:
    """``value`` to six significant digits; None (not evaluable) stays None, and so becomes what is not finite."""
    if value is None or not math.isfinite(value):
        return None
    if value == 0:
        return 0.0  # never -0.0
    digits = SIGNIFICANT_DIGITS - 1 - math.floor(math.log10(abs(value)))
    return round(float(value), min(digits, 12))
