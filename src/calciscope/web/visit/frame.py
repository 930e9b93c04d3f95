"""What every page of a visit is made from, fetched once a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.in_words.deposit_words import place_of
from calciscope.record.queries.patients import PatientPage, patient_page
from calciscope.record.queries.visits import KeptDraft, VisitSheet, visit_sheet
from calciscope.record.stories import Story
from calciscope.web.design.course import Course, CourseVisit
from calciscope.web.design.patient_banner import patient_banner
from calciscope.web.visit.sections import steps


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFrame:
    """The patient, the visit, and what both say."""

    patient: UUID
    visit: UUID
    page: PatientPage
    sheet: VisitSheet
    course: Course
    held: CourseVisit

    @classmethod
    def of(cls, by: Actor, patient: UUID, visit: UUID) -> VisitFrame:
        """Fetch all of it; NotAllowed where the patient or the visit is not in one's care."""
        sheet = visit_sheet(by=by, patient=patient, visit=visit)
        page = patient_page(by=by, patient=patient)
        course = Course.of(page)
        held = next(one for one in course.visits if one.id == visit)
        return cls(patient=patient, visit=visit, page=page, sheet=sheet, course=course, held=held)

    @property
    def signed(self) -> bool:
        """Whether a change is an amendment."""
        return self.sheet.state.state == "signed"

    @property
    def cancelled(self) -> bool:
        """Whether nothing can be changed any more."""
        return self.sheet.state.state == "cancelled"

    def facts(self, noun: str) -> Sequence[Fact]:
        """Facts of this visit that stand, of one noun."""
        return [fact for fact in self.sheet.facts if fact.noun == noun and fact.holds]

    def fact(self, noun: str) -> Fact | None:
        """The one fact of a noun of which a visit has one, also when it was taken back."""
        return next((fact for fact in self.sheet.facts if fact.noun == noun), None)

    def draft(self, form: str) -> KeptDraft | None:
        """One's own unsaved text of a form."""
        return next((draft for draft in self.sheet.drafts if draft.form == form), None)

    def stories(self) -> Sequence[Story]:
        """Deposits of which something is left."""
        return [story for story in self.sheet.stories if story.stands]

    def deposit_choices(self, *, but: UUID | None = None) -> list[tuple[str, str]]:
        """Deposits for a list of choices."""
        return [(str(one.id), f"{one.label} {place_of(one)}") for one in self.stories() if one.id != but]

    def context(self, current: str) -> Mapping[str, Any]:
        """What the frame of the page shows; ``current`` is the part one is in."""
        return {
            "way": "patients",
            "banner": patient_banner(self.page),
            "visit": self.held,
            "patient_id": self.patient,
            "visit_id": self.visit,
            "signed": self.signed,
            "cancelled": self.cancelled,
            "steps": steps(self.patient, self.visit, self.sheet.facts, self.sheet.due),
            "current": current,
        }
