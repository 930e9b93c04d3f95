"""The rules of a plan as its amendments leave them."""

from __future__ import annotations

from calciscope.record.models.reading_plan import AmendmentKind, ReadingPlan
from calciscope.record.trials.plan import Rules


def rules_of(plan: ReadingPlan) -> Rules:
    """As drawn, with what amendments have changed since; of a plan in scope."""
    kept = dict(plan.rules)
    for one in sorted(plan.amendments.all(), key=lambda amendment: amendment.number):
        if one.kind == AmendmentKind.RULES:
            kept |= {name: after for name, (_, after) in one.said.items()}
    return Rules.of(kept)
