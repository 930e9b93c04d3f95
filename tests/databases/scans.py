"""A clinic with scans that wait, for the tests that kill their worker: `python -m tests.databases.scans prepare|look|await`."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date
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

FIRST_DAY = date(2026, 3, 10)
COMPARING_WITHIN_S = 240


def prepare(scans: list[Path]) -> None:
    """A patient whose scans were sent and wait, each made half a year after the one before."""
    call_command("migrate", interactive=False, verbosity=0)
    (seat,) = set_up_site(site="North", email="doctor@example.org", name="Doctor", roles=(Role.RHEUMATOLOGIST,))
    by = Actor.of(Membership.objects.get(pk=seat))
    person = Person(family_name="Example", given_name="Ada", born_on=None, hospital_number="H-1")
    patient = register_patient(by=by, person=person)
    for number, scan in enumerate(scans):
        said = {"modality": "ct", "done_on": FIRST_DAY.replace(month=FIRST_DAY.month + 6 * number).isoformat()}
        key = begin_scan(by=by, patient=patient, sizes=[scan.stat().st_size], suffixes=[".nii.gz"], said=said)
        with scan.open("rb") as stream:
            add_scan_files(by=by, patient=patient, scan=key, streams=[stream])
        settle_scan(by=by, patient=patient, scan=key, seen=Seen(whose=InFiles(), done_on=None), said={})


def await_comparing() -> None:
    """Return as soon as a worker holds the last scan against the one before it."""
    end = time.monotonic() + COMPARING_WITHIN_S
    while time.monotonic() < end:
        if Scan.unscoped.filter(state="measured", compared=False, measurement__isnull=False).count() and (
            Scan.unscoped.filter(state="measured").count() == Scan.unscoped.count()
        ):
            return
        time.sleep(0.05)
    sys.exit("no scan was compared")


def look() -> None:
    """How the last scan stands, and what is recorded of all."""
    scan = Scan.unscoped.order_by("-created_at")[0]
    measured = Entry.unscoped.filter(noun="imaging_measurement")
    told = {
        "state": scan.state,
        "step": scan.step,
        "attempts": scan.attempts,
        "message": scan.message,
        "measurements": measured.count(),
        "studies": Entry.unscoped.filter(noun="imaging_study").count(),
        "deposits": [entry.data["deposits"] for entry in measured],
        "compared": scan.compared,
        "comparisons": [entry.data["outcome"] for entry in Entry.unscoped.filter(noun="imaging_comparison")],
        "whole": verify_record().whole,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare([Path(place) for place in sys.argv[2:]])
    else:
        {"look": look, "await": await_comparing}[sys.argv[1]]()
