"""Nouns whose facts are recorded by the generic form. One that is not here has a screen of its own, in a visit or of a scan."""

from __future__ import annotations

ASKED = (
    "diagnosis", "antibody", "characteristics", "risk_watch", "history_item", "condition", "organ_screening", "medication",
    "allergy", "procedure", "procedure_course", "reproduction", "body_size", "laboratory_result", "imaging_study",
)  # fmt: skip
CHANGED_HERE = (*ASKED, "note", "joint_movement")
"""Facts that the generic form can change; those of an examination have screens of their own."""
