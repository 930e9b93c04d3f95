"""Facts as they stood on one day. What is too old to hold is not known any more, and told back as such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from calciscope.record.fact import Fact
from calciscope.record.fields import NOT_ASSESSED, first_day
from calciscope.record.written_days import written


@dataclass(slots=True, kw_only=True)
class Held:
    """Facts that stand and were true on or before the day ``on``; ``unread`` gathers what could not be used, in words."""

    on: date
    facts: Sequence[Fact]
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, facts: Iterable[Fact], on: date) -> Held:
        """Facts by the day they tell of; those without a day hold as far as anybody knows."""
        standing = [fact for fact in facts if fact.holds and (fact.effective_on is None or fact.effective_on <= on)]
        return cls(on=on, facts=sorted(standing, key=lambda fact: (fact.effective_on or date.min, fact.at)))

    def all(self, noun: str) -> list[Fact]:
        """The oldest first."""
        return [fact for fact in self.facts if fact.noun == noun]

    def newest(self, noun: str) -> Fact | None:
        """The one that was true last."""
        found = self.all(noun)
        return found[-1] if found else None

    def newest_with(self, noun: str, name: str) -> Fact | None:
        """The last one in which the field was assessed."""
        found = [fact for fact in self.all(noun) if value(fact, name) is not None]
        return found[-1] if found else None

    def still_holds(self, fact: Fact, *, days: int, what: str) -> bool:
        """Whether a fact is young enough to be taken for true; where not, it is told back."""
        if fact.effective_on is None or (self.on - fact.effective_on).days <= days:
            return True
        self.unread.append(f"{what} (last recorded {written(fact.effective_on.isoformat())}, too old to hold)")
        return False


def value(fact: Fact | None, name: str) -> Any:
    """What a field says; None where it was not asked or not assessed."""
    said = fact.data.get(name) if fact else None
    return None if said == NOT_ASSESSED else said


def number(fact: Fact | None, name: str) -> float | None:
    """A field that is a number."""
    said = value(fact, name)
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else None


def flag(fact: Fact | None, name: str) -> bool | None:
    """A field that is yes or no."""
    said = value(fact, name)
    return said if isinstance(said, bool) else None


def day(fact: Fact | None, name: str, *, until: date) -> date | None:
    """A field that is a date, the first day of one that lacks day or month; None where it lies after ``until``."""
    said = value(fact, name)
    found = first_day(said) if isinstance(said, str) else None
    return found if found and found <= until else None
