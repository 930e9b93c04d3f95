"""Whether the burden changed beyond error by one reader's word on two scans: only of what tracking could follow or rule out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from calciscope.record.scans.followed import followed

NOT_EVALUABLE_EVENT = "not_evaluable"


class Change(StrEnum):
    """What became of the burden."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NO_CHANGE = "no_change"
    NOT_EVALUABLE = "not_evaluable"


def change_read(
    comparison: Mapping[str, Any] | None, before: Mapping[int, float | None], after: Mapping[int, float | None]
) -> Change:
    """``before`` and ``after``: candidates that the reader counted -> mass in mg. The limit is the comparison's own."""
    limit = (comparison or {}).get("burden", {}).get("limit_mg")
    if comparison is None or comparison.get("outcome") != "compared" or not isinstance(limit, int | float):
        return Change.NOT_EVALUABLE
    change_mg = 0.0
    for family in followed(comparison.get("families", ())):
        if family.event == NOT_EVALUABLE_EVENT:
            continue
        masses = [after[one] for one in family.followup_ids if one in after]
        earlier = [before[one] for one in family.baseline_ids if one in before]
        if None in (*masses, *earlier):
            return Change.NOT_EVALUABLE
        change_mg += sum(mass for mass in masses if mass is not None) - sum(
            mass for mass in earlier if mass is not None
        )
    if abs(change_mg) <= limit:
        return Change.NO_CHANGE
    return Change.INCREASE if change_mg > 0 else Change.DECREASE
