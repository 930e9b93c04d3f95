"""Who cares for a patient."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.care_team import CareTeamMember
from calciscope.record.models.membership import Membership
from calciscope.record.permissions import CARE_ROLES, Permission
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed, Refused


@action(permission=Permission.MANAGE_TEAM)
def join_team(*, by: Actor, patient: UUID, membership: UUID) -> None:
    """Take a colleague into the team of a patient whom one cares for oneself."""
    found = _own_patient(by, patient)
    member = Membership.objects.filter(pk=membership, ended_at__isnull=True, user__is_active=True).first()
    if member is None or member.role not in CARE_ROLES:
        raise Refused("This person has no running role in the care of patients.")
    try:
        with transaction.atomic():
            CareTeamMember.unscoped.create(patient_id=found, membership=member)
    except IntegrityError:
        raise Refused("This person is in the team already.") from None
    audit.mention(patient_id=found, joined=member.pk)


@action(permission=Permission.MANAGE_TEAM)
def leave_team(*, by: Actor, patient: UUID, membership: UUID) -> None:
    """End a colleague's or one's own place in a team; the last member stays until another has joined."""
    found = _own_patient(by, patient)
    team = CareTeamMember.unscoped.filter(patient_id=found, ended_at__isnull=True)
    if not team.filter(membership_id=membership).exists():
        raise NotAllowed(NOT_FOUND)
    if team.count() == 1:
        raise Refused("A patient is not left without a team; let somebody join first.")
    team.filter(membership_id=membership).update(ended_at=timezone.now())
    audit.mention(patient_id=found, left=membership)


def _own_patient(by: Actor, patient: UUID) -> UUID:
    """A patient of one's own team: a broken glass lets one see and write, not change who cares."""
    found = PatientScope.of(by).patient(patient, for_update=True)
    own = CareTeamMember.unscoped.filter(patient=found, membership_id=by.membership_id, ended_at__isnull=True)
    if not own.exists():
        raise NotAllowed(NOT_FOUND)
    return found.pk
