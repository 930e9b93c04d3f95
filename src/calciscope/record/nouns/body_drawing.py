"""Strokes drawn on a body map. A drawing explains; what is to be counted is a finding of a deposit."""

from __future__ import annotations

from calciscope.record.fields import Table, Text
from calciscope.record.noun import Noun, Of

NOUN = Noun(
    title="Drawing on the body map",
    of=Of.VISIT,
    fields=(
        Text(name="map", label="Body map", required=True, may_be_unassessed=False, pattern=r"[a-z0-9_.-]{1,40}"),
        Table(name="strokes", label="Strokes", required=True, may_be_unassessed=False),
        Text(name="text", label="In words", longest=1000),
    ),
)
