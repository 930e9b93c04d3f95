"""One action on the record: who, in which role, where, when, why, with which software."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from calciscope.record.append_only import AppendOnly
from calciscope.record.models.patient import Patient
from calciscope.record.models.site import Site


class Contribution(AppendOnly):
    """One action, one transaction. ``digest`` is over the entries written with it, so that a change behind our back shows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    action = models.CharField(max_length=60)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    visit_id = models.UUIDField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    software = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["patient", "at"], name="record_contribution_when")]

    def __str__(self) -> str:
        return str(self.id)
