"""Bones are brought together wherever the limb lies, and what cannot be is said to be so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from calciscope.measure.track.limb import surveyed
from calciscope.measure.track.register import log_scale_sd, pieces
from calciscope.measure.track.warp import is_good, warp_of
from tests.unit.measure.track.toy import FACTS, HERE, Ball, Place, of_a_later_day, scan

BALLS = tuple(Ball(at=at) for at in ((40.0, 5.0, 60.0), (-38.0, 20.0, 30.0), (10.0, 44.0, -50.0), (36.0, -20.0, -80.0)))
TARGETS = np.array(
    [[0.0, 0.0, 80.0], [40.0, 10.0, 50.0], [0.0, 20.0, -60.0], [-30.0, 10.0, -90.0], [10.0, -30.0, 20.0]]
)


def errors(place: Place, *, grown: float = 1.0, age: float = 40.0, balls: tuple[Ball, ...] = BALLS) -> np.ndarray:
    first = surveyed(scan(balls, facts=replace(FACTS, patient_age_years=age)))
    second = surveyed(of_a_later_day(scan(balls, place, grown=grown)))
    found = pieces(first, second)
    assert all(is_good(piece) for piece in found)
    warp = warp_of(found, first, second)
    return np.linalg.norm(warp.forth(TARGETS) - place.forth(TARGETS * grown), axis=1)


@pytest.mark.parametrize(
    ("angles", "shift", "bend"),
    [
        ((0, 0, 0), (7.0, -31.0, 240.0), 0.0),
        ((4, -3, 25), (0.0, 12.0, -40.0), 0.0),
        ((2, 2, -8), (3.0, 4.0, 9.0), 18.0),
    ],
    ids=["another table", "turned", "bent"],
)
def test_points_are_carried_to_where_they_went(angles, shift, bend) -> None:  # type: ignore[no-untyped-def]
    place = Place(turn=Rotation.from_euler("xyz", angles, degrees=True).as_matrix(), shift_mm=shift, bend_deg=bend)
    assert errors(place).max() < 2.0


def test_a_childs_limb_may_grow_and_an_adults_may_not() -> None:
    assert errors(HERE, grown=1.035, age=8.0).max() < 2.0
    assert log_scale_sd(45.0) < log_scale_sd(None) < log_scale_sd(9.0)


def test_the_way_back_is_the_way_forth_turned_round() -> None:
    first, second = surveyed(scan(BALLS)), surveyed(of_a_later_day(scan(BALLS, Place(turn=np.eye(3), bend_deg=12.0))))
    warp = warp_of(pieces(first, second), first, second)
    assert np.abs(warp.back(warp.forth(TARGETS)) - TARGETS).max() < 0.01


def test_bones_are_told_apart_at_the_joint() -> None:
    bones = [piece.bone for piece in pieces(surveyed(scan(BALLS)), surveyed(scan(BALLS)))]
    heights = sorted(float(bone.centre_mm[2]) for bone in bones if bone is not None and bone.volume_ml > 50)
    assert len(heights) == 2 and heights[0] < -20 and heights[1] > 20


def test_half_the_limb_is_enough() -> None:
    first = surveyed(scan(BALLS))
    second = surveyed(of_a_later_day(scan(BALLS, first_z_mm=-30.0)))
    warp = warp_of(pieces(first, second), first, second)
    upper = TARGETS[TARGETS[:, 2] > 0]
    assert np.linalg.norm(warp.forth(upper) - upper, axis=1).max() < 2.0
