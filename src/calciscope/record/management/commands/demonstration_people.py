"""`calciscope manage --demo demonstration_people`: who can log in to the demonstration, one for each kind of work."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from calciscope.record.actions.advice import set_advice
from calciscope.record.actor import Actor
from calciscope.record.models.membership import Membership
from calciscope.record.models.patient import Patient
from calciscope.record.permissions import Role
from calciscope.record.set_up import add_person

SITE = "Demonstration clinic"
PEOPLE = {
    Role.RHEUMATOLOGIST: ("doctor@demo.example", "Dr Demonstration"),
    Role.DERMATOLOGIST: ("skin@demo.example", "Dr Skin"),
    Role.NURSE: ("nurse@demo.example", "Nurse Demonstration"),
    Role.OFFICER: ("officer@demo.example", "Privacy Officer"),
    Role.ADMINISTRATOR: ("admin@demo.example", "Site Administrator"),
    Role.READER: ("reader@demo.example", "Dr Reader"),
}
PATIENTS = 12


class Command(BaseCommand):
    """See that the people and twelve invented patients are there, and print the log-ins."""

    help = "Make the people of the demonstration and print their log-in; the first time, load twelve invented patients."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Only where the settings say that this is a demonstration."""
        if not settings.DEMONSTRATION:
            raise CommandError("These people belong to a demonstration only.")
        word = password()
        for role, (email, name) in PEOPLE.items():
            add_person(site=SITE, email=email, name=name, role=role, password=word)
        if not Patient.unscoped.exists():
            set_advice(by=_administrator(), on=True)
            call_command(
                "load_demonstration", doctor=PEOPLE[Role.RHEUMATOLOGIST][0], patients=PATIENTS, stdout=self.stderr
            )
        for role, (email, _) in PEOPLE.items():
            self.stdout.write(f"  {email:22} {word}   ({role.value})")


def _administrator() -> Actor:
    email, _ = PEOPLE[Role.ADMINISTRATOR]
    return Actor.of(Membership.objects.get(user__email=email, role=Role.ADMINISTRATOR.value, ended_at=None))


def password() -> str:
    """Made from this installation's secret key: the same at every start, another on every computer."""
    made = hmac.new(settings.SECRET_KEY.encode(), b"demonstration log-in", hashlib.sha256).digest()
    return base64.b32encode(made).decode().lower()[:14]
