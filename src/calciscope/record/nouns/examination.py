"""Which parts of the body were examined for deposits, and whether any were found: "none found" is a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calciscope.record.fields import Choice, Several, Text
from calciscope.record.noun import Noun, Of
from calciscope.record.refusals import Problem
from calciscope.record.vocabulary import REGIONS, spoken


def _check(data: Mapping[str, Any]) -> Iterable[Problem]:
    if data["extent"] == "parts" and not data.get("regions"):
        yield Problem(field="regions", message="Say which parts were examined.")
    if data["extent"] == "not_examined" and data["outcome"] != "not_examined":
        yield Problem(field="outcome", message="Nothing was examined, so nothing can be found.")
    if data["extent"] != "not_examined" and data["outcome"] == "not_examined":
        yield Problem(field="outcome", message="Say whether deposits were found.")


NOUN = Noun(
    title="Examination of the body for deposits",
    of=Of.VISIT,
    once=True,
    expected=True,
    check=_check,
    fields=(
        Choice(
            name="extent",
            label="What was examined",
            required=True,
            may_be_unassessed=False,
            choices=spoken("whole_body", "parts", "not_examined"),
        ),
        Several(name="regions", label="Parts examined", choices=REGIONS),
        Choice(
            name="outcome",
            label="Outcome",
            required=True,
            may_be_unassessed=False,
            choices={
                "deposits_found": "deposits found",
                "none_found": "examined, none found",
                "not_examined": "not examined",
            },
        ),
        Text(name="remark", label="Remark"),
    ),
)
