"""The plan is written, presented, signed and put in force in the browser, without a script."""

from __future__ import annotations

from html import unescape
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.team import join_team
from calciscope.record.actor import Actor
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page

TYPED = {
    "agreed_on": "02 Nov 2026",
    "goals": "To kneel again",
    "review_on": "02 Feb 2027",
    "clock_from": "01 Jan 2026",
    "rows": "2",
    "o0-therapy": "physiotherapy",
    "o0-decision": "chosen",
    "o0-reason": "The knee is stiff",
    "o1-therapy": "diltiazem",
    "o1-decision": "set_aside",
    "o1-reason": "Low pressure",
}


def text(answer) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def on(people) -> None:
    set_advice(by=people(Role.ADMINISTRATOR), on=True)


def write(web: Client, patient: UUID, **changed: str):
    return web.post(reverse("plan_write", args=[patient]), TYPED | changed)


def do(web: Client, patient: UUID, step: str, version: int = 1, **more: str):
    return web.post(reverse("plan", args=[patient]), {"do": step, "version": version} | more, follow=True)


def test_from_the_form_to_force(people, client_of, doctor: Actor, web: Client, patient: UUID, on) -> None:
    assert "No plan has been written" in text(web.get(reverse("plan", args=[patient])))
    assert write(web, patient).status_code == 302
    page = text(web.get(reverse("plan", args=[patient])))
    for words in ("draft, not yet presented", "To kneel again", "The knee is stiff", "Low pressure", "knowledge base"):
        assert words in page
    assert "Put in force" not in page
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    assert "presented to the team" in text(do(client_of(nurse), patient, "present"))
    assert "No physician has signed it" in text(web.get(reverse("plan", args=[patient])))
    assert do(client_of(nurse), patient, "dissents").status_code == 422
    dissent = text(do(client_of(nurse), patient, "dissents", words="Wound first"))
    assert "Wound first" in dissent
    assert "Put in force" not in dissent
    assert "Put in force" in text(do(web, patient, "agrees"))
    assert "in force" in text(do(web, patient, "force"))
    overview = text(web.get(reverse("patient", args=[patient])))
    for words in ("in force", "Physiotherapy", "02 Feb 2027", "of 12"):
        assert words in overview
    assert do(web, patient, "end").status_code == 422
    assert "Moved away" in text(do(web, patient, "end", reason="Moved away"))


def test_a_stop_asks_for_a_reason_and_is_listed(doctor: Actor, web: Client, patient: UUID, on) -> None:
    facts = [
        Saying(noun="reproduction", data={"asked_on": "2026-11-20", "pregnant": True}),
        Saying(noun="characteristics", data={"sex": "female"}),
    ]
    record_entries(by=doctor, patient=patient, sayings=facts)
    chosen = {"o0-therapy": "methotrexate"}
    refused = write(web, patient, **chosen)
    assert refused.status_code == 422
    assert "A stop stands against it" in text(refused)
    assert 'name="o0-override"' in text(refused)
    assert "To kneel again" in text(refused)
    assert not [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "plan"]
    assert write(web, patient, **chosen, **{"o0-override": "She has decided to end the pregnancy"}).status_code == 302
    page = text(web.get(reverse("plan", args=[patient])))
    assert "Stops that this plan overrides" in page
    assert "She has decided to end the pregnancy" in page
    assert "no consent recorded" in page


def test_what_the_browser_says_of_stops_is_not_believed(doctor: Actor, web: Client, patient: UUID, on) -> None:
    write(web, patient, **{"o0-stops": "[]", "o0-off_label": "false", "o0-therapy": "diltiazem", "o1-therapy": "ivig"})
    (plan,) = [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "plan"]
    assert plan.data["options"][0]["off_label"] is True


def test_more_rows_save_nothing_and_lose_nothing(doctor: Actor, web: Client, patient: UUID) -> None:
    answer = web.post(reverse("plan_write", args=[patient]), TYPED | {"more": "1"})
    assert answer.status_code == 200
    assert "The knee is stiff" in text(answer)
    assert 'name="o2-therapy"' in text(answer)
    assert not [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "plan"]


def test_an_option_is_brought_along_from_the_assessment(web: Client, patient: UUID, on) -> None:
    link = reverse("plan_write", args=[patient]) + "?therapy=tofacitinib"
    assert link in text(web.get(reverse("assessment", args=[patient])))
    assert '<option value="tofacitinib" selected>' in text(web.get(link))


def test_two_who_write_at_once_meet(web: Client, patient: UUID) -> None:
    assert write(web, patient, based_on="0").status_code == 302
    second = write(web, patient, based_on="0", goals="To run")
    assert second.status_code == 409
    assert "To run" in text(second)
    assert "To kneel again" in text(second)
    assert write(web, patient, based_on="1", goals="To run").status_code == 302


def test_without_advice_the_plan_says_that_no_stop_was_looked_for(web: Client, patient: UUID) -> None:
    write(web, patient)
    assert "no stop was looked for" in text(web.get(reverse("plan", args=[patient])))


def test_a_step_of_an_older_version_is_refused(web: Client, patient: UUID) -> None:
    write(web, patient)
    write(web, patient, based_on="1", goals="To run")
    answer = do(web, patient, "present", version=1)
    assert answer.status_code == 422
    assert "changed since you opened it" in text(answer)
    assert do(web, patient, "nonsense").status_code == 422


def test_a_chosen_drug_is_recorded_as_given_from_the_plan(
    people, client_of, doctor: Actor, web: Client, patient: UUID
) -> None:
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    write(web, patient, **{"o0-therapy": "diltiazem", "o1-therapy": "ivig", "o0-consent": "true"})
    do(web, patient, "present")
    do(web, patient, "agrees")
    do(client_of(nurse), patient, "agrees")
    link = reverse("new_fact", args=[patient, "medication"]) + "?therapy=diltiazem"
    assert link in text(do(web, patient, "force"))
    assert '<option value="diltiazem" selected>' in text(web.get(link))
    drug = Saying(noun="medication", data={"therapy": "diltiazem", "started_on": "2026-11-03"})
    record_entries(by=doctor, patient=patient, sayings=[drug])
    assert link not in text(web.get(reverse("plan", args=[patient])))
