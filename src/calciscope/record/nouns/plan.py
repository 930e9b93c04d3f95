"""What was agreed: goals, options chosen and set aside, who does what, and when it is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Day, Table, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.plans.options import problems_of_options
from calciscope.record.refusals import Problem


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    yield from problems_of_options(data.get("options", []))


NOUN = Noun(
    title="Plan",
    of=Of.PATIENT,
    once=True,
    dated_by="agreed_on",
    check=_check,
    fields=(
        Day(name="agreed_on", label="Agreed on", required=True, may_be_unassessed=False),
        Text(name="goals", label="Goals, in the patient's own words", longest=4000),
        Table(name="options", label="Options"),
        Text(name="next_steps", label="Next steps", longest=4000),
        Text(name="who_does_what", label="Who does what", longest=2000),
        Text(name="stop_rule", label="When to stop or change", longest=2000),
        Day(name="clock_from", label="Twelve months count from"),
        Day(name="review_on", label="Looked at again on", may_lie_ahead=True),
        Text(name="weighed_by", label="Weighed by", longest=200),
        Text(name="dissent", label="Other opinions", longest=2000),
    ),
)
