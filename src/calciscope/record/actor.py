"""Who acts: a person in one role at one site, for the length of one request or command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from calciscope.record.permissions import Role

if TYPE_CHECKING:
    from calciscope.record.models.membership import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A member acting. ``request_id`` ties what one request did together in the audit."""

    user_id: UUID
    membership_id: UUID
    role: Role
    site_id: UUID
    request_id: str = ""

    @classmethod
    def of(cls, membership: Membership, *, request_id: str = "") -> Actor:
        """The actor behind a membership."""
        return cls(
            user_id=membership.user_id,
            membership_id=membership.pk,
            role=Role(membership.role),
            site_id=membership.site_id,
            request_id=request_id,
        )
