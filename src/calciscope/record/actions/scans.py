"""Take a scan in: begun, received in parts, looked at, set to be measured, and its result recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from django.db import transaction

from calciscope.record import audit, policies
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.ledger import Writing, contribute
from calciscope.record.models.entry import Entry, Status
from calciscope.record.models.patient import Patient
from calciscope.record.models.scan import Scan, ScanState
from calciscope.record.noun import noun
from calciscope.record.of_age import check_age
from calciscope.record.permissions import Permission
from calciscope.record.references import references_hold
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans import files, work
from calciscope.record.scans.followed import BEFORE, comparison_key
from calciscope.record.scans.identity import who_is
from calciscope.record.scans.whose import InFiles, likeness
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed, Refused

STUDY, MEASUREMENT, COMPARISON = "imaging_study", "imaging_measurement", "imaging_comparison"
FILES = "files"
OVER = (ScanState.MEASURED, ScanState.DISCARDED)
IDENTITY_NOTE = "identity_note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look at the files told: whose they say they are, and when the scan was made."""

    whose: InFiles
    done_on: date | None


@action(permission=Permission.UPLOAD_IMAGING)
def begin_scan(
    *, by: Actor, patient: UUID, sizes: Sequence[int], suffixes: Sequence[str], said: Mapping[str, Any]
) -> UUID:
    """Announce the files of a scan by their sizes; ``said`` are fields of the study. Returns the scan's key."""
    found = PatientScope.of(by).patient(patient)
    _study_holds(found, said)
    files.check_sizes(sizes, field=FILES)
    scan = _new(by, found, said={**said, "suffixes": list(suffixes)}, sizes=list(sizes))
    audit.mention(patient_id=found.pk, scan=scan.pk, files=len(sizes), bytes=sum(sizes))
    return scan.pk


@action(permission=Permission.UPLOAD_IMAGING)
def name_scan(*, by: Actor, patient: UUID, place: str, said: Mapping[str, Any]) -> UUID:
    """Name a folder or file below one of the administrator's roots instead of sending files; returns the scan's key."""
    found = PatientScope.of(by).patient(patient)
    folder = files.allowed_folder(place, field="place")
    _study_holds(found, said)
    scan = _new(by, found, said=dict(said), place=str(folder))
    audit.mention(patient_id=found.pk, scan=scan.pk)
    return scan.pk


@action(permission=Permission.UPLOAD_IMAGING)
def add_scan_part(*, by: Actor, patient: UUID, scan: UUID, number: int, offset: int, part: bytes) -> int:
    """Keep bytes of one file; returns how many of it are here now."""
    held = _scan(by, patient, scan, ScanState.RECEIVING)
    if not 0 <= number < len(held.sizes) or offset < 0 or len(part) > files.LARGEST_PART_BYTES:
        raise Refused("This part belongs to no file of the scan.")
    name = work.names_of(held)[number]
    audit.mention(scan=held.pk)
    return files.add_part(held.pk, name, offset=offset, part=part, whole=int(held.sizes[number]))


@action(permission=Permission.UPLOAD_IMAGING)
def add_scan_files(*, by: Actor, patient: UUID, scan: UUID, streams: Sequence[BinaryIO]) -> None:
    """Keep all files of a scan at once, as a form without a script sends them."""
    held = _scan(by, patient, scan, ScanState.RECEIVING)
    for name, size, stream in zip(work.names_of(held), held.sizes, streams, strict=True):
        offset = 0
        while part := stream.read(files.LARGEST_PART_BYTES):
            offset = files.add_part(held.pk, name, offset=offset, part=part, whole=int(size))
    audit.mention(scan=held.pk, files=len(streams))


@action(permission=Permission.UPLOAD_IMAGING)
def settle_scan(*, by: Actor, patient: UUID, scan: UUID, seen: Seen, said: Mapping[str, Any]) -> bool:
    """After a look at the files: let the scan wait to be measured, or ask whose it is; whether it waits.

    ``said`` adds to what was said of the study when the scan was begun.

    Raises Invalid where the date of the scan is neither in the files nor said, or a child's dose was not asked for.
    """
    held = _scan(by, patient, scan, ScanState.RECEIVING)
    told = {**held.said, **said}
    if seen.done_on:
        told["done_on"] = seen.done_on.isoformat()
    if not told.get("done_on"):
        message = "The files do not say when the scan was made; say it here."
        raise Invalid([Problem(field="done_on", message=message)])
    owner = PatientScope.of(by).patient(patient)
    _study_holds(owner, told)
    doubts = likeness(seen.whose, who_is(owner)).doubtful
    held.said, held.asked = told, list(doubts)
    held.state = ScanState.ASKED if doubts else ScanState.WAITING
    held.save()
    audit.mention(scan=held.pk, doubts=list(doubts))
    return not doubts


@action(permission=Permission.UPLOAD_IMAGING)
def say_whose(*, by: Actor, patient: UUID, scan: UUID, reason: str) -> None:
    """Say that images which name somebody else are this patient's, and why; the reason stays with the study."""
    text = policies.reason_is_given(reason)
    held = _scan(by, patient, scan, ScanState.ASKED)
    held.said = {**held.said, IDENTITY_NOTE: text}
    held.asked, held.state = [], ScanState.WAITING
    held.save()
    audit.mention(scan=held.pk)


@action(permission=Permission.UPLOAD_IMAGING)
def start_again(*, by: Actor, patient: UUID, scan: UUID) -> None:
    """Measure a scan again that failed; whoever asks for it is the one in whose name it is recorded."""
    held = _scan(by, patient, scan, ScanState.FAILED, ScanState.REFUSED)
    held.state, held.attempts, held.message = ScanState.WAITING, 0, ""
    held.membership_id = by.membership_id
    held.save()
    audit.mention(scan=held.pk)


