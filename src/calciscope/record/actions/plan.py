"""Sign a plan or dissent, and take it from step to step. Each is of one version; nothing is changed behind a signature."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4, uuid5

from calciscope.record import audit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.fact import facts_of
from calciscope.record.guarded import action
from calciscope.record.permissions import Permission
from calciscope.record.plans.standing import (
    DRAFT,
    ENDED,
    IN_FORCE,
    PLAN,
    PRESENTED,
    SIGNATURE,
    STEP,
    PlanStanding,
    lacks,
    plan_standing,
)
from calciscope.record.scope import PatientScope
from calciscope.terms.errors import Refused


@action(permission=Permission.RECORD)
def sign_plan(*, by: Actor, patient: UUID, version: int, answer: str, words: str = "") -> UUID:
    """Sign this version, or dissent from it in words; a second word of the same person follows the first."""
    standing = _standing(by, patient, version)
    if standing.state == DRAFT:
        raise Refused("The plan is signed once it has been presented to the team.")
    if standing.state == ENDED:
        raise Refused("This plan has ended.")
    uid = uuid5(standing.plan.uid, f"signature {version} {by.user_id}")
    before = next((fact.version for fact in standing.signatures if fact.uid == uid), 0)
    data = {"plan_version": version, "answer": answer, "signed_on": date.today().isoformat()}
    data |= {"words": words.strip()} if words.strip() else {}
    record_entries(by=by, patient=patient, sayings=[Saying(noun=SIGNATURE, data=data, uid=uid, based_on=before)])
    audit.mention(patient_id=patient, plan_version=version, answer=answer)
    return uid


@action(permission=Permission.RECORD)
def present_plan(*, by: Actor, patient: UUID, version: int) -> None:
    """Present this version to the team, so that each role can sign it or dissent."""
    standing = _standing(by, patient, version)
    if standing.state != DRAFT:
        raise Refused("This version has been presented already.")
    _step(by, patient, version, PRESENTED)


@action(permission=Permission.SIGN)
def put_plan_in_force(*, by: Actor, patient: UUID, version: int) -> None:
    """Put this version in force; refused while it lacks a signature or a consent. Dissent stands beside it and stops nothing."""
    standing = _standing(by, patient, version)
    missing = lacks(standing)
    if missing:
        raise Refused(" ".join(missing))
    if standing.state != PRESENTED:
        raise Refused("This version is not waiting to be put in force.")
    _step(by, patient, version, IN_FORCE)


@action(permission=Permission.SIGN)
def end_plan(*, by: Actor, patient: UUID, version: int, reason: str) -> None:
    """End the plan, saying why; it stays readable, and a new version begins a new one."""
    standing = _standing(by, patient, version)
    if standing.state == ENDED:
        raise Refused("This plan has ended already.")
    _step(by, patient, version, ENDED, reason=reason.strip())


def _standing(by: Actor, patient: UUID, version: int) -> PlanStanding:
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    rows = scope.current_entries(found).filter(noun__in=(PLAN, SIGNATURE, STEP)).order_by("pk")
    standing = plan_standing(facts_of(rows))
    if standing is None:
        raise Refused("No plan has been written yet.")
    if standing.plan.version != version:
        raise Refused("The plan was changed since you opened it; look at it again first.")
    return standing


def _step(by: Actor, patient: UUID, version: int, step: str, *, reason: str = "") -> None:
    data = {"plan_version": version, "step": step, "on": date.today().isoformat()}
    data |= {"reason": reason} if reason else {}
    record_entries(by=by, patient=patient, sayings=[Saying(noun=STEP, data=data, uid=uuid4())])
    audit.mention(patient_id=patient, plan_version=version, step=step)
