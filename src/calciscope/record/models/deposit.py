"""A deposit's identity: D01, D02... of one patient, for life."""

from __future__ import annotations

import uuid

from django.db import models

from calciscope.record.append_only import AppendOnly
from calciscope.record.models.contribution import Contribution
from calciscope.record.models.patient import Patient


class Deposit(AppendOnly):
    """A deposit that is followed. Where it lies and how it does are entries; a number is never given twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="deposits")
    number = models.PositiveIntegerField()
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "number"], name="record_deposit_number_once")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def label(self) -> str:
        """D01, D02..."""
        return f"D{self.number:02d}"
