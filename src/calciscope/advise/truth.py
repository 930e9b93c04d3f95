"""Whether a rule holds for a patient: yes, no, or not to be told yet, and then what would have to be found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calciscope.advise.facts.fact import Fact
from calciscope.advise.facts.table import Facts
from calciscope.knowledge.model import Comparison, Condition, Criterion, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """``holds`` is None while facts are missing; ``inputs`` are the facts it rests on, ``asks`` those that are missing."""

    holds: bool | None
    inputs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


NO = Verdict(holds=False)


def weigh(rule: Rule, facts: Facts) -> Verdict:
    """The rule without its partner drug. What is not known never counts as an exception."""
    if any(condition_verdict(one, facts).holds for one in rule.unless):
        return NO
    return all_of([condition_verdict(one, facts) for one in rule.when])


def condition_verdict(condition: Condition, facts: Facts) -> Verdict:
    """Whether one condition holds."""
    found = [all_of([_criterion(one, facts) for one in alternative]) for alternative in condition.alternatives]
    for one in found:
        if one.holds:
            return one
    asks = tuple(ask for one in found if one.holds is None for ask in one.asks)
    return Verdict(holds=None, asks=asks) if asks else NO


def all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """False where one is, else unknown where one is, else true with all their inputs."""
    if any(one.holds is False for one in verdicts):
        return NO
    asks = tuple(ask for one in verdicts if one.holds is None for ask in one.asks)
    if asks:
        return Verdict(holds=None, asks=asks)
    return Verdict(holds=True, inputs=tuple(dict.fromkeys(told for one in verdicts for told in one.inputs if told)))


def _criterion(criterion: Criterion, facts: Facts) -> Verdict:
    fact = facts[criterion.fact]
    ask = fact.ask or facts.vocabulary.facts[criterion.fact].title
    holds = compare(criterion, fact)
    if holds is None and fact.value is not None and fact.warns_only == "":
        ask = f"the laboratory's limit of {facts.vocabulary.facts[criterion.fact].title}"
    return Verdict(holds=holds, inputs=(fact.told,), asks=() if holds is not None else (ask,))


def compare(criterion: Criterion, fact: Fact) -> bool | None:
    """Whether the fact is so. A value that may only warn counts when the answer is yes, and is unknown otherwise."""
    if fact.value is None:
        return None
    holds = _against(criterion, fact.value, fact)
    return None if holds is False and fact.warns_only else holds


def _against(criterion: Criterion, value: float, fact: Fact) -> bool | None:
    limit = criterion.limit
    match criterion.comparison:
        case Comparison.IS:
            return value == limit
        case Comparison.BELOW:
            return value < limit
        case Comparison.AT_MOST:
            return value <= limit
        case Comparison.ABOVE:
            return value > limit
        case Comparison.AT_LEAST:
            return value >= limit
        case Comparison.ABOVE_ULN:
            return None if not fact.high else value > limit * fact.high
        case Comparison.AT_LEAST_ULN:
            return None if not fact.high else value >= limit * fact.high
        case Comparison.BELOW_RANGE:
            return None if fact.low is None else value < fact.low
        case Comparison.ABOVE_RANGE:
            return None if fact.high is None else value > fact.high
