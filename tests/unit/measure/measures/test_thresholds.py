"""The threshold measures are those of the literature, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from digital_limb import Limb, ball

from calciscope.measure.measures.agatston import score
from calciscope.measure.outline import widest_mm


@pytest.mark.parametrize(
    ("peak_hu", "weight"), [(130, 1), (199, 1), (200, 2), (299, 2), (300, 3), (399, 3), (400, 4), (2000, 4)]
)
def test_agatston_weights(peak_hu: int, weight: int) -> None:
    hu = np.array([[130, peak_hu]], dtype=np.int16)
    assert score(hu[None], hu[None] >= 130, 0.5) == weight * 1.0


def test_agatston_leaves_out_areas_under_1_mm2() -> None:
    hu = np.array([[500, 0, 500, 500]], dtype=np.int16)
    assert score(hu[None], hu[None] >= 130, 0.5) == 4.0


def test_agatston_areas_touching_only_at_a_corner_are_two() -> None:
    hu = np.array([[500, 0], [0, 150]], dtype=np.int16)
    assert score(hu[None], hu[None] >= 130, 1.0) == 4.0 + 1.0


def test_agatston_is_normalised_to_3_mm_slices() -> None:
    thin = Limb(deposit=ball(80.0, 0.0, 0.0, 14.0), spacing_mm=(1.5, 0.8, 0.8)).describe()
    thick = Limb(deposit=ball(80.0, 0.0, 0.0, 14.0), spacing_mm=(3.0, 0.8, 0.8)).describe()
    assert thin["agatston"] == pytest.approx(thick["agatston"], rel=0.15)


def test_threshold_volume_and_densities_are_those_of_the_voxels() -> None:
    subject = Limb(deposit=ball(80.0, 0.0, 0.0, 8.0)).subject()
    row = Limb(deposit=ball(80.0, 0.0, 0.0, 8.0)).describe()
    near = subject.neighbourhood.hu
    assert row["volume_130hu_ml"] == pytest.approx((near >= 130).sum() * subject.scene.grid.voxel_volume_ml)
    assert row["peak_hu"] == near.max()
    assert row["mean_hu"] == pytest.approx(near[subject.neighbourhood.core].mean())


@pytest.mark.parametrize("points", [[[0, 0, 0], [3, 4, 0]], [[0, 0, 0], [1, 0, 0], [5, 0, 0]], [[1, 1, 1]]])
def test_the_widest_distance_of_points_without_a_hull(points: list[list[float]]) -> None:
    array = np.array(points, dtype=float)
    expected = max(float(np.linalg.norm(a - b)) for a in array for b in array)
    assert widest_mm(array) == pytest.approx(expected)
