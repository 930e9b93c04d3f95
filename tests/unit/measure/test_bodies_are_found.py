"""A short scan of one cross-section is a body when its soft tissue is tissue; a rail of the table is not."""

from __future__ import annotations

import numpy as np

from calciscope.measure.segment.body import find_bodies
from calciscope.measure.segment.coarse import coarsen
from calciscope.terms.geometry import Grid, Volume

MM = 2.0


def cylinders(*discs: tuple[float, float, float], slices: int = 40) -> Volume:
    """Cylinders along the body in air, each (distance from the middle in mm, radius in mm, HU); later ones lie over earlier."""
    y, x = np.mgrid[-60:60, -60:60] * MM
    hu = np.full((slices, 120, 120), -1000, dtype=np.int16)
    for offset, radius, value in discs:
        hu[:, np.hypot(x - offset, y) < radius] = value
    affine = np.diag([MM, MM, MM, 1.0])
    return Volume(hu=hu, grid=Grid(shape=hu.shape, affine=affine))


def test_a_knee_that_is_one_third_bone_is_a_body() -> None:
    found = find_bodies(coarsen(cylinders((0.0, 60.0, -100), (0.0, 55.0, 50), (0.0, 33.0, 250))))
    assert found.max() == 1
    assert (found > 0).any(axis=(1, 2)).all()


def test_two_legs_are_two_bodies() -> None:
    legs = [(offset, radius, hu) for offset in (-60.0, 60.0) for radius, hu in ((45.0, -100), (40.0, 50), (12.0, 700))]
    assert find_bodies(coarsen(cylinders(*legs))).max() == 2


def test_a_foam_profile_beside_the_leg_is_none() -> None:
    leg = [(-50.0, 45.0, -100), (-50.0, 40.0, 50)]
    assert find_bodies(coarsen(cylinders(*leg, (60.0, 25.0, -250)))).max() == 1


def test_air_holds_no_body() -> None:
    assert not find_bodies(coarsen(cylinders())).any()
