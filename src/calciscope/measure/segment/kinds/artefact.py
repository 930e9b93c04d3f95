"""Noise and streaks: a small candidate that is no brighter than its own shape laid elsewhere."""

from __future__ import annotations

from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind

ORDER = 20
CLEAR_SIGMAS = 11.0
"""Mean of the core above lean tissue, in standard deviations of the smoothed noise there, that streaks hardly reach
(judgement; pieces of streaks through shoulders at low dose reach 8)."""
LEAN_HU = 55.0
LARGE_ML = 0.3
"""Noise and streaks hardly form connected dense pieces of this size, ml: such a one is doubtful, not dismissed."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Artefact when noise or streaks of this size occur nearby without a deposit."""
    if view.piece.volume_ml > LARGE_ML or clear(view) or view.standing.real:
        return None
    return Finding(
        kind=Kind.ARTEFACT,
        confidence=0.8,
        reason="No brighter than noise and streaks of the same shape in the tissue around it.",
    )


def clear(view: View) -> bool:
    """Far beyond noise whatever the tissue."""
    noise = view.coarse_at_centre(view.scan.field.noise_hu)
    return view.piece.mean_hu > LEAN_HU + CLEAR_SIGMAS * noise
