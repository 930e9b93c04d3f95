"""The key behind a hospital number, for somebody outside the team who is about to break the glass."""

from __future__ import annotations

from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.identity import HospitalNumber
from calciscope.record.permissions import Permission


@query(permission=Permission.BREAK_GLASS)
def find_by_number(*, by: Actor, number: str) -> UUID | None:
    """The key of the patient with exactly this number at one's own site, if there is one; nothing else of the patient."""
    found = HospitalNumber.unscoped.filter(site_id=by.site_id, value=number.strip()).first()
    audit.mention(patient_id=found.patient_id if found else None, found=found is not None)
    return found.patient_id if found else None
