"""Who cares for whom: the only way by which a patient becomes visible, but for breaking the glass."""

from __future__ import annotations

from django.db import models

from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient


class CareTeamMember(models.Model):
    """One member of one patient's team, from a day until it ends."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="team")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="cares_for")
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    unscoped = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "membership"],
                condition=models.Q(ended_at__isnull=True),
                name="record_once_in_a_team",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
