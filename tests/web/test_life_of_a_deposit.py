"""A deposit's life on the screens: found and told in one step, split and merged, and never taken for a new one unasked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from calciscope.record.queries.patients import patient_page
from calciscope.record.stories import stories
from tests.web.test_visit_without_a_script import text_of

NEW = {
    "region": "elbow", "side": "left", "longest_mm": "9", "size_method": "caliper", "event-event": "present",
    "event-on": "02 Nov 2026",
}  # fmt: skip


@pytest.fixture
def at(patient, visit):
    return lambda name, *more: reverse(name, args=[patient, visit, *more])


def told(doctor, patient) -> list:
    page = patient_page(by=doctor, patient=patient)
    return list(stories(page.facts, page.deposits))


def test_a_deposit_in_a_known_place_is_asked_about_before_it_is_saved(web, doctor, patient, deposit, at) -> None:
    answer = web.post(at("new_deposit"), NEW | {"remark": "Felt beside the olecranon"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "D01, left elbow, 14 mm (caliper)" in page
    assert at("deposit_finding", deposit) in page
    assert "Felt beside the olecranon" in page
    assert len(told(doctor, patient)) == 1
    assert web.post(at("new_deposit"), NEW | {"another": "1"}).status_code == 302
    assert len(told(doctor, patient)) == 2


@pytest.mark.parametrize("changed", [{"side": "right"}, {"region": "knee"}])
def test_another_place_is_not_asked_about(web, doctor, patient, deposit, at, changed) -> None:
    assert web.post(at("new_deposit"), NEW | changed).status_code == 302


def test_the_place_of_a_deposit_that_is_gone_is_free(web, doctor, patient, deposit, at) -> None:
    web.post(at("deposit_event", deposit), {"event": "excised", "on": "02 Nov 2026"})
    assert web.post(at("new_deposit"), NEW).status_code == 302


def test_a_finding_and_what_has_become_of_it_are_saved_together(web, doctor, patient, deposit, at) -> None:
    address = at("deposit_finding", deposit)
    sent = {"region": "elbow", "side": "left", "longest_mm": "20", "size_method": "caliper", "event-on": "02 Nov 2026"}
    wrong = web.post(address, sent | {"event-event": "infection_confirmed"})
    assert wrong.status_code == 422
    assert "Say on what" in text_of(wrong)
    assert len(told(doctor, patient)[0].findings) == 1
    web.post(address, sent | {"event-event": "infection_confirmed", "event-basis": "culture"})
    (story,) = told(doctor, patient)
    assert story.newest.data["longest_mm"] == 20
    assert story.state == "infection_confirmed"


def test_without_anything_new_no_event_is_written(web, doctor, patient, deposit, at) -> None:
    sent = {"region": "elbow", "side": "left", "event-event": "", "event-on": "02 Nov 2026"}
    assert web.post(at("deposit_finding", deposit), sent).status_code == 302
    assert len(told(doctor, patient)[0].events) == 1


def test_a_deposit_splits_from_another_and_merges_into_it_again(web, doctor, patient, deposit, at) -> None:
    split = NEW | {"another": "1", "event-event": "split_from"}
    wrong = web.post(at("new_deposit"), split)
    assert wrong.status_code == 422
    assert "Say which other deposit." in text_of(wrong)
    assert web.post(at("new_deposit"), split | {"event-other_deposit": str(deposit)}).status_code == 302
    second = told(doctor, patient)[1]
    assert second.state == "split_from"
    merged = {"event": "merged_into", "on": "02 Nov 2026", "other_deposit": str(deposit)}
    web.post(at("deposit_event", second.id), merged)
    assert told(doctor, patient)[1].ended


def test_the_map_of_a_visit_leads_to_each_finding(web, deposit, at) -> None:
    page = text_of(web.get(at("visit_deposits")))
    drawn = page.split("The same on the body map", 1)[1]
    assert at("deposit_finding", deposit) in drawn.split("How far the body was examined")[0]
