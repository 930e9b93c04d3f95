"""A patient's facts in the order of time, as screens look at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from calciscope.record.fact import Fact
from calciscope.record.fields import first_day
from calciscope.record.queries.patients import PatientPage
from calciscope.record.stories import Story, stories


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseVisit:
    """A visit with its date and words."""

    id: UUID
    held_on: date
    state: str
    kind: str
    reason: str
    closed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All facts that stand; visits in the order in which they were held."""

    facts: tuple[Fact, ...]
    visits: tuple[CourseVisit, ...]
    stories: tuple[Story, ...]

    @classmethod
    def of(cls, page: PatientPage) -> Course:
        """From the whole page of a patient."""
        standing = tuple(fact for fact in page.facts if fact.holds)
        details = {fact.visit_id: fact for fact in standing if fact.noun == "visit_details"}
        visits = [
            CourseVisit(
                id=state.id,
                held_on=_held_on(details.get(state.id)) or state.opened_at.date(),
                state=state.state,
                kind=str(details[state.id].data.get("kind", "")) if state.id in details else "",
                reason=str(details[state.id].data.get("reason", "")) if state.id in details else "",
                closed_by=state.closed_by,
            )
            for state in page.visits
        ]
        told = tuple(story for story in stories(page.facts, page.deposits) if story.stands)
        visits.sort(key=lambda visit: visit.held_on)
        return cls(facts=standing, visits=tuple(visits), stories=told)

    def when(self, fact: Fact) -> date:
        """The day a fact tells of: its own, else that of its visit, else when it was written."""
        if fact.effective_on:
            return fact.effective_on
        held = next((visit.held_on for visit in self.visits if visit.id == fact.visit_id), None)
        return held or fact.at.date()

    def of_noun(self, noun: str) -> list[Fact]:
        """Facts of one noun, the oldest first."""
        return sorted((fact for fact in self.facts if fact.noun == noun), key=lambda fact: (self.when(fact), fact.at))

    def newest(self, noun: str) -> Fact | None:
        """The last one of a noun."""
        found = self.of_noun(noun)
        return found[-1] if found else None

    def numbers(self, facts: Iterable[Fact], key: str) -> list[tuple[date, float]]:
        """(day, value) of a numeric field; what was not assessed is no point."""
        return [
            (self.when(fact), float(fact.data[key])) for fact in facts if isinstance(fact.data.get(key), int | float)
        ]

    def last_signed(self) -> Sequence[CourseVisit]:
        """Signed visits, the newest first."""
        return [visit for visit in reversed(self.visits) if visit.state == "signed"]


def _held_on(fact: Fact | None) -> date | None:
    return first_day(str(fact.data["held_on"])) if fact else None
