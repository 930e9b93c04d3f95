"""Keep what is typed and not yet saved, so that a lost connection loses no word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.draft import Draft
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Conflict, Invalid, Problem, Version
from calciscope.record.scope import PatientScope

LARGEST_BYTES = 200_000  # judgement: ten deposits and a long note are some 20 kB
LONGEST_NAME = 80


@action(permission=Permission.RECORD)
def keep_draft(
    *, by: Actor, patient: UUID, form: str, data: Mapping[str, Any], revision: int, visit: UUID | None = None
) -> int:
    """Keep one's own unsaved text of one form; returns its new revision. A second tab meets the first as a Conflict."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    held = scope.visit(found, visit) if visit else None
    if len(json.dumps(data)) > LARGEST_BYTES or not 0 < len(form) <= LONGEST_NAME:
        raise Invalid([Problem(field=form[:LONGEST_NAME], message="This is too long to be kept; save it in parts.")])
    own = Draft.unscoped.filter(user_id=by.user_id, patient=found, visit=held, form=form)
    kept = own.first()
    if kept is not None and kept.revision != revision:
        raise _conflict(kept, data)
    if kept is None:
        Draft.unscoped.create(
            user_id=by.user_id, patient=found, visit=held, form=form, data=dict(data), saved_at=timezone.now()
        )
    else:
        own.update(data=dict(data), revision=revision + 1, saved_at=timezone.now())
    audit.mention(patient_id=found.pk, form=form)
    return 1 if kept is None else revision + 1


@action(permission=Permission.RECORD)
def drop_draft(*, by: Actor, patient: UUID, form: str, visit: UUID | None = None) -> None:
    """Throw one's own draft of a form away, as after saving it."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    held = scope.visit(found, visit) if visit else None
    Draft.unscoped.filter(user_id=by.user_id, patient=found, visit=held, form=form).delete()
    audit.mention(patient_id=found.pk, form=form)


def _conflict(kept: Draft, mine: Mapping[str, Any]) -> Conflict:
    theirs = Version(
        version=kept.revision, data=kept.data, status="draft", by="you, in another window", at=kept.saved_at.isoformat()
    )
    return Conflict(uid=UUID(int=kept.pk), noun=kept.form, theirs=theirs, mine=mine)
