"""Who a person may act as."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from calciscope.record.actor import Actor
from calciscope.record.models.membership import Membership
from calciscope.terms.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One role at one site."""

    membership: UUID
    role: str
    site: str


def seats(*, user: UUID) -> tuple[Seat, ...]:
    """The running roles of a person who has logged in, to choose one from; touches no patient."""
    found = Membership.objects.filter(user_id=user, user__is_active=True, ended_at__isnull=True).select_related("site")
    return tuple(
        Seat(membership=row.pk, role=row.role, site=row.site.name) for row in found.order_by("site__name", "role")
    )


def take_seat(*, user: UUID, membership: UUID, request_id: str = "") -> Actor:
    """The actor that a logged-in person is in one of the roles; NotAllowed if it is not, or no longer, theirs."""
    found = Membership.objects.filter(pk=membership, user_id=user, user__is_active=True, ended_at__isnull=True).first()
    if found is None:
        raise NotAllowed("This role is not yours, or has ended.")
    return Actor.of(found, request_id=request_id)
