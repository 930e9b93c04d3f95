"""An allergy or intolerance, or that none is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["answer"] == "present" and not data.get("substance"):
        yield Problem(field="substance", message="Say to what.")


NOUN = Noun(
    title="Allergy",
    of=Of.PATIENT,
    check=_check,
    fields=(
        Choice(name="answer", label="Allergy", choices=spoken("present", "none_known"), required=True),
        Text(name="substance", label="Substance", longest=200),
        Text(name="reaction", label="Reaction", longest=500),
        Choice(name="severity", label="Severity", choices=spoken("mild", "moderate", "severe", "life_threatening")),
    ),
)
