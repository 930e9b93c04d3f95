"""A scan on its way into the record: received, looked at, measured, or refused. What was measured are entries."""

from __future__ import annotations

import uuid

from django.db import models

from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient
from calciscope.record.models.site import Site


class ScanState(models.TextChoices):
    """Where a scan stands."""

    RECEIVING = "receiving"
    ASKED = "asked"  # a person has to say whose it is
    WAITING = "waiting"
    MEASURING = "measuring"
    MEASURED = "measured"
    REFUSED = "refused"  # the images cannot be measured
    FAILED = "failed"  # our own fault, or broken off too often
    DISCARDED = "discarded"


class Scan(models.Model):
    """A scan. It is work, not a fact: a worker moves it on, and it holds nothing that tells who the patient is.

    ``patient`` is empty while it is not known whose an old study is. ``sizes`` are the bytes of each file to come, ``said``
    is what a person said of the study, ``asked`` what a person has to answer, ``worker`` who measures or compares it now,
    ``compared`` is False while a measured scan is still to be held against the one before it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=1000, blank=True)  # a folder of the server; empty for an upload
    sizes = models.JSONField(default=list)
    said = models.JSONField(default=dict)
    asked = models.JSONField(default=list)
    old = models.BooleanField(default=False)  # one of a folder of old studies: measured when nothing else waits
    state = models.CharField(max_length=12, choices=ScanState.choices, default=ScanState.RECEIVING)
    step = models.CharField(max_length=80, blank=True)
    fraction = models.FloatField(default=0.0)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    beat_at = models.DateTimeField(null=True)
    message = models.CharField(max_length=1000, blank=True)
    measurement = models.UUIDField(null=True)
    compared = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    unscoped = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="record_scan_waiting")]

    def __str__(self) -> str:
        return str(self.pk)
