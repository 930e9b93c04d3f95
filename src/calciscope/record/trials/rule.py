"""When two readings differ so much that a third reader has to decide. The rule is the plan's, not a person's."""

from __future__ import annotations

from collections.abc import Iterable

from calciscope.record.scans.followed import Followed
from calciscope.record.trials.plan import Rules
from calciscope.record.trials.reading import Result, added_pairs

BURDEN, DEPOSITS, EVENTS, QUALITY = "burden", "deposits", "events", "quality"
REASONS = {
    BURDEN: "the burdens lie further apart than the plan allows",
    DEPOSITS: "they differ on which deposits are calcinosis",
    EVENTS: "they differ on what became of a deposit",
    QUALITY: "one of them could not read the scan",
}
Events = dict[tuple[tuple[int, ...], tuple[int, ...]], str]


def differ(first: Result, second: Result, rules: Rules) -> tuple[str, ...]:
    """Reasons to ask a third reader for one scan; empty where two agree."""
    reasons = []
    if _burdens_differ(first.mass_mg, second.mass_mg, rules):
        reasons.append(BURDEN)
    if rules.judge_deposits and (first.counted != second.counted or _added_differ(first, second)):
        reasons.append(DEPOSITS)
    return tuple(reasons)


def events_read(families: Iterable[Followed], before: Result, after: Result) -> Events:
    """What became of each family by one reader's word on both scans: what the reader did not count was not there."""
    found: Events = {}
    for one in families:
        then = any(number in before.counted for number in one.baseline_ids)
        now = any(number in after.counted for number in one.followup_ids)
        if then or now:
            event = one.event if then and now else "resolved" if then else "new"
            kept = one.event if one.event == "not_evaluable" else event
            found[(one.baseline_ids, one.followup_ids)] = kept
    return found


def _added_differ(first: Result, second: Result) -> bool:
    return any(None in pair for pair in added_pairs(first.added, second.added))


def _burdens_differ(first_mg: float | None, second_mg: float | None, rules: Rules) -> bool:
    """Beyond both limits, so that neither a grain nor a large sheet is asked about for nothing."""
    if first_mg is None or second_mg is None:
        return first_mg is not second_mg
    apart = abs(first_mg - second_mg)
    return apart > rules.limit_mg and apart > rules.limit_percent / 100.0 * (first_mg + second_mg) / 2.0
