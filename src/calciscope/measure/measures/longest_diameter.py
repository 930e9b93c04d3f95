"""Longest diameter: the greatest distance between two points of a deposit's surface (maximal Feret diameter).

The surface lies where the contrast falls to the level at which it encloses the partial-volume-corrected volume, about half
of it, and is found between voxels; the distance is exact over the surface's convex hull.
"""

from __future__ import annotations

from calciscope.measure.subject import Subject

COLUMNS = ("longest_diameter_mm",)


def compute(subject: Subject) -> dict[str, object]:
    """Millimetres."""
    return {"longest_diameter_mm": subject.longest_mm}
