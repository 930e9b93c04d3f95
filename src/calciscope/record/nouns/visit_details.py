"""When and why a visit was held."""

from __future__ import annotations

from calciscope.record.fields import Choice, Day, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Visit",
    of=Of.VISIT,
    once=True,
    expected=True,
    dated_by="held_on",
    fields=(
        Day(name="held_on", label="Date of the visit", required=True, may_be_unassessed=False),
        Choice(
            name="kind",
            label="Kind",
            required=True,
            choices=spoken("first", "planned", "urgent", "telephone", "team_meeting", "procedure"),
        ),
        Text(name="reason", label="Reason for coming", longest=1000),
    ),
)
