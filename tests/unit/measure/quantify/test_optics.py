"""Blur and interpolation matrices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from calciscope.measure.quantify.optics import Optics, blur_matrix, interpolation_matrix


def test_a_blurred_cell_keeps_its_amount_inside_the_window() -> None:
    matrix = blur_matrix(21, 4, 1.0, 0.7)
    assert matrix[:, 40].sum() == pytest.approx(0.25, rel=1e-3)


def test_blur_is_the_gaussian_it_says() -> None:
    fine = np.zeros(21 * 8, np.float32)
    fine[70:98] = 1.0
    expected = gaussian_filter1d(fine.astype(float), 0.7 * 8, truncate=6)
    centres = 0.5 * (expected[3::8] + expected[4::8])
    assert np.allclose(blur_matrix(21, 8, 1.0, 0.7) @ fine, centres, atol=2e-3)


def test_interpolation_keeps_ramps() -> None:
    up = interpolation_matrix(9, 3) @ np.arange(9, dtype=np.float32)
    assert np.allclose(np.diff(up)[6:-6], 1 / 3, atol=1e-5)


def test_back_is_the_adjoint_of_blur() -> None:
    rng = np.random.default_rng(0)
    matrices = tuple(blur_matrix(n, f, 1.0, 0.6) for n, f in ((5, 2), (6, 3), (7, 1)))
    optics = Optics(matrices=matrices, fine=(2, 3, 1))
    fine = rng.normal(size=(10, 18, 7)).astype(np.float32)
    voxels = rng.normal(size=(5, 6, 7)).astype(np.float32)
    assert (optics.blur(fine) * voxels).sum() * 6 == pytest.approx((fine * optics.back(voxels)).sum(), rel=1e-4)
