"""Volumes of deposits: closed formulas and quadratures against an independent count of points."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.phantom.carved import carve, struts
from calciscope.phantom.solids import Grains, Lobulated, Solid, Sphere

LOBED = Lobulated(
    centre=(3.0, -2.0, 5.0), radius_mm=5.0, lobes=(0.08, -0.07, 0.06, 0.05, -0.04), phase=0.7, stretch=1.1
)
SOLIDS = {
    "sphere": Sphere(centre=(0.3, 0.2, 0.1), radius_mm=4.0),
    "lobulated": LOBED,
    "grains": Grains(centres=((0.0, 0.0, 0.0), (3.0, 0.0, 0.4)), radii_mm=(1.2, 0.8)),
    "net": struts(np.array([[[0, 0, 0], [9, 0, 0]], [[4, -4, 1], [4, 5, -1]]], float), np.array([0.6, 0.5])),
}


@pytest.mark.parametrize("name", SOLIDS)
def test_volume_is_that_of_points_drawn_at_random(name: str) -> None:
    solid: Solid = SOLIDS[name]
    rng = np.random.default_rng(5)
    low, high = solid.bounds_mm
    points = rng.uniform(low, high, (1_500_000, 3))
    inside = solid.distance(points) < 0
    share = inside.mean()
    box = float(np.prod(high - low))
    error = 4 * box * np.sqrt(share * (1 - share) / len(points))  # four standard deviations of the count
    assert solid.volume_mm3 == pytest.approx(share * box, abs=error)
    spread = 4 * points[inside].std(axis=0) / np.sqrt(inside.sum())
    assert (np.abs(points[inside].mean(axis=0) - solid.centre_mm) < spread + 0.005).all()


def test_one_rod_has_the_volume_of_a_capsule() -> None:
    rod = struts(np.array([[[0.0, 0.0, 0.0], [6.0, 8.0, 0.0]]]), np.array([0.5]))
    assert rod.volume_mm3 == pytest.approx(np.pi * 0.25 * 10 + 4 / 3 * np.pi * 0.125, rel=3e-3)


def test_integration_of_a_thin_plate_is_exact_to_three_in_a_thousand() -> None:
    tilt = np.array([0.48, 0.6, 0.64])
    plate = carve(
        lambda p: np.maximum(np.abs(p @ tilt) - 0.4, np.linalg.norm(p - np.outer(p @ tilt, tilt), axis=1) - 10.0),
        np.array([[-11.0] * 3, [11.0] * 3]),
        0.8,
    )
    assert plate.volume_mm3 == pytest.approx(np.pi * 100 * 0.8, rel=3e-3)
