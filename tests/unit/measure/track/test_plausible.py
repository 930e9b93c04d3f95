"""A fit that no limb can have made is named: turned too far, or grown too much."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from calciscope.measure.track.plausible import why_implausible

ADULT, CHILD = 0.002, 0.03


def moved(*, turn_deg: float = 0.0, scale: float = 1.0) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] = scale * Rotation.from_euler("z", turn_deg, degrees=True).as_matrix()
    return matrix


@pytest.mark.parametrize("turn_deg", [-35.0, 0.0, 50.0])
def test_a_leg_turns_as_people_lie_down(turn_deg: float) -> None:
    assert why_implausible(moved(turn_deg=turn_deg), log_scale_sd=ADULT, turns_freely=False) == ""


def test_a_leg_does_not_turn_backwards_and_an_arm_may() -> None:
    turned = moved(turn_deg=100.0)
    assert "100 degrees" in why_implausible(turned, log_scale_sd=ADULT, turns_freely=False)
    assert why_implausible(turned, log_scale_sd=ADULT, turns_freely=True) == ""


def test_a_child_grows_and_an_adult_does_not() -> None:
    grown = moved(scale=1.06)
    assert "6 % longer" in why_implausible(grown, log_scale_sd=ADULT, turns_freely=True)
    assert "shorter" in why_implausible(moved(scale=0.9), log_scale_sd=ADULT, turns_freely=True)
    assert why_implausible(grown, log_scale_sd=CHILD, turns_freely=False) == ""
