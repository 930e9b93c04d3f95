"""A line in the audit for whoever is turned away before any action or query was reached."""

from __future__ import annotations

from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor


def turned_away(*, by: Actor, name: str, patient: UUID | None = None, permission: str = "") -> None:
    """Write that an actor asked for the screen ``name`` without the permission that it needs."""
    told = audit.Trail(patient_id=patient, detail={"permission": permission})
    audit.append(by=by, kind="screen", name=name[:60], outcome="denied", told=told)
