"""The first people of a site, before anybody is there who could let them in."""

from __future__ import annotations

from uuid import UUID

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from calciscope.record import audit
from calciscope.record.models.membership import Membership
from calciscope.record.models.site import Site
from calciscope.record.models.user import User
from calciscope.record.permissions import Role
from calciscope.terms.errors import Refused


def set_up_site(
    *, site: str, email: str, name: str, roles: tuple[Role, ...], password: str | None = None
) -> list[UUID]:
    """A new site with one person in it; returns the memberships. For whoever holds the server, not for screens."""
    with transaction.atomic():
        if Site.objects.filter(name=site).exists():
            raise Refused("There is a site of this name already; its administrator takes people on.")
        place = Site.objects.create(name=site)
        user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, password, name=name)
        members = [Membership.objects.create(user=user, site=place, role=role.value).pk for role in roles]
        told = audit.Trail(detail={"site": str(place.pk), "roles": [role.value for role in roles]})
        audit.append(by=None, kind="write", name="set_up_site", outcome="done", told=told)
    return members


def add_person(*, site: str, email: str, name: str, role: Role, password: str) -> None:
    """A person with a password at a site, in one role; where they are there already, the password is set anew.

    For whoever holds the server, such as a demonstration; not for screens.
    """
    with transaction.atomic():
        place, _ = Site.objects.get_or_create(name=site)
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            user = User.objects.create_user(email, password, name=name)
        elif not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])
        member, made = Membership.objects.get_or_create(user=user, site=place, role=role.value, ended_at=None)
        if made:
            told = audit.Trail(detail={"site": str(place.pk), "member": str(member.pk), "role": role.value})
            audit.append(by=None, kind="write", name="add_person", outcome="done", told=told)


def take_second_factors(*, email: str, by_whom: str) -> int:
    """Take a person's second factors away who has lost them and whose identity ``by_whom`` has checked; returns how many there were.

    For whoever holds the server, not for screens. Every log-in of the person ends, and the next one sets up a new factor.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise Refused("Nobody here has this address.")
        count, _ = apps.get_model("mfa", "Authenticator").objects.filter(user=user).delete()
        for row in Session.objects.all():
            if row.get_decoded().get(SESSION_KEY) == str(user.pk):
                row.delete()
        told = audit.Trail(detail={"count": count, "checked_by": by_whom})
        audit.append(by=None, kind="write", name="take_second_factors", outcome="done", told=told, user=user.pk)
    return count
