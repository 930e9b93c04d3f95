"""A visit and what becomes of it: opened, signed, cancelled."""

from __future__ import annotations

import uuid

from django.db import models

from calciscope.record.append_only import AppendOnly
from calciscope.record.models.contribution import Contribution
from calciscope.record.models.patient import Patient
from calciscope.record.models.site import Site


class VisitEventKind(models.TextChoices):
    """What happens to a visit as a whole."""

    OPENED = "opened"
    SIGNED = "signed"
    CANCELLED = "cancelled"


class Visit(AppendOnly):
    """A visit. Its date, kind and reason are the entry `visit_details`, so that they can be corrected."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visits")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.id)


class VisitEvent(AppendOnly):
    """One step in a visit's life; two who sign at once meet at the unique step."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="events")
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=VisitEventKind.choices)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "step"], name="record_visit_step_once")]

    def __str__(self) -> str:
        return str(self.pk)
