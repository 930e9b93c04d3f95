"""One answer of the history interview; "denied" is an answer, so that it is not asked again each time."""

from __future__ import annotations

from calciscope.record.fields import Choice, Day, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

TOPICS = spoken(
    "symptom_over_time", "previous_diagnosis", "previous_treatment", "family_history", "trauma_site", "pressure_site",
    "trigger_sun", "trigger_infection", "trigger_cold", "smoking", "occupation", "school", "vaccination", "other",
)  # fmt: skip

NOUN = Noun(
    title="History",
    of=Of.PATIENT,
    dated_by="since",
    fields=(
        Choice(name="topic", label="Topic", choices=TOPICS, required=True, may_be_unassessed=False),
        Choice(name="answer", label="Answer", choices=spoken("present", "denied", "unknown"), required=True),
        Text(name="text", label="In words", longest=4000),
        Day(name="since", label="Since", partial=True),
        Day(name="until", label="Until", partial=True),
    ),
)
