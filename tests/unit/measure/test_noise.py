"""The noise estimate."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.noise import FALLBACK_NOISE_HU, noise_hu
from calciscope.terms.geometry import Grid, Volume


def _volume(hu: np.ndarray) -> Volume:
    return Volume(hu=np.rint(hu).astype(np.int16), grid=Grid(shape=hu.shape, affine=np.eye(4)))


@pytest.mark.parametrize("sd_hu", [5.0, 20.0, 60.0])
def test_noise_is_found_in_fat_and_muscle_whatever_its_size(sd_hu: float) -> None:
    hu = np.random.default_rng(1).normal(50.0, sd_hu, (12, 140, 140))
    hu[:, :, 60:] -= 140.0
    hu[:, :20] = -1000.0
    assert noise_hu(_volume(hu)) == pytest.approx(sd_hu, rel=0.06)


def test_a_ramp_is_not_noise() -> None:
    hu = np.random.default_rng(2).normal(0.0, 8.0, (8, 70, 70)) + np.linspace(-60, 60, 70)
    assert noise_hu(_volume(hu)) == pytest.approx(8.0, rel=0.08)


def test_air_alone_gives_the_stated_fallback() -> None:
    assert noise_hu(_volume(np.full((4, 40, 40), -1000.0))) == FALLBACK_NOISE_HU
