"""A clinic with a patient, and browsers without a script for each role."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image

from calciscope.record.actions.deposits import record_new_deposit
from calciscope.record.actions.photographs import add_photograph
from calciscope.record.actor import Actor
from calciscope.record.models.user import User
from calciscope.record.permissions import Role
from tests.unit.record.conftest import People, doctor, patient, people, visit

__all__ = ["People", "doctor", "patient", "people", "visit"]
"""The clinic of the record's own tests, for the screens' tests as they are."""

FINDING = {
    "region": "elbow",
    "side": "left",
    "layer": "subcutaneous",
    "form": "nodule",
    "longest_mm": 14,
    "size_method": "caliper",
    "pain": 2,
    "skin_state": ["intact"],
}
HELD_ON = "2026-11-02"


@pytest.fixture
def deposit(doctor: Actor, patient: UUID, visit: UUID) -> UUID:
    event = {"event": "present", "on": HELD_ON}
    return record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event)


@pytest.fixture
def photograph(doctor: Actor, patient: UUID, visit: UUID, settings, tmp_path) -> UUID:
    """A red picture of the elbow, in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    held = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(held, "JPEG")
    said = {"taken_on": HELD_ON, "region": "elbow", "side": "left", "pose": "flexed"}
    return add_photograph(by=doctor, patient=patient, visit=visit, picture=held.getvalue(), said=said)


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
