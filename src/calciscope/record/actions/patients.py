"""Take a patient into the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from calciscope.record import audit
from calciscope.record.actor import Actor
from calciscope.record.guarded import action
from calciscope.record.ledger import contribute
from calciscope.record.models.care_team import CareTeamMember
from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.models.patient import Patient
from calciscope.record.permissions import Permission
from calciscope.record.refusals import Invalid, Problem

LONGEST: Mapping[str, int] = {
    "family_name": 100,
    "given_name": 100,
    "hospital_number": 60,
    "telephone": 60,
    "email": 254,
    "address": 400,
}
EARLIEST_BIRTH = date(1900, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who a patient is."""

    family_name: str
    given_name: str
    born_on: date | None
    hospital_number: str
    telephone: str = ""
    email: str = ""
    address: str = ""

    def problems(self) -> list[Problem]:
        """What does not hold, by field."""
        found = [
            Problem(field=name, message=f"At most {longest} characters.")
            for name, longest in LONGEST.items()
            if len(getattr(self, name)) > longest
        ]
        found += [
            Problem(field=name, message="This is needed.")
            for name in ("family_name", "hospital_number")
            if not getattr(self, name).strip()
        ]
        if self.born_on and not EARLIEST_BIRTH <= self.born_on <= date.today():
            found.append(Problem(field="born_on", message="Nobody alive was born on this day."))
        return found


@action(permission=Permission.REGISTER_PATIENT)
def register_patient(*, by: Actor, person: Person, synthetic: bool = False) -> UUID:
    """Register a patient at the actor's site, with the actor as the first of the team; returns the patient's key."""
    problems = person.problems()
    if problems:
        raise Invalid(problems)
    patient = Patient(site_id=by.site_id, synthetic=synthetic)
    patient.save()
    _keep_identity(patient, by.site_id, person)
    CareTeamMember.unscoped.create(patient=patient, membership_id=by.membership_id)
    contribute(by=by, action="register_patient", patient=patient)
    audit.mention(patient_id=patient.pk)
    return patient.pk


def _keep_identity(patient: Patient, site_id: UUID, person: Person) -> None:
    Identity.unscoped.create(
        patient=patient,
        family_name=person.family_name.strip(),
        given_name=person.given_name.strip(),
        born_on=person.born_on,
        telephone=person.telephone,
        email=person.email,
        address=person.address,
    )
    try:
        with transaction.atomic():
            HospitalNumber.unscoped.create(patient=patient, site_id=site_id, value=person.hospital_number.strip())
    except IntegrityError:
        message = "A patient with this number is in the record already."
        raise Invalid([Problem(field="hospital_number", message=message)]) from None
