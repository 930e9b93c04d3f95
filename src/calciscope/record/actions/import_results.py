"""Write the laboratory results that were taken in a preview, all or none."""

from __future__ import annotations

from collections.abc import Sequence

from calciscope.record import audit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.identity import HospitalNumber
from calciscope.record.permissions import Permission
from calciscope.record.result_list.preview import NOUN, TakenResult
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed


@action(permission=Permission.RECORD)
def import_results(*, by: Actor, rows: Sequence[TakenResult]) -> int:
    """Record every result for its patient, one contribution a patient; returns how many. The patients must be in one's care."""
    own = HospitalNumber.unscoped.filter(site_id=by.site_id, patient__in=PatientScope.of(by).patients())
    keys = dict(own.filter(value__in={row.hospital_number for row in rows}).values_list("value", "patient_id"))
    by_number: dict[str, list[Saying]] = {}
    for row in rows:
        by_number.setdefault(row.hospital_number, []).append(Saying(noun=NOUN, data=row.data))
    for number, sayings in by_number.items():
        if number not in keys:
            raise NotAllowed(NOT_FOUND)
        record_entries(by=by, patient=keys[number], sayings=sayings)
    audit.mention(count=len(rows), patients=len(by_number))
    return len(rows)
