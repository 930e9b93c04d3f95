"""A plan is signed version by version; two sign what is off label; a stop is overridden with a reason; nothing is rewritten."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from calciscope.record.actions.entries import Saying, record_entries, take_back_entry
from calciscope.record.actions.plan import end_plan, present_plan, put_plan_in_force, sign_plan
from calciscope.record.actions.team import join_team
from calciscope.record.actor import Actor
from calciscope.record.permissions import Role
from calciscope.record.plans.standing import PlanStanding, clock, plan_standing
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Invalid
from calciscope.terms.errors import NotAllowed, Refused

CHOSEN = {"therapy": "physiotherapy", "title": "Physiotherapy", "decision": "chosen", "reason": "Knee is stiff"}
OFF_LABEL = CHOSEN | {"therapy": "diltiazem", "title": "Diltiazem", "off_label": True, "consent": True}
STOP = {"rule": "dil-01", "because": "Heart block."}


def write(by: Actor, patient: UUID, *options: dict[str, Any], based_on: int = 0) -> None:
    data = {"agreed_on": "2026-11-02", "goals": "To kneel again", "options": list(options)}
    record_entries(by=by, patient=patient, sayings=[Saying(noun="plan", data=data, based_on=based_on)])


def standing(by: Actor, patient: UUID) -> PlanStanding:
    found = plan_standing(patient_page(by=by, patient=patient).facts)
    assert found
    return found


@pytest.fixture
def nurse(people, doctor: Actor, patient: UUID) -> Actor:
    actor = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=actor.membership_id)
    return actor


def test_from_draft_to_force_to_end(doctor: Actor, patient: UUID) -> None:
    write(doctor, patient, CHOSEN)
    assert standing(doctor, patient).state == "draft"
    with pytest.raises(Refused, match="presented"):
        sign_plan(by=doctor, patient=patient, version=1, answer="agrees")
    with pytest.raises(Refused, match="not been presented"):
        put_plan_in_force(by=doctor, patient=patient, version=1)
    present_plan(by=doctor, patient=patient, version=1)
    with pytest.raises(Refused, match="No physician has signed"):
        put_plan_in_force(by=doctor, patient=patient, version=1)
    sign_plan(by=doctor, patient=patient, version=1, answer="agrees")
    put_plan_in_force(by=doctor, patient=patient, version=1)
    assert standing(doctor, patient).in_force_version == 1
    with pytest.raises(Invalid, match="reason"):
        end_plan(by=doctor, patient=patient, version=1, reason=" ")
    end_plan(by=doctor, patient=patient, version=1, reason="Moved away")
    assert standing(doctor, patient).state == "ended"
    assert standing(doctor, patient).in_force_version is None


def test_a_revision_is_signed_anew_while_the_old_one_holds(doctor: Actor, patient: UUID) -> None:
    write(doctor, patient, CHOSEN)
    present_plan(by=doctor, patient=patient, version=1)
    sign_plan(by=doctor, patient=patient, version=1, answer="agrees")
    put_plan_in_force(by=doctor, patient=patient, version=1)
    write(doctor, patient, CHOSEN, OFF_LABEL, based_on=1)
    revised = standing(doctor, patient)
    assert (revised.state, revised.signatures, revised.in_force_version) == ("draft", (), 1)
    with pytest.raises(Refused, match="changed since you opened it"):
        sign_plan(by=doctor, patient=patient, version=1, answer="agrees")


def test_off_label_needs_two_people_and_consent(doctor: Actor, nurse: Actor, patient: UUID) -> None:
    write(doctor, patient, OFF_LABEL | {"consent": False})
    present_plan(by=nurse, patient=patient, version=1)
    sign_plan(by=doctor, patient=patient, version=1, answer="agrees")
    sign_plan(by=doctor, patient=patient, version=1, answer="agrees")
    with pytest.raises(Refused, match="Two people have to sign it: Diltiazem.*Consent is not recorded: Diltiazem"):
        put_plan_in_force(by=doctor, patient=patient, version=1)
    write(doctor, patient, OFF_LABEL, based_on=1)
    present_plan(by=nurse, patient=patient, version=2)
    sign_plan(by=doctor, patient=patient, version=2, answer="agrees")
    sign_plan(by=nurse, patient=patient, version=2, answer="agrees")
    with pytest.raises(NotAllowed):
        put_plan_in_force(by=nurse, patient=patient, version=2)
    put_plan_in_force(by=doctor, patient=patient, version=2)
    assert standing(doctor, patient).state == "in_force"


def test_dissent_has_words_stands_and_can_turn(doctor: Actor, nurse: Actor, patient: UUID) -> None:
    write(doctor, patient, CHOSEN)
    present_plan(by=doctor, patient=patient, version=1)
    with pytest.raises(Invalid, match="otherwise"):
        sign_plan(by=nurse, patient=patient, version=1, answer="dissents")
    sign_plan(by=nurse, patient=patient, version=1, answer="dissents", words="Wound care comes first")
    sign_plan(by=doctor, patient=patient, version=1, answer="agrees")
    put_plan_in_force(by=doctor, patient=patient, version=1)
    (no,) = [fact for fact in standing(doctor, patient).signatures if fact.data["answer"] == "dissents"]
    assert (no.role, no.data["words"]) == ("nurse", "Wound care comes first")
    sign_plan(by=nurse, patient=patient, version=1, answer="agrees")
    assert [fact.data["answer"] for fact in standing(doctor, patient).signatures].count("dissents") == 0


def test_a_word_on_a_plan_is_not_taken_back_by_others(doctor: Actor, nurse: Actor, patient: UUID) -> None:
    write(doctor, patient, CHOSEN)
    present_plan(by=doctor, patient=patient, version=1)
    uid = sign_plan(by=nurse, patient=patient, version=1, answer="dissents", words="Wound care comes first")
    with pytest.raises(Refused, match="not taken back"):
        take_back_entry(by=doctor, patient=patient, uid=uid, based_on=1, reason="It stood in the way")


@pytest.mark.parametrize(
    ("option", "field"),
    [
        (CHOSEN | {"reason": " "}, "options.0.reason"),
        (CHOSEN | {"therapy": ""}, "options.0.therapy"),
        (CHOSEN | {"decision": "later"}, "options.0.decision"),
        (CHOSEN | {"stops": [STOP]}, "options.0.override"),
        (CHOSEN | {"stops": [STOP], "override": "because"}, "options.0.override"),
        (CHOSEN | {"dose": "x" * 301}, "options.0.dose"),
        (CHOSEN | {"consent": "yes"}, "options.0.consent"),
        (CHOSEN | {"colour": "red"}, "options"),
    ],
)
def test_an_option_that_does_not_hold_is_refused_at_its_field(doctor, patient, option, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(doctor, patient, option)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_the_same_option_stands_once(doctor: Actor, patient: UUID) -> None:
    with pytest.raises(Invalid, match="twice"):
        write(doctor, patient, CHOSEN, CHOSEN)


def test_an_overridden_stop_is_listed_and_one_set_aside_is_not(doctor: Actor, patient: UUID) -> None:
    reason = {"stops": [STOP], "override": "A pacemaker is in place"}
    aside = OFF_LABEL | {"decision": "set_aside", "stops": [STOP]}
    write(doctor, patient, CHOSEN | reason, aside)
    assert [option["therapy"] for option in standing(doctor, patient).overridden] == ["physiotherapy"]


def test_the_plan_of_others_is_not_there(people, doctor: Actor, patient: UUID) -> None:
    write(doctor, patient, CHOSEN)
    stranger = people(name="stranger")
    for act in (
        lambda: present_plan(by=stranger, patient=patient, version=1),
        lambda: sign_plan(by=stranger, patient=patient, version=1, answer="agrees"),
        lambda: put_plan_in_force(by=stranger, patient=patient, version=1),
        lambda: end_plan(by=stranger, patient=patient, version=1, reason="None of mine"),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("start", "on", "expected"),
    [
        (date(2026, 1, 15), date(2026, 8, 14), (6, date(2027, 1, 15))),
        (date(2026, 1, 15), date(2026, 8, 15), (7, date(2027, 1, 15))),
        (date(2024, 2, 29), date(2025, 3, 1), (12, date(2025, 3, 1))),
        (date(2026, 9, 1), date(2026, 8, 1), None),
    ],
)
def test_months_of_twelve(start: date, on: date, expected) -> None:
    assert clock(start, on) == expected
