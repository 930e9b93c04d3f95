"""Agatston score, exactly as published, for comparison with the literature only.

Agatston et al., J Am Coll Cardiol 1990;15:827: in each 3 mm slice, every connected area of at least 1 mm2 at or above
130 HU counts its area (mm2) times a weight by its peak: 1 below 200 HU, 2 below 300, 3 below 400, 4 from 400 on. For
slices at another distance the sum is multiplied by distance / 3 mm, so that a body scores the same however it is sliced.
Thresholds are those published for 120 kVp and are not adapted to other voltages (the kVp is in the measurement's recipe).
Pixels are connected when they share an edge.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import label, maximum

from calciscope.measure.subject import Subject
from calciscope.terms.geometry import Bool, Int16

COLUMNS = ("agatston",)

# Agatston 1990 (imaging.md 1.3, seen): threshold, least area, slice distance and the steps of the weight.
THRESHOLD_HU = 130
LEAST_AREA_MM2 = 1.0
SLICE_MM = 3.0
WEIGHT_STEPS_HU = (200, 300, 400)
# Pixels that share an edge, within one slice.
IN_SLICE = np.array([np.zeros((3, 3)), [[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.zeros((3, 3))], dtype=bool)


def compute(subject: Subject) -> dict[str, object]:
    """The score of one candidate (no unit), 0.0 when nothing of it reaches the threshold."""
    dense = subject.own & (subject.neighbourhood.hu >= THRESHOLD_HU)
    grid = subject.scene.grid
    return {"agatston": score(subject.neighbourhood.hu, dense, grid.pixel_area_mm2) * grid.spacing_mm[0] / SLICE_MM}


def score(hu: Int16, dense: Bool, pixel_area_mm2: float) -> float:
    """Sum over the areas of all slices [slice, row, column] before normalisation."""
    areas, count = label(dense, structure=IN_SLICE)
    if count == 0:
        return 0.0
    index = np.arange(1, count + 1)
    area_mm2 = np.bincount(areas.ravel(), minlength=count + 1)[1:] * pixel_area_mm2
    weight = 1 + np.digitize(maximum(hu, areas, index), WEIGHT_STEPS_HU)
    return float((area_mm2 * weight)[area_mm2 >= LEAST_AREA_MM2].sum())
