"""A small clinic in a process of its own: `python -m tests.databases.clinic TASK`, on the database of DATABASE_URL.

prepare: tables, a doctor, a patient, a visit.   race SECONDS WRITERS: many write one fact at once.
write: save groups of facts until killed, saying each that was answered.   verify: what is there now, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "calciscope.web.settings.tests")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings are there
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from calciscope.record.actions.entries import Saying, record_entries  # noqa: E402
from calciscope.record.actions.patients import register_patient  # noqa: E402
from calciscope.record.actions.visits import open_visit  # noqa: E402
from calciscope.record.actor import Actor  # noqa: E402
from calciscope.record.models.contribution import Contribution  # noqa: E402
from calciscope.record.models.entry import Entry  # noqa: E402
from calciscope.record.models.membership import Membership  # noqa: E402
from calciscope.record.models.visit import Visit  # noqa: E402
from calciscope.record.permissions import Role  # noqa: E402
from calciscope.record.refusals import Conflict  # noqa: E402
from calciscope.record.set_up import set_up_site  # noqa: E402
from calciscope.record.verify import verify_record  # noqa: E402
from tests.unit.record.conftest import person  # noqa: E402

GROUP = 6  # facts that are saved together
EXAMINED = {"extent": "whole_body", "outcome": "none_found"}


def prepare() -> None:
    call_command("migrate", verbosity=0)
    set_up_site(site="North", email="one@example.org", name="One", roles=(Role.RHEUMATOLOGIST,))
    patient = register_patient(by=doctor(), person=person())
    visit = open_visit(by=doctor(), patient=patient, details={"held_on": "2026-11-02", "kind": "planned"})
    record_entries(by=doctor(), patient=patient, visit=visit, sayings=[Saying(noun="examination", data=EXAMINED)])


def doctor() -> Actor:
    return Actor.of(Membership.objects.get())


def race(seconds: float, writers: int) -> None:
    by, visit = doctor(), Visit.unscoped.get()
    first = Entry.unscoped.get(noun="examination")
    saved: list[str] = []
    conflicts: list[bool] = []
    failures: list[str] = []
    ends = time.monotonic() + seconds

    def write(number: int) -> None:
        version, turn = 1, 0
        try:
            while time.monotonic() < ends:
                text = f"writer {number} turn {turn}"
                saying = Saying(noun="examination", data=EXAMINED | {"remark": text}, uid=first.uid, based_on=version)
                try:
                    record_entries(by=by, patient=visit.patient_id, visit=visit.pk, sayings=[saying])
                except Conflict as conflict:
                    conflicts.append(conflict.mine["remark"] == text and "remark" in conflict.theirs.data)
                    version = conflict.theirs.version
                    continue
                saved.append(text)
                version, turn = version + 1, turn + 1
        except Exception as error:
            failures.append(repr(error))
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    versions = list(Entry.unscoped.filter(uid=first.uid).order_by("version").values_list("version", "data"))
    print(
        json.dumps(
            {
                "saved": len(saved),
                "conflicts": len(conflicts),
                "conflicts_with_both_texts": sum(conflicts),
                "failures": failures,
                "lost": sorted(set(saved) - {data.get("remark") for _, data in versions}),
                "versions_in_a_row": [version for version, _ in versions] == list(range(1, len(saved) + 2)),
                "whole": verify_record().whole,
            }
        )
    )


def write() -> None:
    by, visit = doctor(), Visit.unscoped.get()
    turn = 0
    while True:
        data = {"topic": "other", "answer": "present", "text": f"group {turn}"}
        sayings = [Saying(noun="history_item", data=data) for _ in range(GROUP)]
        record_entries(by=by, patient=visit.patient_id, visit=visit.pk, sayings=sayings)
        print(turn, flush=True)
        turn += 1


def verify() -> None:
    groups = Contribution.unscoped.filter(action="record_entries", entries__noun="history_item")
    sizes = set(groups.annotate(size=Count("entries")).values_list("size", flat=True))
    texts = {data["text"] for data in Entry.unscoped.filter(noun="history_item").values_list("data", flat=True)}
    healthy = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            healthy = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    print(
        json.dumps({"sizes": sorted(sizes), "texts": sorted(texts), "whole": verify_record().whole, "healthy": healthy})
    )


if __name__ == "__main__":
    task, words = sys.argv[1], sys.argv[2:]
    if task == "race":
        race(float(words[0]), int(words[1]))
    else:
        {"prepare": prepare, "write": write, "verify": verify}[task]()
