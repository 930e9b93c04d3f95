"""What is left when no other rule speaks: mineral in soft tissue."""

from __future__ import annotations

from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.deposits import Kind

ORDER = 100


def judge(view: View, scan: Scan) -> Finding | None:
    """Calcinosis: dense, not built as bone, not explained otherwise."""
    where = "lies on bone without being built as bone" if view.knob_contact is not None else "lies apart from bone"
    confidence = 0.75 if view.knob_contact is not None else 0.9
    return Finding(
        kind=Kind.CALCINOSIS,
        confidence=confidence,
        reason=f"Mineral in soft tissue: denser than any soft tissue and {where}.",
    )
