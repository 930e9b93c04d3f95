"""Labelling sparse masks by runs along rows: voxels outside the mask are looked at once, memory follows the mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Runs of non-zero voxels in order of their rows, and the component each belongs to.

    ``row_start``: int64 (slices * rows + 1,), first run of every row; ``begin``, ``end`` (exclusive): int32 columns;
    ``component``: int32, numbered from 0 in the order in which they are met.
    """

    shape: tuple[int, int, int]
    row_start: NDArray[np.int64]
    begin: NDArray[np.int32]
    end: NDArray[np.int32]
    component: NDArray[np.int32]
    components: int

    def paint(self, numbers: NDArray[np.int64], out: NDArray[np.uint16] | NDArray[np.uint32]) -> None:
        """Write ``numbers[component]`` into ``out`` (the mask's shape) at every voxel of the mask."""
        _paint(self.row_start, self.begin, self.end, self.component, numbers, out)

    def erase(self, out: NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.uint32]) -> None:
        """Write 0 at every voxel of the mask; memory of ``out`` that was never written stays unused."""
        _paint(self.row_start, self.begin, self.end, self.component, np.zeros(self.components, np.int64), out)


def label_runs(mask: NDArray[np.uint8], *, corners: bool = True) -> Runs:
    """Runs of the non-zero voxels of ``mask`` (C-contiguous) and their components: 26-connected, or 6-connected when
    touching corners and edges do not count."""
    slices, rows, _ = mask.shape
    count = np.empty(slices * rows, dtype=np.int32)
    _count(mask, count)
    row_start = np.zeros(slices * rows + 1, dtype=np.int64)
    np.cumsum(count, out=row_start[1:])
    begin, end = np.empty(row_start[-1], dtype=np.int32), np.empty(row_start[-1], dtype=np.int32)
    _collect(mask, row_start, begin, end)
    component = np.empty(row_start[-1], dtype=np.int32)
    components = _connect(slices, rows, row_start, begin, end, component, 1 if corners else 0)
    return Runs(
        shape=(slices, rows, mask.shape[2]),
        row_start=row_start,
        begin=begin,
        end=end,
        component=component,
        components=int(components),
    )


def runs_above(runs: Runs, hu: NDArray[np.int16], level_hu: int) -> Runs:
    """The stretches of ``runs`` above a level of ``hu`` (the mask's shape), and their 6-connected components."""
    slices, rows, _ = runs.shape
    count = np.empty(slices * rows, dtype=np.int32)
    _count_above(hu, level_hu, runs.row_start, runs.begin, runs.end, count)
    row_start = np.zeros(slices * rows + 1, dtype=np.int64)
    np.cumsum(count, out=row_start[1:])
    begin, end = np.empty(row_start[-1], dtype=np.int32), np.empty(row_start[-1], dtype=np.int32)
    _collect_above(hu, level_hu, runs.row_start, runs.begin, runs.end, row_start, begin, end)
    component = np.empty(row_start[-1], dtype=np.int32)
    components = _connect(slices, rows, row_start, begin, end, component, 0)
    return Runs(
        shape=runs.shape, row_start=row_start, begin=begin, end=end, component=component, components=int(components)
    )


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _count_above(hu, level, row_start, begin, end, count):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Stretches of every row."""
    rows = hu.shape[1]
    for row in prange(count.shape[0]):
        values = hu[row // rows, row % rows]
        number = 0
        for n in range(row_start[row], row_start[row + 1]):
            before = False
            for i in range(begin[n], end[n]):
                now = values[i] > level
                number += now and not before
                before = now
        count[row] = number


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _collect_above(hu, level, row_start, begin, end, new_start, new_begin, new_end):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Columns of every stretch."""
    rows = hu.shape[1]
    for row in prange(row_start.shape[0] - 1):
        values = hu[row // rows, row % rows]
        m = new_start[row]
        for n in range(row_start[row], row_start[row + 1]):
            before = False
            for i in range(begin[n], end[n]):
                now = values[i] > level
                if now and not before:
                    new_begin[m] = i
                if before and not now:
                    new_end[m] = i
                    m += 1
                before = now
            if before:
                new_end[m] = end[n]
                m += 1


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _count(mask, count):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Runs of every row."""
    for k in prange(mask.shape[0]):
        for j in range(mask.shape[1]):
            row = mask[k, j]
            any_set = np.uint8(0)
            for i in range(row.shape[0]):
                any_set |= row[i]
            number = 0
            if any_set:
                before = False
                for i in range(row.shape[0]):
                    now = row[i] != 0
                    number += now and not before
                    before = now
            count[k * mask.shape[1] + j] = number


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _collect(mask, row_start, begin, end):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Columns of every run."""
    rows, width = mask.shape[1], mask.shape[2]
    for k in prange(mask.shape[0]):
        for j in range(rows):
            n = row_start[k * rows + j]
            if n == row_start[k * rows + j + 1]:
                continue
            i = 0
            while n < row_start[k * rows + j + 1]:
                while mask[k, j, i] == 0:
                    i += 1
                begin[n] = i
                while i < width and mask[k, j, i] != 0:
                    i += 1
                end[n] = i
                n += 1


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _root(parent, n):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """First run of the component that run ``n`` is known to belong to."""
    while parent[n] != n:
        parent[n] = parent[parent[n]]
        n = parent[n]
    return n


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _join_rows(here, there, row_start, begin, end, parent, slack):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Join the runs of one row with those of an earlier row that they touch; a slack of 1 includes corners."""
    n, m = row_start[here], row_start[there]
    while n < row_start[here + 1] and m < row_start[there + 1]:
        if begin[n] < end[m] + slack and begin[m] < end[n] + slack:
            one, other = _root(parent, n), _root(parent, m)
            if one < other:
                parent[other] = one
            else:
                parent[one] = other
        if end[n] < end[m]:
            n += 1
        else:
            m += 1


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _connect(slices, rows, row_start, begin, end, component, slack):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Fill in every run's component; returns how many there are."""
    for n in range(component.shape[0]):
        component[n] = n
    for k in range(slices):
        for j in range(rows):
            here = k * rows + j
            if row_start[here] == row_start[here + 1]:
                continue
            if j > 0:
                _join_rows(here, here - 1, row_start, begin, end, component, slack)
            if k > 0:
                for jj in range(max(j - slack, 0), min(j + 1 + slack, rows)):
                    _join_rows(here, (k - 1) * rows + jj, row_start, begin, end, component, slack)
    number = 0
    for n in range(component.shape[0]):  # a root comes before all other runs of its component
        if component[n] == n:
            component[n] = number
            number += 1
        else:
            component[n] = component[component[n]]
    return number


@njit(parallel=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _paint(row_start, begin, end, component, numbers, out):  # type: ignore[no-untyped-def]  # pragma: no cover
    """Write the components' numbers into a volume."""
    rows = out.shape[1]
    for k in prange(out.shape[0]):
        for j in range(rows):
            for n in range(row_start[k * rows + j], row_start[k * rows + j + 1]):
                out[k, j, begin[n] : end[n]] = numbers[component[n]]
