"""What a list of laboratory results is compared with: numbers in one's care, and results that are there already."""

from __future__ import annotations

from dataclasses import dataclass

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.entry import Status
from calciscope.record.models.identity import HospitalNumber
from calciscope.record.permissions import Permission
from calciscope.record.scope import PatientScope


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsThere:
    """Numbers of one's own patients at the site, and (number, test, day) of each result they have."""

    patients: frozenset[str]
    present: frozenset[tuple[str, str, str]]


@query(permission=Permission.RECORD)
def results_there(*, by: Actor) -> ResultsThere:
    """For the preview of a list of results."""
    scope = PatientScope.of(by)
    own = HospitalNumber.unscoped.filter(site_id=by.site_id, patient__in=scope.patients())
    numbers = {patient: value for value, patient in own.values_list("value", "patient_id")}
    rows = scope.current_entries().filter(noun="laboratory_result").exclude(status=Status.ENTERED_IN_ERROR)
    present = frozenset(
        (numbers[patient], str(data["test"]), str(data["sampled_on"]))
        for patient, data in rows.values_list("patient_id", "data")
        if patient in numbers
    )
    audit.mention(count=len(numbers))
    return ResultsThere(patients=frozenset(numbers.values()), present=present)
