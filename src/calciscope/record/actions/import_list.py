"""Write the rows of a list that were taken in its preview, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.patients import register_patient
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.patient_list.preview import TakenRow
from calciscope.record.permissions import Permission


@action(permission=Permission.REGISTER_PATIENT)
def import_patients(*, by: Actor, rows: Sequence[TakenRow], synthetic: bool = False) -> tuple[UUID, ...]:
    """Register every row with its facts, the actor as the first of each team; returns the patients' keys."""
    keys = []
    for row in rows:
        key = register_patient(by=by, person=row.person, synthetic=synthetic)
        if row.facts:
            sayings = [Saying(noun=name, data=data) for name, data in row.facts]
            record_entries(by=by, patient=key, sayings=sayings)
        keys.append(key)
    audit.mention(count=len(keys))
    return tuple(keys)
