"""Parts that touch, and strands of one net, are one deposit; nodules that lie near each other are not."""

from __future__ import annotations

import numpy as np
import pytest

from calciscope.measure.segment.one_deposit import unite
from calciscope.measure.segment.pieces import Box
from calciscope.terms.geometry import Grid, Volume

SIZE = 40
ALL: Box = (slice(0, SIZE), slice(0, SIZE), slice(0, SIZE))
FAT_HU, MUSCLE_HU = -95, 55


def united(parts: list[Box], around_hu: int = FAT_HU) -> np.ndarray:
    """Labels of boxes of mineral, in voxels of 1 mm, after parts of one deposit were united."""
    hu, labels = np.full((SIZE,) * 3, around_hu, np.int16), np.zeros((SIZE,) * 3, np.uint16)
    for number, part in enumerate(parts, start=1):
        hu[part], labels[part] = 400, number
    gone = unite(Volume(hu=hu, grid=Grid(shape=hu.shape, affine=np.eye(4))), labels, [(n + 1, ALL) for n in range(len(parts))])
    assert set(np.unique(labels)) - {0} == set(range(1, len(parts) + 1)) - gone
    return labels


def box(k: int, j: int, i: int, size: tuple[int, int, int]) -> Box:
    """A box from its first voxel."""
    return slice(k, k + size[0]), slice(j, j + size[1]), slice(i, i + size[2])


@pytest.mark.parametrize("around_hu", [FAT_HU, MUSCLE_HU])
def test_parts_that_touch_at_a_corner_are_one(around_hu: int) -> None:
    labels = united([box(10, 10, 10, (3, 3, 3)), box(13, 13, 13, (4, 4, 4))], around_hu)
    assert set(np.unique(labels)) == {0, 2}  # the larger one's label stays


def test_strands_a_mesh_apart_in_fat_are_one_net() -> None:
    assert set(np.unique(united([box(10, 10, 8, (1, 1, 12)), box(16, 10, 8, (1, 1, 5))]))) == {0, 1}


def test_strands_farther_apart_stay_two() -> None:
    assert set(np.unique(united([box(10, 10, 8, (1, 1, 12)), box(20, 10, 8, (1, 1, 12))]))) == {0, 1, 2}


def test_in_muscle_there_are_no_nets() -> None:
    labels = united([box(10, 10, 8, (1, 1, 12)), box(16, 10, 8, (1, 1, 12))], MUSCLE_HU)
    assert set(np.unique(labels)) == {0, 1, 2}


@pytest.mark.parametrize("size", [3, 5])
def test_nodules_near_each_other_stay_two(size: int) -> None:
    assert set(np.unique(united([box(10, 10, 10, (size,) * 3), box(10, 10, 14 + size, (size,) * 3)]))) == {0, 1, 2}
