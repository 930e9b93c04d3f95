"""Dense things outside the body: table, clothes, cables, splints."""

from __future__ import annotations

from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind
from calciscope.terms.tissue import Tissue

ORDER = 10
SHARE = 0.5
"""Share of the candidate's voxels outside the body surface (judgement: more than half)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Outside the body when most of it is."""
    outside = float((view.tissue[view.core] == int(Tissue.OUTSIDE)).mean())
    if outside <= SHARE:
        return None
    return Finding(kind=Kind.OUTSIDE_BODY, confidence=0.95, reason="Lies outside the body's surface.")
