"""Longest diameter: the greatest distance between two points of a deposit's surface (maximal Feret diameter).

The surface lies where the contrast falls to the level at which it encloses the partial-volume-corrected volume, about half
of it, and is found between voxels; the distance is exact over the surface's convex hull.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull, QhullError
from scipy.spatial.distance import pdist

from calciscope.measure.subject import Subject
from calciscope.terms.geometry import Float64

COLUMNS = ("longest_diameter_mm",)


def compute(subject: Subject) -> dict[str, object]:
    """Millimetres."""
    return {"longest_diameter_mm": widest_mm(subject.outline_lps_mm)}


def widest_mm(points_mm: Float64) -> float:
    """The greatest distance between two of the points (n, 3)."""
    if len(points_mm) < 2:
        return 0.0
    try:
        points_mm = points_mm[ConvexHull(points_mm).vertices]
    except QhullError:  # all points in one plane or line: no hull, and few enough to compare
        points_mm = np.unique(points_mm, axis=0)
    return float(pdist(points_mm).max()) if len(points_mm) > 1 else 0.0
