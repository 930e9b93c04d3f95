"""Finds slices whose content does not belong where they lie, though their files parse.

A slice is a stranger when its two neighbours agree with each other far better than either agrees with it. Anatomy never
does that: a step from one slice to the next (the end of a limb, the vertex, a patient who moved) stays, and a structure
seen in one slice only is a small part of it. In 24 real series (limbs, trunk, a tilted head of 4 and 7 mm slices) the
ratio below never passed 0.8; noise, another place's slice, a flipped, shifted, blanked or rescaled one reach 1.7 to 40.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from calciscope.terms.geometry import Int16

Thumbnails = NDArray[np.float32]
THUMBNAIL_PIXELS = 128
# HU outside this range would let metal and bone outvote the rest (judgement).
LOW_HU, HIGH_HU = -1000, 400
# A pixel is compared where either slice holds matter there.
MATTER_HU = -500.0
# Whole slice: ratio measured at most 0.8 in real series, at least 1.7 in corrupted ones.
STRANGER_RATIO, STRANGER_HU, FLOOR_HU = 1.5, 20.0, 5.0
# One of eight bands of rows (a transfer that broke off). Ratio at most 1.1 in real series; a head that moved between two
# 7 mm slices reached 3.7 and 122 HU where the band held little but skull. Garbage in 10 % of the rows: 4 and more.
BANDS, BAND_RATIO, BAND_HU, BAND_FLOOR_HU = 8, 4.0, 180.0, 25.0
# The first and last slice have one neighbour: their step must be far beyond the next two steps (measured: up to 1.4 times).
END_RATIO, END_HU = 4.0, 120.0
# Runs of strangers longer than this are not looked for; two adjacent ones already are the most a scan may have.
LONGEST_RUN = 6
MIN_MATTER_PIXELS = 50


def thumbnail(hu: Int16) -> NDArray[np.float32]:
    """One slice, clipped and averaged over blocks to at most about 128 pixels a side."""
    block = max(1, round(max(hu.shape) / THUMBNAIL_PIXELS))
    small = np.empty((hu.shape[0] // block, hu.shape[1] // block), dtype=np.float32)
    _average(hu, block, small)
    return small


@njit(cache=True, nogil=True)
def _average(hu, block, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Mean of each block of clipped values; columns are summed first, in a loop that runs on vectors."""
    columns = np.empty(hu.shape[1], dtype=np.int32)
    for row in range(out.shape[0]):
        columns[:] = 0
        for r in range(row * block, (row + 1) * block):
            values = hu[r]
            for c in range(columns.shape[0]):
                columns[c] += min(max(values[c], LOW_HU), HIGH_HU)
        for column in range(out.shape[1]):
            total = 0
            for c in range(column * block, (column + 1) * block):
                total += columns[c]
            out[row, column] = total / (block * block)


