"""A slice of other content is told from anatomy that changes fast and looks alike before and after."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.read.content import misfits

SIZE = 128


def stack(radii: list[float]) -> np.ndarray:
    """Thumbnails of a round limb of these radii (pixels), soft tissue in air."""
    rows, columns = np.mgrid[:SIZE, :SIZE] - SIZE / 2
    away = np.hypot(rows, columns)
    noise = np.random.default_rng(1).normal(0.0, 5.0, (len(radii), SIZE, SIZE))
    planes = [np.where(away < radius, 40.0, -1000.0) for radius in radii]
    return (np.stack(planes) + noise).astype(np.float32)


BULGE = [30.0 + min(step, 14 - step) for step in range(15)]


@pytest.mark.parametrize("radii", [BULGE, [67 - radius for radius in BULGE]], ids=["bulge", "waist"])
def test_a_bulge_or_waist_is_no_stranger(radii: list[float]) -> None:
    assert misfits(stack(radii), list(range(len(radii)))) == []


@pytest.mark.parametrize("place", [3, 7, 11])
def test_a_slice_of_another_place_is_a_stranger_even_there(place: int) -> None:
    thumbnails = stack(BULGE)
    thumbnails[place] = np.roll(thumbnails[place], SIZE // 2, axis=1)
    assert misfits(thumbnails, list(range(len(BULGE)))) == [place]


def test_strangers_that_take_turns_are_all_found() -> None:
    thumbnails = stack([20.0] * 15)
    for place in (4, 6, 8):
        thumbnails[place] = np.roll(thumbnails[place], SIZE // 2, axis=1)
    assert misfits(thumbnails, list(range(15))) == [4, 6, 8]
