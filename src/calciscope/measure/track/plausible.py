"""Whether a limb can have turned or grown as a fit says: a shaft is nearly round, so another one fits it too, turned or longer."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from calciscope.measure.regions.likelihood import ARM
from calciscope.measure.track.similarity import scale_of
from calciscope.terms.deposits import Region
from calciscope.terms.geometry import Float64
from calciscope.terms.tracking import TimePoint

FREE_TO_TURN = frozenset({Region.SHOULDER, *ARM})
"""Parts that may lie turned any way, as an arm does beside the body or above the head."""
MOST_TURN_DEG = 60.0
"""Legs and trunk lie turned by less than this between two scans: a hip turns by about 45 degrees either way, and people who
lie down use less of it (judgement)."""
MOST_GROWTH_SDS, LEAST_GROWTH_LIMIT = 4.0, 0.03
"""A fit that grew (logarithm) by more standard deviations than this, and by more than scanners' scales and short bones
explain, is of another limb (judgement)."""


def turns_freely(scan: TimePoint) -> bool:
    """Whether an arm may be in view."""
    return any(part.region in FREE_TO_TURN for part in scan.coverage)


def why_implausible(matrix: Float64, *, log_scale_sd: float, turns_freely: bool) -> str:
    """One clause on why a limb (4 x 4 matrix, baseline to follow-up, LPS mm) cannot have moved so; empty where it can."""
    scale = scale_of(matrix)
    if abs(np.log(scale)) > max(MOST_GROWTH_SDS * log_scale_sd, LEAST_GROWTH_LIMIT):
        return f"it would have become {100 * abs(scale - 1):.0f} % {'longer' if scale > 1 else 'shorter'}, as another limb would"
    turn_deg = np.degrees(Rotation.from_matrix(matrix[:3, :3] / scale).magnitude())
    if not turns_freely and turn_deg > MOST_TURN_DEG:
        return f"it would have turned by {turn_deg:.0f} degrees, as another part would"
    return ""
