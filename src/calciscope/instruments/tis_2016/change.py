"""How far a measure moved towards health, in per cent of its scale; while a visit is missing, between which limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Improvement in per cent of the scale (negative is worsening): the least and the greatest it can be."""

    least: Fraction
    greatest: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One core measure: which of its alternatives was used, and how it moved (None: nothing can be said)."""

    measure: str
    change: Change | None = None
    missing: tuple[str, ...] = ()


def change(
    baseline: Fraction | None, followup: Fraction | None, *, scale: Fraction, higher_is_better: bool = False
) -> Change:
    """Improvement between two visits; one that is missing can lie anywhere from 0 to ``scale``."""
    ends = (Fraction(0), scale)
    sign = 1 if higher_is_better else -1
    cases = [
        sign * (later - earlier) * 100 / scale
        for earlier, later in product(
            ends if baseline is None else (baseline,), ends if followup is None else (followup,)
        )
    ]
    return Change(least=min(cases), greatest=max(cases))


def widest(changes: list[Change]) -> Change:
    """All that any of them allows."""
    return Change(least=min(one.least for one in changes), greatest=max(one.greatest for one in changes))


def points_of(moved: Change, steps: list[int], points: list[int]) -> tuple[int, int]:
    """Points (tenths) at both ends of a change; a step begins just above its limit."""
    low, high = (points[sum(end > step for step in steps)] for end in (moved.least, moved.greatest))
    return low, high
