"""When an organ system was last looked at, and what was seen."""

from __future__ import annotations

from calciscope.record.fields import Choice, Day, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Screening of an organ system",
    of=Of.PATIENT,
    dated_by="screened_on",
    fields=(
        Choice(
            name="system",
            label="System",
            required=True,
            choices=spoken("lung", "heart", "swallowing", "joints", "eyes", "bone", "malignancy", "vessels", "teeth"),
        ),
        Day(name="screened_on", label="Last screened", required=True, partial=True),
        Choice(name="finding", label="Finding", choices=spoken("normal", "abnormal", "inconclusive"), required=True),
        Text(name="method", label="By", longest=200),
        Text(name="text", label="In words"),
    ),
)
