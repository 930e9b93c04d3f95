"""Scans of a patient on their way, and the files of those that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.scan import Scan, ScanState
from calciscope.record.permissions import Permission
from calciscope.record.scans import files, work
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed

MOVING = (ScanState.WAITING, ScanState.MEASURING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSeen:
    """A scan as screens show it; ``received`` are the bytes that are here of each file."""

    id: UUID
    state: str
    sizes: Sequence[int]
    received: Sequence[int]
    on_server: bool
    done_on: str
    asked: Sequence[str]
    step: str
    fraction: float
    message: str
    measurement: UUID | None
    begun_at: datetime
    attempts: int

    @property
    def moves(self) -> bool:
        """Whether a worker has it or will."""
        return self.state in MOVING


@query(permission=Permission.SEE_PATIENT)
def scans_of(*, by: Actor, patient: UUID) -> tuple[ScanSeen, ...]:
    """Scans that are not over, the newest first."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    rows = scope.rows(Scan, found).exclude(state__in=(ScanState.MEASURED, ScanState.DISCARDED)).order_by("-created_at")
    audit.mention(patient_id=found.pk, count=len(rows))
    return tuple(_seen(row) for row in rows)


@query(permission=Permission.SEE_PATIENT)
def scan_seen(*, by: Actor, patient: UUID, scan: UUID) -> ScanSeen:
    """One scan, wherever it stands."""
    row = _row(by, patient, scan)
    audit.mention(patient_id=patient, scan=scan)
    return _seen(row)


@query(permission=Permission.UPLOAD_IMAGING)
def scan_source(*, by: Actor, patient: UUID, scan: UUID) -> Path:
    """Where the files of a scan lie, for a look at them."""
    row = _row(by, patient, scan)
    audit.mention(patient_id=patient, scan=scan)
    return work.source_of(row)


@query(permission=Permission.SEE_PATIENT)
def measured_file(*, by: Actor, patient: UUID, measurement: UUID, name: str) -> bytes:
    """A file of a measurement's result."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    entry = scope.entry(found, measurement, noun="imaging_measurement")
    audit.mention(patient_id=found.pk, measurement=measurement, file=name)
    return files.result(found.pk, str(entry.data.get("folder", "")), name)


@query(permission=Permission.SEE_PATIENT)
def compared_file(*, by: Actor, patient: UUID, measurement: UUID, name: str) -> bytes:
    """A file of the comparison of a measurement with the one before it; refused in words where there is none."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    scope.entry(found, measurement, noun="imaging_measurement")
    audit.mention(patient_id=found.pk, measurement=measurement, file=name)
    return files.compared(found.pk, measurement, name)


@query(permission=Permission.SEE_PATIENT)
def kept_pixels(*, by: Actor, patient: UUID, measurement: UUID, what: str) -> Path:
    """The folder of a measurement's result, for whoever looks at its pixels; ``what`` is told to the audit."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    entry = scope.entry(found, measurement, noun="imaging_measurement")
    audit.mention(patient_id=found.pk, measurement=measurement, pixels=what)
    return files.result_folder(found.pk, UUID(str(entry.data.get("folder", ""))))


def _row(by: Actor, patient: UUID, key: UUID) -> Scan:
    scope = PatientScope.of(by)
    row = scope.rows(Scan, scope.patient(patient)).filter(pk=key).first()
    if row is None:
        raise NotAllowed(NOT_FOUND)
    return row


def _seen(row: Scan) -> ScanSeen:
    sizes = [int(size) for size in row.sizes]
    receiving = row.state == ScanState.RECEIVING
    return ScanSeen(
        id=row.pk,
        state=row.state,
        sizes=sizes,
        received=files.received(row.pk, work.names_of(row)) if receiving else sizes,
        on_server=bool(row.place),
        done_on=str(row.said.get("done_on", "")),
        asked=tuple(row.asked),
        step=row.step,
        fraction=row.fraction,
        message=row.message,
        measurement=row.measurement,
        begun_at=row.created_at,
        attempts=row.attempts,
    )
