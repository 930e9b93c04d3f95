"""Read notices away."""

from __future__ import annotations

from django.utils import timezone

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.notice import Notice
from calciscope.record.permissions import Permission
from calciscope.record.scope import NOT_FOUND
from calciscope.terms.errors import NotAllowed


@action(permission=Permission.USE)
def mark_read(*, by: Actor, notice: int) -> None:
    """Mark a notice to one's own role and site as read."""
    unread = Notice.unscoped.filter(pk=notice, site_id=by.site_id, role=by.role.value, read_at__isnull=True)
    if not unread.update(read_at=timezone.now(), read_by_id=by.user_id):
        raise NotAllowed(NOT_FOUND)
    audit.mention(notice=notice)
