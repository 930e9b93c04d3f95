"""What was agreed: goals, what is done next, and when it is looked at again."""

from __future__ import annotations

from calciscope.record.fields import Day, Text
from calciscope.record.noun import Noun, Of

NOUN = Noun(
    title="Plan",
    of=Of.PATIENT,
    once=True,
    dated_by="agreed_on",
    fields=(
        Day(name="agreed_on", label="Agreed on", required=True, may_be_unassessed=False),
        Text(name="goals", label="Goals", longest=4000),
        Text(name="next_steps", label="Next steps", longest=4000),
        Text(name="stop_rule", label="When to stop or change", longest=2000),
        Day(name="review_on", label="Looked at again on", may_lie_ahead=True),
        Text(name="dissent", label="Other opinions", longest=2000),
    ),
)
