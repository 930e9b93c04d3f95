"""All versions of a fact, the first to the newest."""

from __future__ import annotations

from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.fact import Fact
from calciscope.record.guarded import query
from calciscope.record.models.entry import Entry
from calciscope.record.permissions import Permission
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed


@query(permission=Permission.SEE_PATIENT)
def versions_of(*, by: Actor, patient: UUID, uid: UUID) -> tuple[Fact, ...]:
    """Every version of one fact, with who, when and why."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    rows = scope.rows(Entry, found).filter(uid=uid).select_related("contribution__user").order_by("version")
    facts = tuple(Fact.of(row) for row in rows)
    if not facts:
        raise NotAllowed(NOT_FOUND)
    audit.mention(patient_id=found.pk, entry=uid, count=len(facts))
    return facts
