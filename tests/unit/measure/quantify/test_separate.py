"""The blur as a whole may be off: what is allowed for it, and that tissue around is not taken for darker."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from calciscope.measure.quantify.scenery import Scenery, look_around
from calciscope.measure.quantify.separate import BLUR_SD, blur_error, separate
from calciscope.terms.tissue import Tissue

SPACING_MM = (1.0, 0.8, 0.8)
SHAPE = (25, 31, 31)
CONTRAST_HU, BACKGROUND_HU = 260.0, -90.0


def ball(radius_mm: float, sigma_mm: float) -> NDArray[np.float32]:
    """Blurred share of a ball amid the window."""
    axes = [(np.arange(n) - (n - 1) / 2) * d for n, d in zip(SHAPE, SPACING_MM, strict=True)]
    z, y, x = np.meshgrid(*axes, indexing="ij")
    inside = np.clip((radius_mm - np.sqrt(z * z + y * y + x * x)) / 0.8 + 0.5, 0.0, 1.0)
    return gaussian_filter(inside.astype(np.float32), [sigma_mm / d for d in SPACING_MM])


def scenery(share: NDArray[np.float32], sigma_mm: float) -> Scenery:
    """A ball in fat with a little noise, looked at with a given blur."""
    grain = np.random.default_rng(1).normal(0.0, 3.0, SHAPE)
    hu = np.rint(BACKGROUND_HU + CONTRAST_HU * share + grain).astype(np.int16)
    tissue = np.full(SHAPE, int(Tissue.FAT), np.uint8)
    empty = np.zeros(SHAPE, np.float32)
    return look_around(hu, tissue, np.zeros(SHAPE, bool), empty, SPACING_MM, (sigma_mm,) * 3, 3.0)


def test_what_a_wider_blur_adds_is_told_and_sums_to_nothing() -> None:
    narrow = ball(3.0, 0.8)
    across, plane = blur_error(narrow, scenery(narrow, 0.8))
    assert abs(float(across.sum())) < 1e-3 * float(narrow.sum())
    assert abs(float(plane.sum())) < 1e-3 * float(narrow.sum())
    told = (across / BLUR_SD[0][0] + plane / BLUR_SD[1][0]) * 0.1
    wider = ball(3.0, 0.88) - narrow
    assert float(np.abs(told - wider).max()) < 0.35 * float(np.abs(wider).max())


@pytest.mark.parametrize("believed_mm", [0.65, 0.8, 0.95])
def test_a_blur_that_is_off_leaves_the_excess_alone(believed_mm: float) -> None:
    seen = ball(3.0, 0.8)
    separation = separate(scenery(seen, believed_mm), ball(3.0, believed_mm))
    assert separation.excess == pytest.approx(CONTRAST_HU * float(seen.sum()), rel=0.01)
