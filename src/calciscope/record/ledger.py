"""The one place where contributions and entries are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.canonical import digest
from calciscope.record.models.contribution import Contribution
from calciscope.record.models.deposit import Deposit
from calciscope.record.models.entry import Entry, Status
from calciscope.record.models.patient import Patient
from calciscope.record.models.visit import Visit
from calciscope.record.noun import Of, noun
from calciscope.record.refusals import Conflict, Version
from calciscope.record.scope import NOT_FOUND
from calciscope.terms.errors import NotAllowed, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One version of one fact about to be written; ``based_on`` is the version its author saw, 0 for a new fact."""

    noun: str
    data: Mapping[str, Any]
    uid: UUID = field(default_factory=uuid4)
    based_on: int = 0
    visit: Visit | None = None
    deposit: Deposit | None = None
    effective_on: date | None = None
    status: Status = Status.FINAL
    reason: str = ""


@cache
def software() -> str:
    """The version that writes; looked up once, since package metadata is slow to read."""
    return f"calciscope {version('calciscope')}"


def contribute(
    *,
    by: Actor,
    action: str,
    patient: Patient,
    writings: Sequence[Writing] = (),
    reason: str = "",
    visit: Visit | None = None,
) -> Contribution:
    """Write one contribution and its entries, all or nothing. Raises Conflict where someone else was faster."""
    rows = [_entry(writing, patient) for writing in writings]
    contribution = Contribution(
        action=action,
        patient=patient,
        visit_id=visit.pk if visit else None,
        user_id=by.user_id,
        role=by.role.value,
        site_id=by.site_id,
        at=timezone.now(),
        reason=reason,
        software=software(),
        digest=digest([content_of(row) for row in rows]),
    )
    contribution.save()
    for writing, row in zip(writings, rows, strict=True):
        row.contribution = contribution
        _insert(writing, row)
    audit.mention(patient_id=patient.pk, contribution=contribution.pk, entries=len(rows), digest=contribution.digest)
    return contribution


def content_of(row: Entry) -> dict[str, Any]:
    """What a row says, as the digest of its contribution is taken over it."""
    return {
        "uid": str(row.uid),
        "version": row.version,
        "patient": str(row.patient_id),
        "visit": row.visit_id and str(row.visit_id),
        "deposit": row.deposit_id and str(row.deposit_id),
        "noun": row.noun,
        "effective_on": row.effective_on and row.effective_on.isoformat(),
        "data": row.data,
        "status": str(row.status),
        "reason": row.reason,
    }


def _entry(writing: Writing, patient: Patient) -> Entry:
    return Entry(
        uid=writing.uid,
        version=writing.based_on + 1,
        patient=patient,
        visit=writing.visit,
        deposit=writing.deposit,
        noun=writing.noun,
        effective_on=writing.effective_on,
        data=dict(writing.data),
        status=writing.status,
        reason=writing.reason,
    )


def _insert(writing: Writing, row: Entry) -> None:
    if writing.based_on:
        _follows(writing, row, _newest(writing.uid))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        newest = _newest(writing.uid)
        if newest is None or newest.version == writing.based_on:
            raise  # not a race: another constraint of the row was hit
        _follows(writing, row, newest)
        raise


def _follows(writing: Writing, row: Entry, newest: Entry | None) -> None:
    """A new version stays with the patient, noun, visit and deposit of the one it follows.

    Only what hangs on the patient, such as a drug, goes on from visit to visit.
    """
    if newest is None or newest.patient_id != row.patient_id:
        raise NotAllowed(NOT_FOUND)
    same = ["noun", "deposit_id"] if noun(row.noun).of is Of.PATIENT else ["noun", "deposit_id", "visit_id"]
    if any(getattr(newest, name) != getattr(row, name) for name in same):
        raise Refused("This belongs elsewhere; take it back and record it anew where it belongs.")
    if newest.version != writing.based_on:
        raise _conflict(writing, newest)
    if noun(newest.noun).over(newest.data):
        raise Refused("This is locked; nothing follows it.")


def _newest(uid: UUID) -> Entry | None:
    return Entry.unscoped.filter(uid=uid).select_related("contribution__user").order_by("-version").first()


def _conflict(writing: Writing, newest: Entry) -> Conflict:
    theirs = Version(
        version=newest.version,
        data=newest.data,
        status=newest.status,
        by=newest.contribution.user.name,
        at=newest.contribution.at.isoformat(),
    )
    return Conflict(uid=writing.uid, noun=writing.noun, theirs=theirs, mine=writing.data)
