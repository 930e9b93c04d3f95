"""What monitoring is due of the drugs that are taken stands on the list and on the patient's page, and nowhere with advice off."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.flows.monitoring_due import monitoring_due
from calciscope.knowledge import knowledge
from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.demonstration.load import load_patients
from calciscope.record.demonstration.patients import make_patients
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from tests.web.test_number_of_queries import MOST_ON_THE_PATIENT_PAGE, asked

TODAY = date.today()
MEASURED = {
    "haemoglobin": (12.0, "g/dL"), "leucocytes": (6.0, "10*9/L"), "platelets": (250.0, "10*9/L"), "alt": (20.0, "U/L"),
    "ast": (20.0, "U/L"), "creatinine": (0.6, "mg/dL"), "albumin": (4.2, "g/dL"),
}  # fmt: skip


@pytest.fixture
def on(people) -> None:
    set_advice(by=people(Role.ADMINISTRATOR), on=True)


def text(answer) -> str:
    return unescape(answer.content.decode())


def take(by: Actor, patient: UUID, therapy: str = "methotrexate") -> None:
    drug = {"therapy": therapy, "started_on": (TODAY - timedelta(days=400)).isoformat()}
    record_entries(by=by, patient=patient, sayings=[Saying(noun="medication", data=drug)])


def measure(by: Actor, patient: UUID, days_ago: int) -> None:
    on = (TODAY - timedelta(days=days_ago)).isoformat()
    results = [
        Saying(noun="laboratory_result", data={"test": test, "value": value, "unit": unit, "sampled_on": on})
        for test, (value, unit) in MEASURED.items()
    ]
    record_entries(by=by, patient=patient, sayings=results)


def test_it_is_told_by_the_rules_of_the_drugs_that_are_taken(doctor: Actor, patient: UUID) -> None:
    facts = patient_page(by=doctor, patient=patient).facts
    assert monitoring_due(facts, TODAY) == ()
    take(doctor, patient)
    (first, *_) = monitoring_due(patient_page(by=doctor, patient=patient).facts, TODAY)
    assert (first.therapy, first.last, first.overdue) == ("methotrexate", None, None)
    assert "methotrexate" in knowledge().rules[first.rule].therapies


@pytest.mark.parametrize(("days_ago", "words"), [(5, "nothing overdue"), (300, "overdue")])
def test_results_move_the_day(doctor: Actor, web: Client, patient: UUID, on, days_ago: int, words: str) -> None:
    take(doctor, patient)
    measure(doctor, patient, days_ago)
    found = monitoring_due(patient_page(by=doctor, patient=patient).facts, TODAY)
    assert any(one.overdue for one in found) is (words == "overdue")
    listed, page = text(web.get(reverse("patients"))), text(web.get(reverse("patient", args=[patient])))
    assert (" overdue</span>" in listed) is (words == "overdue")
    assert ("overdue since" in page) is (words == "overdue")


def test_what_is_not_all_in_the_record_is_said_as_such(doctor: Actor, web: Client, patient: UUID, on) -> None:
    take(doctor, patient)
    assert "not complete" in text(web.get(reverse("patients")))
    assert "not complete" in text(web.get(reverse("patient", args=[patient])))


def test_a_stopped_drug_is_not_watched(doctor: Actor, web: Client, patient: UUID, on) -> None:
    drug = {"therapy": "methotrexate", "started_on": "2024", "stopped_on": "2025", "stop_reason": "remission"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="medication", data=drug)])
    assert "nothing due" in text(web.get(reverse("patients")))


def test_with_advice_off_nothing_is_said_of_it(doctor: Actor, web: Client, patient: UUID) -> None:
    take(doctor, patient)
    assert "Monitoring" not in text(web.get(reverse("patients")))
    assert "Monitoring due" not in text(web.get(reverse("patient", args=[patient])))


def test_the_pages_still_ask_the_database_a_few_times(doctor: Actor, web: Client, on) -> None:
    keys = load_patients(make_patients(seed=5, count=1), seed=5, by=doctor)
    one = asked(web, reverse("patients"))
    assert asked(web, reverse("patient", args=[keys[0]])) <= MOST_ON_THE_PATIENT_PAGE
    load_patients(make_patients(seed=6, count=12), seed=6, by=doctor)
    assert asked(web, reverse("patients")) == one <= MOST_ON_THE_PATIENT_PAGE
