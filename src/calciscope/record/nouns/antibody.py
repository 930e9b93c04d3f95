"""An autoantibody: the raw value, the laboratory's own range and its method, since line blots and assays differ."""

from __future__ import annotations

from calciscope.record.fields import Choice, Day, Number, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.vocabulary import spoken, words

NOUN = Noun(
    title="Autoantibody",
    of=Of.PATIENT,
    dated_by="sampled_on",
    fields=(
        Choice(name="antibody", label="Antibody", choices=words("antibodies"), required=True),
        Choice(
            name="result",
            label="Result",
            required=True,
            choices=spoken("positive", "weakly_positive", "borderline", "negative"),
        ),
        Number(name="value", label="Raw value", unit="1", low=0, high=1_000_000),
        Text(name="unit", label="Unit", longest=40),
        Text(name="titre", label="Titre", longest=20, pattern=r"1:\d{1,7}"),
        Number(name="high", label="Laboratory's upper limit", unit="1", low=0, high=1_000_000),
        Choice(
            name="method",
            label="Method",
            choices=spoken(
                "line_blot", "elisa", "immunoprecipitation", "immunofluorescence", "chemiluminescence", "other"
            ),
        ),
        Text(name="laboratory", label="Laboratory", longest=200),
        Day(name="sampled_on", label="Sampled on", required=True, partial=True),
    ),
)
