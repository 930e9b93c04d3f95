"""How it healed after a procedure."""

from __future__ import annotations

from calciscope.record.fields import Choice, Day, Number, Reference, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="After a procedure",
    of=Of.PATIENT,
    dated_by="seen_on",
    fields=(
        Reference(name="procedure", label="Procedure", required=True, may_be_unassessed=False),
        Day(name="seen_on", label="Seen on", required=True, may_be_unassessed=False),
        Choice(
            name="healing", label="Healing", choices=spoken("healed", "healing", "dehiscent", "infected"), required=True
        ),
        Number(name="healing_days", label="Days to healing", unit="d", low=0, high=3650, whole=True),
        Number(name="graft_take_percent", label="Take of the graft", unit="%", low=0, high=100),
        Choice(name="scar", label="Scar", choices=spoken("inconspicuous", "visible", "hypertrophic", "limiting")),
        Choice(name="recurrence", label="Recurrence", choices=spoken("none", "partial", "complete")),
        Text(name="remark", label="Remark"),
    ),
)
