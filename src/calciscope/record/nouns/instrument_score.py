"""A score as an instrument's own definition gave it: the answers, the result, and which version reckoned."""

from __future__ import annotations

from calciscope.record.fields import Day, Table, Text
from calciscope.record.noun import Noun, Of

NOUN = Noun(
    title="Score",
    of=Of.PATIENT,
    dated_by="scored_on",
    fields=(
        Text(name="instrument", label="Instrument", required=True, may_be_unassessed=False, pattern=r"[a-z0-9-]{2,60}"),
        Day(name="scored_on", label="Scored on", required=True, may_be_unassessed=False),
        Table(name="answers", label="Answers", required=True, may_be_unassessed=False),
        Table(name="result", label="Result", required=True, may_be_unassessed=False),
        Text(name="version", label="Version", longest=80),
    ),
)
