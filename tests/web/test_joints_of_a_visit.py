"""Movement of joints: right and left in one table beside the last visit's, and in the visit's text."""

from __future__ import annotations

import pytest
from django.urls import reverse

from calciscope.record.actions.visits import open_visit
from calciscope.record.queries.patients import patient_page
from tests.web.test_visit_without_a_script import hidden, text_of


@pytest.fixture
def address(patient, visit) -> str:
    return reverse("visit_joints", args=[patient, visit])


def facts(doctor, patient) -> list:
    return [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "joint_movement"]


def test_cells_are_saved_and_stand_beside_the_next_visits(web, doctor, patient, visit, address) -> None:
    sent = {"elbow-extension-right": "-20", "elbow-extension-left": "0", "knee-extension-left": ""}
    assert web.post(address, sent).status_code == 302
    assert {(fact.data["side"], fact.data["degrees"]) for fact in facts(doctor, patient)} == {
        ("right", -20),
        ("left", 0),
    }
    text = text_of(web.get(reverse("visit_text", args=[patient, visit])))
    assert "- Right elbow, extension -20 deg" in text
    later = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-20", "kind": "planned"})
    assert "-20°" in text_of(web.get(reverse("visit_joints", args=[patient, later])))


def test_a_cell_is_changed_as_a_new_version(web, doctor, patient, address) -> None:
    web.post(address, hidden(text_of(web.get(address))) | {"elbow-extension-right": "-20"})
    web.post(address, hidden(text_of(web.get(address))) | {"elbow-extension-right": "-15"})
    (found,) = facts(doctor, patient)
    assert (found.version, found.data["degrees"]) == (2, -15)


def test_of_two_windows_the_second_sees_the_firsts_value_and_overwrites_nothing_unseen(
    web, doctor, patient, address
) -> None:
    both = hidden(text_of(web.get(address)))
    web.post(address, both | {"elbow-extension-right": "-20"})
    page = text_of(web.post(address, both | {"elbow-extension-right": "-15"}))
    assert "has saved -20° since you opened this page" in page
    assert 'value="-15"' in page
    assert facts(doctor, patient)[0].data["degrees"] == -20
    web.post(address, hidden(page) | {"elbow-extension-right": "-15"})
    assert facts(doctor, patient)[0].data["degrees"] == -15


def test_what_no_joint_does_is_said_at_the_cell_with_the_others_kept(web, doctor, patient, address) -> None:
    answer = web.post(address, {"elbow-extension-right": "500", "elbow-extension-left": "-5"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "This lies outside -90 to 200 deg" in page
    assert 'value="500"' in page
    assert 'value="-5"' in page
    assert facts(doctor, patient) == []