class _Steps:
    """How far slices lie apart, each pair worked out once."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        """Take the thumbnails of all slices."""
        self.thumbnails = thumbnails
        self._known: dict[tuple[int, int], tuple[float, NDArray[np.float64]]] = {}

    def between(self, one: int, other: int) -> tuple[float, NDArray[np.float64]]:
        """Mean absolute difference in HU where there is matter: of the whole slice, and of each band of rows."""
        if (one, other) not in self._known:
            self._known[one, other] = _apart(self.thumbnails[one], self.thumbnails[other])
        return self._known[one, other]


def misfits(thumbnails: Thumbnails, usable: list[int]) -> list[int]:
    """Slices among ``usable`` (rising indices into ``thumbnails``) that do not fit their neighbours."""
    steps = _Steps(thumbnails)
    strangers: list[int] = []
    chain = list(usable)
    for length in range(1, LONGEST_RUN + 1):
        found = _runs(steps, chain, length)
        strangers += found
        chain = [index for index in chain if index not in found]
    strangers += _ends(steps, chain)
    return sorted(strangers)


def _runs(steps: _Steps, chain: list[int], length: int) -> list[int]:
    """Members of runs of ``length`` slices that disagree with slices before and after, which agree with each other."""
    found: list[int] = []
    for start in range(1, len(chain) - length):
        run = chain[start : start + length]
        step_hu = _pace(steps, chain, start, length)
        if _stranger(steps, chain[start - 1], run, chain[start + length], usual_hu=step_hu, bands=length == 1):
            found += run
    found = sorted(set(found))
    return found if length > 1 else _alternate(found, chain)


def _pace(steps: _Steps, chain: list[int], start: int, length: int) -> float:
    """How far slices lie apart beside a run, HU a step, on the calmer side: a bulge of the body looks alike before and after.

    Taken over two steps, so that strangers which take turns with good slices do not count.
    """
    sides = [(start - 3, start - 1), (start + length, start + length + 2)]
    paces = [steps.between(chain[a], chain[b])[0] / 2 for a, b in sides if a >= 0 and b < len(chain)]
    return min(paces, default=0.0)


def _alternate(found: list[int], chain: list[int]) -> list[int]:
    """Of strangers that take turns with good slices, the strangers.

    A good slice between two alike corrupt ones looks like a stranger too, but the outermost of such a row is corrupt:
    it was found against two slices that agree.
    """
    place = {index: position for position, index in enumerate(chain)}
    kept: list[int] = []
    run: list[int] = []
    for index in [*found, -1]:
        if run and (index < 0 or place[index] != place[run[-1]] + 1):
            kept += run[::2] if len(run) > 2 else run
            run = []
        run.append(index)
    return kept


def _stranger(steps: _Steps, before: int, run: list[int], after: int, *, usual_hu: float, bands: bool) -> bool:
    """Whether both ends of the run lie far from the slices around it, which lie close to each other.

    ``usual_hu``: how much anatomy changes from slice to slice there.
    """
    into, out_of = steps.between(before, run[0]), steps.between(run[-1], after)
    step = min(into[0], out_of[0])
    band_steps = np.minimum(into[1], out_of[1])
    if step <= STRANGER_HU and not (bands and (band_steps > BAND_HU).any()):
        return False
    around = steps.between(before, after)
    if step > STRANGER_HU and step > STRANGER_RATIO * max(around[0], usual_hu, FLOOR_HU):
        return True
    far = (band_steps > BAND_HU) & (band_steps > BAND_RATIO * np.maximum(around[1], BAND_FLOOR_HU))
    return bands and bool(far.any())


def _apart(one: Thumbnails, other: Thumbnails) -> tuple[float, NDArray[np.float64]]:
    """Mean absolute difference in HU where there is matter: of the whole slice, and of each band of rows."""
    rows = np.empty((one.shape[0], 2), dtype=np.float64)
    _differences(one, other, rows)
    count = BANDS if one.shape[0] >= BANDS else one.shape[0]
    sums = np.add.reduceat(rows, np.arange(count) * one.shape[0] // count, axis=0)
    total, matter = sums.sum(axis=0)
    least = 0.2 * one.size / BANDS
    return float(total / max(matter, MIN_MATTER_PIXELS)), sums[:, 0] / np.maximum(sums[:, 1], least)


@njit(cache=True, nogil=True)
def _differences(one, other, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    for row in range(one.shape[0]):
        total, count = 0.0, 0
        for column in range(one.shape[1]):
            if max(one[row, column], other[row, column]) > MATTER_HU:
                total += abs(one[row, column] - other[row, column])
                count += 1
        out[row, 0], out[row, 1] = total, count


def _ends(steps: _Steps, chain: list[int]) -> list[int]:
    """The first and the last slice, or the two first or last, when they break with the others."""
    found: list[int] = []
    for order in (chain, chain[::-1]):
        apart = [steps.between(min(a, b), max(a, b))[0] for a, b in zip(order[:5], order[1:5], strict=False)]
        for cut in (0, 1):
            usual = apart[cut + 1 : cut + 3]
            matter = steps.thumbnails[order[cut]].max() > MATTER_HU if usual else False
            if len(usual) == 2 and matter and apart[cut] > max(END_RATIO * max(*usual, FLOOR_HU), END_HU):
                found += order[: cut + 1]
                break
    return sorted(set(found))
