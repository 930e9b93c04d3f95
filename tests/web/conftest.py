"""A clinic with a patient, and browsers without a script for each role."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from calciscope.record.actor import Actor
from calciscope.record.models.user import User
from calciscope.record.permissions import Role
from tests.unit.record.conftest import People, doctor, patient, people, visit
from tests.web.furnished import FINDING, HELD_ON, add_deposit, add_picture

__all__ = ["FINDING", "HELD_ON", "People", "doctor", "patient", "people", "visit"]
"""The clinic of the record's own tests, for the screens' tests as they are."""


@pytest.fixture
def deposit(doctor: Actor, patient: UUID, visit: UUID) -> UUID:
    return add_deposit(doctor, patient, visit)


@pytest.fixture
def files(settings, tmp_path) -> None:
    """Photographs and scans go to a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def photograph(doctor: Actor, patient: UUID, visit: UUID, files) -> UUID:
    return add_picture(doctor, patient, visit)


def browser(actor: Actor, **settings) -> Client:
    """Logged in as the actor; the one role that the person has is taken by itself."""
    client = Client(**settings)
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.fixture
def client_of():
    return browser


@pytest.fixture
def web(doctor: Actor) -> Client:
    return browser(doctor)


@pytest.fixture
def stranger(people: People) -> Actor:
    return people(Role.RHEUMATOLOGIST, name="stranger")
