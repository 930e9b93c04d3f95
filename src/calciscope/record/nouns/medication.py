"""A drug from its start to its end: dose, route, what it did, and why it was stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import NOT_ASSESSED, Choice, Day, Number, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import spoken

ROUTES = spoken(
    "oral", "subcutaneous", "intravenous", "intramuscular", "intralesional", "topical", "inhaled", "rectal", "other"
)
STOPS = spoken(
    "no_effect", "side_effect", "remission", "wish_of_patient", "cost_or_supply", "pregnancy", "contraindication",
    "course_finished", "replaced", "other",
)  # fmt: skip


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    started, stopped = data["started_on"], data.get("stopped_on", NOT_ASSESSED)
    if NOT_ASSESSED not in (started, stopped):
        shortest = min(len(started), len(stopped))
        if stopped[:shortest] < started[:shortest]:
            yield Problem(field="stopped_on", message="This lies before the start.")
    if "stopped_on" in data and "stop_reason" not in data:
        yield Problem(field="stop_reason", message="Say why it was stopped.")
    if ("dose" in data) != ("dose_unit" in data):
        yield Problem(field="dose_unit", message="A dose has a unit.")


NOUN = Noun(
    title="Medication",
    of=Of.PATIENT,
    dated_by="started_on",
    check=_check,
    fields=(
        Text(
            name="therapy",
            label="Drug",
            required=True,
            may_be_unassessed=False,
            pattern=r"[a-z0-9_]{2,60}",
            advice="Choose a drug from the list.",
        ),
        Text(name="product", label="As prescribed", longest=200),
        Number(name="dose", label="Dose", unit="1", low=0.0001, high=1_000_000),
        Text(name="dose_unit", label="Unit", longest=40, pattern=r"[A-Za-z0-9/%.*()\[\]{}_]+"),
        Choice(name="route", label="Route", choices=ROUTES),
        Choice(name="indication", label="For", choices=spoken("treatment", "prophylaxis", "other_disease")),
        Day(name="started_on", label="Started", required=True, partial=True),
        Day(name="stopped_on", label="Stopped", partial=True),
        Choice(name="stop_reason", label="Why stopped", choices=STOPS),
        Choice(
            name="response", label="Calcinosis since", choices=spoken("better", "same", "worse", "cannot_be_judged")
        ),
        Text(name="side_effects", label="Side effects", longest=1000),
    ),
)
