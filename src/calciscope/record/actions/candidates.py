"""A clinician's word on what was found on a scan: it is a deposit of the map, a new one, something else, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from calciscope.record import audit, policies
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry, Status
from calciscope.record.models.patient import Patient
from calciscope.record.noun import noun
from calciscope.record.numbering import next_number
from calciscope.record.permissions import Permission
from calciscope.record.references import references_hold
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans.reading import decision_key
from calciscope.record.scope import PatientScope
from calciscope.record.vocabulary import UNPAIRED
from calciscope.terms.errors import Refused

DECISION, MEASUREMENT, FINDING, EVENT = "candidate_decision", "imaging_measurement", "deposit_finding", "deposit_event"
ACCEPT, RELABEL, REJECT = "accept", "relabel", "reject"
LEAST_MM = 0.1  # the smallest length that a finding takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """On one candidate. ``new``: it becomes a deposit of its own; ``based_on`` is the version of the decision that was seen."""

    candidate: int
    decision: str
    kind: str = ""
    deposit: UUID | None = None
    new: bool = False
    reason: str = ""
    based_on: int = 0


@action(permission=Permission.DECIDE_IMAGING)
def decide_candidates(
    *, by: Actor, patient: UUID, measurement: UUID, decisions: Sequence[Decision]
) -> tuple[UUID | None, ...]:
    """Record decisions, all or none; returns the deposit that each candidate is linked to, if any."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    measured = _measured(scope, found, measurement)
    on = _day(scope, found, measured)
    writings: list[Writing] = []
    linked: list[UUID | None] = []
    for one in decisions:
        candidate = _candidate(measured, one.candidate)
        deposit = _new_deposit(by, found) if one.new and one.decision != REJECT else None
        key = deposit.pk if deposit else one.deposit
        data = _said(one, measurement, key)
        references_hold(scope, found, noun(DECISION), data)
        uid = decision_key(measurement, one.candidate)
        writings.append(Writing(noun=DECISION, data=data, uid=uid, based_on=one.based_on, effective_on=on))
        if deposit:
            writings += _first_words(candidate, deposit, on)
        linked.append(key)
    contribute(by=by, action="decide_candidates", patient=found, writings=writings)
    audit.mention(measurement=measurement, count=len(decisions))
    return tuple(linked)


@action(permission=Permission.DECIDE_IMAGING)
def undo_decision(*, by: Actor, patient: UUID, measurement: UUID, candidate: int, based_on: int, reason: str) -> None:
    """Take a decision back; a deposit that it had made goes with it, unless more was recorded of it since."""
    text = policies.reason_is_given(reason)
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    row = scope.entry(found, decision_key(measurement, candidate))
    if row.status == Status.ENTERED_IN_ERROR:
        raise Refused("This decision was taken back already.")
    writings = [_taken_back(row, text, based_on)]
    deposit = row.data.get("linked_deposit")
    of_deposit = (
        scope.current_entries(found).exclude(status=Status.ENTERED_IN_ERROR).filter(deposit=deposit) if deposit else ()
    )
    with_it = [entry for entry in of_deposit if entry.contribution_id == row.contribution_id]
    if with_it and len(with_it) == len(of_deposit):
        writings += [_taken_back(entry, text, entry.version) for entry in with_it]
    contribute(by=by, action="undo_decision", patient=found, writings=writings, reason=text)
    audit.mention(measurement=measurement)


def _measured(scope: PatientScope, patient: Patient, key: UUID) -> Entry:
    row = scope.entry(patient, key, noun=MEASUREMENT)
    if row.status == Status.ENTERED_IN_ERROR:
        raise Refused("This measurement was taken back; nothing is decided on it.")
    return row


def _day(scope: PatientScope, patient: Patient, measured: Entry) -> date:
    """The day of the scan."""
    study = scope.entry(patient, UUID(str(measured.data["study"])))
    if study.effective_on is None:
        raise Refused("The study has no date; correct that first.")
    return study.effective_on


def _candidate(measured: Entry, number: int) -> Mapping[str, Any]:
    for one in measured.data.get("candidates", ()):
        if one["deposit_id"] == number:
            return dict(one)
    raise Invalid([Problem(field="candidate", message="There is no such candidate on this scan.")])


def _said(one: Decision, measurement: UUID, deposit: UUID | None) -> dict[str, Any]:
    data: dict[str, Any] = {"measurement": str(measurement), "candidate": one.candidate, "decision": one.decision}
    if one.kind and one.decision == RELABEL:
        data["kind"] = one.kind
    if deposit:
        data["linked_deposit"] = str(deposit)
    if one.reason.strip():
        data["reason"] = one.reason.strip()
    return noun(DECISION).validated(data)


def _new_deposit(by: Actor, patient: Patient) -> Deposit:
    identity = contribute(by=by, action="decide_candidates", patient=patient)
    deposit = Deposit(patient=patient, number=next_number(patient), contribution=identity)
    deposit.save()
    return deposit


def _first_words(candidate: Mapping[str, Any], deposit: Deposit, on: date) -> list[Writing]:
    """The finding and event with which a deposit begins that was seen on a scan first."""
    region, side = str(candidate["region"]), str(candidate["side"])
    finding: dict[str, Any] = {
        "region": region,
        "side": "unknown" if side == "midline" and region not in UNPAIRED else side,
        "layer": candidate["layer"],
        "form": candidate["shape"],
    }
    longest = candidate.get("longest_diameter_mm")
    if isinstance(longest, int | float) and longest >= LEAST_MM:
        finding |= {"longest_mm": round(float(longest), 1), "size_method": "ct"}
    event = {"event": "present", "on": on.isoformat(), "basis": "imaging"}
    return [
        Writing(noun=name, data=noun(name).validated(data), deposit=deposit, effective_on=on)
        for name, data in ((FINDING, finding), (EVENT, event))
    ]


def _taken_back(row: Entry, reason: str, based_on: int) -> Writing:
    return Writing(
        noun=row.noun,
        data=row.data,
        uid=row.uid,
        based_on=based_on,
        visit=row.visit,
        deposit=row.deposit,
        effective_on=row.effective_on,
        status=Status.ENTERED_IN_ERROR,
        reason=reason,
    )
