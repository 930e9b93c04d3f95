"""Where each label of a sparse label image lies; only rows that hold any are searched."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def label_boxes(labels: NDArray[np.uint16]) -> dict[int, tuple[slice, slice, slice]]:
    """Label -> its box in array order, for every label of ``labels`` [slice, row, column]."""
    if not labels.size:
        return {}
    highest = labels.max(axis=2)
    planes, rows = highest.nonzero()
    if not len(planes):
        return {}
    line, columns = labels[planes, rows].nonzero()
    index = np.stack([planes[line], rows[line], columns])
    found = labels[tuple(index)]
    count = int(highest.max()) + 1
    low = np.full((3, count), max(labels.shape), dtype=np.int64)
    high = np.full((3, count), -1, dtype=np.int64)
    for axis in range(3):
        np.minimum.at(low[axis], found, index[axis])
        np.maximum.at(high[axis], found, index[axis])
    return {
        int(label): (
            slice(int(low[0, label]), int(high[0, label]) + 1),
            slice(int(low[1, label]), int(high[1, label]) + 1),
            slice(int(low[2, label]), int(high[2, label]) + 1),
        )
        for label in np.flatnonzero(high[0] >= 0)
    }
