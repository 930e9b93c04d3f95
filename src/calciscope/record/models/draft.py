"""What one person has typed and not yet saved. It need not hold, it changes every few seconds, and it is no fact."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import Visit


class Draft(models.Model):
    """One person's unsaved text of one form; ``revision`` tells two open tabs apart."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=80)
    data = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "visit", "form"], condition=models.Q(visit__isnull=False), name="record_draft_of_visit"
            ),
            models.UniqueConstraint(
                fields=["user", "patient", "form"],
                condition=models.Q(visit__isnull=True),
                name="record_draft_of_patient",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
