"""Who of the demonstration was scanned, and in whose name that is recorded."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from calciscope.record.actor import Actor
from calciscope.record.models.membership import Membership
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import list_patients
from calciscope.terms.errors import NotAllowed, Refused

PATIENT = "DEMO-1-00006"
"""The sixth of the twelve: a child who is seen since 2023, with a deposit of the left thigh on the body map."""
DOSE = {"ctdivol_mgy": 2.9, "dlp_mgy_cm": 98.0}
"""Invented, as a phantom takes no dose: what a child's leg takes is of this order (judgement)."""
QUESTIONS = (
    "Whether the deposits of the thigh lie on the fascia or in the muscle, before surgery is talked about",
    "Whether the deposits have grown under treatment; ultrasound does not reach the deep ones",
)


def demonstration_doctor(address: str) -> Actor:
    """The doctor with that address; only where the settings say that this is a demonstration."""
    if not getattr(settings, "DEMONSTRATION", False):
        raise NotAllowed("Scans of a phantom are loaded into a demonstration only, never among real ones.")
    seat = Membership.objects.filter(
        user__email=address, role=Role.RHEUMATOLOGIST.value, ended_at__isnull=True, user__is_active=True
    ).first()
    if seat is None:
        raise Refused(f"Nobody in the demonstration has the address {address}.")
    return Actor.of(seat)


def scanned_patient(by: Actor) -> UUID:
    """The patient who was scanned."""
    found = list_patients(by=by, search=PATIENT)
    if not found:
        raise Refused("The invented patients of the demonstration are not loaded.")
    return found[0].id