@action(permission=Permission.UPLOAD_IMAGING)
def discard_scan(*, by: Actor, patient: UUID, scan: UUID) -> None:
    """Drop a scan that is not measured, with what was sent of it."""
    states = [state for state in ScanState if state not in OVER]
    held = _scan(by, patient, scan, *states)
    held.state, held.worker, held.asked = ScanState.DISCARDED, "", []
    held.save()
    transaction.on_commit(lambda: files.drop_incoming(scan))
    audit.mention(scan=held.pk)


@action(permission=Permission.UPLOAD_IMAGING)
def record_scan(
    *, by: Actor, patient: UUID, scan: UUID, worker: str, study: Mapping[str, Any], measurement: Mapping[str, Any]
) -> UUID:
    """Record what a worker measured, with its study, in one step; what was sent is removed. Returns the measurement's key.

    The scan stays with its worker until it was compared with the one before it.
    """
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    held = scope.rows(Scan, found).filter(pk=scan, worker=worker, state=ScanState.MEASURING).first()
    if held is None:
        raise Refused("This scan was discarded, or another worker measures it.")
    key = _recorded(by, scope, found, held.pk, study, measurement)
    held.state, held.measurement, held.compared, held.fraction = ScanState.MEASURED, key, False, 1.0
    held.said = {}
    held.save()
    transaction.on_commit(lambda: files.drop_incoming(scan))
    audit.mention(scan=held.pk, measurement=key)
    return key


@action(permission=Permission.UPLOAD_IMAGING)
def record_measured(
    *, by: Actor, patient: UUID, result: UUID, study: Mapping[str, Any], measurement: Mapping[str, Any]
) -> UUID:
    """Record what was measured without the worker; ``result`` names its folder. Returns the measurement's key."""
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    key = _recorded(by, scope, found, result, study, measurement)
    audit.mention(measurement=key)
    return key


@action(permission=Permission.UPLOAD_IMAGING)
def record_comparison(*, by: Actor, patient: UUID, said: Mapping[str, Any]) -> UUID:
    """Record what tracking found between two measurements of one patient; once for the later one. Returns its key.

    Held against the first scan of a course, it is recorded beside that, once for the two.
    """
    scope = PatientScope.of(by)
    found = scope.patient(patient, for_update=True)
    data = noun(COMPARISON).validated(said)
    references_hold(scope, found, noun(COMPARISON), data)
    key = comparison_key(UUID(str(data["measurement"])), UUID(str(data["earlier"])), str(data.get("reach", BEFORE)))
    later = scope.entry(found, UUID(str(data["measurement"])))
    writing = Writing(noun=COMPARISON, data=data, uid=key, effective_on=later.effective_on)
    contribute(by=by, action="record_comparison", patient=found, writings=[writing])
    audit.mention(measurement=later.uid)
    return key


def _recorded(
    by: Actor,
    scope: PatientScope,
    patient: Patient,
    result: UUID,
    study: Mapping[str, Any],
    measurement: Mapping[str, Any],
) -> UUID:
    """Write study and measurement in one step."""
    study_key, writings = _study_of(scope, patient, result, study)
    data = noun(MEASUREMENT).validated({**measurement, "study": str(study_key)})
    key = uuid5(result, MEASUREMENT)
    day = date.fromisoformat(str(study["done_on"]))
    writings.append(Writing(noun=MEASUREMENT, data=data, uid=key, effective_on=day))
    contribute(by=by, action="record_scan", patient=patient, writings=writings)
    return key


def _new(by: Actor, patient: Patient, *, said: dict[str, Any], sizes: Sequence[int] = (), place: str = "") -> Scan:
    scan = Scan(
        site_id=by.site_id, patient=patient, membership_id=by.membership_id, place=place, sizes=list(sizes), said=said
    )
    scan.save()
    return scan


def _scan(by: Actor, patient: UUID, key: UUID, *states: ScanState) -> Scan:
    """A scan of a patient in scope that stands so; refused in words where it stands otherwise."""
    scope = PatientScope.of(by)
    found = scope.patient(patient)
    audit.mention(patient_id=found.pk)
    held = scope.rows(Scan, found).filter(pk=key).first()
    if held is None:
        raise NotAllowed(NOT_FOUND)
    if held.state not in states:
        raise Refused(f"This scan is {ScanState(held.state).label.lower()} by now; look at it again.")
    return held


def _study_holds(patient: Patient, said: Mapping[str, Any]) -> None:
    """What a person has said of the study, as far as it goes: its date may still come from the files."""
    kind = noun(STUDY)
    given = {name: value for name, value in said.items() if kind.field(name)}
    data = {"done_on": date.today().isoformat()} | given
    kind.validated(data)
    check_age(patient, kind, data)


def _study_of(
    scope: PatientScope, patient: Patient, result: UUID, study: Mapping[str, Any]
) -> tuple[UUID, list[Writing]]:
    """The study's key, and its writing unless it is in the record already: two scans of one study share its dose."""
    uid = study.get("study_uid")
    key = uuid5(patient.pk, f"study {uid}") if uid else uuid5(result, STUDY)
    present: Entry | None = scope.current_entries(patient).filter(uid=key).first()
    if present and present.status != Status.ENTERED_IN_ERROR:
        return key, []
    kind = noun(STUDY)
    data = kind.validated(study)
    check_age(patient, kind, data)
    writing = Writing(
        noun=STUDY, data=data, uid=key, based_on=present.version if present else 0, effective_on=kind.effective_on(data)
    )
    return key, [writing]
