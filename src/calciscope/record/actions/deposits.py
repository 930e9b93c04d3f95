"""Give deposits their identity, and confirm those that have not changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from calciscope.record import audit, policies
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry, Status
from calciscope.record.models.visit import Visit
from calciscope.record.noun import noun
from calciscope.record.numbering import next_number
from calciscope.record.permissions import Permission
from calciscope.record.references import references_hold
from calciscope.record.scope import PatientScope
from calciscope.terms.errors import Refused

FINDING, EVENT = "deposit_finding", "deposit_event"


@action(permission=Permission.RECORD)
def record_new_deposit(
    *, by: Actor, patient: UUID, visit: UUID, finding: Mapping[str, Any], event: Mapping[str, Any]
) -> UUID:
    """Give a deposit the patient's next number, with its first finding and event; returns its key."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    held = scope.visit(found, visit)
    policies.visit_is_open(held)
    said = {FINDING: noun(FINDING).validated(finding), EVENT: noun(EVENT).validated(event)}
    for name, data in said.items():
        references_hold(scope, found, noun(name), data)
    identity = contribute(by=by, action="record_new_deposit", patient=found, visit=held)
    deposit = Deposit(patient=found, number=next_number(found), contribution=identity)
    deposit.save()
    writings = [_writing(scope, name, data, held, deposit) for name, data in said.items()]
    contribute(by=by, action="record_new_deposit", patient=found, visit=held, writings=writings)
    audit.mention(deposit=deposit.pk)
    return deposit.pk


@action(permission=Permission.RECORD)
def confirm_unchanged(*, by: Actor, patient: UUID, visit: UUID, deposits: Sequence[UUID]) -> tuple[UUID, ...]:
    """Record for each deposit that its last finding still holds; the new finding says which it was taken from."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    held = scope.visit(found, visit)
    policies.visit_is_open(held)
    writings = []
    for deposit in [scope.deposit(found, key) for key in dict.fromkeys(deposits)]:
        last = _last_finding(scope, deposit, held)
        data = dict(last.data) | {"unchanged": True, "unchanged_from": str(last.uid)}
        writings.append(_writing(scope, FINDING, noun(FINDING).validated(data), held, deposit))
    contribute(by=by, action="confirm_unchanged", patient=found, visit=held, writings=writings)
    return tuple(writing.uid for writing in writings)


def _last_finding(scope: PatientScope, deposit: Deposit, visit: Visit) -> Entry:
    standing = (
        scope.current_entries(deposit.patient)
        .filter(deposit=deposit, noun=FINDING)
        .exclude(status=Status.ENTERED_IN_ERROR)
    )
    if standing.filter(visit=visit).exists():
        raise Refused(f"{deposit.label} has a finding at this visit already; change that one.")
    last = standing.order_by("-contribution__at", "-pk").first()
    if last is None:
        raise Refused(f"{deposit.label} has no finding that could be unchanged; record one.")
    return last


def _writing(scope: PatientScope, name: str, data: Mapping[str, Any], visit: Visit, deposit: Deposit) -> Writing:
    held_on = noun(name).effective_on(data) or scope.held_on(visit)
    return Writing(noun=name, data=data, visit=visit, deposit=deposit, effective_on=held_on)
