"""Height and weight; the body surface is computed from them."""

from __future__ import annotations

from calciscope.record.fields import Day, Number
from calciscope.record.noun import Noun, Of

NOUN = Noun(
    title="Height and weight",
    of=Of.PATIENT,
    dated_by="measured_on",
    fields=(
        Day(name="measured_on", label="Measured on", required=True, may_be_unassessed=False),
        Number(name="height_cm", label="Height", unit="cm", low=30, high=250),
        Number(name="weight_kg", label="Weight", unit="kg", low=1, high=400),
    ),
)
