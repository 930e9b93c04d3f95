"""Who works at a site, and as what."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.membership import Membership
from calciscope.record.models.user import User
from calciscope.record.permissions import Permission, Role
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scope import NOT_FOUND
from calciscope.terms.errors import NotAllowed, Refused


@action(permission=Permission.MANAGE_USERS)
def take_on(*, by: Actor, email: str, name: str, role: Role) -> UUID:
    """Give a person a role at the administrator's own site, with an account if there is none yet; returns the membership."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid([Problem(field="email", message="This is not an e-mail address.")]) from None
    if not name.strip():
        raise Invalid([Problem(field="name", message="This is needed.")])
    user = User.objects.filter(email=address).first() or User.objects.create_user(address, name=name.strip())
    try:
        with transaction.atomic():
            member = Membership.objects.create(user=user, site_id=by.site_id, role=role.value)
    except IntegrityError:
        raise Refused("This person has this role here already.") from None
    audit.mention(member=member.pk, role=role.value)
    return member.pk


@action(permission=Permission.MANAGE_USERS)
def end_membership(*, by: Actor, membership: UUID) -> None:
    """End a role at the administrator's own site; the last administrator stays."""
    running = Membership.objects.filter(site_id=by.site_id, ended_at__isnull=True)
    found = running.filter(pk=membership).first()
    if found is None:
        raise NotAllowed(NOT_FOUND)
    administrators = running.filter(role=Role.ADMINISTRATOR.value)
    if found.role == Role.ADMINISTRATOR and administrators.count() == 1:
        raise Refused("A site is not left without an administrator; take on another first.")
    running.filter(pk=membership).update(ended_at=timezone.now())
    audit.mention(member=membership)


@action(permission=Permission.MANAGE_USERS)
def end_sessions(*, by: Actor, membership: UUID) -> int:
    """Log a person of the administrator's own site out everywhere, as after a lost device; returns how many log-ins ended."""
    found = Membership.objects.filter(site_id=by.site_id, ended_at__isnull=True, pk=membership).first()
    if found is None:
        raise NotAllowed(NOT_FOUND)
    running = Session.objects.filter(expire_date__gt=timezone.now())
    ended = [row for row in running if row.get_decoded().get(SESSION_KEY) == str(found.user_id)]
    for row in ended:
        row.delete()
    audit.mention(member=membership, count=len(ended))
    return len(ended)
