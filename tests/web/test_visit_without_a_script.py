"""A visit from its opening to its signature and amendment, by forms alone, as a browser without a script sends them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.record.actions.deposits import record_new_deposit
from calciscope.record.actions.visits import open_visit
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.visits import visit_sheet
from tests.web.conftest import FINDING


def hidden(page: str) -> dict[str, str]:
    """The hidden inputs of a page, as a browser sends them back."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def text_of(answer) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def at(patient, visit):
    return lambda name, *more: reverse(name, args=[patient, visit, *more])


def facts(doctor, patient, noun: str):
    return [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == noun and fact.holds]


def test_new_patient_to_signed_visit(web: Client, doctor) -> None:
    sent = {"family_name": "New", "given_name": "Nina", "born_on": "07 Mar 2014", "hospital_number": "H-77"}
    answer = web.post(reverse("new_patient"), sent, follow=True)
    assert "New, Nina" in text_of(answer)
    assert "07 Mar 2014" in text_of(answer)
    patient = answer.resolver_match.kwargs["patient"]
    answer = web.post(reverse("open_visit", args=[patient]), {"held_on": "02 Nov 2026", "kind": "first"}, follow=True)
    visit = answer.resolver_match.kwargs["visit"]
    answer = web.post(
        reverse("visit_deposits", args=[patient, visit]), {"extent": "whole_body", "outcome": "none_found"}, follow=True
    )
    assert answer.resolver_match.kwargs["section"] == "effects"
    answer = web.post(reverse("visit_sign", args=[patient, visit]), follow=True)
    assert "examined, none found" in text_of(answer)
    assert "Signed by" in text_of(answer)
    assert "not recorded is not the same as normal" in text_of(answer)
    assert "Nina" not in text_of(answer).split("<textarea", 1)[1].split("</textarea>")[0]
    (found,) = facts(doctor, patient, "examination")
    assert found.data["outcome"] == "none_found"


def test_ten_unchanged_deposits_take_one_click_each(web, doctor, patient, visit, at) -> None:
    event = {"event": "present", "on": "2026-11-02"}
    keys = [
        record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event) for _ in range(10)
    ]
    second = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-20", "kind": "planned"})
    page = text_of(web.get(reverse("visit_deposits", args=[patient, second])))
    assert page.count("button-small unchanged") == len(keys)
    for key in keys:
        assert web.post(reverse("deposit_unchanged", args=[patient, second, key])).status_code == 302
    told = visit_sheet(by=doctor, patient=patient, visit=second)
    findings = [fact for fact in told.facts if fact.noun == "deposit_finding"]
    assert len(findings) == len(keys)
    assert all(fact.data["unchanged"] is True for fact in findings)
    assert "unchanged today" in text_of(web.get(reverse("visit_deposits", args=[patient, second])))


