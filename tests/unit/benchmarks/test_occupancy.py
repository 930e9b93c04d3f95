"""The benchmark's own blur keeps what a shape holds, wherever it lies between voxels."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.occupancy import Blur, ball, ellipsoid, occupancy, random_turn

SPACING_MM = (3.27, 0.98, 0.98)
BLUR = Blur(in_plane_fwhm_mm=1.3, along_fwhm_mm=1.0, slice_box_mm=3.3)


@pytest.mark.parametrize("shift", [0.0, 0.21, 0.5])
@pytest.mark.parametrize("radius_mm", [2.5, 6.0])
def test_blurred_voxels_sum_to_the_volume_of_the_ball(radius_mm, shift):
    seen = occupancy(
        ball(radius_mm), (15 + shift, 30 - shift, 30 + shift), (radius_mm,) * 3, SPACING_MM, (31, 61, 61), BLUR
    )
    exact_ml = 4 / 3 * np.pi * radius_mm**3 / 1000
    assert seen.volume_ml == pytest.approx(exact_ml, rel=0.01)
    assert seen.fraction.sum() * np.prod(SPACING_MM) / 1000 == pytest.approx(seen.volume_ml, rel=0.02)


def test_a_turned_ellipsoid_keeps_its_volume():
    turn = random_turn(np.random.default_rng(3))
    seen = occupancy(ellipsoid((7.0, 3.0, 2.0), turn), (15, 30, 30), (7.0,) * 3, SPACING_MM, (31, 61, 61), BLUR)
    assert seen.volume_ml == pytest.approx(4 / 3 * np.pi * 42 / 1000, rel=0.02)


def test_a_wider_blur_lowers_the_peak_but_not_the_sum():
    sharp, soft = (
        occupancy(ball(2.0), (10, 20, 20), (2.0,) * 3, (1.0, 1.0, 1.0), (21, 41, 41), blur)
        for blur in (Blur(in_plane_fwhm_mm=1.2, along_fwhm_mm=1.2), Blur(in_plane_fwhm_mm=2.4, along_fwhm_mm=2.4))
    )
    assert soft.fraction.max() < 0.9 * sharp.fraction.max()
    assert soft.fraction.sum() == pytest.approx(sharp.fraction.sum(), rel=0.03)
