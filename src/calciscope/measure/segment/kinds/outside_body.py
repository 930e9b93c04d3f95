"""Dense things outside the body: table, clothes, cables, splints, and casts with air between them and the skin."""

from __future__ import annotations

from calciscope.measure.segment.in_air import in_air
from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind
from calciscope.terms.tissue import Tissue

ORDER = 10
SHARE = 0.5
"""Share of the candidate's voxels outside the body surface (judgement: more than half)."""
SHALLOW_MM = 20.0
"""What is in air deeper than this lies in lung, bowel or airway, not under a cast, mm (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Outside the body when most of it is, or when air lies between it and the skin."""
    outside = float((view.tissue[view.core] == int(Tissue.OUTSIDE)).mean())
    if outside > SHARE:
        return Finding(kind=Kind.OUTSIDE_BODY, confidence=0.95, reason="Lies outside the body's surface.")
    shallow = view.coarse_at_centre(scan.depth_mm) < SHALLOW_MM and not view.in_cavity
    if shallow and in_air(scan.series.volume.hu, scan.labels, view.piece, view.spacing_mm):
        return Finding(
            kind=Kind.OUTSIDE_BODY, confidence=0.8, reason="Air lies on all sides of it: a cast, splint or clothes."
        )
    return None
