"""How far a joint moves."""

from __future__ import annotations

from calciscope.record.fields import Choice, Number
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Movement of a joint",
    of=Of.VISIT,
    fields=(
        Choice(
            name="joint",
            label="Joint",
            required=True,
            choices=spoken(
                "shoulder", "elbow", "wrist", "finger", "hip", "knee", "ankle", "toe", "jaw", "neck", "back"
            ),
        ),
        Choice(name="side", label="Side", required=True, choices=spoken("left", "right", "midline")),
        Choice(
            name="movement",
            label="Movement",
            required=True,
            choices=spoken("extension", "flexion", "abduction", "rotation", "dorsiflexion", "opening"),
        ),
        Number(name="degrees", label="Reached", unit="deg", low=-90, high=200, required=True),
        Number(name="lost_deg", label="Lost movement", unit="deg", low=0, high=180),
    ),
)
