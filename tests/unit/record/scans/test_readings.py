"""A reading: steps appended to a log, folded over the automatic result, which stays as it was; each reading by itself."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from calciscope.record.actions.candidates import Decision, decide_candidates
from calciscope.record.actions.readings import take_step, undo_step
from calciscope.record.fact import facts_of
from calciscope.record.guarded import action
from calciscope.record.models.entry import Entry
from calciscope.record.permissions import Permission, Role
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.record.scans.log import Step, append_step, clinic_log
from calciscope.record.scans.review import reviewed
from calciscope.record.verify import verify_record
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import doctor, patient, people, visit
from tests.unit.record.scans.made import measured_scan, part

__all__ = ["doctor", "patient", "people", "visit"]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def measured(doctor, patient):
    return measured_scan(doctor, patient)


@action(permission=Permission.DECIDE_IMAGING)
def step_of_a_trial(*, by, patient, measurement, reading, step, seen):
    log = replace(clinic_log(by=by, patient=patient, measurement=measurement), reading=reading, edits=())
    return append_step(by=by, log=log, step=step, seen=seen)


class Reader:
    """Takes steps on one scan, each on what it saw last."""

    def __init__(self, by, patient, measured) -> None:
        self.who = {"by": by, "patient": patient, "measurement": measured}

    @property
    def review(self):
        facts = patient_page(by=self.who["by"], patient=self.who["patient"]).facts
        fact = next(one for one in facts if one.uid == self.who["measurement"])
        return reviewed(fact, facts)

    def __call__(self, edit: str, *items: str, **said):
        return take_step(**self.who, step=Step(edit=edit, items=items, **said), seen=self.review.steps)

    def undo(self) -> str:
        return undo_step(**self.who, seen=self.review.steps)

    def states(self) -> dict[str, str]:
        return {one.id: one.state for one in self.review.items}


@pytest.fixture
def reader(doctor, patient, measured) -> Reader:
    return Reader(doctor, patient, measured)


def test_nothing_said_is_the_automatic_result(reader) -> None:
    assert reader.states() == {"1": "open", "2": "open", "3": "open", "4": "open"}
    assert [one.id for one in reader.review.asked] == ["1", "2", "3"], "what was set aside is not asked about"
    assert reader.review.burden.mass_mg == pytest.approx(100 + 50 + 100 / 3)


def test_one_step_may_accept_many_and_is_undone_as_one(reader) -> None:
    reader("accept", "1", "2", "3")
    assert not reader.review.asked
    assert all(one.unedited for one in reader.review.items if one.id != "4")
    assert reader.undo() == "accept"
    assert len(reader.review.asked) == 3
    assert reader.review.steps == 2, "the undo is a step of its own; nothing is deleted"


def test_rejected_and_relabelled_deposits_leave_the_burden(reader) -> None:
    reader("reject", "1", reason="motion")
    reader("relabel", "2", kind="vascular", reason="it follows the artery")
    reader("relabel", "4", kind="calcinosis", reason="it is a plaque in the fascia")
    assert reader.review.burden.mass_mg == pytest.approx(100 / 3 + 25)
    assert [one.id for one in reader.review.counted] == ["3", "4"]
    with pytest.raises(Invalid):
        reader("relabel", "3", kind="bone")


def test_splitting_and_merging_replace_what_they_are_made_of(reader) -> None:
    made = reader("split", "1", made=[part(60), part(41)], seeds=[[0, 0, 0], [9, 0, 0]], sum_said="101 of 100 mg")
    assert made == ("1a", "1b")
    assert reader.states()["1"] == "replaced"
    merged = reader("merge", "1b", "2", made=[part(91)])
    assert merged == ("M1",)
    assert reader.review.burden.mass_mg == pytest.approx(60 + 91 + 100 / 3)
    assert {one.id: one.origin for one in reader.review.standing} == {
        "3": "automatic", "4": "automatic", "1a": "edited", "M1": "edited",
    }  # fmt: skip
    with pytest.raises(Invalid):
        reader("accept", "1")
    assert [reader.undo(), reader.undo()] == ["merge", "split"]
    assert reader.review.burden.mass_mg == pytest.approx(100 + 50 + 100 / 3)
    with pytest.raises(Refused):
        reader.undo()


def test_a_missed_one_is_added_and_named_anew_after_an_undo(reader) -> None:
    assert reader("add", made=[part(5)], seeds=[[1, 2, 3]]) == ("A1",)
    reader.undo()
    assert reader("add", made=[part(6)], seeds=[[1, 2, 4]]) == ("A1",)
    assert reader.review.item("A1").row["mass_mg"] == 6
    with pytest.raises(Invalid):
        reader("add", "1", made=[part(5)])


def test_the_log_holds_who_when_before_and_after(reader, doctor, patient) -> None:
    reader("reject", "2", reason="motion")
    (fact,) = [one for one in patient_page(by=doctor, patient=patient).facts if one.noun == "reading_edit"]
    assert fact.by and fact.at
    assert fact.data["before"] == [
        {"item": "2", "state": "open", "kind": "calcinosis", "origin": "automatic", "mass_mg": 50.0, "mass_lower_mg": 40.0,
         "mass_upper_mg": 60.0}
    ]  # fmt: skip
    assert fact.data["after"] == []
    verify_record()


def test_the_stored_measurement_is_never_touched(reader, doctor, patient, measured) -> None:
    before = next(one for one in patient_page(by=doctor, patient=patient).facts if one.uid == measured)
    reader("reject", "1", reason="motion")
    reader("split", "2", made=[part(30), part(20)])
    after = next(one for one in patient_page(by=doctor, patient=patient).facts if one.uid == measured)
    assert (after.version, after.data) == (before.version, before.data)


def test_two_who_step_at_once_meet(reader, doctor, patient, measured) -> None:
    reader("accept", "1")
    with pytest.raises(Conflict):
        take_step(by=doctor, patient=patient, measurement=measured, step=Step(edit="reject", items=["1"]), seen=0)
    assert reader.states()["1"] == "accepted"


def test_readings_are_independent(reader, doctor, patient, measured) -> None:
    reading = uuid4()
    step = Step(edit="reject", items=["1"], reason="motion")
    step_of_a_trial(by=doctor, patient=patient, measurement=measured, reading=reading, step=step, seen=0)
    assert reader.states()["1"] == "open"
    shown = patient_page(by=doctor, patient=patient).facts
    assert "reading_edit" not in {one.noun for one in shown}, "who treats the patient does not learn what a trial reads"
    facts = facts_of(Entry.unscoped.filter(patient=patient))
    fact = next(one for one in facts if one.uid == measured)
    assert reviewed(fact, facts, reading).item("1").state == "rejected"
    assert reviewed(fact, facts, uuid4()).steps == 0


def test_a_decision_on_the_list_is_part_of_the_clinics_reading_alone(reader, doctor, patient, measured) -> None:
    decide_candidates(
        by=doctor, patient=patient, measurement=measured, decisions=[Decision(candidate=1, decision="reject")]
    )
    assert reader.states()["1"] == "rejected"
    facts = patient_page(by=doctor, patient=patient).facts
    fact = next(one for one in facts if one.uid == measured)
    assert reviewed(fact, facts, uuid4()).item("1").state == "open"
    reader("accept", "1")
    assert reader.states()["1"] == "accepted", "the newest word holds"


def test_only_who_may_decide_on_imaging_reads(people, doctor, patient, measured) -> None:
    for role in (Role.NURSE, Role.RESEARCHER):
        with pytest.raises(NotAllowed):
            Reader(doctor, patient, measured)
            take_step(
                by=people(role), patient=patient, measurement=measured, step=Step(edit="accept", items=["1"]), seen=0
            )
    stranger = people(site="South", name="two")
    with pytest.raises(NotAllowed):
        take_step(by=stranger, patient=patient, measurement=measured, step=Step(edit="accept", items=["1"]), seen=0)
