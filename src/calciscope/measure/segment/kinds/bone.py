"""Dense islands inside the skeleton: trabeculae between marrow, edges of joints."""

from __future__ import annotations

from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind
from calciscope.terms.tissue import Tissue

ORDER = 15
SHARE = 0.4
"""Share of the candidate's voxels within the filled outline of bone (judgement)."""


def judge(view: View, scan: Scan) -> Finding | None:
    """Bone when much of it lies within a bone's outline."""
    inside = float((view.tissue[view.core] == int(Tissue.BONE)).mean())
    if inside <= SHARE:
        return None
    return Finding(kind=Kind.BONE, confidence=0.8, reason="Lies within the outline of a bone.")
