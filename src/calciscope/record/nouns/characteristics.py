"""What care needs to know of a person that does not tell who it is; it stays when the identity is erased."""

from __future__ import annotations

from datetime import date

from calciscope.record.fields import EARLIEST_YEAR, Choice, Number
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken

NOUN = Noun(
    title="Characteristics",
    of=Of.PATIENT,
    once=True,
    fields=(
        Choice(name="sex", label="Sex", choices=spoken("female", "male", "other"), required=True),
        Number(name="birth_year", label="Year of birth", unit="a", low=EARLIEST_YEAR, high=date.max.year, whole=True),
        Choice(name="population", label="Onset as", choices=spoken("adult", "juvenile")),
    ),
)
