"""One person's word on one version of the plan: who and in which role is said by the contribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Number, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem

AGREES, DISSENTS = "agrees", "dissents"


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["answer"] == DISSENTS and not str(data.get("words", "")).strip():
        yield Problem(field="words", message="Say what you would do otherwise.")


NOUN = Noun(
    title="Word on the plan",
    of=Of.PATIENT,
    dated_by="signed_on",
    check=_check,
    taken_back=False,
    fields=(
        Number(
            name="plan_version", label="Version of the plan", unit="1", low=1, high=100_000, whole=True, required=True,
            may_be_unassessed=False,
        ),
        Choice(
            name="answer",
            label="Answer",
            required=True,
            may_be_unassessed=False,
            choices={AGREES: "signs", DISSENTS: "dissents"},
        ),
        Text(name="words", label="In words"),
        Day(name="signed_on", label="On", required=True, may_be_unassessed=False),
    ),
)  # fmt: skip
