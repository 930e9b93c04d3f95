"""Nets of thin strands, whose mass differs from scan to scan by more than a compact deposit's: noise hides the faintest strands."""

from __future__ import annotations

from collections.abc import Iterable

from calciscope.terms.deposits import Deposit, Shape
from calciscope.terms.tracking import Family, TimePoint


def any_net(deposits: Iterable[Deposit]) -> bool:
    """Whether one of these was read as a net in its scan."""
    return any(one.shape is Shape.RETICULAR for one in deposits)


def family_of_nets(first: TimePoint, second: TimePoint, family: Family) -> bool:
    """Whether a member of the family, in either scan, was read as a net."""
    then, now = (first.deposit(one) for one in family.baseline_ids), (second.deposit(one) for one in family.followup_ids)
    return any_net(then) or any_net(now)
