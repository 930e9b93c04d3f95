"""The smallest real change is drawn so that it holds at all masses, few of them or many."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.fit_limit import BAND_SHARE, BANDS_MG, CONFIDENCE, holding_fit, limits_of, tail_degrees

RNG = np.random.default_rng(17)
MASSES = np.concatenate([10 ** RNG.uniform(0.3, 2.3, 300), 10 ** RNG.uniform(2.7, 3.4, 18)])  # few of them heavy
SIZES = np.abs(RNG.normal(0.0, 0.5 + 0.02 * MASSES + 0.00002 * MASSES**2))  # heavy ones err more than the form says


@pytest.fixture(scope="module")
def fit() -> np.ndarray:
    return holding_fit(MASSES, SIZES)


def test_all_together_and_every_band_of_mass_are_held(fit: np.ndarray) -> None:
    beyond, band = SIZES > limits_of(fit, MASSES), np.digitize(MASSES, BANDS_MG)
    assert beyond.sum() <= round((1.0 - CONFIDENCE) * len(MASSES))
    for one in np.unique(band):
        assert beyond[band == one].sum() <= round(BAND_SHARE * (band == one).sum())


def test_it_is_no_wider_than_it_must_be(fit: np.ndarray) -> None:
    assert (fit >= 0.0).all()
    assert 0 < (SIZES > limits_of(0.9 * fit, MASSES)).sum() > (SIZES > limits_of(fit, MASSES)).sum()


def test_thicker_slices_are_never_held_to_less() -> None:
    least = np.array([0.1, 0.0, 2.0])
    at = np.array(BANDS_MG[1:], dtype=float)
    assert (limits_of(holding_fit(MASSES, SIZES, least), at) >= limits_of(least, at) - 1e-6).all()


def test_a_heavier_tail_has_fewer_degrees_of_freedom() -> None:
    normal, heavy = np.abs(RNG.normal(size=20000)) / 1.96, np.abs(RNG.standard_t(3, size=20000)) / 3.18
    assert tail_degrees(normal) > 15 > 5 > tail_degrees(heavy)
