"""Record, amend and take back clinical facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from calciscope.record import policies
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.entry import Status
from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import Visit, VisitEventKind
from calciscope.record.noun import Noun, Of, noun
from calciscope.record.of_age import check_age
from calciscope.record.permissions import Permission, require
from calciscope.record.references import references_hold
from calciscope.record.scope import PatientScope
from calciscope.terms.errors import NotAllowed, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A fact as a form gives it. ``based_on`` is the version that the form showed, 0 for a new fact (``uid`` its own)."""

    noun: str
    data: Mapping[str, Any]
    uid: UUID = field(default_factory=uuid4)
    based_on: int = 0
    deposit: UUID | None = None
    effective_on: date | None = None


@action(permission=Permission.RECORD)
def record_entries(
    *, by: Actor, patient: UUID, sayings: Sequence[Saying], visit: UUID | None = None
) -> tuple[UUID, ...]:
    """Write new facts or new versions, all or nothing; returns their uids. A signed visit refuses."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    held = scope.visit(found, visit) if visit else None
    if held:
        policies.visit_is_open(held)
    writings = [_writing(by, scope, found, held, saying) for saying in sayings]
    contribute(by=by, action="record_entries", patient=found, visit=held, writings=writings)
    return tuple(writing.uid for writing in writings)


@action(permission=Permission.AMEND)
def amend_entries(*, by: Actor, patient: UUID, visit: UUID, sayings: Sequence[Saying], reason: str) -> tuple[UUID, ...]:
    """Add to or change a signed visit, saying why; the signed versions stay readable."""
    scope = PatientScope.of(by)
    text = policies.reason_is_given(reason)
    found = scope.patient(patient, for_update=True)
    held = scope.visit(found, visit)
    policies.visit_is_signed(held)
    writings = [
        replace(_writing(by, scope, found, held, saying), status=Status.AMENDED, reason=text) for saying in sayings
    ]
    contribute(by=by, action="amend_entries", patient=found, visit=held, writings=writings, reason=text)
    return tuple(writing.uid for writing in writings)


@action(permission=Permission.RECORD)
def take_back_entry(*, by: Actor, patient: UUID, uid: UUID, based_on: int, reason: str) -> UUID:
    """Mark a fact as entered in error, as a new version with the same words; nothing is deleted."""
    scope = PatientScope.of(by)
    text = policies.reason_is_given(reason)
    found = scope.patient(patient, for_update=True)
    row = scope.entry(found, uid)
    require(by.role, noun(row.noun).written_by)
    if not noun(row.noun).taken_back:
        raise Refused("What somebody said or did with a plan is not taken back; say or do something else after it.")
    if row.visit and policies.last_event(row.visit).kind == VisitEventKind.SIGNED:
        require(by.role, Permission.AMEND)
    writing = Writing(
        noun=row.noun,
        data=row.data,
        uid=uid,
        based_on=based_on,
        visit=row.visit,
        deposit=row.deposit,
        effective_on=row.effective_on,
        status=Status.ENTERED_IN_ERROR,
        reason=text,
    )
    contribute(by=by, action="take_back_entry", patient=found, visit=row.visit, writings=[writing], reason=text)
    return uid


def _writing(by: Actor, scope: PatientScope, patient: Patient, visit: Visit | None, saying: Saying) -> Writing:
    kind = noun(saying.noun)
    require(by.role, kind.written_by)
    if kind.own_action:
        raise NotAllowed(f"{kind.title} is written by its own screen alone.")
    if kind.of is not Of.PATIENT and visit is None:
        raise Refused(f"{kind.title} belongs to a visit; open one first.")
    if kind.of is Of.DEPOSIT and saying.deposit is None:
        raise Refused(f"{kind.title} belongs to a deposit; say which.")
    deposit = scope.deposit(patient, saying.deposit) if saying.deposit and kind.of is Of.DEPOSIT else None
    data = kind.validated(saying.data)
    references_hold(scope, patient, kind, data)
    check_age(patient, kind, data)
    return Writing(
        noun=kind.name,
        data=data,
        uid=_uid(patient, visit, kind, saying),
        based_on=saying.based_on,
        visit=visit,
        deposit=deposit,
        effective_on=saying.effective_on or kind.effective_on(data) or scope.held_on(visit),
    )


def _uid(patient: Patient, visit: Visit | None, kind: Noun, saying: Saying) -> UUID:
    """Of some nouns there is one a patient or visit: two who begin it at once meet in the same uid, and see the conflict."""
    if not kind.once:
        return saying.uid
    return uuid5(visit.pk if visit and kind.of is Of.VISIT else patient.pk, kind.name)
