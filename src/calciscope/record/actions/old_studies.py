"""A folder of old studies: each is a scan, sorted to its patient by number, or left for a person to assign."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actions.scans import Seen
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.models.identity import HospitalNumber
from calciscope.record.models.patient import Patient
from calciscope.record.models.scan import Scan, ScanState
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Invalid, Problem
from calciscope.record.scans import files
from calciscope.record.scans.identity import who_is
from calciscope.record.scans.whose import likeness
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed, Refused

MOST_STUDIES = 2000  # judgement: some weeks of measuring
QUESTION = "An old study, entered afterwards"
NOT_KNOWN = "No patient in your care has the number that the files give; say whose it is."
DIFFERS = "The number is that of a patient in your care, but name or date of birth differ; say whose it is."
NO_DATE = "The files do not say when the scan was made."


@action(permission=Permission.UPLOAD_IMAGING)
def name_old_studies(*, by: Actor, place: str) -> int:
    """Take every folder and file directly below a folder of the server as a study of its own; returns how many are new."""
    folder = files.allowed_folder(place, field="place")
    found = files.studies_below(folder)
    if not found or len(found) > MOST_STUDIES:
        message = f"This folder holds {len(found)} studies; it takes 1 to {MOST_STUDIES}, each a folder or a zip directly below it."
        raise Invalid([Problem(field="place", message=message)])
    gone = Scan.unscoped.filter(site_id=by.site_id, old=True).exclude(state=ScanState.DISCARDED)
    known = set(gone.values_list("place", flat=True))
    new = [path for path in found if str(path) not in known]
    for path in new:
        said = {"modality": "ct", "question": QUESTION}
        Scan(site_id=by.site_id, membership_id=by.membership_id, place=str(path), said=said, old=True).save()
    audit.mention(count=len(new))
    return len(new)


@action(permission=Permission.UPLOAD_IMAGING)
def sort_old_study(*, by: Actor, scan: UUID, seen: Seen) -> UUID | None:
    """After a look at the files: give the study to the patient whose number they name, or leave it to a person.

    Returns the patient. Only where nothing differs is a study given away without being asked about.
    """
    held = _own(by, scan, ScanState.RECEIVING)
    patient = _by_number(by, seen.whose.number)
    if patient is None or likeness(seen.whose, who_is(patient)).doubtful:
        held.state, held.message = ScanState.ASKED, DIFFERS if patient else NOT_KNOWN
        held.save()
        audit.mention(scan=held.pk)
        return None
    _give(held, patient, seen)
    audit.mention(patient_id=patient.pk, scan=held.pk)
    return patient.pk


@action(permission=Permission.UPLOAD_IMAGING)
def refuse_old_study(*, by: Actor, scan: UUID, message: str) -> None:
    """Say why an old study is no scan that can be measured."""
    held = _own(by, scan, ScanState.RECEIVING)
    held.state, held.message = ScanState.REFUSED, message[:1000]
    held.save()
    audit.mention(scan=held.pk)


@action(permission=Permission.UPLOAD_IMAGING)
def assign_old_study(*, by: Actor, scan: UUID, number: str, seen: Seen) -> UUID:
    """Give an old study to the patient in one's care who has this hospital number; returns the patient's key.

    Where the files name somebody else, the scan's own page asks for the reason before anything is measured.
    """
    held = _own(by, scan, ScanState.ASKED)
    patient = _by_number(by, number)
    if patient is None:
        raise Invalid([Problem(field="number", message="No patient in your care has this number.")])
    _give(held, patient, seen)
    audit.mention(patient_id=patient.pk, scan=held.pk)
    return patient.pk


@action(permission=Permission.UPLOAD_IMAGING)
def drop_old_study(*, by: Actor, scan: UUID) -> None:
    """Leave an old study out; its files stay where they are."""
    held = _own(by, scan, ScanState.ASKED, ScanState.REFUSED, ScanState.FAILED, ScanState.RECEIVING)
    held.state, held.message = ScanState.DISCARDED, ""
    held.save()
    audit.mention(scan=held.pk)


def _own(by: Actor, key: UUID, *states: ScanState) -> Scan:
    """An old study that this member has named and that has no patient yet."""
    held = Scan.unscoped.filter(pk=key, membership_id=by.membership_id, old=True, patient__isnull=True).first()
    if held is None:
        raise NotAllowed(NOT_FOUND)
    if held.state not in states:
        raise Refused(f"This study is {ScanState(held.state).label.lower()} by now; look at it again.")
    return held


def _by_number(by: Actor, number: str) -> Patient | None:
    if not number.strip():
        return None
    own = HospitalNumber.unscoped.filter(
        site_id=by.site_id, value__iexact=number.strip(), patient__in=PatientScope.of(by).patients()
    )
    found = own.select_related("patient").first()
    return found.patient if found else None


def _give(held: Scan, patient: Patient, seen: Seen) -> None:
    """Measured next where nothing is in doubt; a missing date is asked for on the scan's own page."""
    said: dict[str, Any] = dict(held.said)
    doubts = likeness(seen.whose, who_is(patient)).doubtful
    held.patient, held.asked, held.message = patient, list(doubts), ""
    if seen.done_on:
        said["done_on"] = seen.done_on.isoformat()
        held.state = ScanState.ASKED if doubts else ScanState.WAITING
    else:
        held.state, held.message = ScanState.RECEIVING, NO_DATE
    held.said, held.attempts = said, 0
    held.save()
