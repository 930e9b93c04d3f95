"""`python -m tests.browser.furnish`: one of everything that an address can name, in the demonstration of CALCISCOPE_HOME, as JSON.

With the word `ten`: a patient with ten deposits instead. With `review`: one whose limb was measured twice, forty deposits in it.
With `trial`: two patients with two scans each, and three readers.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

os.environ["DJANGO_SETTINGS_MODULE"] = "calciscope.web.settings.demo"

import django

django.setup()

from django.conf import settings  # noqa: E402 - after the settings are there

from calciscope.flows.compare_for_record import compare_with_earlier  # noqa: E402
from calciscope.flows.scan_for_record import for_record  # noqa: E402
from calciscope.record.actions.break_glass import break_glass  # noqa: E402 - after the settings are there
from calciscope.record.actions.deposits import record_new_deposit  # noqa: E402
from calciscope.record.actions.old_studies import name_old_studies  # noqa: E402
from calciscope.record.actions.patients import register_patient  # noqa: E402
from calciscope.record.actions.scans import record_measured  # noqa: E402
from calciscope.record.actions.visits import open_visit, sign_visit  # noqa: E402
from calciscope.record.actor import Actor  # noqa: E402
from calciscope.record.management.commands.demonstration_people import SITE, password  # noqa: E402
from calciscope.record.models.membership import Membership  # noqa: E402
from calciscope.record.models.scan import Scan  # noqa: E402
from calciscope.record.permissions import Role  # noqa: E402
from calciscope.record.scans.files import OVERVIEW, result_folder  # noqa: E402
from calciscope.record.set_up import add_person  # noqa: E402
from calciscope.share import measured_folder  # noqa: E402
from tests.conftest import ROOT  # noqa: E402
from tests.unit.flows.kept_limb import forty  # noqa: E402
from tests.unit.record.conftest import person  # noqa: E402
from tests.unit.record.trials.made import subjects  # noqa: E402
from tests.web.furnished import FINDING, HELD_ON, furnish  # noqa: E402


def made() -> dict[str, str]:
    """A patient of the doctor's own, and a glass that a colleague broke, so that the officer has a notice."""
    by, colleague = (Actor.of(Membership.objects.get(user__email=f"{who}@demo.example")) for who in ("doctor", "skin"))
    patient = register_patient(by=by, person=person("H-FURNISHED"))
    visit = open_visit(by=by, patient=patient, details={"held_on": HELD_ON, "kind": "planned"})
    keys = furnish(by, patient, visit)
    break_glass(by=colleague, patient=patient, reason="Seen in the emergency room at night")
    return {name: str(key) for name, key in (keys | {"old_study": old_study(by)}).items()}


def old_study(by: Actor) -> UUID:
    """A study of the folder that the server's administrator has opened, with nobody it belongs to yet."""
    folder = Path(settings.SCAN_ROOTS[0])
    (folder / "old study.txt").write_text("no scan")
    name_old_studies(by=by, place=str(folder))
    return Scan.unscoped.get(old=True).pk


REGIONS = ("elbow", "knee", "forearm", "thigh", "upper_arm")
SIDES = ("left", "right")


def ten() -> dict[str, str]:
    """A patient who came with ten deposits half a year ago; that visit is signed."""
    by = Actor.of(Membership.objects.get(user__email="doctor@demo.example"))
    patient = register_patient(by=by, person=person("H-TEN", family_name="Ten", given_name="Tina"))
    visit = open_visit(by=by, patient=patient, details={"held_on": "2026-05-04", "kind": "planned"})
    for region in REGIONS:
        for side in SIDES:
            finding = FINDING | {"region": region, "side": side}
            event = {"event": "present", "on": "2026-05-04"}
            record_new_deposit(by=by, patient=patient, visit=visit, finding=finding, event=event)
    sign_visit(by=by, patient=patient, visit=visit)
    return {"patient": str(patient)}


def review() -> dict[str, str]:
    """A patient with two measured and compared scans of a limb, their pixels kept; forty proposals on the later one."""
    by = Actor.of(Membership.objects.get(user__email="doctor@demo.example"))
    patient = register_patient(by=by, person=person("H-REVIEW", family_name="Review", given_name="Rita"))
    keys: dict[str, str] = {"patient": str(patient)}
    for name, day, grown in (("earlier", "2025-03-10", 0.93), ("measurement", "2026-03-10", 1.0)):
        keys[name] = str(measured_limb(by, patient, date.fromisoformat(day), grown))
    compare_with_earlier(by=by, patient=patient, measurement=UUID(keys["measurement"]))
    return keys


def measured_limb(by: Actor, patient: UUID, day: date, grown: float) -> UUID:
    """Measured, its files written and recorded as the worker does it; the measurement's key."""
    limb, result = forty(grown, day), uuid5(patient, day.isoformat())
    folder = result_folder(patient, result)
    folder.mkdir(parents=True)
    measured_folder.write(limb.measurement, folder)
    limb.keep(folder)
    said = for_record(limb.document(), said={"question": "Whether the plaque is cut out"}, folder=str(result))
    return record_measured(by=by, patient=patient, result=result, study=said.study, measurement=said.measurement)


def trial() -> dict[str, str]:
    """Two patients with two measured scans each that show a picture, and readers b and c beside the demonstration's own."""
    by = Actor.of(Membership.objects.get(user__email="doctor@demo.example"))
    patients, scans = subjects(by)
    for patient in patients:
        for folder in result_folder(patient, next(iter(scans[patient]))).parent.iterdir():
            (folder / OVERVIEW).write_bytes((ROOT / "docs" / "images" / "overview.png").read_bytes())
    for letter in "bc":
        email = f"reader-{letter}@demo.example"
        add_person(site=SITE, email=email, name=f"Dr Reader {letter.upper()}", role=Role.READER, password=password())
    return {number: str(patient) for patient, number in patients.items()}


MADE = {"ten": ten, "review": review, "trial": trial}

if __name__ == "__main__":
    print(json.dumps(MADE.get(" ".join(sys.argv[1:]), made)()))
