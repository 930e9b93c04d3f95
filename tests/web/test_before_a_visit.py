"""The sheet before a visit: what is due or was never done; and all sheets of the day on one page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.visits import open_visit
from tests.unit.record.conftest import person
from tests.web.test_visit_without_a_script import text_of


def test_what_is_due_and_what_was_never_done_is_named(web, doctor, patient, visit) -> None:
    sayings = [
        Saying(noun="plan", data={"agreed_on": "2026-03-02", "review_on": "2026-06-01"}),
        Saying(noun="organ_screening", data={"system": "lung", "screened_on": "2025-01", "finding": "normal"}),
    ]
    record_entries(by=doctor, patient=patient, sayings=sayings)
    page = text_of(web.get(reverse("visit_before", args=[patient, visit])))
    assert "Review of the plan: due on 01 Jun 2026" in page
    assert "Never screened: heart, swallowing" in page
    assert "Screened more than 12 months ago: lung" in page
    assert "Never measured: calcium, total; phosphate" in page
    assert "Allergies: not asked" in page


def test_what_was_done_is_not_named(web, doctor, patient, visit) -> None:
    sayings = [
        Saying(noun="organ_screening", data={"system": system, "screened_on": "2026-09", "finding": "normal"})
        for system in ("lung", "heart", "swallowing")
    ]
    sayings.append(Saying(noun="allergy", data={"answer": "none_known"}))
    record_entries(by=doctor, patient=patient, sayings=sayings)
    page = text_of(web.get(reverse("visit_before", args=[patient, visit])))
    for words in ("Never screened", "Screened more than", "Review of the plan", "Allergies: not asked"):
        assert words not in page


def test_all_sheets_of_today_stand_on_one_page(web, doctor, patient) -> None:
    other = register_patient(by=doctor, person=person("H-2", family_name="Second", given_name="Bea"))
    for key in (patient, other):
        details = {"held_on": date.today().isoformat(), "kind": "planned", "reason": "Growing at the elbow"}
        open_visit(by=doctor, patient=key, details=details)
    page = text_of(web.get(reverse("today_sheets")))
    assert page.count("sheet-of-patient") == 2
    assert "Example, Ada" in page
    assert "Second, Bea" in page
    assert "Growing at the elbow" in page


def test_of_another_teams_visits_there_is_no_sheet(people, client_of, doctor, patient) -> None:
    open_visit(by=doctor, patient=patient, details={"held_on": date.today().isoformat(), "kind": "planned"})
    assert "Example" not in text_of(client_of(people(name="stranger")).get(reverse("today_sheets")))
