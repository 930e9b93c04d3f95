"""Reach a patient outside one's team in an emergency: with a typed reason, for an hour, seen by the officer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from calciscope.record import audit, policies
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.break_glass import BreakGlass
from calciscope.record.models.notice import Notice
from calciscope.record.models.patient import Patient
from calciscope.record.permissions import Permission, Role
from calciscope.record.scope import NOT_FOUND
from calciscope.terms.errors import NotAllowed

LASTS = timedelta(minutes=60)  # judgement of the project: long enough for an emergency, short enough to be noticed
NOTICE = "glass_broken"


@action(permission=Permission.BREAK_GLASS)
def break_glass(*, by: Actor, patient: UUID, reason: str) -> datetime:
    """Open a patient of one's own site for an hour; returns when it ends."""
    text = policies.reason_is_given(reason)
    found = Patient.unscoped.filter(pk=patient, site_id=by.site_id).first()
    if found is None:
        raise NotAllowed(NOT_FOUND)
    now = timezone.now()
    glass = BreakGlass(
        patient=found, membership_id=by.membership_id, reason=text, started_at=now, expires_at=now + LASTS
    )
    glass.save()
    Notice.unscoped.create(site_id=by.site_id, role=Role.OFFICER.value, kind=NOTICE, subject_id=glass.pk, at=now)
    audit.mention(patient_id=found.pk, glass=glass.pk, until=glass.expires_at.isoformat())
    return glass.expires_at
