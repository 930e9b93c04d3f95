"""Skin whose edge a sharp kernel lifts is doubtful; what exceeds the skin beside it is not."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from calciscope.measure.segment.kinds import uncertain


def view_of(piece_hu: float, skin_hu: float, depth_mm: float) -> SimpleNamespace:
    """Three slices of skin, 2 mm deep, over fat; a piece of 10 pixels in the middle one."""
    depth = np.broadcast_to(np.arange(1.0, 21.0)[None, :, None], (3, 20, 60)).copy()
    hu = np.where(depth <= 2.0, skin_hu, -100.0)
    core = np.zeros(hu.shape, bool)
    row = int(depth_mm) - 1
    core[1, row : row + 2, 25:30] = True
    hu[core] = piece_hu
    return SimpleNamespace(
        core=core, hu=hu, inside_body_mm=depth, near=lambda reach_mm: ~core, piece=SimpleNamespace(mean_hu=piece_hu)
    )


@pytest.mark.parametrize(("piece_hu", "skin_hu", "depth_mm", "like"), [
    (165.0, 160.0, 1.0, True), (165.0, 60.0, 1.0, False), (165.0, 160.0, 8.0, False),
])  # fmt: skip
def test_only_what_lies_in_skin_as_bright_is_like_it(
    piece_hu: float, skin_hu: float, depth_mm: float, like: bool
) -> None:
    assert uncertain._like_skin_beside(view_of(piece_hu, skin_hu, depth_mm)) is like  # type: ignore[arg-type]
