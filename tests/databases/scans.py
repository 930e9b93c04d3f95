"""A clinic with one scan that waits, for the test that kills its worker: `python -m tests.databases.scans prepare|look`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calciscope.web.settings.production")
django.setup()

from django.core.management import call_command  # noqa: E402 - after Django is set up

from calciscope.record.actions.patients import Person, register_patient  # noqa: E402
from calciscope.record.actions.scans import Seen, add_scan_files, begin_scan, settle_scan  # noqa: E402
from calciscope.record.actor import Actor  # noqa: E402
from calciscope.record.models.entry import Entry  # noqa: E402
from calciscope.record.models.membership import Membership  # noqa: E402
from calciscope.record.models.scan import Scan  # noqa: E402
from calciscope.record.permissions import Role  # noqa: E402
from calciscope.record.scans.whose import InFiles  # noqa: E402
from calciscope.record.set_up import set_up_site  # noqa: E402
from calciscope.record.verify import verify_record  # noqa: E402


def prepare(scan: Path) -> None:
    """A patient whose scan was sent and waits."""
    call_command("migrate", interactive=False, verbosity=0)
    (seat,) = set_up_site(site="North", email="doctor@example.org", name="Doctor", roles=(Role.RHEUMATOLOGIST,))
    by = Actor.of(Membership.objects.get(pk=seat))
    person = Person(family_name="Example", given_name="Ada", born_on=None, hospital_number="H-1")
    patient = register_patient(by=by, person=person)
    said = {"modality": "ct", "done_on": "2026-03-10"}
    key = begin_scan(by=by, patient=patient, sizes=[scan.stat().st_size], suffixes=[".nii.gz"], said=said)
    with scan.open("rb") as stream:
        add_scan_files(by=by, patient=patient, scan=key, streams=[stream])
    settle_scan(by=by, patient=patient, scan=key, seen=Seen(whose=InFiles(), done_on=None), said={})


def look() -> None:
    """How the scan stands, and what is recorded of it."""
    (scan,) = Scan.unscoped.all()
    measured = Entry.unscoped.filter(noun="imaging_measurement")
    told = {
        "state": scan.state,
        "step": scan.step,
        "attempts": scan.attempts,
        "message": scan.message,
        "measurements": measured.count(),
        "studies": Entry.unscoped.filter(noun="imaging_study").count(),
        "deposits": [entry.data["deposits"] for entry in measured],
        "whole": verify_record().whole,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    prepare(Path(sys.argv[2])) if sys.argv[1] == "prepare" else look()
