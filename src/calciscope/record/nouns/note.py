"""Free text."""

from __future__ import annotations

from calciscope.record.fields import Choice, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Note",
    of=Of.PATIENT,
    fields=(
        Choice(
            name="kind",
            label="Kind",
            choices=spoken("course", "assessment", "plan", "team_meeting", "telephone", "other"),
        ),
        Text(name="text", label="Text", required=True, may_be_unassessed=False, longest=20_000),
    ),
)
