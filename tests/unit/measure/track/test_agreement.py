"""Fits of neighbouring bones are held against each other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from calciscope.measure.track.agreement import SLACK_MM, Placed, agreements
from calciscope.measure.track.bones import Bone

RNG = np.random.default_rng(5)
HERE = np.eye(4)


def bone(middle: tuple[float, float, float], volume_ml: float = 10.0) -> Bone:
    """A shell of points about 10 mm wide and 40 mm long, upright."""
    way = RNG.normal(size=(1200, 3))
    points = way / np.linalg.norm(way, axis=1, keepdims=True) * (5.0, 5.0, 20.0) + middle
    return Bone(
        points_mm=points,
        depth_mm=np.zeros(len(points)),
        centre_mm=np.array(middle),
        axis=np.array([0.0, 0.0, 1.0]),
        volume_ml=volume_ml,
        limb=0,
    )


def shifted(*mm: float) -> np.ndarray:
    found = np.eye(4)
    found[:3, 3] = mm
    return found


def bent(degrees: float, z_mm: float) -> np.ndarray:
    """A turn from side to side about a joint at a height."""
    found = np.eye(4)
    found[:3, :3] = Rotation.from_euler("x", degrees, degrees=True).as_matrix()
    found[:3, 3] = np.array([0.0, 0.0, z_mm]) - found[:3, :3] @ np.array([0.0, 0.0, z_mm])
    return found


UPPER, LOWER, BESIDE = bone((0, 0, 25), 30.0), bone((0, 0, -25), 20.0), bone((20, 0, -25), 5.0)


def placed(*matrices: np.ndarray) -> tuple[Placed, ...]:
    return tuple(Placed(bone=b, matrix=m) for b, m in zip((UPPER, LOWER, BESIDE), matrices, strict=False))


def test_bones_that_lie_as_they_lay_agree() -> None:
    held = agreements(placed(HERE, HERE, HERE))
    assert all(one.agrees and one.parted_mm == pytest.approx(0.0, abs=1e-6) for one in held)


@pytest.mark.parametrize("degrees", [10.0, 35.0, 90.0])
def test_a_joint_may_bend(degrees: float) -> None:
    assert all(one.agrees for one in agreements(placed(HERE, bent(degrees, 8.0))))


def test_a_bone_that_left_its_neighbours_is_the_one_that_is_wrong() -> None:
    held = agreements(placed(HERE, HERE, shifted(0, 0, 30)))
    assert [one.agrees for one in held] == [True, True, False]
    assert held[2].parted_mm == pytest.approx(30.0, abs=0.5)


def test_of_two_that_part_the_smaller_is_wrong() -> None:
    held = agreements(placed(shifted(0, 2.5 * SLACK_MM, 0), HERE))
    assert [one.agrees for one in held] == [True, False]


def test_a_bone_without_neighbours_is_held_against_none() -> None:
    far = Placed(bone=bone((200, 0, 0)), matrix=shifted(0, 0, 50))
    held = agreements((*placed(HERE, HERE), far))
    assert held[2].parted_mm is None and held[2].agrees
