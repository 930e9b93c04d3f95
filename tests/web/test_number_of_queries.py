"""Pages of a patient ask the database a constant number of times, however much there is in the record."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calciscope.record.demonstration.load import load_patients
from calciscope.record.demonstration.patients import make_patients
from calciscope.record.models.entry import Entry
from tests.web.furnished import POST_ALONE, arguments, ours
from tests.web.test_every_address import OF_A_PATIENT

MOST_ON_THE_PATIENT_PAGE = 15  # the goal of the record's speed, log-in and audit line included
PATIENTS = 12


@pytest.fixture
def clinic(doctor) -> list[UUID]:
    """Invented patients, the one with the least to tell first."""
    load_patients(make_patients(seed=5, count=PATIENTS), seed=5, by=doctor)
    facts = Entry.unscoped.values("patient").annotate(facts=Count("pk")).order_by("facts")
    return list(facts.values_list("patient", flat=True))


def asked(web, address: str) -> int:
    web.get(address)  # the first request of a session finds its seat
    with CaptureQueriesContext(connection) as queries:
        answer = web.get(address)
    assert answer.status_code == 200, address
    return sum(not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")) for query in queries)


PATIENT_ALONE = sorted(
    name for name in OF_A_PATIENT if set(ours()[name].pattern.converters) == {"patient"} and name not in POST_ALONE
)


@pytest.mark.parametrize("name", PATIENT_ALONE)
def test_a_page_of_a_patient_asks_as_often_for_little_as_for_much(web, clinic, name: str) -> None:
    little, much = (asked(web, reverse(name, kwargs={"patient": key})) for key in (clinic[0], clinic[-1]))
    assert little == much
    if name == "patient":
        assert much <= MOST_ON_THE_PATIENT_PAGE


def test_the_list_asks_as_often_for_one_patient_as_for_many(web, doctor) -> None:
    load_patients(make_patients(seed=5, count=1), seed=5, by=doctor)
    one = asked(web, reverse("patients"))
    load_patients(make_patients(seed=6, count=PATIENTS), seed=6, by=doctor)
    assert asked(web, reverse("patients")) == one
    assert one <= MOST_ON_THE_PATIENT_PAGE


def test_every_page_of_a_patient_is_asked_about() -> None:
    assert {"patient", "background", "scores"} <= set(PATIENT_ALONE)
    assert arguments("patient", {}) == {"patient": None}
