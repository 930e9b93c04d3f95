"""Patients whom a reading plan can be drawn for: those in one's care with a measured scan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.banner import Banner, banners_of
from calciscope.record.guarded import query
from calciscope.record.models.entry import Status
from calciscope.record.permissions import Permission
from calciscope.record.scope import PatientScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A patient and how many scans can be read."""

    banner: Banner
    scans: int


@query(permission=Permission.RUN_TRIAL)
def patients_with_scans(*, by: Actor) -> tuple[Readable, ...]:
    """By name."""
    scope = PatientScope.of(by)
    rows = scope.current_entries().exclude(status=Status.ENTERED_IN_ERROR).filter(noun="imaging_measurement")
    found = rows.filter(data__outcome="measured", effective_on__isnull=False).values_list("patient_id", flat=True)
    scans = Counter(found)
    patients = scope.patients().filter(pk__in=scans).order_by("identity__family_name", "identity__given_name", "pk")
    audit.mention(count=len(scans))
    return tuple(Readable(banner=one, scans=scans[one.id]) for one in banners_of(patients))
