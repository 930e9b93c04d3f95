"""The history: read on one page, asked on another; what was not asked is never taken for absent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.queries.patients import patient_page
from tests.web.test_visit_without_a_script import hidden, text_of


@pytest.fixture
def address(patient) -> str:
    return reverse("interview", args=[patient])


def facts(doctor, patient, noun: str) -> list:
    return [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == noun]


def test_nothing_asked_is_not_nothing_there(web, patient) -> None:
    page = text_of(web.get(reverse("background", args=[patient])))
    assert page.count("not asked") >= 14
    assert page.count("never recorded") == 9
    assert "Not asked: 32 of 32 conditions" in page


def test_one_page_asks_all_and_saves_only_what_was_touched(web, doctor, patient, address) -> None:
    sent = hidden(text_of(web.get(address))) | {
        "history_item-smoking-answer": "denied",
        "history_item-trigger_sun-answer": "present",
        "history_item-trigger_sun-text": "Worse every May",
        "organ_screening-lung-finding": "abnormal",
        "organ_screening-lung-screened_on": "Mar 2025",
        "organ_screening-lung-method": "HRCT",
        "condition-dysphagia-answer": "ruled_out",
    }
    assert web.post(address, sent)["Location"] == reverse("background", args=[patient])
    assert {fact.data["topic"] for fact in facts(doctor, patient, "history_item")} == {"smoking", "trigger_sun"}
    page = text_of(web.get(reverse("background", args=[patient])))
    assert "Worse every May" in page
    assert "abnormal, Mar 2025, HRCT" in page
    assert "Dysphagia: ruled out" in page
    assert "over a year" in page
    assert "Not asked: 31 of 32" in page


def test_sent_twice_it_is_kept_once(web, doctor, patient, address) -> None:
    sent = hidden(text_of(web.get(address))) | {"history_item-smoking-answer": "denied"}
    web.post(address, sent)
    web.post(address, sent)
    assert len(facts(doctor, patient, "history_item")) == 1


def test_an_answer_is_changed_as_a_new_version(web, doctor, patient, address) -> None:
    said = Saying(noun="history_item", data={"topic": "smoking", "answer": "denied"})
    record_entries(by=doctor, patient=patient, sayings=[said])
    page = text_of(web.get(address))
    sent = hidden(page) | {"history_item-smoking-answer": "present", "history_item-smoking-text": "5 a day"}
    web.post(address, sent)
    (found,) = facts(doctor, patient, "history_item")
    assert (found.version, found.data["answer"]) == (2, "present")
    late = web.post(address, sent | {"history_item-smoking-text": "10 a day"})
    assert late.status_code == 409
    page = text_of(late)
    assert "5 a day" in page
    assert 'value="10 a day"' in page
    web.post(
        address, hidden(page) | {"history_item-smoking-answer": "present", "history_item-smoking-text": "10 a day"}
    )
    assert facts(doctor, patient, "history_item")[0].data["text"] == "10 a day"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"organ_screening-heart-finding": "normal"}, "This is needed."),
        (
            {"organ_screening-heart-finding": "normal", "organ_screening-heart-screened_on": "31 Feb 2026"},
            "no such day",
        ),
        ({"history_item-school-text": "x" * 4001, "history_item-school-answer": "present"}, "At most 4000 characters"),
        ({"condition-other-answer": "present"}, "Say which condition."),
    ],
)
def test_a_wrong_cell_says_why_and_saves_none_of_the_others(web, doctor, patient, address, typed, message) -> None:
    sent = hidden(text_of(web.get(address))) | {"history_item-smoking-answer": "denied"} | typed
    answer = web.post(address, sent)
    page = text_of(answer)
    assert answer.status_code == 422
    assert message in page
    assert list(typed.values())[-1] in page
    assert facts(doctor, patient, "history_item") == []


def test_drugs_stand_as_now_and_before_and_delays_are_told(web, doctor, patient) -> None:
    record_entries(
        by=doctor,
        patient=patient,
        sayings=[
            Saying(noun="medication", data={"therapy": "diltiazem", "started_on": "2025-01"}),
            Saying(
                noun="medication",
                data={
                    "therapy": "colchicine",
                    "started_on": "2024",
                    "stopped_on": "2025-02",
                    "stop_reason": "side_effect",
                    "response": "worse",
                },
            ),
            Saying(
                noun="diagnosis",
                data={"type": "jdm", "onset_on": "2022-05", "diagnosed_on": "2023-01"},
            ),
        ],
    )
    page = text_of(web.get(reverse("background", args=[patient])))
    now, before = page.split("Drugs before", 1)
    assert "Diltiazem" in now
    assert "Colchicine" in before
    assert "calcinosis worse" in before
    assert "side effect" in before
    assert "about 8 months" in page


def test_how_a_procedure_healed_is_told_beside_it(web, doctor, patient) -> None:
    said = Saying(noun="procedure", data={"kind": "excision", "done_on": "2026-03-02"})
    record_entries(by=doctor, patient=patient, sayings=[said])
    way = reverse("new_fact", args=[patient, "procedure_course"]) + f"?procedure={said.uid}"
    page = text_of(web.get(way))
    assert f'<option value="{said.uid}" selected>' in page
    sent = hidden(page) | {
        "procedure": str(said.uid), "seen_on": "01 May 2026", "healing": "healed", "healing_days": "21",
        "graft_take_percent": "90", "scar": "visible", "recurrence": "none",
    }  # fmt: skip
    assert web.post(way, sent).status_code == 302
    page = text_of(web.get(reverse("background", args=[patient])))
    assert "Healed after 21 days, graft took to 90 %, scar visible, recurrence: none, seen 01 May 2026" in page


def test_a_rarer_condition_is_added_by_itself_and_then_asked_in_the_interview(web, doctor, patient, address) -> None:
    assert "condition-pacemaker-answer" not in text_of(web.get(address))
    said = Saying(noun="condition", data={"condition": "pacemaker", "answer": "present"})
    record_entries(by=doctor, patient=patient, sayings=[said])
    assert "condition-pacemaker-answer" in text_of(web.get(address))
    page = text_of(web.get(reverse("background", args=[patient])))
    assert "Pacemaker in place: present" in page
    assert "Not asked: 32 of 33" in page


def test_what_is_typed_into_the_interview_is_kept_and_comes_back(
    web, doctor, people, client_of, patient, address
) -> None:
    keep = reverse("patient_draft", args=[patient, "interview"])
    page = text_of(web.get(address))
    answer = web.post(keep, hidden(page) | {"history_item-smoking-text": "Half a sen"})
    assert answer.json() == {"revision": 1}
    page = text_of(web.get(address))
    assert 'value="Half a sen"' in page
    assert "did not save" in page
    web.post(keep, {"drop": "1", "back": address})
    assert "Half a sen" not in text_of(web.get(address))


def test_a_saved_interview_leaves_no_draft(web, doctor, patient, address) -> None:
    sent = hidden(text_of(web.get(address))) | {"history_item-smoking-answer": "denied"}
    wrong = web.post(address, sent | {"history_item-smoking-since": "31 Feb 2020"})
    assert wrong.status_code == 422
    assert 'value="31 Feb 2020"' in text_of(web.get(address))
    web.post(address, sent)
    assert "did not save" not in text_of(web.get(address))
