"""One's own unsaved text of a form that belongs to no visit."""

from __future__ import annotations

from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.draft import Draft
from calciscope.record.permissions import Permission
from calciscope.record.queries.visits import KeptDraft
from calciscope.record.scope import PatientScope


@query(permission=Permission.RECORD)
def own_draft(*, by: Actor, patient: UUID, form: str) -> KeptDraft | None:
    """What the actor has typed into this form of the patient and not saved; nobody else's is ever given."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    row = scope.rows(Draft, found).filter(user_id=by.user_id, visit__isnull=True, form=form).first()
    audit.mention(patient_id=found.pk, form=form, found=row is not None)
    return KeptDraft(form=row.form, data=row.data, revision=row.revision, saved_at=row.saved_at) if row else None
