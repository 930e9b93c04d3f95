"""Polygons in pixels of a film: area, length, width across, moved outward, thinned. Formulas of plane geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError
from scipy.spatial.distance import pdist

from calciscope.terms.film import Point, Scale

Corners = NDArray[np.float64]  # (N, 2), x and y, not closed


def area(corners: Corners) -> float:
    """Area by the shoelace formula, in the square of the corners' unit."""
    x, y = corners.T
    return float(0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


def perimeter(corners: Corners) -> float:
    """Length of the outline."""
    return float(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1).sum())


def longest(corners: Corners) -> float:
    """The largest distance between two corners."""
    try:
        hull = corners[ConvexHull(corners).vertices]
    except QhullError:
        hull = corners
    return float(pdist(hull).max()) if len(hull) > 1 else 0.0


def in_mm(corners: Corners, scale: Scale) -> Corners:
    """The same polygon in millimetres."""
    return corners * np.array([scale.x_mm, scale.y_mm])


def moved_outward(corners: Corners, by: float) -> Corners:
    """Every corner moved along the normal of its neighbours; inward where ``by`` is negative."""
    along = np.roll(corners, -1, axis=0) - np.roll(corners, 1, axis=0)
    length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    x, y = corners.T
    turn = np.sign(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) or 1.0
    normal = turn * np.column_stack([along[:, 1], -along[:, 0]]) / length
    return np.asarray(corners + by * normal)


def resampled(corners: Corners, count: int) -> Corners:
    """As many corners at equal distances along the outline."""
    closed = np.vstack([corners, corners[:1]])
    place = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    wanted = np.linspace(0.0, place[-1], count, endpoint=False)
    return np.column_stack([np.interp(wanted, place, closed[:, axis]) for axis in (0, 1)])


def as_points(corners: Corners) -> tuple[Point, ...]:
    """Corners as plain numbers, to a hundredth of a pixel."""
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in corners)
