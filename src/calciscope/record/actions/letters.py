"""Issue a letter: its document is kept, and that it was issued is recorded, in one step."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid5

from calciscope.record import audit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.letters import files
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict
from calciscope.record.scope import PatientScope

NOUN = "letter"


@action(permission=Permission.RECORD)
def keep_letter(*, by: Actor, patient: UUID, pdf: bytes, said: Mapping[str, Any]) -> UUID:
    """Keep the document and record what it is; returns the letter's key. To whom it is addressed is in the document alone.

    The same document for the same reader on the same day, such as from a button pressed twice, is one letter.
    """
    found = PatientScope.of(by).patient(patient)
    sha256 = files.sha256_of(pdf)
    uid = uuid5(found.pk, f"letter {sha256} {said['sent_to']} {said['issued_on']} {by.user_id}")
    with suppress(Conflict), files.keeping(found.pk) as keep:
        data = {**said, "file": keep(pdf), "sha256": sha256}
        record_entries(by=by, patient=patient, sayings=[Saying(noun=NOUN, data=data, uid=uid)])
    audit.mention(patient_id=found.pk, letter=uid, kind_of_letter=str(said["kind"]), bytes=len(pdf))
    return uid
