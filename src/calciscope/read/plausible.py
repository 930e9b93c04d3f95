"""Whether numbers can be Hounsfield units at all."""

from __future__ import annotations

import numpy as np
from numba import njit

from calciscope.terms.geometry import Int16

# Every CT of a body holds fat (-120 to -60 HU) or air (-1000 HU); numbers that never go below this are something else:
# MR, labels, probabilities, or CT numbers with 1000 or 1024 added.
MUST_REACH_BELOW_HU = -50
# And soft tissue or denser matter.
MUST_REACH_ABOVE_HU = -50
MIN_RANGE_HU = 100
SAMPLE_STRIDE = 3
# Values that can be air: from the first up to below the last.
AIR_FROM_HU, AIR_TO_HU = -1099, -800


def range_hu(hu: Int16) -> tuple[int, int]:
    """Lowest and highest HU."""
    return min(int(part.min()) for part in hu), max(int(part.max()) for part in hu)


def why_not_hu(low: int, high: int) -> str:
    """What speaks against Hounsfield units in that range of values; empty when nothing does."""
    if high - low < MIN_RANGE_HU:
        return f"its values hardly differ ({low} to {high})"
    if low > MUST_REACH_BELOW_HU:
        return f"its values ({low} to {high}) hold neither fat nor air"
    if high < MUST_REACH_ABOVE_HU:
        return f"its values ({low} to {high}) hold no soft tissue"
    return ""


def air_peak_hu(hu: Int16) -> int:
    """The commonest HU below -800, a check on the scale's zero; 0 when there is no air."""
    counts = np.zeros(AIR_TO_HU - AIR_FROM_HU, dtype=np.int64)
    for part in hu:
        _count_air(part, counts)
    return int(counts.argmax()) + AIR_FROM_HU if counts.any() else 0


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _count_air(hu, counts):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Add every third pixel of every third row to the counts of the values from AIR_FROM_HU on."""
    for row in range(0, hu.shape[0], SAMPLE_STRIDE):
        for column in range(0, hu.shape[1], SAMPLE_STRIDE):
            value = hu[row, column] - AIR_FROM_HU
            if 0 <= value < counts.shape[0]:
                counts[value] += 1
