"""Whether the disease is active, as judged at a visit."""

from __future__ import annotations

from calciscope.record.fields import Choice, Number
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Activity of the disease",
    of=Of.VISIT,
    once=True,
    expected=True,
    fields=(
        Choice(name="state", label="Disease", choices=spoken("active", "inactive"), required=True),
        Number(name="physician_global", label="Physician's global, 0 to 10", unit="1", low=0, high=10, expected=True),
        Number(name="patient_global", label="Patient's or parent's global, 0 to 10", unit="1", low=0, high=10),
    ),
)
