"""Emergency access to a patient outside one's team: a typed reason, and an end that is fixed at the start."""

from __future__ import annotations

import uuid

from django.db import models

from calciscope.record.append_only import AppendOnly
from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient


class BreakGlass(AppendOnly):
    """One emergency access."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["membership", "expires_at"], name="record_glass_of_member")]

    def __str__(self) -> str:
        return str(self.id)