def test_unchanged_answers_a_script_with_the_card_alone(web, doctor, patient, deposit) -> None:
    second = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-20", "kind": "planned"})
    answer = web.post(reverse("deposit_unchanged", args=[patient, second, deposit]), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in text_of(answer)
    assert "unchanged today" in text_of(answer)


def test_a_deposit_is_added_changed_and_its_link_undone_in_two_clicks(web, doctor, patient, visit, at) -> None:
    sent = {
        "region": "knee", "side": "left", "layer": "subcutaneous", "form": "nodule", "longest_mm": "12,5",
        "size_method": "caliper", "skin_state": "intact", "event-event": "present", "event-on": "02 Nov 2026",
    }  # fmt: skip
    answer = web.post(at("new_deposit"), sent, follow=True)
    assert "D01" in text_of(answer)
    (finding,) = facts(doctor, patient, "deposit_finding")
    assert finding.data["longest_mm"] == 12.5
    deposit = finding.deposit_id
    web.post(at("deposit_event", deposit), {"event": "ulcerated", "on": "02 Nov 2026"})
    (_, second) = facts(doctor, patient, "deposit_event")
    page = text_of(web.get(at("visit_deposits")))
    address = reverse("undo_fact", args=[patient, second.uid])
    assert address in page  # the first click
    undo = text_of(web.get(address))
    answer = web.post(address, hidden(undo) | {"reason": "Linked to the wrong deposit"}, follow=True)  # the second
    assert "taken back" in text_of(answer)
    assert [fact.data["event"] for fact in facts(doctor, patient, "deposit_event")] == ["present"]


def test_what_does_not_hold_is_said_at_the_field_with_the_typed_text_kept(web, doctor, patient, visit, at) -> None:
    sent = {
        "region": "knee", "side": "midline", "longest_mm": "abc", "size_method": "caliper", "pain": "11",
        "remark": "Typed with care", "event-event": "present", "event-on": "31 Feb 2026",
    }  # fmt: skip
    answer = web.post(at("new_deposit"), sent)
    page = text_of(answer)
    assert answer.status_code == 422
    for typed in ("abc", "Typed with care", "31 Feb 2026"):
        assert typed in page
    assert "This takes a number." in page
    assert 'href="#f-longest_mm"' in page
    assert facts(doctor, patient, "deposit_finding") == []
    again = text_of(web.get(at("new_deposit")))  # the page was closed: the draft has it all
    assert "Typed with care" in again
    assert "did not save" in again


def test_not_assessed_is_kept_apart_from_untouched(web, doctor, patient, visit, at) -> None:
    sent = {"skin_effects-pain": "0", "skin_effects-redness": "not_assessed"}
    web.post(at("visit_part", "effects"), sent)
    (found,) = facts(doctor, patient, "skin_effects")
    assert found.data == {"pain": 0, "redness": "not_assessed"}
    review = text_of(web.get(at("visit")))
    assert "tenderness" in review.split("Still due", 1)[1].split("</section>")[0]
    assert "redness" not in review.split("Still due", 1)[1].split("</section>")[0]


def test_the_rest_is_filled_for_review_and_saved_by_a_second_click(web, doctor, patient, visit, at) -> None:
    answer = web.post(at("visit_part", "effects"), {"skin_effects-pain": "3", "fill": "zero"})
    assert facts(doctor, patient, "skin_effects") == []
    page = text_of(answer)
    assert len(re.findall(r'value="0" checked', page)) == 9
    assert len(re.findall(r'value="3" checked', page)) == 1


def test_saving_the_same_again_makes_no_new_version(web, doctor, patient, visit, at) -> None:
    web.post(at("visit_part", "activity"), {"activity-state": "active", "activity-physician_global": "4"})
    page = text_of(web.get(at("visit_part", "activity")))
    answer = web.post(
        at("visit_part", "activity"), hidden(page) | {"activity-state": "active", "activity-physician_global": "4"}
    )
    assert answer.status_code == 302
    (found,) = facts(doctor, patient, "activity")
    assert found.version == 1


def test_laboratory_results_go_in_together_or_not_at_all(web, doctor, patient, visit, at) -> None:
    sent = {
        "sampled_on": "01 Nov 2026", "creatine_kinase-value": "820", "creatine_kinase-unit": "U/L",
        "creatine_kinase-high": "190", "calcium-value": "2350", "calcium-unit": "mmol/L",
    }  # fmt: skip
    answer = web.post(at("visit_laboratory"), sent)
    assert answer.status_code == 422
    assert "cannot be in mmol/L" in text_of(answer)
    assert "2350" in text_of(answer)
    assert facts(doctor, patient, "laboratory_result") == []
    key = hidden(text_of(answer))
    sent = key | sent | {"calcium-value": "2,35", "crp-value": "<0.5", "crp-unit": "mg/L"}
    assert web.post(at("visit_laboratory"), sent).status_code == 302
    assert web.post(at("visit_laboratory"), sent).status_code == 422  # sent twice: nothing is doubled
    found = {fact.data["test"]: fact.data for fact in facts(doctor, patient, "laboratory_result")}
    assert found["calcium"]["value"] == 2.35
    assert (found["crp"]["comparator"], found["crp"]["value"]) == ("<", 0.5)
    assert len(found) == len(facts(doctor, patient, "laboratory_result")) == 3


def test_a_signed_visit_is_amended_with_a_reason_only(web, doctor, patient, visit, at) -> None:
    web.post(at("visit_part", "activity"), {"activity-state": "active"})
    web.post(at("visit_sign"))
    form = text_of(web.get(at("visit_part", "activity")))
    assert "Reason for the amendment" in form
    sent = hidden(form) | {"activity-state": "inactive"}
    answer = web.post(at("visit_part", "activity"), sent)
    assert answer.status_code == 422
    answer = web.post(at("visit_part", "activity"), sent | {"reason": "Typed into the wrong patient"}, follow=True)
    (found,) = facts(doctor, patient, "activity")
    assert (found.version, found.status, found.reason) == (2, "amended", "Typed into the wrong patient")
    assert "amended by" in text_of(web.get(at("visit")))


def test_medication_is_listed_added_and_changed(web, doctor, patient, visit, at) -> None:
    form = text_of(web.get(at("visit_part", "medication")))
    sent = {
        "medication-therapy": "methotrexate", "medication-dose": "15", "medication-dose_unit": "mg/wk",
        "medication-started_on": "Nov 2026", "then": "stay",
    }  # fmt: skip
    answer = web.post(at("visit_part", "medication"), hidden(form) | sent, follow=True)
    assert "methotrexate" in text_of(answer)
    (found,) = facts(doctor, patient, "medication")
    assert found.data["started_on"] == "2026-11"
    address = reverse("edit_fact", args=[patient, found.uid])
    form = text_of(web.get(address))
    changed = {
        "therapy": "methotrexate", "dose": "15", "dose_unit": "mg/wk", "started_on": "Nov 2026",
        "stopped_on": "20 Nov 2026", "stop_reason": "side_effect",
    }  # fmt: skip
    assert web.post(address, hidden(form) | changed).status_code == 302
    (found,) = facts(doctor, patient, "medication")
    assert (found.version, found.data["stop_reason"]) == (2, "side_effect")


def test_a_cancelled_visit_says_why(web, doctor, patient, visit, at) -> None:
    assert web.post(at("visit_cancel"), {"reason": "no"}).status_code == 422
    assert web.post(at("visit_cancel"), {"reason": "The patient did not come"}).status_code == 302
    assert visit_sheet(by=doctor, patient=patient, visit=visit).state.state == "cancelled"


def test_a_part_of_the_map_is_chosen_by_a_link_that_names_none(web, doctor, patient, visit, at) -> None:
    form = text_of(web.get(at("new_deposit")))
    link = re.search(r'href="(\?pick=\d+#f-region)"[^>]*data-words="Left knee"', form)
    assert link
    page = text_of(web.get(at("new_deposit") + link[1].partition("#")[0]))
    assert re.search(r'<option value="knee" selected>', page)
    assert re.search(r'<option value="left" selected>', page)
    sent = hidden(page) | {"region": "knee", "side": "left", "event-event": "present", "event-on": "02 Nov 2026"}
    assert sent["map"].endswith(".front")
    web.post(at("new_deposit"), sent)
    (found,) = facts(doctor, patient, "deposit_finding")
    assert (found.data["map"], 0 < found.data["map_x"] < 1) == (sent["map"], True)


def test_the_lists_decide_where_the_point_says_something_else(web, doctor, patient, visit, at) -> None:
    sent = {
        "region": "elbow", "side": "right", "map": "1.adult.front", "map_x": "0.5", "map_y": "0.05",
        "event-event": "present", "event-on": "02 Nov 2026",
    }  # fmt: skip
    web.post(at("new_deposit"), sent)
    (found,) = facts(doctor, patient, "deposit_finding")
    assert "map" not in found.data
    assert (found.data["region"], found.data["side"]) == ("elbow", "right")
