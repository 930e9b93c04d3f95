"""Assessment and options as the team sees them: stops shown, evidence with its numbers, and nothing where a site has it off."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.knowledge import knowledge
from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.permissions import Role
from calciscope.record.picture.relabel import relabelled


@pytest.fixture
def on(people) -> None:
    set_advice(by=people(Role.ADMINISTRATOR), on=True)


def shown(web: Client, patient: UUID, **asked: str) -> str:
    answer = web.get(reverse("assessment", args=[patient]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def of_option(text: str, therapy: str) -> str:
    """The part of the page that is about one therapy."""
    return text.split(f'id="option-{therapy}"')[1].split("</details>")[0]


def test_every_therapy_is_there_once(web: Client, patient: UUID, on) -> None:
    text = shown(web, patient)
    offered = {one.id for one in knowledge().therapies.values() if one.offered}
    assert sorted(re.findall(r'id="option-([a-z0-9_]+)"', text)) == sorted(offered)
    for one in knowledge().therapies.values():
        assert one.offered or f'<span class="option-title">{one.title}</span>' in text


def test_it_says_what_it_is_and_who_reviewed_it(web: Client, patient: UUID, on) -> None:
    text = shown(web, patient)
    assert "Research use only." in text
    assert "Clinically reviewed by: nobody yet." in text
    assert "That is no all-clear" in text
    assert "Missing is not normal" in text


def test_a_stop_is_shown_and_hides_nothing(doctor: Actor, web: Client, patient: UUID, on) -> None:
    before = of_option(shown(web, patient), "methotrexate")
    record_entries(
        by=doctor,
        patient=patient,
        sayings=[Saying(noun="reproduction", data={"asked_on": "2026-11-20", "pregnant": True})],
    )
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="characteristics", data={"sex": "female"})])
    after = of_option(shown(web, patient, on="28 Nov 2026"), "methotrexate")
    assert "Stop:" not in before
    assert "Stop:" in after
    assert "pregnan" in after
    assert "Evidence on Methotrexate" in after


def test_evidence_stands_with_number_design_and_population(web: Client, patient: UUID, on) -> None:
    text = shown(web, patient)
    row = knowledge().therapies["diltiazem"].evidence[0]
    part = of_option(text, "diltiazem")
    for words in (row.design, row.population, row.level):
        assert str(words) in part.replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">")


def test_a_deposit_bears_its_label(doctor: Actor, web: Client, patient: UUID, deposit: UUID, on) -> None:
    text = shown(web, patient)
    assert "deposit 0" not in text
    assert f'{reverse("patient", args=[patient])}#D01">D01</a>' in text


def test_places_in_a_list_become_labels_through_all_parts() -> None:
    assert relabelled(("deposit 1 (left elbow): inflamed", 3), ["D02", "D07"]) == ("D07 (left elbow): inflamed", 3)
    assert relabelled("deposit 9 (x)", ["D02"]) == "deposit 9 (x)"


def test_a_past_day_says_so_and_a_future_one_is_not_shown(web: Client, patient: UUID, on) -> None:
    assert "As it would have been said on 01 Jan 2026" in shown(web, patient, on="01 Jan 2026")
    for typed in ("01 Jan 2999", "soon"):
        answer = web.get(reverse("assessment", args=[patient]), {"on": typed})
        assert answer.status_code == 422
        assert "today is shown" in answer.content.decode()


def test_off_until_turned_on(people, client_of, web: Client, patient: UUID) -> None:
    text = shown(web, patient)
    assert "Advice on options is off at this site" in text
    assert "option-title" not in text
    administrator = client_of(people(Role.ADMINISTRATOR))
    assert "Advice is <strong>off</strong>" in administrator.get("/people/").content.decode()
    administrator.post("/people/", {"advice": "on"})
    assert "Advice is <strong>on</strong>" in administrator.get("/people/").content.decode()
    assert "option-title" in shown(web, patient)
    assert AuditEvent.unscoped.filter(name="set_advice", outcome="done").count() == 1
    administrator.post("/people/", {"advice": "off"})
    assert "option-title" not in shown(web, patient)


@pytest.mark.parametrize(("role", "status"), [(Role.NURSE, 404), (Role.PATIENT, 403), (Role.RESEARCHER, 403)])
def test_others_see_none_of_it(people, client_of, patient: UUID, on, role: Role, status: int) -> None:
    answer = client_of(people(role, name="other")).get(reverse("assessment", args=[patient]))
    assert answer.status_code == status
    assert b"option-title" not in answer.content


def test_an_antibody_that_was_not_found_is_not_named_as_if_it_were(
    doctor: Actor, web: Client, patient: UUID, on
) -> None:
    panel = {"antibody": "none_found", "result": "negative", "sampled_on": "2026-03-02"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="antibody", data=panel)])
    assert "<li>anti-NXP2</li>" not in shown(web, patient)
    found = panel | {"antibody": "nxp2", "result": "positive"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="antibody", data=found)])
    assert "<li>anti-NXP2</li>" in shown(web, patient)


def test_the_disease_is_classified_by_what_is_recorded(doctor: Actor, web: Client, patient: UUID, on) -> None:
    page = shown(web, patient)
    section = page[page.index('id="classification"') : page.index('id="subtype"')]
    assert "anything from no myositis by these criteria to definite myositis" in section
    assert "Open while items are missing." in section
    assert "Lundberg" in section
    answers = {
        "age_at_onset": 9, "weakness_upper_proximal": True, "weakness_lower_proximal": True, "neck_flexors_weaker": True,
        "legs_proximal_weaker": True, "heliotrope": True, "gottron_papules": True, "gottron_sign": True, "dysphagia": True,
        "anti_jo1": False, "enzymes_raised": True, "biopsy_done": False,
    }  # fmt: skip
    said = {"instrument": "eular-acr-2017", "scored_on": "2026-11-02", "answers": answers, "result": {}, "version": "0"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="instrument_score", data=said)])
    page = shown(web, patient)
    section = page[page.index('id="classification"') : page.index('id="subtype"')]
    assert '<span class="tag tag-good">definite myositis</span>' in section
    assert "JDM" in section


def test_answers_that_contradict_the_record_give_way_to_it(doctor: Actor, web: Client, patient: UUID, on) -> None:
    answers = {"biopsy_done": False, "rimmed_vacuoles": True}
    said = {"instrument": "eular-acr-2017", "scored_on": "2026-11-02", "answers": answers, "result": {}, "version": "0"}
    record_entries(by=doctor, patient=patient, sayings=[Saying(noun="instrument_score", data=said)])
    assert web.get(reverse("assessment", args=[patient])).status_code == 200
