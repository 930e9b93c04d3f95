"""Growing and shrinking masks by a ball, and closing the gaps that the ball does not pass."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bool = NDArray[np.bool_]
Spacing = tuple[float, float, float]

FAR = 255
"""Pixels along a row beyond which nothing is told apart: no ball used here is wider."""


def grown(mask: Bool, radius_mm: float, spacing_mm: Spacing) -> Bool:
    """Voxels within ``radius_mm`` (inclusive) of the mask; nothing lies outside the array."""
    source = np.ascontiguousarray(mask).view(np.uint8)
    out = np.empty(source.shape, dtype=np.uint8)
    _grow(source, _chords(radius_mm, spacing_mm), out)
    return out.view(np.bool_)


def closed(mask: Bool, radius_mm: float, spacing_mm: Spacing) -> Bool:
    """The mask with its gaps closed that a ball of ``radius_mm`` does not pass; beyond the array the mask goes on as
    at its border."""
    reach = [int(np.ceil(radius_mm / mm)) + 1 for mm in spacing_mm]
    padded = np.pad(mask, [(r, r) for r in reach], mode="edge")
    outside = grown(~grown(padded, radius_mm, spacing_mm), radius_mm, spacing_mm)
    return ~outside[tuple(slice(r, -r) for r in reach)]


@lru_cache(maxsize=64)
def _chords(radius_mm: float, spacing_mm: Spacing) -> NDArray[np.int64]:
    """(n, 3): slice and row offset of each chord of the ball along a row, and half its length in pixels.

    Distances in single precision, as distance maps hold them.
    """
    dz_mm, dy_mm, dx_mm = (np.float32(mm) for mm in spacing_mm)
    radius = np.float32(radius_mm)
    chords = []
    for k in range(-int(radius_mm / spacing_mm[0]) - 1, int(radius_mm / spacing_mm[0]) + 2):
        for j in range(-int(radius_mm / spacing_mm[1]) - 1, int(radius_mm / spacing_mm[1]) + 2):
            across2 = (dz_mm * np.float32(k)) ** 2 + (dy_mm * np.float32(j)) ** 2
            along = np.arange(min(FAR, int(radius_mm / spacing_mm[2]) + 2), dtype=np.float32)
            inside = np.flatnonzero(np.sqrt((dx_mm * along) ** 2 + across2) <= radius)
            if inside.size:
                chords.append((k, j, int(inside[-1])))
    return np.array(chords, dtype=np.int64).reshape(-1, 3)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _grow(mask, chords, out):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Row by row: a voxel is grown into when a row nearby holds the mask within that chord's half length."""
    depth, height, width = mask.shape
    along = np.empty((depth, height, width), dtype=np.uint8)
    empty = np.zeros((depth, height), dtype=np.uint8)
    for k in range(depth):
        for j in range(height):
            empty[k, j] = _along_row(mask[k, j], along[k, j])
    for k in range(depth):
        for j in range(height):
            target = out[k, j]
            target[:] = 0
            for n in range(chords.shape[0]):
                kk, jj = k + chords[n, 0], j + chords[n, 1]
                if kk < 0 or jj < 0 or kk >= depth or jj >= height or empty[kk, jj]:
                    continue
                _add_chord(along[kk, jj], np.uint8(chords[n, 2]), target)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _add_chord(along, half, target):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Set every pixel within ``half`` pixels of the mask in a row."""
    for i in range(target.shape[0]):
        target[i] |= np.uint8(along[i] <= half)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _along_row(row, along):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Pixels to the nearest one of the mask in this row, at most FAR; True for a row without any."""
    width = row.shape[0]
    far = FAR
    found = False
    for i in range(width):
        if row[i]:
            far = 0
            found = True
        elif far < FAR:
            far += 1
        along[i] = far
    if not found:
        return True
    far = FAR
    for i in range(width - 1, -1, -1):
        if row[i]:
            far = 0
        elif far < FAR:
            far += 1
        if far < along[i]:
            along[i] = far
    return False
