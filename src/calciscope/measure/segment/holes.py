"""Filling what is enclosed within a plane: lungs and gas in a slice, marrow within a bone's shell."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bool = NDArray[np.bool_]


def fill_planes(mask: Bool, axis: int = 0) -> Bool:
    """A copy of ``mask`` (3-D) with the holes of every plane across ``axis`` filled.

    A hole is background that the plane's border does not reach through edges of pixels (4-connected).
    """
    planes = np.array(np.moveaxis(mask, axis, 0), dtype=np.uint8, order="C")
    _fill(planes)
    return np.ascontiguousarray(np.moveaxis(planes.view(np.bool_), 0, axis))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _fill(planes):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Fill in place: background that sweeps from the border do not reach becomes 1."""
    depth, height, width = planes.shape
    reached = np.zeros((height + 2, width + 2), dtype=np.uint8)
    for k in range(depth):
        plane = planes[k]
        top, bottom, left, right = _bounds(plane)
        if bottom - top < 3 or right - left < 3:
            continue  # nothing so narrow encloses a pixel
        _reach(plane, top, bottom, left, right, reached)
        for j in range(top, bottom):
            for i in range(left, right):
                if not reached[j + 1, i + 1]:
                    plane[j, i] = 1


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _bounds(plane):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Rows and columns that hold the mask: top, bottom, left, right; the ends are exclusive."""
    height, width = plane.shape
    top, bottom, left, right = height, 0, width, 0
    for j in range(height):
        any_set = 0
        for i in range(width):
            any_set |= plane[j, i]
        if not any_set:
            continue
        top, bottom = min(top, j), j + 1
        first = 0
        while not plane[j, first]:
            first += 1
        last = width - 1
        while not plane[j, last]:
            last -= 1
        left, right = min(left, first), max(right, last + 1)
    return top, bottom, left, right


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _reach(plane, top, bottom, left, right, reached):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Mark background reached from around the bounds, by sweeps down and up until nothing is added."""
    for j in range(top, bottom + 2):
        for i in range(left, right + 2):
            reached[j, i] = j == top or j == bottom + 1 or i == left or i == right + 1
    added = True
    while added:
        added = False
        for j in range(top + 1, bottom + 1):
            for i in range(left + 1, right + 1):
                if not reached[j, i] and not plane[j - 1, i - 1] and (reached[j - 1, i] or reached[j, i - 1]):
                    reached[j, i] = 1
                    added = True
            for i in range(right, left, -1):
                if not reached[j, i] and not plane[j - 1, i - 1] and reached[j, i + 1]:
                    reached[j, i] = 1
                    added = True
        for j in range(bottom, top, -1):
            for i in range(left + 1, right + 1):
                if not reached[j, i] and not plane[j - 1, i - 1] and (reached[j + 1, i] or reached[j, i - 1]):
                    reached[j, i] = 1
                    added = True
            for i in range(right, left, -1):
                if not reached[j, i] and not plane[j - 1, i - 1] and reached[j, i + 1]:
                    reached[j, i] = 1
                    added = True
