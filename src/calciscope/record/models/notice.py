"""Something that people of a role at a site must get to know, such as a broken glass."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from calciscope.record.models.site import Site


class Notice(models.Model):
    """A notice; ``subject_id`` is the row it is about, looked up by those who may."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    unscoped = models.Manager()

    def __str__(self) -> str:
        return str(self.pk)
