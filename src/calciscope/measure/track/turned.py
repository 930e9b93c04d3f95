"""A scan whose header takes the head for the feet: the limb then fits better when it is turned end for end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from calciscope.measure.track.bones import Bone
from calciscope.measure.track.limb import LEVEL_MM, Limb, Surface, Surveyed
from calciscope.measure.track.register import Partner, log_scale_sd
from calciscope.measure.track.start import start
from calciscope.terms.geometry import Float64

HALF_TURN = np.array([1.0, -1.0, -1.0])
"""Half a turn about the axis from right to left: head and feet, front and back change places, and no side does."""
TURNED_COST = 0.5
"""A scan is called turned where the limb fits at less than this share of its cost as it lies: turned ones were at a tenth,
others above three times (measured on phantoms and real limbs)."""


def is_turned(one: Partner, first: Surveyed, second: Surveyed) -> bool:
    """Whether a limb fits its partner much better end for end than as it lies."""
    growth = log_scale_sd(first.scan.facts.patient_age_years)
    found = start(end_for_end(first.limbs[one.then]), second.limbs[one.now], first, second, growth)
    return found is not None and found.cost < TURNED_COST * one.whole.cost


def end_for_end(limb: Limb) -> Limb:
    """The limb after half a turn about the scanner's axis from right to left."""
    columns = np.ones(limb.profile.shape[1])
    columns[[4, 6]] = -1.0  # the middles of bone and body from front to back
    return replace(
        limb,
        bones=tuple(_bone(bone) for bone in limb.bones),
        skin=_surface(limb.skin),
        muscle=_surface(limb.muscle),
        centres_mm=limb.centres_mm * HALF_TURN,
        profile=limb.profile[::-1] * columns,
        first_mm=-(limb.first_mm + LEVEL_MM * len(limb.profile)),
    )


def _surface(surface: Surface) -> Surface:
    return replace(surface, points_mm=_turned(surface.points_mm))


def _bone(bone: Bone) -> Bone:
    return replace(
        bone, points_mm=_turned(bone.points_mm), centre_mm=bone.centre_mm * HALF_TURN, axis=bone.axis * -HALF_TURN
    )


def _turned(points_mm: Float64) -> Float64:
    return np.asarray(points_mm * HALF_TURN)
