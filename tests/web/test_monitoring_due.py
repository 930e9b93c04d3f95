"""What monitoring is due of the drugs that are taken stands on the list and on the patient's page, and nowhere with advice off."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.flows.monitoring_due import monitoring_due, patients_with_monitoring_overdue
from calciscope.knowledge import knowledge
from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.patients import register_patient
from calciscope.record.actor import Actor
from calciscope.record.demonstration.load import load_patients
from calciscope.record.demonstration.patients import make_patients
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.roster import roster
from tests.unit.record.conftest import person
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


def eyes(by: Actor, patient: UUID, days_ago: int) -> None:
    said = {"system": "eyes", "screened_on": (TODAY - timedelta(days=days_ago)).isoformat(), "finding": "normal"}
    record_entries(by=by, patient=patient, sayings=[Saying(noun="organ_screening", data=said)])


@pytest.mark.parametrize(("days_ago", "overdue"), [(30, False), (400, True)])
def test_a_screened_organ_moves_the_day(doctor: Actor, patient: UUID, days_ago: int, overdue: bool) -> None:
    take(doctor, patient, "hydroxychloroquine")
    eyes(doctor, patient, days_ago)
    found = {one.rule: one for one in monitoring_due(patient_page(by=doctor, patient=patient).facts, TODAY)}
    one = found["hydroxychloroquine-monitoring"]
    assert (one.last, one.overdue) == (TODAY - timedelta(days=days_ago), overdue)


def test_what_is_done_once_is_due_until_it_was(doctor: Actor, patient: UUID) -> None:
    take(doctor, patient, "tofacitinib")
    rules = {one.rule for one in monitoring_due(patient_page(by=doctor, patient=patient).facts, TODAY)}
    assert "jak-screening" in rules
    asked_for = ("tuberculosis_latent", "hepatitis_b", "hepatitis_c")
    sayings = [Saying(noun="condition", data={"condition": one, "answer": "ruled_out"}) for one in asked_for]
    record_entries(by=doctor, patient=patient, sayings=sayings)
    rules = {one.rule for one in monitoring_due(patient_page(by=doctor, patient=patient).facts, TODAY)}
    assert "jak-screening" not in rules


@pytest.mark.parametrize(
    ("said", "due"), [({"childbearing_potential": False}, False), ({"childbearing_potential": True}, True)]
)
def test_who_cannot_become_pregnant_needs_no_test(doctor: Actor, patient: UUID, said: dict, due: bool) -> None:
    take(doctor, patient, "thalidomide")
    asked_on = {"asked_on": TODAY.isoformat()}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="reproduction", data=said | asked_on)])
    rules = {one.rule for one in monitoring_due(patient_page(by=doctor, patient=patient).facts, TODAY)}
    assert ("thalidomide-pregnancy-test" in rules) is due


def test_the_list_is_narrowed_to_overdue_monitoring(doctor: Actor, web: Client, patient: UUID, on) -> None:
    other = register_patient(by=doctor, person=person("H-2", family_name="Punctual", given_name="Zoe"))
    for one, days_ago in ((patient, 300), (other, 5)):
        take(doctor, one)
        measure(doctor, one, days_ago)
    everybody = text(web.post(reverse("patients")))
    assert "Punctual" in everybody
    assert "monitoring overdue" in everybody
    narrowed = text(web.post(reverse("patients"), {"only": "monitoring"}))
    assert "Example, Ada" in narrowed
    assert "Punctual" not in narrowed
    assert "1 to 1 of 1" in narrowed


def test_the_narrowing_agrees_with_the_list_for_invented_patients(doctor: Actor, on) -> None:
    load_patients(make_patients(seed=6, count=12), seed=6, by=doctor)
    found = patients_with_monitoring_overdue(by=doctor, on=TODAY)
    rows = roster(by=doctor, today=TODAY).rows
    assert found == {row.banner.id for row in rows if any(one.overdue for one in monitoring_due(row.watched, TODAY))}
    assert found


def test_with_advice_off_the_list_cannot_be_narrowed_by_it(doctor: Actor, web: Client, patient: UUID) -> None:
    assert patients_with_monitoring_overdue(by=doctor, on=TODAY) is None
    answer = text(web.post(reverse("patients"), {"only": "monitoring"}))
    assert "Example, Ada" in answer
    assert "monitoring overdue" not in answer


def test_a_result_outside_limits_raises_the_card_of_its_rule(doctor: Actor, web: Client, patient: UUID, on) -> None:
    take(doctor, patient)
    page = text(web.get(reverse("assessment", args=[patient])))
    because = knowledge().rules["methotrexate-platelets"].because
    current = page[page.index('id="current"') : page.index('id="options"')]
    assert because not in current
    low = {"test": "platelets", "value": 40.0, "unit": "10*9/L", "low": 150.0, "sampled_on": TODAY.isoformat()}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="laboratory_result", data=low)])
    page = text(web.get(reverse("assessment", args=[patient])))
    assert because in page[page.index('id="current"') : page.index('id="options"')]
