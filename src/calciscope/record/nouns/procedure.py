"""A procedure on deposits."""

from __future__ import annotations

from calciscope.record.fields import Choice, Day, Reference, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

KINDS = spoken(
    "excision", "curettage", "debridement", "debridement_grafting", "co2_laser", "shock_wave", "aspiration",
    "drainage", "injection", "biopsy", "amputation", "other",
)  # fmt: skip

NOUN = Noun(
    title="Procedure",
    of=Of.PATIENT,
    dated_by="done_on",
    fields=(
        Choice(name="kind", label="Procedure", choices=KINDS, required=True, may_be_unassessed=False),
        Day(name="done_on", label="Done on", required=True, partial=True),
        Reference(name="deposits", to_deposit=True, label="Deposits treated", several=True),
        Text(name="material", label="Material sent", longest=500),
        Text(name="note", label="Note", longest=4000),
    ),
)
