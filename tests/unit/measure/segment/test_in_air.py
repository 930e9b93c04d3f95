"""A cast lies in air, whatever it encloses; a deposit in the skin, and one in a fingertip, do not."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.segment.in_air import in_air
from calciscope.measure.segment.pieces import Piece
from calciscope.measure.segment.run import segment
from calciscope.terms.deposits import Kind
from tests.unit.measure.segment.test_segment import MIDDLE_MM, ball, coordinates, limb, series


def limb_in_cast() -> np.ndarray:
    """A limb with a nodule in its muscle, in a cast of 5 mm with 3 mm of padding."""
    hu = limb(radius_mm=36.0)
    ball(hu, (40.0, 55.0, 75.0), 4.0, 600.0)
    z, y, x = coordinates()
    r = np.hypot(y - MIDDLE_MM[1], x - MIDDLE_MM[2]) * (1.0 + 0.002 * (z - MIDDLE_MM[0]))
    hu[(r >= 39.0) & (r < 44.0)] = 500.0
    return hu


def test_a_cast_is_outside_the_body_and_the_deposit_beneath_it_is_found() -> None:
    found = segment(series(limb_in_cast())).candidates
    assert [candidate.kind for candidate in found] == [Kind.OUTSIDE_BODY, Kind.CALCINOSIS]


@pytest.mark.parametrize(("inner_hu", "radius_mm", "expected"), [
    (-900.0, 30.0, True), (40.0, 30.0, False), (-900.0, 5.0, False),
])  # fmt: skip
def test_air_on_both_sides_of_something_wide_tells(inner_hu: float, radius_mm: float, expected: bool) -> None:
    y, x = np.meshgrid(np.arange(80) - 40.0, np.arange(80) - 40.0, indexing="ij")
    r = np.broadcast_to(np.hypot(y, x), (5, 80, 80))
    hu = np.where(r < radius_mm, inner_hu, -1000.0).astype(np.int16)
    shell = (r >= radius_mm) & (r < radius_mm + 3)
    hu[shell] = 500
    half = int(radius_mm) + 3
    box = (slice(0, 5), slice(40 - half, 41 + half), slice(40 - half, 41 + half))
    piece = Piece(label=1, box=box, volume_ml=1.0, peak_hu=500.0, mean_hu=500.0, at_edge=False)
    assert in_air(hu, shell.astype(np.uint16), piece, (2.0, 1.0, 1.0)) is expected
