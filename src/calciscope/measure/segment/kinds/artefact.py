"""Noise and streaks: a small candidate that is no brighter than its own shape laid elsewhere."""

from __future__ import annotations

from calciscope.measure.segment.significance import LARGEST_TESTED_ML
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind

ORDER = 20


def judge(view: View, scan: Scan) -> Finding | None:
    """Artefact when noise or streaks of this size occur nearby without a deposit."""
    if view.piece.volume_ml > LARGEST_TESTED_ML or view.standing.real:
        return None
    return Finding(
        kind=Kind.ARTEFACT,
        confidence=0.8,
        reason="No brighter than noise and streaks of the same shape in the tissue around it.",
    )
