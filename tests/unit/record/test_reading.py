"""What is read: lists narrowed by what facts say, series over time, in a number of queries that does not grow."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calciscope.record.actions.deposits import record_new_deposit
from calciscope.record.actions.entries import Saying, record_entries, take_back_entry
from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.team import join_team
from calciscope.record.actions.visits import open_visit
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import list_patients, patient_page
from calciscope.record.queries.roster import Narrowing, roster
from calciscope.record.queries.visits import visit_sheet
from calciscope.record.register import body_sizes, burdens, dose_register
from calciscope.terms.errors import NotAllowed
from tests.unit.record.conftest import person

FINDING = {"region": "elbow", "side": "left"}
MOST_QUERIES = 15


def say(doctor, patient, noun, visit=None, deposit=None, **data):
    saying = Saying(noun=noun, data=data, deposit=deposit)
    return record_entries(by=doctor, patient=patient, visit=visit, sayings=[saying])[0]


def listed(doctor, *only) -> list[str]:
    return [row.banner.numbers[0] for row in roster(by=doctor, narrowings=only).rows]


def test_active_disease_is_that_of_the_newest_visit(doctor, patient, visit) -> None:
    later = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-20", "kind": "planned"})
    say(doctor, patient, "activity", later, state="inactive")
    say(doctor, patient, "activity", visit, state="active")
    assert listed(doctor, Narrowing.ACTIVE) == []
    third = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-21", "kind": "planned"})
    taken = say(doctor, patient, "activity", third, state="active")
    assert listed(doctor, Narrowing.ACTIVE) == ["H-0001"]
    take_back_entry(by=doctor, patient=patient, uid=taken, based_on=1, reason="It was another patient")
    assert listed(doctor, Narrowing.ACTIVE) == []


def test_growing_is_the_newest_word_on_any_deposit(doctor, patient, visit) -> None:
    event = {"event": "growing", "on": "2026-11-02"}
    key = record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event)
    record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event | {"event": "stable"})
    assert listed(doctor, Narrowing.GROWING) == ["H-0001"]
    say(doctor, patient, "deposit_event", visit, key, event="stable", on="2026-11-02")
    assert listed(doctor, Narrowing.GROWING) == []


def test_overdue(doctor, patient) -> None:
    assert listed(doctor, Narrowing.OVERDUE) == []
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    say(doctor, patient, "plan", agreed_on="2026-01-02", review_on=yesterday)
    assert listed(doctor, Narrowing.OVERDUE) == ["H-0001"]


def test_facts_of_a_visit_follow_its_date(doctor, patient, visit) -> None:
    say(doctor, patient, "activity", visit, state="active")
    (details,) = [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "visit_details"]
    data = details.data | {"held_on": "2026-11-05"}
    saying = Saying(noun="visit_details", data=data, uid=details.uid, based_on=1)
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[saying])
    for facts in (
        patient_page(by=doctor, patient=patient).facts,
        visit_sheet(by=doctor, patient=patient, visit=visit).facts,
    ):
        assert {fact.effective_on for fact in facts} == {date(2026, 11, 5)}


def test_dose_adds_up_and_burden_has_the_date_of_its_study(doctor, patient) -> None:
    first = say(
        doctor, patient, "imaging_study", modality="ct", question="Surgery?", done_on="2025-03-01", dlp_mgy_cm=200
    )
    say(
        doctor,
        patient,
        "imaging_study",
        modality="ct",
        question="Surgery?",
        done_on="2024-03-01",
        dlp_mgy_cm=100,
        effective_dose_msv=1.5,
    )
    say(doctor, patient, "imaging_measurement", study=str(first), outcome="measured", mass_mg=812.5)
    facts = patient_page(by=doctor, patient=patient).facts
    assert [(dose.cumulative_dlp_mgy_cm, dose.cumulative_msv) for dose in dose_register(facts)] == [
        (100, 1.5),
        (300, 1.5),
    ]
    (burden,) = burdens(facts)
    assert (burden.on, burden.mass_mg, burden.mass_lower_mg) == (date(2025, 3, 1), 812.5, None)


def test_body_surface(doctor, patient) -> None:
    say(doctor, patient, "body_size", measured_on="2026-01-01", height_cm=138, weight_kg=31)
    say(doctor, patient, "body_size", measured_on="2026-02-01", height_cm=138, weight_kg="not_assessed")
    first, second = body_sizes(patient_page(by=doctor, patient=patient).facts)
    assert first.surface_m2 == pytest.approx(sqrt(138 * 31 / 3600))
    assert second.surface_m2 is None


def test_only_who_may_decide_on_imaging_does(doctor, people, patient) -> None:
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    study = say(nurse, patient, "imaging_study", modality="ct", question="Surgery?", done_on="2025-03-01")
    measured = say(nurse, patient, "imaging_measurement", study=str(study), outcome="measured", mass_mg=5)
    decision = {"measurement": str(measured), "candidate": 1, "decision": "accept"}
    with pytest.raises(NotAllowed):
        say(nurse, patient, "candidate_decision", **decision)
    uid = say(doctor, patient, "candidate_decision", **decision)
    with pytest.raises(NotAllowed):
        take_back_entry(by=nurse, patient=patient, uid=uid, based_on=1, reason="I do not believe it")


def test_queries_do_not_grow_with_the_record(doctor, patient, visit) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            event = {"event": "present", "on": "2026-11-02"}
            record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING, event=event)
        register_patient(by=doctor, person=person(f"H-{count}"))

    def counted() -> list[int]:
        counts = []
        for read in (
            lambda: patient_page(by=doctor, patient=patient),
            lambda: visit_sheet(by=doctor, patient=patient, visit=visit),
            lambda: roster(by=doctor, search="e", narrowings=list(Narrowing)),
            lambda: list_patients(by=doctor),
        ):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                read()
            counts.append(len(captured))
        return counts

    fill(1)
    before = counted()
    fill(5)
    assert counted() == before
    assert max(before) <= MOST_QUERIES, before
