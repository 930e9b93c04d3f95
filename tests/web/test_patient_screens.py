"""The list, the one-page view and its table: what they say, and that they ask the database a constant number of times."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calciscope.record.actions.deposits import record_new_deposit
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.visits import open_visit, sign_visit
from calciscope.record.queries.patients import patient_page
from tests.unit.record.conftest import person
from tests.web.conftest import FINDING
from tests.web.test_visit_without_a_script import text_of

MOST_QUERIES_OF_THE_PAGE = 15


def asked(client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    frame = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return len([query for query in caught.captured_queries if not query["sql"].startswith(frame)])


def visits_with_deposits(doctor, patient, count: int) -> None:
    for number in range(count):
        day = (date(2024, 1, 8) + timedelta(days=60 * number)).isoformat()
        visit = open_visit(by=doctor, patient=patient, details={"held_on": day, "kind": "planned"})
        event = {"event": "present", "on": day}
        record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event)
        ck = {"test": "creatine_kinase", "value": 300 - number, "unit": "U/L", "high": 190, "sampled_on": day}
        sayings = [
            Saying(noun="activity", data={"state": "active", "physician_global": 4}),
            Saying(noun="laboratory_result", data=ck),
        ]
        record_entries(by=doctor, patient=patient, visit=visit, sayings=sayings)
        sign_visit(by=doctor, patient=patient, visit=visit)


def test_the_page_asks_a_constant_number_of_times(web, doctor, patient) -> None:
    address = reverse("patient", args=[patient])
    web.get(address)
    visits_with_deposits(doctor, patient, 1)
    few = asked(web, address)
    visits_with_deposits(doctor, patient, 6)
    assert asked(web, address) == few <= MOST_QUERIES_OF_THE_PAGE


def test_the_list_asks_a_constant_number_of_times(web, doctor) -> None:
    address = reverse("patients")
    web.get(address)
    register_patient(by=doctor, person=person("N-0"))
    few = asked(web, address)
    for number in range(1, 6):
        visits_with_deposits(doctor, register_patient(by=doctor, person=person(f"N-{number}")), 1)
    assert asked(web, address) == few


def test_the_sentence_on_top_says_what_changed(web, doctor, patient) -> None:
    visits_with_deposits(doctor, patient, 1)
    page = text_of(web.get(reverse("patient", args=[patient])))
    assert "Nothing was recorded since the last signed visit on 08 Jan 2024." in page
    visit = open_visit(by=doctor, patient=patient, details={"held_on": "2024-06-03", "kind": "planned"})
    event = {"event": "present", "on": "2024-06-03"}
    record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING | {"side": "right"}, event=event)
    page = text_of(web.get(reverse("patient", args=[patient])))
    assert "Since the last signed visit on 08 Jan 2024: new: D02 (right elbow)." in page


def test_no_deposit_is_not_the_same_as_none_found(web, doctor, patient, visit) -> None:
    address = reverse("patient", args=[patient])
    assert "That is not the same as" in text_of(web.get(address))
    saying = Saying(noun="examination", data={"extent": "whole_body", "outcome": "none_found"})
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[saying])
    assert "Examined, none found" in text_of(web.get(address))


def test_the_table_repeats_every_graphic_and_leaves_missing_empty(web, doctor, patient) -> None:
    visits_with_deposits(doctor, patient, 2)
    answer = web.get(reverse("flowsheet_csv", args=[patient]))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    by_title = {row[1]: row for row in rows}
    assert rows[0][3:] == ["2024-01-08", "2024-03-08"]
    assert by_title["creatine kinase"][2:] == ["U/L", "300", "299"]
    assert by_title["D02 left elbow"][3:] == ["", "14; present"]
    assert by_title["D02 left elbow"][2] == "mm, caliper"
    assert by_title["Deposits present"][3:] == ["1", "2"]
    assert "Example" not in answer.content.decode()
    assert "Example" not in answer["Content-Disposition"]


def test_two_visits_are_chosen_for_the_body_map(web, doctor, patient) -> None:
    visits_with_deposits(doctor, patient, 3)
    page = text_of(web.get(reverse("patient", args=[patient])))
    assert "Deposits at the two visits" in page
    assert page.count("<figure") == 2


@pytest.mark.parametrize(("only", "expected"), [("active", "H-A"), ("growing", "H-G"), ("overdue", "H-O")])
def test_the_list_is_narrowed(web, doctor, only: str, expected: str) -> None:
    keys = {number: register_patient(by=doctor, person=person(number)) for number in ("H-A", "H-G", "H-O", "H-N")}
    details = {"held_on": "2026-03-02", "kind": "planned"}
    visits = {number: open_visit(by=doctor, patient=key, details=details) for number, key in keys.items()}
    for number, state in (("H-A", "active"), ("H-N", "inactive")):
        said = Saying(noun="activity", data={"state": state})
        record_entries(by=doctor, patient=keys[number], visit=visits[number], sayings=[said])
    event = {"event": "growing", "on": "2026-03-02"}
    record_new_deposit(by=doctor, patient=keys["H-G"], visit=visits["H-G"], finding=FINDING, event=event)
    plan = Saying(noun="plan", data={"agreed_on": "2026-03-02", "review_on": "2026-05-01"})
    record_entries(by=doctor, patient=keys["H-O"], sayings=[plan])
    page = text_of(web.post(reverse("patients"), {"only": only}))
    assert [number for number in keys if f"<td>{number}</td>" in page] == [expected]


def test_a_search_finds_by_name_and_number_and_stands_in_no_address(web, doctor, patient) -> None:
    for words, found in (("exa", True), ("H-00", True), ("ada exam", True), ("zzz", False)):
        page = text_of(web.post(reverse("patients"), {"search": words}))
        assert ("Example, Ada" in page) is found
    assert "Example" in text_of(web.get(reverse("patients"), {"search": "zzz"}))


def test_today_lists_visits_of_today(web, doctor, patient) -> None:
    assert "No visit of today" in text_of(web.get(reverse("today")))
    details = {"held_on": date.today().isoformat(), "kind": "urgent", "reason": "New ulcer"}
    open_visit(by=doctor, patient=patient, details=details)
    page = text_of(web.get(reverse("today")))
    assert "Example, Ada" in page
    assert "New ulcer" in page


def test_the_sentence_counts_changes_of_size_and_names_the_greatest(web, doctor, patient) -> None:
    visits_with_deposits(doctor, patient, 2)
    keys = {label: key for key, label in patient_page(by=doctor, patient=patient).deposits}
    visit = open_visit(by=doctor, patient=patient, details={"held_on": "2024-06-03", "kind": "planned"})
    for label, longest in (("D01", 20), ("D02", 17)):
        said = Saying(noun="deposit_finding", data=FINDING | {"longest_mm": longest}, deposit=keys[label])
        record_entries(by=doctor, patient=patient, visit=visit, sayings=[said])
    page = text_of(web.get(reverse("patient", args=[patient])))
    assert "2 measured larger, most D01 (left elbow) 14 to 20 mm" in page


def test_each_deposit_shares_its_axis_with_the_patients_own_line_and_treatment(web, doctor, patient) -> None:
    visits_with_deposits(doctor, patient, 2)
    drug = {"therapy": "diltiazem", "started_on": "2024-01-08"}
    size = {"measured_on": "2024-01-08", "height_cm": 138, "weight_kg": 31}
    sayings = [Saying(noun="medication", data=drug), Saying(noun="body_size", data=size)]
    record_entries(by=doctor, patient=patient, sayings=sayings)
    page = text_of(web.get(reverse("patient", args=[patient])))
    assert "the patient's pain there, 0 to 10 (right)" in page
    assert "from the top: diltiazem" in page
    rows = list(csv.reader(io.StringIO(web.get(reverse("flowsheet_csv", args=[patient])).content.decode())))
    assert ["Height, weight, body surface", "Body surface", "m2", "1.09", ""] in rows
