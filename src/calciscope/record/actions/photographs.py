"""Keep a photograph: cleaned, written to its private place, and recorded at a visit in one step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from calciscope.record import audit
from calciscope.record.actions.entries import Saying, amend_entries, record_entries
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.photographs import files
from calciscope.record.photographs.cleaning import cleaned
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scope import PatientScope
from calciscope.terms.errors import Refused

NOUN = "photograph"
ANY_NAME = "0" * 64  # stands for the name that the file is given once all the rest holds


@action(permission=Permission.RECORD)
def add_photograph(
    *, by: Actor, patient: UUID, visit: UUID, picture: bytes, said: Mapping[str, Any], reason: str = ""
) -> UUID:
    """Record a photograph at a visit; with a reason, at a signed one. Returns its key; raises Invalid at the field."""
    found = PatientScope.of(by).patient(patient)
    PatientScope.of(by).visit(found, visit)
    noun(NOUN).validated({**said, "file": ANY_NAME})
    try:
        clean = cleaned(picture)
    except Refused as refused:
        raise Invalid([Problem(field="picture", message=str(refused))]) from None
    with files.keeping(found.pk) as keep:
        data = {**said, "file": keep(clean.jpeg), "width_px": clean.width_px, "height_px": clean.height_px}
        saying = Saying(noun=NOUN, data=data, uid=uuid4())
        if reason:
            (uid,) = amend_entries(by=by, patient=patient, visit=visit, sayings=[saying], reason=reason)
        else:
            (uid,) = record_entries(by=by, patient=patient, visit=visit, sayings=[saying])
    audit.mention(patient_id=found.pk, photograph=uid, bytes=len(clean.jpeg))
    return uid
