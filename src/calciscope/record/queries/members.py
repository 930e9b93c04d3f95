"""Who works at a site, and who cares for a patient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.care_team import CareTeamMember
from calciscope.record.models.membership import Membership
from calciscope.record.permissions import CARE_ROLES, Permission
from calciscope.record.scope import PatientScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in a role."""

    membership: UUID
    name: str
    email: str
    role: str
    site: str
    since: datetime


@query(permission=Permission.USE)
def members(*, by: Actor, in_care_only: bool = False) -> tuple[Member, ...]:
    """Running roles at one's own site, by name."""
    found = Membership.objects.filter(site_id=by.site_id, ended_at__isnull=True, user__is_active=True)
    if in_care_only:
        found = found.filter(role__in=[role.value for role in CARE_ROLES])
    rows = _members(found.select_related("user", "site").order_by("user__name", "role"))
    audit.mention(count=len(rows))
    return rows


@query(permission=Permission.SEE_PATIENT)
def care_team(*, by: Actor, patient: UUID) -> tuple[Member, ...]:
    """Who cares for a patient."""
    found = PatientScope.of(by).patient(patient)
    team = CareTeamMember.unscoped.filter(patient=found, ended_at__isnull=True)
    rows = _members(
        place.membership
        for place in team.select_related("membership__user", "membership__site").order_by("membership__user__name")
        if place.membership.ended_at is None
    )
    audit.mention(patient_id=found.pk, count=len(rows))
    return rows


def _members(found: Iterable[Membership]) -> tuple[Member, ...]:
    return tuple(
        Member(
            membership=row.pk,
            name=row.user.name,
            email=row.user.email,
            role=row.role,
            site=row.site.name,
            since=row.since,
        )
        for row in found
    )
