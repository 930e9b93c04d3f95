"""Who a patient is: whole for those who correct it, and only as a key and counts for an officer who is to erase it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from calciscope.record import audit
from calciscope.record.actions.patients import Person
from calciscope.record.actor import Actor
from calciscope.record.guarded import query
from calciscope.record.models.draft import Draft
from calciscope.record.models.entry import Entry
from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.permissions import Permission
from calciscope.record.scope import PatientScope


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptIdentity:
    """A person and the version that a correction is based on."""

    person: Person
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasable:
    """What an erasure would take away of one patient of the officer's site, in counts."""

    patient: UUID
    numbers: int
    drafts: int
    photographs: int
    letters: int


@query(permission=Permission.EDIT_IDENTITY)
def identity_of(*, by: Actor, patient: UUID) -> KeptIdentity | None:
    """Names, date of birth, the number at one's own site and contact; None where the identity was erased."""
    found = PatientScope.of(by).patient(patient)
    identity = Identity.unscoped.filter(patient=found).first()
    number = HospitalNumber.unscoped.filter(patient=found, site_id=by.site_id).values_list("value", flat=True).first()
    audit.mention(patient_id=found.pk, erased=identity is None)
    if identity is None:
        return None
    person = Person(
        family_name=identity.family_name,
        given_name=identity.given_name,
        born_on=identity.born_on,
        hospital_number=number or "",
        telephone=identity.telephone,
        email=identity.email,
        address=identity.address,
    )
    return KeptIdentity(person=person, version=identity.version)


@query(permission=Permission.ERASE_IDENTITY)
def erasable(*, by: Actor, number: str) -> Erasable | None:
    """The patient with exactly this number at the officer's own site, in counts alone."""
    found = HospitalNumber.unscoped.filter(site_id=by.site_id, value=number.strip()).first()
    if found is None or found.patient.site_id != by.site_id:
        audit.mention(found=False)
        return None
    audit.mention(patient_id=found.patient_id, found=True)
    kept = Entry.unscoped.filter(patient=found.patient_id).values("uid").distinct()
    return Erasable(
        patient=found.patient_id,
        numbers=HospitalNumber.unscoped.filter(patient=found.patient_id).count(),
        drafts=Draft.unscoped.filter(patient=found.patient_id).count(),
        photographs=kept.filter(noun="photograph").count(),
        letters=kept.filter(noun="letter").count(),
    )
