"""What facts together tell of each deposit: pure, from facts that were read already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.vocabulary import terms

FINDING, EVENT = "deposit_finding", "deposit_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One deposit: findings and events that still stand, the oldest first; ``state`` is the newest event's word."""

    id: UUID
    label: str
    findings: tuple[Fact, ...]
    events: tuple[Fact, ...]

    @property
    def state(self) -> str:
        """The newest event; empty where every event was taken back."""
        return str(self.events[-1].data["event"]) if self.events else ""

    @property
    def ended(self) -> bool:
        """Whether it is no longer followed as present."""
        return bool(self.state and terms("deposit_events")[self.state].get("ends", False))

    @property
    def newest(self) -> Fact | None:
        """The newest finding."""
        return self.findings[-1] if self.findings else None

    @property
    def stands(self) -> bool:
        """Whether anything is left of it: a deposit whose every entry was taken back was none."""
        return bool(self.findings or self.events)


def stories(facts: Iterable[Fact], deposits: Sequence[tuple[UUID, str]]) -> tuple[Story, ...]:
    """The story of each deposit, by its number. ``facts`` are newest versions, as `patient_page` gives them."""
    by_deposit: dict[UUID, list[Fact]] = {key: [] for key, _ in deposits}
    for fact in facts:
        if fact.deposit_id in by_deposit and fact.holds:
            by_deposit[fact.deposit_id].append(fact)
    return tuple(
        Story(
            id=key,
            label=label,
            findings=_in_order(fact for fact in by_deposit[key] if fact.noun == FINDING),
            events=_in_order(fact for fact in by_deposit[key] if fact.noun == EVENT),
        )
        for key, label in deposits
    )


def _in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """By the day of which they tell, then by when they were written."""
    return tuple(sorted(facts, key=lambda fact: (fact.effective_on or date.min, fact.at)))
