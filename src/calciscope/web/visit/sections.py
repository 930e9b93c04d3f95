"""The parts of a visit in the order in which a consultation takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from calciscope.record.completeness import Due
from calciscope.record.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part; ``listed`` parts take any number of facts, the others one of each noun."""

    name: str
    title: str
    nouns: tuple[str, ...]
    listed: bool = False
    screen: str = ""  # a screen of its own
    advice: str = ""

    def address(self, patient: UUID, visit: UUID) -> str:
        """Where it is filled in."""
        if self.screen:
            return reverse(self.screen, args=[patient, visit])
        return reverse("visit_part", args=[patient, visit, self.name])


SECTIONS = (
    Section(name="reason", title="Reason for the visit", nouns=("visit_details",)),
    Section(
        name="deposits",
        title="Examination and deposits",
        nouns=("examination", "deposit_finding", "deposit_event"),
        screen="visit_deposits",
    ),
    Section(name="photographs", title="Photographs", nouns=("photograph",), screen="visit_photographs"),
    Section(name="joints", title="Movement of joints", nouns=("joint_movement",), screen="visit_joints"),
    Section(
        name="effects",
        title="Effects of calcinosis",
        nouns=("skin_effects",),
        advice="Each from 0 (none) to 10 (worst imaginable). The ratings are this project's own, not a validated score.",
    ),
    Section(
        name="symptoms",
        title="Symptoms",
        nouns=("symptoms",),
        advice="Each from 0 (none) to 10 (worst imaginable). The ratings are this project's own, not a validated score.",
    ),
    Section(name="activity", title="Disease and the patient's answer", nouns=("activity", "anchor_questions")),
    Section(name="laboratory", title="Laboratory", nouns=("laboratory_result",), screen="visit_laboratory"),
    Section(name="scores", title="Scores", nouns=("instrument_score",), screen="visit_scores"),
    Section(name="medication", title="Medication", nouns=("medication",), listed=True),
    Section(name="notes", title="Notes", nouns=("note",), listed=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part as the side of a visit's pages shows it."""

    name: str
    title: str
    address: str
    state: str  # due | done | open
    words: str


def steps(patient: UUID, visit: UUID, facts: Sequence[Fact], due: Sequence[Due]) -> list[Step]:
    """All parts with what each still lacks."""
    return [_step(section, patient, visit, facts, due) for section in SECTIONS]


def _step(section: Section, patient: UUID, visit: UUID, facts: Sequence[Fact], due: Sequence[Due]) -> Step:
    own = [one for one in due if one.noun in section.nouns]
    lacking = sum(max(1, len(one.fields)) for one in own)
    present = any(fact.noun in section.nouns and fact.holds for fact in facts)
    state, words = (
        ("due", f"{lacking} due") if lacking else ("done", "complete") if present else ("open", "nothing yet")
    )
    if (
        present
        and not lacking
        and section.name in {"photographs", "joints", "laboratory", "scores", "medication", "notes"}
    ):
        words = "recorded"
    return Step(
        name=section.name, title=section.title, address=section.address(patient, visit), state=state, words=words
    )


def section_named(name: str) -> Section | None:
    """The part of that name that has no screen of its own."""
    return next((section for section in SECTIONS if section.name == name and not section.screen), None)


def address_after(name: str, patient: UUID, visit: UUID) -> str:
    """The part that follows one of that name; after the last, the review."""
    place = [section.name for section in SECTIONS].index(name) + 1
    return SECTIONS[place].address(patient, visit) if place < len(SECTIONS) else reverse("visit", args=[patient, visit])


def section_of(noun: str) -> Section | None:
    """The part in which facts of a noun are recorded."""
    return next((section for section in SECTIONS if noun in section.nouns), None)
