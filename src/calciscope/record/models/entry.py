"""One version of one clinical fact."""

from __future__ import annotations

import uuid

from django.db import models

from calciscope.record.append_only import AppendOnly
from calciscope.record.models.contribution import Contribution
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import Visit


class Status(models.TextChoices):
    """What a version is worth. What is typed but not yet saved lies in Draft, not here."""

    FINAL = "final"
    AMENDED = "amended"
    ENTERED_IN_ERROR = "entered_in_error"


class Entry(AppendOnly):
    """A fact. Its newest version holds; version n+1 is written only by who has seen version n."""

    uid = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveIntegerField(default=1)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="entries")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="entries")
    deposit = models.ForeignKey(Deposit, null=True, on_delete=models.PROTECT, related_name="entries")
    noun = models.CharField(max_length=40)
    effective_on = models.DateField(null=True)
    data = models.JSONField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.FINAL)
    reason = models.TextField(blank=True)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["uid", "version"], name="record_entry_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="record_entry_version_from_one"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="record_entry_status_known"),
        ]
        indexes = [models.Index(fields=["patient", "noun", "effective_on"], name="record_entry_of_patient")]

    def __str__(self) -> str:
        return f"{self.uid} version {self.version}"
