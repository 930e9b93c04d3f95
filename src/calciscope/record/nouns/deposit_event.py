"""A step in a deposit's life. The state of a deposit is its newest event that still stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Day, Reference, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken, words

INFECTION = ("infection_suspected", "infection_confirmed", "infection_excluded")
WITH_ANOTHER = ("merged_into", "split_from")


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["event"] in INFECTION and "basis" not in data:
        yield Problem(field="basis", message="Say on what: aspirate, culture or judgement.")
    if data["event"] in WITH_ANOTHER and "other_deposit" not in data:
        yield Problem(field="other_deposit", message="Say which other deposit.")
    if data["event"] not in WITH_ANOTHER and "other_deposit" in data:
        yield Problem(field="other_deposit", message="Another deposit belongs only to merging and splitting.")


NOUN = Noun(
    title="Event of a deposit",
    of=Of.DEPOSIT,
    dated_by="on",
    check=_check,
    fields=(
        Choice(name="event", label="Event", required=True, may_be_unassessed=False, choices=words("deposit_events")),
        Day(name="on", label="On", required=True, partial=True, may_be_unassessed=False),
        Choice(name="basis", label="On the basis of", choices=spoken("aspirate", "culture", "judgement", "imaging")),
        Reference(name="other_deposit", to_deposit=True, label="Other deposit"),
        Text(name="remark", label="Remark"),
    ),
)
