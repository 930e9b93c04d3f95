"""Outputs that are sums, means or "any of" over items, with the range they can have while items are missing.

The range is exact: every item adds a fixed share, so the least and the greatest value are reached by setting each missing
item to the end of its own range (tests try all values).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Item, ItemType, Output, OutputKind, matching

Range = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """Value of an output (None where it cannot be told) and the range it can have."""

    value: Fraction | bool | None
    range: Range | None = None


def computed(output: Output, answers: Answers) -> Computed:
    """The value of a sum, mean or any."""
    paths = [path for pattern in output.of for path in matching(answers.items, pattern)]
    if output.kind is OutputKind.ANY:
        return Computed(value=any_of([answers.yes(path) for path in paths]))
    shares = [share(answers, path) for path in paths]
    if output.kind is OutputKind.MEAN:
        return _mean(shares, output.least_answered)
    low = sum((low for low, _ in shares), Fraction(0))
    high = sum((high for _, high in shares), Fraction(0))
    settled = all(answers.held[path] is not None for path in paths)
    return Computed(value=low if settled or output.least_when_missing else None, range=(low, high))


def share(answers: Answers, path: str) -> Range:
    """The least and the greatest an item can add to a sum; both the same once it is assessed."""
    item = answers.items[path]
    held = points(answers, path)
    if held is not None:
        return held, held
    ends = sorted(end * item.weight for end in _ends(item))
    return ends[0], ends[1]


def points(answers: Answers, path: str) -> Fraction | None:
    """What an assessed item adds: its number (1 for true, 0 for false) times its weight."""
    held = answers.held[path]
    if isinstance(held, bool):
        held = Fraction(int(held))
    return held * answers.items[path].weight if isinstance(held, Fraction) else None


def any_of(answered: list[bool | None]) -> bool | None:
    """True when one is true, false when all are false, None when it hangs on one not assessed."""
    if any(answered):
        return True
    return None if None in answered else False


def _ends(item: Item) -> Range:
    if item.type is ItemType.YES_NO or item.low is None or item.high is None:
        return Fraction(0), Fraction(1)
    return item.low, item.high


def _mean(shares: list[Range], least_answered: int) -> Computed:
    answered = [low for low, high in shares if low == high]
    low = sum((low for low, _ in shares), Fraction(0)) / len(shares)
    high = sum((high for _, high in shares), Fraction(0)) / len(shares)
    if len(answered) < max(least_answered, 1):
        return Computed(value=None, range=(low, high))
    return Computed(value=sum(answered, Fraction(0)) / len(answered), range=(low, high))
