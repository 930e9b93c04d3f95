"""Connected dense pieces: where each lies, how big and how dense it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

from calciscope.measure.segment.dense import SEED
from calciscope.measure.segment.runs import Runs
from calciscope.terms.geometry import Volume

SMALLEST_ML = 0.006
"""Smallest dense piece looked at, ml: the core of a grain of 0.01 ml, its blurred edge being below the limit."""

SHORT_LABELS = 50_000
"""Up to so many pieces labels are 16 bit, which leaves some numbers for the bodies that are split off bones."""

Box = tuple[slice, slice, slice]
Labels = NDArray[np.uint16] | NDArray[np.uint32]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """For every component: corners of its box (both inclusive), voxels, sum and peak of the CT numbers, any seed."""

    low: NDArray[np.int32]
    high: NDArray[np.int32]
    count: NDArray[np.float64]
    total: NDArray[np.float64]
    peak: NDArray[np.int32]
    seeded: NDArray[np.bool_]


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _sum_runs(hu, flags, row_start, begin, end, total, peak, seeded):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Sum, peak and seed of every run."""
    rows = hu.shape[1]
    for k in prange(hu.shape[0]):
        for j in range(rows):
            for n in range(row_start[k * rows + j], row_start[k * rows + j + 1]):
                for i in range(begin[n], end[n]):
                    value = hu[k, j, i]
                    total[n] += value
                    peak[n] = max(peak[n], value)
                    seeded[n] |= flags[k, j, i] == SEED


def tally_of(runs: Runs, hu: NDArray[np.int16], flags: NDArray[np.uint8] | NDArray[np.uint32]) -> Tally:
    """Describe every component; ``flags`` say which voxels are seeds."""
    total, seeded = np.zeros(len(runs.begin), np.int32), np.zeros(len(runs.begin), np.bool_)
    peak = np.full(len(runs.begin), np.iinfo(np.int16).min, np.int16)
    _sum_runs(hu, flags, runs.row_start, runs.begin, runs.end, total, peak, seeded)
    row = np.repeat(np.arange(len(runs.row_start) - 1, dtype=np.int32), np.diff(runs.row_start))
    first = row // hu.shape[1], row % hu.shape[1], runs.begin
    last = first[0], first[1], runs.end - 1
    number = runs.components
    return Tally(
        low=np.stack([_best(np.minimum, runs.component, part, number) for part in first], axis=1),
        high=np.stack([_best(np.maximum, runs.component, part, number) for part in last], axis=1),
        count=np.asarray(np.bincount(runs.component, runs.end - runs.begin, number), np.float64),
        total=np.asarray(np.bincount(runs.component, total, number), np.float64),
        peak=_best(np.maximum, runs.component, peak.astype(np.int32), number),
        seeded=np.bincount(runs.component, seeded, number) > 0,
    )


def _best(choose: np.ufunc, component: NDArray[np.int32], values: NDArray[np.int32], number: int) -> NDArray[np.int32]:
    """Least or greatest value of every component."""
    info = np.iinfo(np.int32)
    out = np.full(number, info.max if choose is np.minimum else info.min, np.int32)
    choose.at(out, component, values)
    return out


def only_dense(labels: Labels) -> int:
    """The label of voxels that are dense but belong to no piece: bone, and what is too small or too faint."""
    return int(np.iinfo(labels.dtype).max)


def find_pieces(volume: Volume, flags: NDArray[np.uint8], runs: Runs) -> tuple[Labels, list[Piece]]:
    """Label the voxels of every piece, of the components of flagged voxels (``runs``), that is large enough and holds a
    seed; describe these, largest first. Other flagged voxels are labelled ``only_dense``, all others 0."""
    tally = tally_of(runs, volume.hu, flags)
    voxel_ml = volume.grid.voxel_volume_ml
    wanted = np.flatnonzero(tally.seeded & (tally.count * voxel_ml >= SMALLEST_ML))
    labels: Labels = np.zeros(flags.shape, dtype=np.uint16 if len(wanted) <= SHORT_LABELS else np.uint32)
    numbers = np.full(runs.components, only_dense(labels), dtype=np.int64)
    numbers[wanted] = np.arange(1, len(wanted) + 1)
    runs.paint(numbers, labels)
    last = np.array(labels.shape) - 1
    pieces = [
        Piece(
            label=int(numbers[n]),
            box=box_between(tally.low[n], tally.high[n]),
            volume_ml=float(tally.count[n] * voxel_ml),
            peak_hu=float(tally.peak[n]),
            mean_hu=float(tally.total[n] / tally.count[n]),
            at_edge=bool((tally.low[n] == 0).any() or (tally.high[n] == last).any()),
        )
        for n in wanted
    ]
    return labels, sorted(pieces, key=lambda piece: (-piece.volume_ml, piece.label))


def box_between(low: NDArray[np.int32], high: NDArray[np.int32]) -> Box:
    """Slices from inclusive corners."""
    return (
        slice(int(low[0]), int(high[0]) + 1),
        slice(int(low[1]), int(high[1]) + 1),
        slice(int(low[2]), int(high[2]) + 1),
    )
