"""A trial's reading plan and the readings that it asks for. What was read is the entry `reading` of the patient."""

from __future__ import annotations

import uuid

from django.db import models

from calciscope.record.append_only import AppendOnly
from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient
from calciscope.record.models.site import Site


class ReadingPlan(AppendOnly):
    """Laid down before the first reading and never changed, save by amendments that stand beside it.

    ``rules`` are those of `trials.plan`, the seed among them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    study = models.CharField(max_length=20)  # as SDTM names it
    title = models.CharField(max_length=200)
    rules = models.JSONField()
    adjudicator = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    drawn_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "study"], name="record_reading_plan_once")]

    def __str__(self) -> str:
        return str(self.pk)


class ReadingKind(models.TextChoices):
    """Why a scan is read."""

    FIRST = "first"
    REPEAT = "repeat"
    ADJUDICATION = "adjudication"


class ReadingItem(AppendOnly):
    """One scan to be read by one reader under a label that tells nothing. ``because`` is why a third reader is asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ReadingPlan, on_delete=models.PROTECT, related_name="items")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=20)
    measurement = models.UUIDField()
    visit_number = models.PositiveSmallIntegerField()
    reader = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ReadingKind.choices)
    label = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    because = models.JSONField(default=list)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "label"], name="record_reading_label_once"),
            models.UniqueConstraint(
                fields=["plan", "reader", "measurement", "kind"], name="record_reading_asked_for_once"
            ),
        ]
        indexes = [models.Index(fields=["reader", "position"], name="record_reading_worklist")]

    def __str__(self) -> str:
        return str(self.pk)


class ReadingPair(AppendOnly):
    """Two scans of one subject that a reader reads side by side. Which of them is the earlier stands in the two items alone.

    ``first`` is shown as A and ``second`` as B, as it was drawn from the plan's seed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ReadingPlan, on_delete=models.PROTECT, related_name="pairs")
    first = models.OneToOneField(ReadingItem, on_delete=models.PROTECT, related_name="pair_as_first")
    second = models.OneToOneField(ReadingItem, on_delete=models.PROTECT, related_name="pair_as_second")
    label = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "label"], name="record_reading_pair_label_once")]

    def __str__(self) -> str:
        return str(self.pk)


class AmendmentKind(models.TextChoices):
    """What an amendment changes."""

    RULES = "rules"
    SCANS = "scans"


class PlanAmendment(AppendOnly):
    """A change of a plan: appended with its reason, who and when; the plan as it was drawn stays beside it.

    ``said`` is rule -> [before, after], or what was drawn in addition.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ReadingPlan, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=AmendmentKind.choices)
    said = models.JSONField()
    reason = models.TextField()
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="record_amendment_number_once")]

    def __str__(self) -> str:
        return str(self.pk)
