"""Text that would be markup, a statement, a formula, a head or another host is kept and shown as text, or refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.visits import open_visit
from calciscope.record.actor import Actor
from calciscope.record.models.identity import Identity
from calciscope.record.patient_list.workbook import read_workbook
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from calciscope.record.set_up import add_person
from calciscope.terms.errors import Refused
from tests.unit.record.conftest import person
from tests.web.furnished import POST_ALONE, arguments, furnish, ours
from tests.web.test_log_in import EMAIL, PASSWORD

MARKUP = """"><img src=x onerror=alert(1)><script>alert(2)</script>'{{ 7|add:7 }}{% debug %}"""
ENTITIES = "&lt;b&gt; %3Cb%3E &amp;amp; +"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    r"\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
]


@pytest.fixture
def hostile(doctor: Actor, visit, patient, files) -> dict[str, object]:
    """A patient in whom every text is markup, with one of everything."""
    made = register_patient(by=doctor, person=person("H-<b>9", family_name=MARKUP, given_name="<b>Bob</b>"))
    at = open_visit(by=doctor, patient=made, details={"held_on": "2026-11-02", "kind": "planned", "reason": MARKUP})
    keys = furnish(doctor, made, at)
    sayings = [
        Saying(noun="note", data={"text": MARKUP}),
        Saying(noun="examination", data={"extent": "whole_body", "outcome": "deposits_found", "remark": MARKUP}),
        Saying(noun="history_item", data={"topic": "other", "answer": "present", "text": MARKUP}),
    ]
    record_entries(by=doctor, patient=made, visit=at, sayings=sayings)
    plan = next(fact for fact in patient_page(by=doctor, patient=made).facts if fact.noun == "plan")
    said = {**plan.data, "next_steps": MARKUP, "goals": MARKUP}
    record_entries(
        by=doctor, patient=made, sayings=[Saying(noun="plan", data=said, uid=plan.uid, based_on=plan.version)]
    )
    return keys


def test_markup_in_any_text_is_shown_as_text(web, hostile) -> None:
    seen = 0
    for name in sorted(set(ours()) - POST_ALONE):
        answer = web.get(reverse(name, kwargs=arguments(name, hostile)), follow=True)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        assert "<img src=x" not in page and "<script>alert" not in page and "<b>Bob" not in page, name
        assert "onerror=alert(1)>" not in page, name
        seen += "&lt;script&gt;alert(2)" in page
    assert seen > 10


def test_text_is_decoded_once_and_kept_as_it_was_typed(web, doctor) -> None:
    sent = {"family_name": ENTITIES, "given_name": "Nina", "born_on": "07 Mar 2014", "hospital_number": "H-78"}
    page = web.post(reverse("new_patient"), sent, follow=True).content.decode()
    assert Identity.unscoped.get(given_name="Nina").family_name == ENTITIES
    assert "&amp;lt;b&amp;gt; %3Cb%3E &amp;amp;amp; +" in page


@pytest.mark.parametrize(
    "typed", ["' OR '1'='1", "%", "_", "'; DROP TABLE record_patient; --", '"', "\\", "\x00x", "H-0001' --"]
)
def test_a_search_is_a_value_and_no_statement(web, patient, typed: str) -> None:
    answer = web.post(reverse("patients"), {"search": typed})
    assert answer.status_code == (400 if "\x00" in typed else 200)
    assert b"Example, Ada" not in answer.content
    assert Identity.unscoped.count() == 1


@pytest.mark.parametrize("where", ELSEWHERE)
def test_the_way_back_never_leads_elsewhere(db, people, client_of, where: str) -> None:
    add_person(site="North", email=EMAIL, name="Dr Test", role=Role.RHEUMATOLOGIST, password=PASSWORD)
    client = Client()
    log_in = client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "next": where})
    assert log_in["Location"].startswith("/") and not log_in["Location"].startswith("//")
    out = client.post(reverse("account_logout"), {"next": where})
    assert out["Location"].startswith("/") and not out["Location"].startswith("//")
    actor = people(name="two")
    chosen = client_of(actor).post(reverse("seats"), {"seat": str(actor.membership_id), "next": where})
    assert chosen["Location"] == "/"


def test_a_table_to_save_holds_no_formula(web, doctor, patient, visit) -> None:
    saying = Saying(
        noun="examination", data={"extent": "whole_body", "outcome": "none_found", "remark": '=HYPERLINK("x")'}
    )
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[saying])
    text = web.get(reverse("flowsheet_csv", args=[patient])).content.decode()
    assert not any(cell.startswith(("=", "@")) for line in text.splitlines() for cell in line.split(","))


def test_an_address_with_a_line_break_gets_no_mail(db) -> None:
    add_person(site="North", email=EMAIL, name="Dr Test", role=Role.RHEUMATOLOGIST, password=PASSWORD)
    Client().post(reverse("account_reset_password"), {"email": f"{EMAIL}\nBcc: other@example.org"})
    assert [letter for letter in mail.outbox if "other@example.org" in letter.message().as_string()] == []


def test_a_workbook_with_an_entity_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        text = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><c>&a;</c></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", text)
    with pytest.raises(Refused, match="Excel"):
        read_workbook(made.getvalue())


def test_fields_that_a_form_does_not_have_change_nothing(web, patient, doctor) -> None:
    """Nor does the same field in the address, or twice."""
    sent = {"family_name": ["New", "Newer"], "given_name": "Nina", "born_on": "07 Mar 2014", "hospital_number": "H-79"}
    planted = {"id": str(patient), "site": "1", "is_active": "0", "synthetic": "1"}
    web.post(reverse("new_patient") + "?hospital_number=H-80", sent | planted)
    made = Identity.unscoped.get(given_name="Nina")
    assert made.patient_id != patient and made.family_name == "Newer"
    assert made.patient.site_id == doctor.site_id
