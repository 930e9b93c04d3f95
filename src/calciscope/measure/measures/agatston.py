"""Agatston score, exactly as published, for comparison with the literature only.

Agatston et al., J Am Coll Cardiol 1990;15:827: in each 3 mm slice, every connected area of at least 1 mm2 at or above
130 HU counts its area (mm2) times a weight by its peak: 1 below 200 HU, 2 below 300, 3 below 400, 4 from 400 on. For
slices at another distance the sum is multiplied by distance / 3 mm, so that a body scores the same however it is sliced.
Thresholds are those published for 120 kVp and are not adapted to other voltages (the kVp is in the measurement's recipe).
Pixels are connected when they share an edge.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import label, maximum, sum_labels

from calciscope.measure.subject import Subject
from calciscope.terms.geometry import Bool, Int16

COLUMNS = ("agatston",)

# Agatston 1990 (imaging.md 1.3, seen): threshold, least area, slice distance and the steps of the weight.
THRESHOLD_HU = 130
LEAST_AREA_MM2 = 1.0
SLICE_MM = 3.0
WEIGHT_STEPS_HU = (200, 300, 400)


def compute(subject: Subject) -> dict[str, object]:
    """The score of one candidate (no unit), 0.0 when nothing of it reaches the threshold."""
    dense = subject.own & (subject.neighbourhood.hu >= THRESHOLD_HU)
    grid = subject.scene.grid
    scores = [
        slice_score(subject.neighbourhood.hu[k], dense[k], grid.pixel_area_mm2)
        for k in np.flatnonzero(dense.any((1, 2)))
    ]
    return {"agatston": float(sum(scores)) * grid.spacing_mm[0] / SLICE_MM}


def slice_score(hu: Int16, dense: Bool, pixel_area_mm2: float) -> float:
    """Score of one slice before normalisation."""
    areas, count = label(dense)
    index = np.arange(1, count + 1)
    area_mm2 = sum_labels(dense, areas, index) * pixel_area_mm2
    weight = 1 + np.digitize(maximum(hu, areas, index), WEIGHT_STEPS_HU)
    return float((area_mm2 * weight)[area_mm2 >= LEAST_AREA_MM2].sum())
