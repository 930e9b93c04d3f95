"""Open, sign and cancel visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from calciscope.record import audit, policies
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.contribution import Contribution
from calciscope.record.models.visit import Visit, VisitEvent, VisitEventKind
from calciscope.record.noun import noun
from calciscope.record.permissions import Permission
from calciscope.record.scope import PatientScope

DETAILS = "visit_details"


@action(permission=Permission.RECORD)
def open_visit(*, by: Actor, patient: UUID, details: Mapping[str, Any]) -> UUID:
    """Open a visit with its date, kind and reason (noun ``visit_details``); returns its key."""
    found = PatientScope.of(by).patient(patient, for_update=True)
    kind = noun(DETAILS)
    data = kind.validated(details)
    visit = Visit(patient=found, site_id=by.site_id)
    visit.save()
    writing = Writing(
        noun=DETAILS, data=data, uid=uuid5(visit.pk, DETAILS), visit=visit, effective_on=kind.effective_on(data)
    )
    contribution = contribute(by=by, action="open_visit", patient=found, visit=visit, writings=[writing])
    _step(visit, 1, VisitEventKind.OPENED, contribution)
    audit.mention(visit=visit.pk)
    return visit.pk


@action(permission=Permission.SIGN)
def sign_visit(*, by: Actor, patient: UUID, visit: UUID) -> None:
    """Sign and lock a visit. What is missing does not stop it: the completeness shown before signing is the signer's to judge."""
    _close(by=by, patient=patient, visit=visit, kind=VisitEventKind.SIGNED)


@action(permission=Permission.SIGN)
def cancel_visit(*, by: Actor, patient: UUID, visit: UUID, reason: str) -> None:
    """Close a visit that did not take place, saying why; what was recorded stays readable."""
    text = policies.reason_is_given(reason)
    _close(by=by, patient=patient, visit=visit, kind=VisitEventKind.CANCELLED, reason=text)


def _close(*, by: Actor, patient: UUID, visit: UUID, kind: VisitEventKind, reason: str = "") -> None:
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    held = scope.visit(found, visit)
    last = policies.visit_is_open(held)
    name = {VisitEventKind.SIGNED: "sign_visit", VisitEventKind.CANCELLED: "cancel_visit"}[kind]
    contribution = contribute(by=by, action=name, patient=found, visit=held, reason=reason)
    _step(held, last.step + 1, kind, contribution)
    audit.mention(visit=held.pk)


def _step(visit: Visit, step: int, kind: VisitEventKind, contribution: Contribution) -> None:
    VisitEvent(visit=visit, step=step, kind=kind, contribution=contribution).save()
