"""What the interview asks, in its order. A noun that is not here is recorded elsewhere, such as by a visit or a scan."""

from __future__ import annotations

TOPICS = (
    ("Disease", ("diagnosis", "antibody", "characteristics", "risk_watch")),
    ("History", ("history_item", "condition", "organ_screening")),
    ("Treatment", ("medication", "allergy", "procedure", "procedure_course", "reproduction", "plan")),
    ("Measures", ("body_size",)),
    ("Imaging done elsewhere", ("imaging_study",)),
)
ASKED = (*(name for _, names in TOPICS for name in names), "laboratory_result")
CHANGED_HERE = (*ASKED, "note", "joint_movement")
"""Facts that the generic form can change; those of an examination have screens of their own."""
