"""Highest and mean CT number of a candidate's core: the voxels above about half of its contrast."""

from __future__ import annotations

from calciscope.measure.subject import Subject

COLUMNS = ("peak_hu", "mean_hu")


def compute(subject: Subject) -> dict[str, object]:
    """Hounsfield units as stored, without any correction for partial volume."""
    hu = subject.neighbourhood.hu[subject.neighbourhood.core]
    return {"peak_hu": float(hu.max()), "mean_hu": float(hu.mean(dtype=float))}
