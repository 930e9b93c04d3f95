"""`python -m tests.browser.furnish`: one of everything that an address can name, in the demonstration of CALCISCOPE_HOME, as JSON."""

from __future__ import annotations

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "calciscope.web.settings.demo"

import django

django.setup()

from calciscope.record.actions.break_glass import break_glass  # noqa: E402 - after the settings are there
from calciscope.record.actions.patients import register_patient  # noqa: E402
from calciscope.record.actions.visits import open_visit  # noqa: E402
from calciscope.record.actor import Actor  # noqa: E402
from calciscope.record.models.membership import Membership  # noqa: E402
from tests.unit.record.conftest import person  # noqa: E402
from tests.web.furnished import HELD_ON, furnish  # noqa: E402


def made() -> dict[str, str]:
    """A patient of the doctor's own, and a glass that a colleague broke, so that the officer has a notice."""
    by, colleague = (Actor.of(Membership.objects.get(user__email=f"{who}@demo.example")) for who in ("doctor", "skin"))
    patient = register_patient(by=by, person=person("H-FURNISHED"))
    visit = open_visit(by=by, patient=patient, details={"held_on": HELD_ON, "kind": "planned"})
    keys = furnish(by, patient, visit)
    break_glass(by=colleague, patient=patient, reason="Seen in the emergency room at night")
    return {name: str(key) for name, key in keys.items()}


if __name__ == "__main__":
    print(json.dumps(made()))
