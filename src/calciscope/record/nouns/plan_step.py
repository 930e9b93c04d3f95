"""A step in the life of one version of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Number, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem

PRESENTED, IN_FORCE, ENDED = "presented", "in_force", "ended"


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["step"] == ENDED and not str(data.get("reason", "")).strip():
        yield Problem(field="reason", message="Say why the plan ends.")


NOUN = Noun(
    title="Step of the plan",
    of=Of.PATIENT,
    dated_by="on",
    check=_check,
    taken_back=False,
    fields=(
        Number(
            name="plan_version", label="Version of the plan", unit="1", low=1, high=100_000, whole=True, required=True,
            may_be_unassessed=False,
        ),
        Choice(
            name="step",
            label="Step",
            required=True,
            may_be_unassessed=False,
            choices={PRESENTED: "presented to the team", IN_FORCE: "put in force", ENDED: "ended"},
        ),
        Day(name="on", label="On", required=True, may_be_unassessed=False),
        Text(name="reason", label="Why"),
    ),
)  # fmt: skip
