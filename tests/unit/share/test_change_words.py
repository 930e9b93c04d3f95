"""Words of the report on a comparison, where a fit found nothing to measure by."""

from __future__ import annotations

import math

import numpy as np

from calciscope.share.change_report.words import _segment
from calciscope.share.report.words import DASH
from calciscope.terms.deposits import Region, Side
from calciscope.terms.tracking import SegmentFit


def test_a_fit_without_a_distance_is_a_dash() -> None:
    fit = SegmentFit(
        name="bone 1",
        region=Region.KNEE,
        side=Side.LEFT,
        centre_mm=(0.0, 0.0, 0.0),
        to_followup=np.eye(4),
        scale=1.0,
        residual_mm=math.inf,
        along_sd_mm=math.inf,
        shared=0.0,
        parted_mm=None,
        evaluable=False,
        why_not="the other scan does not show it",
    )
    said = _segment(fit)
    assert said[2] == said[3] == DASH
