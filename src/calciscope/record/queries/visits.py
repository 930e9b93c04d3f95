"""One visit as it stands, and the visits of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.completeness import Due, completeness
from calciscope.record.fact import Fact, facts_of
from calciscope.record.guarded import query
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.draft import Draft
from calciscope.record.models.entry import Entry, Status
from calciscope.record.permissions import Permission
from calciscope.record.policies import visit_is_signed
from calciscope.record.queries.patients import VisitState, visit_states
from calciscope.record.scope import PatientScope
from calciscope.record.stories import Story, stories


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """One's own unsaved text."""

    form: str
    data: Mapping[str, Any]
    revision: int
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSheet:
    """A visit with its own facts, the patient's deposits, what is due, and one's own drafts."""

    state: VisitState
    facts: tuple[Fact, ...]
    stories: tuple[Story, ...]
    due: tuple[Due, ...]
    drafts: tuple[KeptDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A visit of a day."""

    patient: UUID
    visit: UUID
    kind: str
    reason: str


@query(permission=Permission.SEE_PATIENT)
def visit_sheet(*, by: Actor, patient: UUID, visit: UUID) -> VisitSheet:
    """One visit."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    held = scope.visit(found, visit)
    rows = scope.current_entries(found).order_by("pk")
    facts = facts_of(rows)
    deposits = [(row.pk, row.label) for row in scope.rows(Deposit, found).order_by("number")]
    told = stories(facts, deposits)
    own = tuple(fact for fact in facts if fact.visit_id == held.pk)
    audit.mention(patient_id=found.pk, visit=held.pk, facts=len(own))
    return VisitSheet(
        state=next(state for state in visit_states(found) if state.id == held.pk),
        facts=own,
        stories=told,
        due=completeness(own, told),
        drafts=_drafts(scope, by, held.pk),
    )


@query(permission=Permission.SEE_PATIENT)
def visit_as_signed(*, by: Actor, patient: UUID, visit: UUID) -> tuple[Fact, ...]:
    """What a visit said at the moment it was signed, whatever was amended since; refused while it is not signed."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    held = scope.visit(found, visit)
    signed_at = visit_is_signed(held).contribution.at
    then = scope.rows(Entry, found).filter(visit=held, contribution__at__lte=signed_at)
    newer = then.filter(uid=OuterRef("uid"), version__gt=OuterRef("version"))
    facts = facts_of(then.filter(~Exists(newer)).order_by("pk"))
    audit.mention(patient_id=found.pk, visit=held.pk, facts=len(facts))
    return facts


@query(permission=Permission.LIST_PATIENTS)
def visits_on(*, by: Actor, on: date) -> tuple[Appointment, ...]:
    """Visits of a day of patients in the actor's care."""
    rows = PatientScope.of(by).current_entries().filter(noun="visit_details", effective_on=on)
    found = tuple(
        Appointment(
            patient=row.patient_id,
            visit=row.visit_id,
            kind=str(row.data["kind"]),
            reason=str(row.data.get("reason", "")),
        )
        for row in rows.exclude(status=Status.ENTERED_IN_ERROR).order_by("pk")
        if row.visit_id
    )
    audit.mention(count=len(found))
    return found


def _drafts(scope: PatientScope, by: Actor, visit: UUID) -> tuple[KeptDraft, ...]:
    own = scope.rows(Draft).filter(user_id=by.user_id, visit_id=visit).order_by("form")
    return tuple(KeptDraft(form=row.form, data=row.data, revision=row.revision, saved_at=row.saved_at) for row in own)
