"""People, a patient and a visit to test the record with."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from calciscope.record.actions.patients import Person, register_patient
from calciscope.record.actions.visits import open_visit
from calciscope.record.actor import Actor
from calciscope.record.models.membership import Membership
from calciscope.record.models.site import Site
from calciscope.record.models.user import User
from calciscope.record.permissions import Role


def person(number: str = "H-0001", **changed) -> Person:
    said = {"family_name": "Example", "given_name": "Ada", "born_on": date(2014, 3, 2), "hospital_number": number}
    return Person(**(said | changed))


class People:
    """Makes actors on demand; the same words give the same actor."""

    def __init__(self) -> None:
        self.seats: dict[tuple[str, Role, str], Actor] = {}

    def __call__(self, role: Role = Role.RHEUMATOLOGIST, *, site: str = "North", name: str = "one") -> Actor:
        key = (name, role, site)
        if key not in self.seats:
            place, _ = Site.objects.get_or_create(name=site)
            user = User.objects.create_user(email=f"{name}.{role}.{site}@example.org".lower(), name=f"{name} {role}")
            self.seats[key] = Actor.of(Membership.objects.create(user=user, site=place, role=role))
        return self.seats[key]


@pytest.fixture
def people(db) -> People:
    return People()


@pytest.fixture
def doctor(people: People) -> Actor:
    return people()


@pytest.fixture
def patient(doctor: Actor) -> UUID:
    return register_patient(by=doctor, person=person())


@pytest.fixture
def visit(doctor: Actor, patient: UUID) -> UUID:
    return open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-02", "kind": "planned"})
