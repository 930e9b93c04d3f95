"""A person's role at a site."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from calciscope.record.models.site import Site
from calciscope.record.permissions import Role


class Membership(models.Model):
    """One role of one person at one site; it ends, it is not deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role])
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="record_one_current_membership",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
