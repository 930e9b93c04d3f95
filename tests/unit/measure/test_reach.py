"""The short-range distance is the exact one of scipy, cut off at its reach; the widest distance is the largest of all."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt
from scipy.spatial.distance import pdist

from calciscope.measure.outline import widest_mm
from calciscope.measure.reach import distance_within, farthest_mm


@pytest.mark.parametrize("spacing_mm", [(1.0, 0.8, 0.8), (3.0, 0.5, 0.7)])
@pytest.mark.parametrize(
    ("shape", "share"), [((9, 14, 17), 0.01), ((9, 14, 17), 0.4), ((1, 6, 30), 0.1), ((40, 2, 1), 0.1)]
)
def test_distances_are_exact_up_to_the_reach(
    shape: tuple[int, int, int], share: float, spacing_mm: tuple[float, float, float]
) -> None:
    mask = np.random.default_rng(5).random(shape) < share
    mask.flat[0] = True
    exact = distance_transform_edt(~mask, sampling=spacing_mm)
    for reach_mm in (0.9, 4.0, 60.0):
        found = distance_within(mask, spacing_mm, reach_mm)
        assert found == pytest.approx(np.minimum(exact, reach_mm), abs=1e-4)
    assert farthest_mm(mask, spacing_mm, 60.0) == pytest.approx(min(60.0, exact.max()), abs=1e-4)
    assert farthest_mm(mask, spacing_mm, 2.0) == pytest.approx(min(2.0, exact.max()), abs=1e-4)


def test_nothing_to_measure_to_is_out_of_reach() -> None:
    assert (distance_within(np.zeros((2, 3, 4), dtype=bool), (1.0, 1.0, 1.0), 7.0) == 7.0).all()


@pytest.mark.parametrize("stretch", [(1.0, 1.0, 1.0), (1.0, 1.0, 9.0), (0.0, 1.0, 3.0)])
def test_the_widest_distance_is_the_largest_of_all(stretch: tuple[float, float, float]) -> None:
    random = np.random.default_rng(8)
    ball = random.normal(size=(400, 3))
    ball /= np.linalg.norm(ball, axis=1)[:, None]
    for points in (ball * stretch, random.random((300, 3)) * stretch, random.exponential(size=(300, 3)) * stretch):
        assert widest_mm(points + 50.0) == pytest.approx(pdist(points).max(), rel=1e-12)
