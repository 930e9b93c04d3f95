"""Volume of the voxels at or above 130 HU: the threshold everyone uses, here only to compare with the literature.

It depends on what surrounds a deposit: too large in muscle, too small in fat (docs/explanation/why-mass.md).
"""

from __future__ import annotations

from calciscope.measure.subject import Subject

COLUMNS = ("volume_130hu_ml",)

# The threshold of coronary calcium scoring (Agatston 1990; imaging.md 1.3, seen).
THRESHOLD_HU = 130


def compute(subject: Subject) -> dict[str, object]:
    """Millilitres; 0.0 when no voxel reaches the threshold."""
    voxels = int((subject.own & (subject.neighbourhood.hu >= THRESHOLD_HU)).sum())
    return {"volume_130hu_ml": voxels * subject.scene.grid.voxel_volume_ml}
