"""Puts unevenly spaced slices on a regular grid by linear interpolation along the stack."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from calciscope.terms.geometry import Int16


def resample(hu: Int16, positions_mm: NDArray[np.float64], spacing_mm: float) -> Int16:
    """[slice, row, column] at the first position and every ``spacing_mm`` after it, up to the last position.

    The interpolant's integral along the stack is that of the slices, so what is summed over a deposit is kept.
    """
    count = int(np.floor((positions_mm[-1] - positions_mm[0]) / spacing_mm + 1e-6)) + 1
    result = np.empty((count, *hu.shape[1:]), dtype=np.int16)
    for index in range(count):
        place = positions_mm[0] + index * spacing_mm
        high = int(np.clip(np.searchsorted(positions_mm, place), 1, len(positions_mm) - 1))
        low = high - 1
        part = float(np.clip((place - positions_mm[low]) / (positions_mm[high] - positions_mm[low]), 0.0, 1.0))
        result[index] = np.rint(hu[low] * (1.0 - part) + hu[high] * part).astype(np.int16)
    return result
