"""One line of the audit: who did or saw what, or tried to. Each line holds the hash of the one before."""

from __future__ import annotations

from django.db import models

from calciscope.record.append_only import AppendOnly


class AuditEvent(AppendOnly):
    """A line. It names others by key only and refers to no table, since it must outlive what it tells of."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    membership_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, blank=True)
    site_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10)
    detail = models.JSONField()
    request_id = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["patient_id", "at"], name="record_audit_of_patient"),
            models.Index(fields=["user_id", "at"], name="record_audit_of_user"),
        ]

    def __str__(self) -> str:
        return str(self.number)
