"""A clinician's word on one candidate of a measured study, beside the automatic result and never instead of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Number, Reference, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken
from calciscope.terms.deposits import Kind


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["decision"] == "relabel" and "kind" not in data:
        yield Problem(field="kind", message="Say what it is instead.")
    if data["decision"] == "reject" and "linked_deposit" in data:
        yield Problem(field="linked_deposit", message="What is rejected is not linked to a deposit.")


NOUN = Noun(
    title="Decision on a candidate",
    of=Of.PATIENT,
    check=_check,
    written_by=Permission.DECIDE_IMAGING,
    fields=(
        Reference(name="measurement", label="Measurement", required=True, may_be_unassessed=False),
        Number(name="candidate", label="Candidate", unit="1", low=1, high=100_000, whole=True, required=True),
        Choice(
            name="decision",
            label="Decision",
            required=True,
            may_be_unassessed=False,
            choices=spoken("accept", "relabel", "reject"),
        ),
        Choice(name="kind", label="It is", choices=spoken(*(kind.value for kind in Kind))),
        Reference(name="linked_deposit", to_deposit=True, label="It is the deposit"),
        Text(name="reason", label="Why", longest=1000),
    ),
)
