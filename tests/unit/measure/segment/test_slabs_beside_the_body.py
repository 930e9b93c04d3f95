"""Thin wide sheets of a table beside the body are no body; a finger is."""

from __future__ import annotations

import numpy as np

from calciscope.measure.segment.body import find_bodies
from calciscope.measure.segment.coarse import Coarse

SHAPE = (30, 70, 70)
Z, Y, X = np.indices(SHAPE)


def bodies(beside: np.ndarray) -> tuple[bool, bool]:
    """Whether the limb and what lies beside it are bodies; voxels of 3 mm."""
    hu = np.where(np.hypot(Y - 25, X - 30) < 18, 40, -1000)
    hu[beside] = 30 + 60 * (X[beside] % 2)
    found = find_bodies(Coarse(hu=hu.astype(np.int16), factor=(1, 1, 1), spacing_mm=(3.0, 3.0, 3.0)))
    return bool(found[15, 25, 30]), bool(found[beside].any())


def test_a_sheet_of_the_table_is_no_body() -> None:
    assert bodies((abs(Y - 56) <= 1) & (abs(X - 30) < 14)) == (True, False)


def test_a_finger_is_a_body_though_it_is_small() -> None:
    assert bodies(np.hypot(Y - 56, X - 30) < 2.8) == (True, True)
