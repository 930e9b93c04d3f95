"""A comorbidity or circumstance that decides between treatments, present or ruled out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken, words


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["condition"] == "other" and not data.get("text"):
        yield Problem(field="text", message="Say which condition.")


NOUN = Noun(
    title="Condition",
    of=Of.PATIENT,
    dated_by="since",
    check=_check,
    fields=(
        Choice(name="condition", label="Condition", choices=words("conditions"), required=True),
        Choice(name="answer", label="Is it there", choices=spoken("present", "past", "ruled_out"), required=True),
        Day(name="since", label="Since", partial=True),
        Text(name="text", label="In words"),
    ),
)
