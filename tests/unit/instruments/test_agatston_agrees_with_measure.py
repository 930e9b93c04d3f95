"""Two rooms that do not know each other score the same areas alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import label

from calciscope.instruments import instrument, score
from calciscope.measure.measures import agatston

PIXEL_AREA_MM2 = 0.36


@pytest.mark.parametrize("seed", range(5))
def test_areas_of_a_slice_score_alike(seed: int) -> None:
    random = np.random.default_rng(seed)
    hu = random.choice([0, 0, 60, 130, 150, 199, 200, 260, 300, 399, 400, 900], (24, 24)).astype(np.int16)
    dense = hu >= 130
    areas, count = label(dense)
    listed = [
        {"area_mm2": round(float((areas == one).sum() * PIXEL_AREA_MM2), 6), "peak_hu": int(hu[areas == one].max())}
        for one in range(1, count + 1)
    ]
    answers = {"slice_distance_mm": agatston.SLICE_MM, "areas": listed}
    assert score(instrument("agatston-burden"), answers).outputs["score"] == pytest.approx(
        agatston.score(hu[None], dense[None], PIXEL_AREA_MM2)
    )
