"""Doubtful candidates: kept and listed, not counted."""

from __future__ import annotations

from calciscope.measure.segment.kinds.artefact import clear
from calciscope.measure.segment.significance import LARGEST_TESTED_ML
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind, Region

ORDER = 90
WEAK_HU = 45.0
"""Mean less than this above lean tissue is within what tendon, cartilage, clot or contrast reach, HU (judgement)."""
LEAN_HU = 55.0
LARGE_ML, FAINT_HU, FAINT_PEAK_HU = 0.25, 150.0, 220.0
"""A large piece with a mean below this reads as enhanced or bloody tissue reads [judgement]."""
DEEP_MM = 45.0
"""Depth under the skin from which organs are near in the abdomen, mm; chest and pelvis have thick muscles (judgement)."""
SURE_SIGMAS = 8.0
"""Sigmas above alike tissue from which noise is no longer an explanation worth a doubt (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Uncertain when it barely exceeds noise or tissue, or hangs on bone by a broad neck."""
    if view.knob_contact is not None and view.build is not None and view.build.thickness_mm < 2.0:
        return _found("A small body on the surface of bone: a spur cannot be told from a deposit.")
    if view.piece.volume_ml <= LARGEST_TESTED_ML and not clear(view) and _weak(view):
        return _found("Only little brighter than noise and streaks in the tissue around it.")
    if view.piece.volume_ml > LARGE_ML and view.piece.mean_hu < FAINT_HU and view.piece.peak_hu < FAINT_PEAK_HU:
        return _found("Large and no denser than tissue with contrast medium or old blood.")
    if view.region is Region.ABDOMEN and view.coarse_at_centre(scan.depth_mm) > DEEP_MM:
        return _found("Deep in the abdomen: stone, bowel content, vessel and node cannot be told from a deposit there.")
    background = max(view.coarse_at_centre(scan.field.background_hu), -95.0)
    if background > 0.0 and view.piece.mean_hu < LEAN_HU + WEAK_HU and view.piece.peak_hu < 200.0:
        return _found("Only little denser than tendon, cartilage or clot.")
    return None


def _weak(view: View) -> bool:
    """Real by both tests only just, or one of them could not be made."""
    sure = view.standing.context_sigmas >= SURE_SIGMAS and view.standing.body_sigmas >= SURE_SIGMAS - 1.0
    return not sure


def _found(reason: str) -> Finding:
    """A finding of this kind."""
    return Finding(kind=Kind.UNCERTAIN, confidence=0.5, reason=reason)
