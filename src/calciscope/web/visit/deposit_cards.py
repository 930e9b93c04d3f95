"""Each deposit as the examination shows it: what was found last, and whether this visit has looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.record.in_words.deposit_words import likeness, place_of, size, state_words
from calciscope.record.stories import Story
from calciscope.web.visit.frame import VisitFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositCard:
    """One deposit. ``undo`` names facts of this visit that can be taken back: (key, words)."""

    id: UUID
    label: str
    place: str
    size: str
    likeness: str
    state: str
    last_on: date | None
    today: str
    ended: bool
    undo: Sequence[tuple[UUID, str]]


def deposit_cards(frame: VisitFrame) -> list[DepositCard]:
    """Those to look at first, the ended last."""
    cards = [_card(frame, story) for story in frame.stories()]
    return sorted(cards, key=lambda card: (card.ended, card.label))


def _card(frame: VisitFrame, story: Story) -> DepositCard:
    finding = next((fact for fact in reversed(story.findings) if fact.visit_id == frame.visit), None)
    events = [fact for fact in story.events if fact.visit_id == frame.visit]
    undo = [(finding.uid, "the finding")] if finding else []
    undo += [(fact.uid, f'the event "{str(fact.data["event"]).replace("_", " ")}"') for fact in events]
    shown = finding or story.newest
    return DepositCard(
        id=story.id,
        label=story.label,
        place=place_of(story),
        size=size(shown.data) if shown else "no finding",
        likeness=likeness(shown.data) if shown else "",
        state=state_words(story),
        last_on=frame.course.when(shown) if shown else None,
        today=("unchanged" if finding.data.get("unchanged") is True else "examined") if finding else "",
        ended=story.ended and not events,
        undo=undo,
    )
