"""Noise is gauged without the step between fat and muscle."""

from __future__ import annotations

import numpy as np

from calciscope.measure.segment.body import find_bodies
from calciscope.measure.segment.coarse import coarsen
from calciscope.measure.segment.dense import noise_field
from tests.unit.measure.segment.test_segment import limb, series


def test_noise_is_the_same_at_a_border_of_fat_and_muscle_as_within_muscle() -> None:
    volume = series(limb(bone=False), noise_hu=15.0).volume
    coarse = coarsen(volume)
    body = find_bodies(coarse) > 0
    field = noise_field(volume, coarse, body)[body]
    assert np.percentile(field, 95) < 1.3 * np.percentile(field, 5)
