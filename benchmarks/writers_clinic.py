"""`python -m benchmarks.writers_clinic people N` takes N nurses into one patient's team and opens a visit; `... check` tells what is there.

On the demonstration that CALCISCOPE_HOME and DATABASE_URL name; both print JSON.
"""

from __future__ import annotations

import json
import os
import sys
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calciscope.web.settings.demo")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after the settings are there

from calciscope.record.actions.team import join_team  # noqa: E402
from calciscope.record.actions.visits import open_visit  # noqa: E402
from calciscope.record.actor import Actor  # noqa: E402
from calciscope.record.management.commands.demonstration_people import SITE, password  # noqa: E402
from calciscope.record.models.care_team import CareTeamMember  # noqa: E402
from calciscope.record.models.entry import Entry  # noqa: E402
from calciscope.record.models.membership import Membership  # noqa: E402
from calciscope.record.models.visit import Visit, VisitEvent  # noqa: E402
from calciscope.record.permissions import Role  # noqa: E402
from calciscope.record.set_up import add_person  # noqa: E402
from calciscope.record.verify import verify_record  # noqa: E402

DETAILS = "visit_details"


def people(count: int) -> dict[str, object]:
    """Their addresses, the patient, and an open visit of which all write the reason."""
    doctor = Actor.of(Membership.objects.get(user__email="doctor@demo.example"))
    patient: UUID = (
        CareTeamMember.unscoped.filter(membership=doctor.membership_id).order_by("patient").first().patient_id
    )
    emails = [f"writer{number}@demo.example" for number in range(count)]
    for email in emails:
        with transaction.atomic():
            add_person(site=SITE, email=email, name=email.split("@")[0], role=Role.NURSE, password=password())
            join_team(by=doctor, patient=patient, membership=Membership.objects.get(user__email=email).pk)
    visit = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-02", "kind": "planned"})
    return {"emails": emails, "patient": str(patient), "visit": str(visit)}


def check(visit: UUID) -> dict[str, object]:
    """Every reason that was ever written for the visit, visits that are there in part, and whether all is as it was written."""
    rows = Entry.unscoped.filter(visit=visit, noun=DETAILS).order_by("version").values_list("version", "data")
    versions = list(rows)
    with_details = set(Entry.unscoped.filter(noun=DETAILS).values_list("visit", flat=True))
    with_event = set(VisitEvent.unscoped.filter(kind="opened").values_list("visit", flat=True))
    every = set(Visit.unscoped.values_list("pk", flat=True))
    healthy = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            healthy = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    return {
        "texts": [data.get("reason", "") for _, data in versions],
        "in_a_row": [version for version, _ in versions] == list(range(1, len(versions) + 1)),
        "visits": sorted(str(key) for key in every),
        "partial_visits": len(every - with_details) + len(every - with_event),
        "whole": verify_record().whole,
        "healthy": healthy == "ok",
    }


if __name__ == "__main__":
    words = sys.argv[1:]
    print(json.dumps(people(int(words[1])) if words[0] == "people" else check(UUID(words[1]))))
