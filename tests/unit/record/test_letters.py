"""What a letter is told of the record: newest words, whole plans, scans weighed, and nothing left out unsaid."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from calciscope.record.actions.candidates import Decision, decide_candidates
from calciscope.record.actions.entries import Saying, record_entries, take_back_entry
from calciscope.record.actor import Actor
from calciscope.record.letters.draw import letter_facts, sources
from calciscope.record.noun import nouns
from calciscope.record.permissions import Role
from calciscope.record.queries.letters import known_for_letter
from calciscope.terms.errors import NotAllowed
from calciscope.terms.letter_facts import LetterFacts, Reader
from tests.unit.record.scans.made import measured_scan
from tests.web.furnished import add_deposit, add_plan

TODAY = date(2026, 11, 28)

pytestmark = pytest.mark.usefixtures("files")


@pytest.fixture
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def told(by: Actor, patient: UUID, on: date = TODAY) -> LetterFacts:
    return letter_facts(known_for_letter(by=by, patient=patient), on=on)


def record(by: Actor, patient: UUID, noun: str, data: dict[str, object], visit: UUID | None = None) -> UUID:
    (uid,) = record_entries(by=by, patient=patient, visit=visit, sayings=[Saying(noun=noun, data=data)])
    return uid


def test_an_empty_record_has_words_for_nothing(doctor, patient) -> None:
    facts = told(doctor, patient)
    assert {words for _, words in facts.disease} == {""}
    assert facts.deposits == facts.drugs == facts.results == facts.left_out == ()
    assert facts.active is None
    assert facts.who.age == "12 years"
    assert facts.who.reader is Reader.YOUNG


@pytest.mark.parametrize(
    ("on", "age", "reader"),
    [
        (date(2015, 1, 1), "9 months", Reader.CHILD),
        (date(2026, 3, 1), "11 years", Reader.CHILD),
        (date(2026, 3, 2), "12 years", Reader.YOUNG),
        (date(2032, 3, 1), "17 years", Reader.YOUNG),
        (date(2032, 3, 2), "18 years", Reader.ADULT),
    ],
)
def test_age_decides_who_is_spoken_to(doctor, patient, on, age, reader) -> None:
    who = told(doctor, patient, on).who
    assert (who.age, who.reader) == (age, reader)


def test_the_newest_word_counts_and_earlier_ones_are_counted(doctor, patient) -> None:
    for day, value in (("2026-01-05", 900), ("2026-11-02", 412)):
        said = {"test": "creatine_kinase", "value": value, "unit": "U/L", "high": 170, "sampled_on": day}
        record(doctor, patient, "laboratory_result", said)
    facts = told(doctor, patient)
    (result,) = facts.results
    assert (result.value, result.limits, result.outside, result.on) == ("412 U/L", "up to 170", True, "02 Nov 2026")
    assert any(one.startswith("earlier entries of") and one.endswith(": 1") for one in facts.left_out)


def test_drugs_are_now_or_before(doctor, patient) -> None:
    record(
        doctor,
        patient,
        "medication",
        {"therapy": "methotrexate", "started_on": "2024-05", "dose": 15, "dose_unit": "mg/wk"},
    )
    stopped = {"therapy": "ciclosporin", "started_on": "2024", "stopped_on": "2025-01", "stop_reason": "side_effect"}
    record(doctor, patient, "medication", stopped)
    facts = told(doctor, patient)
    assert [(one.name, one.dose, one.since) for one in facts.drugs] == [("methotrexate", "15 mg/wk", "May 2024")]
    assert [(one.name, one.until, one.why_stopped) for one in facts.past_drugs] == [
        ("ciclosporin", "Jan 2025", "side effect")
    ]


def test_what_was_taken_back_is_not_told(doctor, patient) -> None:
    uid = record(doctor, patient, "allergy", {"substance": "Penicillin", "answer": "present"})
    assert told(doctor, patient).allergies
    take_back_entry(by=doctor, patient=patient, uid=uid, based_on=1, reason="Of another patient")
    facts = told(doctor, patient)
    assert facts.allergies == ()
    assert str(uid) not in dict(sources(known_for_letter(by=doctor, patient=patient).facts))


def test_a_deposit_is_told_with_place_size_state_and_days(doctor, patient, visit) -> None:
    add_deposit(doctor, patient, visit)
    (deposit,) = told(doctor, patient).deposits
    assert (deposit.place, deposit.size, deposit.state, deposit.seen_on) == (
        "left elbow",
        "14 mm (caliper)",
        "present",
        "02 Nov 2026",
    )
    assert deposit.mass == ""


def test_what_a_scan_weighed_stands_with_its_deposit_or_alone(doctor, patient, visit) -> None:
    deposit = add_deposit(doctor, patient, visit)
    measurement = measured_scan(doctor, patient)
    facts = told(doctor, patient)
    assert facts.scans and "mg (" in facts.scans[0].mass
    alone = [one for one in facts.deposits if one.state == "seen on the scan alone"]
    assert alone and all("mg" in one.mass for one in alone)
    number = int(alone[0].label.removeprefix("CT "))
    decide_candidates(
        by=doctor,
        patient=patient,
        measurement=measurement,
        decisions=[Decision(candidate=number, decision="accept", deposit=deposit)],
    )
    linked = next(one for one in told(doctor, patient).deposits if one.label == "D01")
    assert "mg (" in linked.mass
    assert linked.mass_on == facts.scans[0].on


def test_the_plan_is_told_whole(doctor, patient) -> None:
    add_plan(doctor, patient)
    plan = told(doctor, patient).plan
    assert [one.title for one in plan.chosen] == ["Diltiazem"]
    assert [one.title for one in plan.set_aside] == ["Excision"]
    assert plan.chosen[0].stops == ("A stop.",)
    assert plan.chosen[0].standing == "off label, no consent recorded"
    assert [(one.agrees, one.role) for one in plan.words] == [(False, "rheumatologist")]
    assert "No physician has signed it." in plan.lacks


def test_every_kind_of_fact_is_told_or_counted(doctor, patient, visit) -> None:
    """A noun that is added later is counted as left out until letters tell of it."""
    record(doctor, patient, "note", {"text": "x"}, visit)
    assert told(doctor, patient).left_out == ("note: 1",)
    assert {"note", "photograph", "body_drawing"} <= set(nouns())


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR, Role.OFFICER, Role.PATIENT])
def test_who_may_not_record_may_not_write(people, patient, role) -> None:
    with pytest.raises(NotAllowed):
        known_for_letter(by=people(role), patient=patient)


def test_a_stranger_may_not(people, patient) -> None:
    with pytest.raises(NotAllowed):
        known_for_letter(by=people(Role.RHEUMATOLOGIST, name="stranger"), patient=patient)
