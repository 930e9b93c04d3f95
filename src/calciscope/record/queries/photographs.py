"""The picture of a photograph, for whoever has the patient in care."""

from __future__ import annotations

from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.permissions import Permission
from calciscope.record.photographs import files
from calciscope.record.photographs.cleaning import shrunk
from calciscope.record.scope import PatientScope


@query(permission=Permission.SEE_PATIENT)
def photograph_picture(*, by: Actor, patient: UUID, uid: UUID, longest_px: int = 0) -> bytes:
    """JPEG bytes, with ``longest_px`` a small copy; refused in words where the file is gone."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    entry = scope.entry(found, uid, noun="photograph")
    audit.mention(patient_id=found.pk, photograph=uid, small=bool(longest_px))
    whole = files.read(found.pk, str(entry.data["file"]))
    return shrunk(whole, longest_px) if longest_px else whole
