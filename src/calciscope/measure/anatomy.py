"""The coarse tissue map that goes out with a measurement, for tracking."""

from __future__ import annotations

import numpy as np

from calciscope.measure.neighbourhood import Segmentation
from calciscope.terms.geometry import Grid, Volume
from calciscope.terms.tissue import AnatomyMap

ANATOMY_MM = 2.0
"""Edge of a voxel of the map, mm: bone ends and skin stay recognisable, a whole leg is a few megabytes (judgement)."""


def anatomy_map(volume: Volume, segmentation: Segmentation) -> AnatomyMap:
    """The tissue codes at every n-th voxel, about 2 mm apart."""
    step = [max(1, round(ANATOMY_MM / s)) for s in volume.grid.spacing_mm]
    first = [s // 2 if n > s // 2 else 0 for s, n in zip(step, volume.hu.shape, strict=True)]
    tissue = np.ascontiguousarray(
        segmentation.tissue[tuple(slice(f, None, s) for f, s in zip(first, step, strict=True))]
    )
    affine = volume.grid.affine.copy()
    affine[:3, 3] = volume.grid.to_lps(np.array(first, dtype=np.float64))
    for axis in range(3):
        affine[:3, axis] *= step[2 - axis]
    shape = (tissue.shape[0], tissue.shape[1], tissue.shape[2])
    return AnatomyMap(tissue=tissue, grid=Grid(shape=shape, affine=affine, frame_uid=volume.grid.frame_uid))
