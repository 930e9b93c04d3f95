"""Advice from the record: for the twelve patients of the demonstration, replayed for a past day, and off unless turned on."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from calciscope.advise import advise
from calciscope.flows.advise_record import advise_patient_of_record
from calciscope.knowledge import knowledge
from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actor import Actor
from calciscope.record.demonstration.load import load_patients
from calciscope.record.demonstration.patients import AS_OF, make_patients
from calciscope.record.models.contribution import Contribution
from calciscope.record.permissions import Role
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import doctor, patient, people, visit

__all__ = ["doctor", "patient", "people", "visit"]


@pytest.fixture
def on(people) -> None:
    set_advice(by=people(Role.ADMINISTRATOR), on=True)


@pytest.fixture
def twelve(doctor: Actor, on) -> list[UUID]:
    return load_patients(make_patients(seed=1, count=12), seed=1, by=doctor)


def test_the_twelve_get_every_therapy_once(doctor: Actor, twelve: list[UUID]) -> None:
    known = set(knowledge().therapies)
    for one in twelve:
        found = advise_patient_of_record(by=doctor, patient=one, on=AS_OF)
        told = [option.therapy for option in found.advice.options] + [no.therapy for no in found.advice.not_offered]
        assert sorted(told) == sorted(known)
        assert found.picture.patient.born is not None
        assert found.picture.medications
        assert found.picture.labs
        assert len(found.deposits) == len(found.picture.deposits or ())
        unknown_words = [one for one in found.advice.missing if one.startswith("not checked: ")]
        assert [one for one in unknown_words if "too old to hold" not in one] == []


def test_a_past_day_gives_what_would_have_been_said_then(doctor: Actor, twelve: list[UUID]) -> None:
    then = AS_OF - timedelta(days=400)
    before = [advise_patient_of_record(by=doctor, patient=one, on=then) for one in twelve]
    for one in twelve:
        sayings = [
            Saying(noun="condition", data={"condition": "heart_failure", "answer": "present", "since": "2020"}),
        ]
        record_entries(by=doctor, patient=one, sayings=sayings)
    assert [advise_patient_of_record(by=doctor, patient=one, on=then) for one in twelve] == before
    today = advise_patient_of_record(by=doctor, patient=twelve[0], on=date.today())
    assert "heart_failure" in today.picture.conditions
    assert any(found.picture.labs and found.picture.as_of == then for found in before)


def test_the_same_picture_gives_the_same_advice(doctor: Actor, twelve: list[UUID]) -> None:
    found = advise_patient_of_record(by=doctor, patient=twelve[3], on=AS_OF)
    assert advise(found.picture, knowledge()) == found.advice


def test_a_visit_shows_few_alerts_outside_real_red_flags(doctor: Actor, twelve: list[UUID]) -> None:
    """At most three a visit: red flags that are not urgent, and stops of drugs that are being taken."""
    for one in twelve:
        found = advise_patient_of_record(by=doctor, patient=one, on=AS_OF).advice
        assert sum(len(drug.stops) for drug in found.current) <= 3, [drug.stops for drug in found.current]


def test_substances_are_known_by_their_names(doctor: Actor, patient: UUID, on) -> None:
    said = [
        Saying(noun="allergy", data={"answer": "present", "substance": name}) for name in ("Sulfonamide", "Moonlight")
    ]
    record_entries(by=doctor, patient=patient, sayings=said)
    found = advise_patient_of_record(by=doctor, patient=patient, on=date.today())
    assert "not checked: Moonlight" in found.advice.missing
    assert "not checked: Sulfonamide" not in found.advice.missing


def test_advice_is_off_until_an_administrator_turns_it_on(people, doctor: Actor, patient: UUID) -> None:
    with pytest.raises(Refused, match="off at this site"):
        advise_patient_of_record(by=doctor, patient=patient, on=date.today())
    with pytest.raises(NotAllowed):
        set_advice(by=doctor, on=True)
    set_advice(by=people(Role.ADMINISTRATOR, site="South"), on=True)
    with pytest.raises(Refused, match="off at this site"):
        advise_patient_of_record(by=doctor, patient=patient, on=date.today())
    set_advice(by=people(Role.ADMINISTRATOR), on=True)
    assert advise_patient_of_record(by=doctor, patient=patient, on=date.today()).advice.options
    set_advice(by=people(Role.ADMINISTRATOR), on=False)
    with pytest.raises(Refused, match="off at this site"):
        advise_patient_of_record(by=doctor, patient=patient, on=date.today())


@pytest.mark.parametrize("role", [Role.PATIENT, Role.RESEARCHER, Role.ADMINISTRATOR, Role.OFFICER])
def test_advice_is_for_who_cares_for_the_patient(people, patient: UUID, on, role: Role) -> None:
    with pytest.raises(NotAllowed):
        advise_patient_of_record(by=people(role, name="else"), patient=patient, on=date.today())


def test_a_stranger_meets_no_patient(people, patient: UUID, on) -> None:
    with pytest.raises(NotAllowed, match="no such patient"):
        advise_patient_of_record(by=people(name="stranger"), patient=patient, on=date.today())
    assert Contribution.unscoped.count() > 0
