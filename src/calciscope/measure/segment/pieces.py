"""Connected dense pieces: where each lies, how big and how dense it is."""

from __future__ import annotations

from dataclasses import dataclass

import cc3d
import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.terms.geometry import Volume

SMALLEST_ML = 0.006
"""Smallest dense piece looked at, ml: the core of a grain of 0.01 ml, its blurred edge being below the limit."""

Box = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One dense piece: ``label`` in the label array, ``box`` its slices there."""

    label: int
    box: Box
    volume_ml: float
    peak_hu: float
    mean_hu: float
    at_edge: bool  # touches the first or last slice or the image's border

    def around(self, margin_mm: float, spacing_mm: tuple[float, float, float], shape: tuple[int, ...]) -> Box:
        """The box grown by a margin, within the array."""
        grown = [
            slice(max(0, s.start - int(np.ceil(margin_mm / mm))), min(n, s.stop + int(np.ceil(margin_mm / mm))))
            for s, mm, n in zip(self.box, spacing_mm, shape, strict=True)
        ]
        return grown[0], grown[1], grown[2]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _gather(labels, hu, flags, low, high, count, total, peak, seeded):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Bounding box, voxel count, sum, peak and seed of every label, in one pass."""
    for k in range(labels.shape[0]):
        for j in range(labels.shape[1]):
            for i in range(labels.shape[2]):
                label = labels[k, j, i]
                if label == 0:
                    continue
                value = hu[k, j, i]
                count[label] += 1
                total[label] += value
                if value > peak[label]:
                    peak[label] = value
                if flags[k, j, i] == 3:
                    seeded[label] = True
                if k < low[label, 0]:
                    low[label, 0] = k
                if j < low[label, 1]:
                    low[label, 1] = j
                if i < low[label, 2]:
                    low[label, 2] = i
                if k > high[label, 0]:
                    high[label, 0] = k
                if j > high[label, 1]:
                    high[label, 1] = j
                if i > high[label, 2]:
                    high[label, 2] = i


def find_pieces(volume: Volume, flags: NDArray[np.uint8]) -> tuple[NDArray[np.uint32], list[Piece]]:
    """Label dense voxels (26-connected) and describe every piece that holds a seed, largest first."""
    labels = cc3d.connected_components(flags != 0, connectivity=26)
    number = int(labels.max()) + 1
    low = np.full((number, 3), np.iinfo(np.int32).max, np.int32)
    high = np.full((number, 3), -1, np.int32)
    count, total = np.zeros(number, np.int64), np.zeros(number, np.float64)
    peak, seeded = np.full(number, -32768, np.int32), np.zeros(number, np.bool_)
    _gather(labels, volume.hu, flags, low, high, count, total, peak, seeded)
    voxel_ml = volume.grid.voxel_volume_ml
    wanted = np.flatnonzero(seeded & (count * voxel_ml >= SMALLEST_ML))
    last = np.array(labels.shape) - 1
    pieces = [
        Piece(
            label=int(n),
            box=_box(low[n], high[n]),
            volume_ml=float(count[n] * voxel_ml),
            peak_hu=float(peak[n]),
            mean_hu=float(total[n] / count[n]),
            at_edge=bool((low[n] == 0).any() or (high[n] == last).any()),
        )
        for n in wanted
    ]
    return labels, sorted(pieces, key=lambda piece: (-piece.volume_ml, piece.label))


def _box(low: NDArray[np.int32], high: NDArray[np.int32]) -> Box:
    """Slices from inclusive corners."""
    return slice(int(low[0]), int(high[0]) + 1), slice(int(low[1]), int(high[1]) + 1), slice(int(low[2]), int(high[2]) + 1)
