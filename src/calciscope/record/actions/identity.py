"""Correct and erase who a patient is, without touching a clinical row."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db import IntegrityError, transaction

from calciscope.record import audit, policies
from calciscope.record.actions.patients import Person
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.letters import files as letter_files
from calciscope.record.models.draft import Draft
from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.models.patient import Patient
from calciscope.record.models.scan import Scan, ScanState
from calciscope.record.permissions import Permission
from calciscope.record.photographs import files
from calciscope.record.refusals import Conflict, Invalid, Problem, Version
from calciscope.record.scans import files as scan_files
from calciscope.record.scope import NOT_FOUND, PatientScope
from calciscope.terms.errors import NotAllowed, Refused


@action(permission=Permission.EDIT_IDENTITY)
def correct_identity(*, by: Actor, patient: UUID, person: Person, based_on: int) -> int:
    """Correct names, date of birth, number and contact; returns the new version. The audit says which, not what."""
    problems = person.problems()
    if problems:
        raise Invalid(problems)
    found = PatientScope.of(by).patient(patient, for_update=True)
    identity = Identity.unscoped.filter(patient=found).first()
    if identity is None:
        raise Refused("The identity of this patient was erased.")
    said = {name: value for name, value in asdict(person).items() if name != "hospital_number"}
    if identity.version != based_on:
        raise _conflict(identity, said)
    changed = sorted(name for name, value in said.items() if getattr(identity, name) != value)
    Identity.unscoped.filter(patient=found, version=based_on).update(**said, version=based_on + 1)
    if _renumber(found, by.site_id, person.hospital_number.strip()):
        changed.append("hospital_number")
    audit.mention(patient_id=found.pk, changed=changed)
    return based_on + 1


@action(permission=Permission.ERASE_IDENTITY)
def erase_identity(*, by: Actor, patient: UUID, reason: str) -> None:
    """Erase who a patient of the officer's own site is, with drafts, photographs, scans and letters; facts stay under their random key."""
    text = policies.reason_is_given(reason)
    found = Patient.unscoped.filter(pk=patient, site_id=by.site_id).first()
    if found is None:
        raise NotAllowed(NOT_FOUND)
    Draft.unscoped.filter(patient=found).delete()
    HospitalNumber.unscoped.filter(patient=found).delete()
    Identity.unscoped.filter(patient=found).delete()
    sent = list(Scan.unscoped.filter(patient=found).values_list("pk", flat=True))
    Scan.unscoped.filter(patient=found).exclude(state=ScanState.MEASURED).update(
        state=ScanState.DISCARDED, asked=[], said={}
    )
    transaction.on_commit(lambda: files.erase_all(patient))
    transaction.on_commit(lambda: letter_files.erase_all(patient))
    transaction.on_commit(lambda: scan_files.erase_all(patient, sent))
    audit.mention(patient_id=found.pk, reason=text)


def _renumber(patient: Patient, site_id: UUID, number: str) -> bool:
    """Give the patient this number at this site; whether it is another than before."""
    present = HospitalNumber.unscoped.filter(patient=patient, site_id=site_id)
    if present.filter(value=number).exists():
        return False
    try:
        with transaction.atomic():
            if not present.update(value=number):
                HospitalNumber.unscoped.create(patient=patient, site_id=site_id, value=number)
    except IntegrityError:
        message = "A patient with this number is in the record already."
        raise Invalid([Problem(field="hospital_number", message=message)]) from None
    return True


def _conflict(identity: Identity, mine: dict[str, object]) -> Conflict:
    theirs = {name: getattr(identity, name) for name in mine}
    version = Version(version=identity.version, data=theirs, status="", by="", at="")
    return Conflict(uid=identity.pk, noun="identity", theirs=version, mine=mine)
