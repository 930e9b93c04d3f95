"""Load invented patients into the record, many at a time. Only where the settings say that this is a demonstration."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import connection, transaction

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.canonical import digest
from calciscope.record.demonstration.chance import key, stream
from calciscope.record.demonstration.patients import MadePatient
from calciscope.record.demonstration.rows import Rows
from calciscope.record.demonstration.seen import Said
from calciscope.record.ledger import content_of, software
from calciscope.record.models.care_team import CareTeamMember
from calciscope.record.models.contribution import Contribution
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry
from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import Visit, VisitEvent, VisitEventKind
from calciscope.record.noun import Of, noun
from calciscope.terms.errors import NotAllowed

ACTION = "load_demonstration"
PATIENTS_AT_ONCE = 50
OPENS_AT = time(9, 0)


def load_patients(
    made: Iterable[MadePatient],
    *,
    seed: int,
    by: Actor,
    team: Iterable[UUID] = (),
    said: Callable[[int], None] = lambda _: None,
) -> list[UUID]:
    """Write them with the actor as the doctor and ``team`` as further memberships; returns the patients' keys."""
    if not getattr(settings, "DEMONSTRATION", False):
        raise NotAllowed("Invented patients are loaded into a demonstration only, never among real ones.")
    members = tuple(dict.fromkeys([by.membership_id, *team]))
    keys: list[UUID] = []
    rows = Rows()
    for patient in made:
        keys.append(_add(rows, patient, seed=seed, by=by, members=members))
        if len(rows.patients) >= PATIENTS_AT_ONCE:
            rows = _write(rows, by)
            said(len(keys))
    _write(rows, by)
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")  # else the planner knows of no rows: five times slower pages (measured)
    said(len(keys))
    return keys


def _write(rows: Rows, by: Actor) -> Rows:
    with transaction.atomic():
        rows.insert()
        told = audit.Trail(detail={"patients": len(rows.patients), "entries": len(rows.entries), "synthetic": True})
        audit.append(by=by, kind="write", name=ACTION, outcome="done", told=told)
    return Rows()


def _add(rows: Rows, made: MadePatient, *, seed: int, by: Actor, members: tuple[UUID, ...]) -> UUID:
    subject = made.subject
    rng = stream(seed, subject.number, "keys")
    patient = Patient(pk=key(rng), site_id=by.site_id, synthetic=True)
    rows.patients.append(patient)
    rows.identities.append(
        Identity(
            patient=patient,
            family_name=subject.family_name,
            given_name=subject.given_name,
            born_on=subject.born_on,
        )
    )
    rows.numbers.append(HospitalNumber(patient=patient, site_id=by.site_id, value=f"DEMO-{seed}-{subject.number:05d}"))
    rows.team += [CareTeamMember(patient=patient, membership_id=member) for member in members]
    begun = datetime.combine(subject.treated_on, OPENS_AT, UTC)
    _contribute(rows, patient, None, made.facts, {}, by, begun)
    deposits: dict[int, Deposit] = {}
    for visit in made.visits:
        at = datetime.combine(visit.held_on, OPENS_AT, UTC)
        held = Visit(pk=key(rng), patient=patient, site_id=by.site_id)
        rows.visits.append(held)
        details = Said(noun="visit_details", data={"held_on": visit.held_on.isoformat(), "kind": visit.kind})
        opened = _contribute(rows, patient, held, [details, *visit.facts], deposits, by, at)
        rows.events.append(VisitEvent(visit=held, step=1, kind=VisitEventKind.OPENED, contribution=opened))
        signed = _contribute(rows, patient, held, [], deposits, by, at + timedelta(minutes=30))
        rows.events.append(VisitEvent(visit=held, step=2, kind=VisitEventKind.SIGNED, contribution=signed))
    return patient.pk


def _contribute(
    rows: Rows,
    patient: Patient,
    visit: Visit | None,
    facts: Iterable[Said],
    deposits: dict[int, Deposit],
    by: Actor,
    at: datetime,
) -> Contribution:
    """One contribution with its entries; a deposit that is met for the first time gets its identity with it."""
    owner = visit.pk if visit else patient.pk
    place = uuid5(owner, f"{ACTION}/{at.isoformat()}")
    contribution = Contribution(
        pk=place,
        action=ACTION,
        patient=patient,
        visit_id=visit.pk if visit else None,
        user_id=by.user_id,
        role=by.role.value,
        site_id=by.site_id,
        at=at,
        software=software(),
    )
    entries = []
    for index, said in enumerate(facts):
        number = said.deposit
        if number is not None and number not in deposits:
            deposits[number] = Deposit(
                pk=uuid5(patient.pk, f"deposit {number}"), patient=patient, number=number, contribution=contribution
            )
            rows.deposits.append(deposits[number])
        kind = noun(said.noun)
        data = kind.validated(said.data)
        once = uuid5(visit.pk if visit and kind.of is Of.VISIT else patient.pk, kind.name)
        entries.append(
            Entry(
                uid=once if kind.once else uuid5(place, str(index)),
                patient=patient,
                visit=visit,
                deposit=deposits[number] if number is not None else None,
                noun=kind.name,
                effective_on=kind.effective_on(data) or (at.date() if visit else None),
                data=data,
                contribution=contribution,
            )
        )
    contribution.digest = digest([content_of(entry) for entry in entries])
    rows.contributions.append(contribution)
    rows.entries += entries
    return contribution
