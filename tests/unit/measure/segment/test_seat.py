"""A body on bone reaches down to the bone's own surface, carried on beneath it."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.segment.seat import down_to_bone
from calciscope.measure.segment.solid import Solid

SHAPE = (30, 30, 30)


def seated(bend_mm: float) -> tuple[Solid, np.ndarray, np.ndarray, np.ndarray]:
    """A solid, its bone with a groove filled, a ball cut 3 mm above the bone, and the ball above the bone."""
    z, y, x = np.meshgrid(*(np.arange(n, dtype=float) for n in SHAPE), indexing="ij")
    surface = 10.0 - (y - 15) ** 2 / (2 * bend_mm)
    bone, whole = z <= surface, (z - 13) ** 2 + (y - 15) ** 2 + (x - 15) ** 2 <= 5.0**2
    beside = np.hypot(y - 15, x - 15)
    groove = (z <= surface + 1.5) & (beside < 6)
    hu = np.where(bone, 1300.0, np.where(whole, 800.0, 50.0)).astype(np.float32)
    filled = bone | whole | groove
    solid = Solid(
        hu=hu, dense=filled, filled=filled, depth_mm=np.zeros(SHAPE, np.float32), spacing_mm=(1.0, 1.0, 1.0),
        factor=(1, 1, 1), box=(slice(0, 30), slice(0, 30), slice(0, 30)),
    )  # fmt: skip
    return solid, filled, whole & (z > surface + 3), whole & ~bone


@pytest.mark.parametrize("bend_mm", [1e6, 15.0])
def test_a_body_cut_above_its_seat_is_given_what_lies_beneath(bend_mm: float) -> None:
    solid, filled, cut, truth = seated(bend_mm)
    found = down_to_bone(solid, filled, cut)
    assert cut.sum() < 0.75 * truth.sum()
    assert abs(found.sum() / truth.sum() - 1) < 0.1
    assert (found & ~truth).sum() < 0.08 * truth.sum()


def test_without_free_surface_around_the_body_stays_as_it_is() -> None:
    solid, filled, cut, _ = seated(1e6)
    assert np.array_equal(down_to_bone(solid, np.zeros_like(filled), cut), cut)
