"""The next deposit's number of a patient. Numbers are never given twice, since deposits are never deleted."""

from __future__ import annotations

from django.db.models import Max

from calciscope.record.models.deposit import Deposit
from calciscope.record.models.patient import Patient


def next_number(patient: Patient) -> int:
    """One more than the highest so far; to be asked while the patient is locked for writing."""
    highest = Deposit.unscoped.filter(patient=patient).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1
