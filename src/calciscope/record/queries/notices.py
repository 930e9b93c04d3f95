"""What people of a role at a site must get to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.notice import Notice
from calciscope.record.permissions import Permission

MOST_LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One notice; ``subject_id`` is looked up where it may be."""

    id: int
    kind: str
    subject_id: UUID
    at: datetime
    read_at: datetime | None


@query(permission=Permission.USE)
def notices(*, by: Actor, unread_only: bool = True) -> tuple[NoticeRow, ...]:
    """Notices to one's own role and site, the newest first."""
    found = Notice.unscoped.filter(site_id=by.site_id, role=by.role.value)
    if unread_only:
        found = found.filter(read_at__isnull=True)
    rows = tuple(
        NoticeRow(id=row.pk, kind=row.kind, subject_id=row.subject_id, at=row.at, read_at=row.read_at)
        for row in found.order_by("-at", "-pk")[:MOST_LISTED]
    )
    audit.mention(count=len(rows))
    return rows
