"""A trial is read blinded, twice, and for good; where two differ by the rule, a third decides and says why."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from calciscope.record.actions.entries import Saying, record_entries, take_back_entry
from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.reading_plans import draw_reading_plan
from calciscope.record.actions.readings import take_step
from calciscope.record.actions.team import join_team
from calciscope.record.actions.trial_readings import (
    Said,
    lock_reading,
    save_reading,
    take_reading_step,
    undo_reading_step,
)
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.entry import Entry
from calciscope.record.models.reading_plan import ReadingItem
from calciscope.record.permissions import Permission, Role, may
from calciscope.record.queries.patients import list_patients, patient_page
from calciscope.record.queries.reading_plans import (
    export_readings,
    readers_of_site,
    reading_plan,
    reading_plans,
    readings_of_plan,
)
from calciscope.record.queries.trial_readings import reading_overview, reading_pixels, reading_task, worklist
from calciscope.record.queries.trial_subjects import patients_with_scans
from calciscope.record.reading_scope import measured, steps_of
from calciscope.record.refusals import Conflict, Invalid
from calciscope.record.scans.log import Step
from calciscope.record.trials.plan import Rules
from calciscope.record.trials.reading import reading_key, result_of
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import person
from tests.unit.record.scans.made import part
from tests.unit.record.trials.made import (
    NAMES,
    STUDY,
    TITLE,
    Trial,
    decide,
    made_trial,
    read_all,
    read_one,
    readers_of,
    subjects,
)


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def trial(people, doctor) -> Trial:
    return made_trial(people, doctor)


def test_a_plan_gives_both_readers_all_scans_in_orders_of_their_own(trial) -> None:
    lists = [worklist(by=reader).listed for reader in trial.readers]
    assert [len(one) for one in lists] == [4, 4]
    labels = [one.label for listed in lists for one in listed]
    assert len(set(labels)) == 8
    seen = reading_plan(by=trial.doctor, plan=trial.plan)
    assert (seen.subjects, seen.scans, seen.complete) == (2, 4, False)
    assert [one.asked for one in seen.readers] == [6, 6, 0]


def test_a_reader_sees_neither_name_nor_day_nor_the_subject_nor_another_reading(trial) -> None:
    """Everything that a task carries, spelled out, holds nothing that tells whose the scan is, when it was, or what others said."""
    decide(trial.readers[1], first_of(trial.readers[1]), 1)
    save_reading(by=trial.readers[1], item=first_of(trial.readers[1]), said=Said(remark="Private"))
    for one in worklist(by=trial.readers[0]).listed:
        told = json.dumps(asdict(reading_task(by=trial.readers[0], item=one.item)), default=str)
        forbidden = [*NAMES, "H-90", *trial.patients.values(), "2025", "2026", "Private", *map(str, trial.patients)]
        forbidden += [str(scan) for scans in trial.scans.values() for scan in scans]
        assert [word for word in forbidden if word in told] == []
        assert "mass_mg" not in told and "grown" not in told


def first_of(reader):
    return worklist(by=reader).listed[0].item


def test_masses_and_events_are_shown_where_the_plan_says_so(people, doctor) -> None:
    trial = made_trial(people, doctor, shows_mass=True, shows_events=True)
    tasks = [reading_task(by=trial.readers[0], item=one.item) for one in worklist(by=trial.readers[0]).listed]
    assert all("mass_mg" in task.candidates[0] for task in tasks)
    assert sorted(len(task.families) for task in tasks) == [0, 0, 3, 3]


def test_a_reader_reaches_no_patient_and_nobody_elses_list(trial, people) -> None:
    reader, other = trial.readers
    assert not may(Role.READER, Permission.SEE_PATIENT)
    patient = next(iter(trial.patients))
    with pytest.raises(NotAllowed):
        patient_page(by=reader, patient=patient)
    with pytest.raises(NotAllowed):
        list_patients(by=reader)
    for stranger in (other, trial.third, people(Role.READER, site="South", name="far")):
        for asked in (reading_task, reading_overview):
            with pytest.raises(NotAllowed):
                asked(by=stranger, item=first_of(reader))
        with pytest.raises(NotAllowed):
            save_reading(by=stranger, item=first_of(reader), said=Said())
    with pytest.raises(NotAllowed):
        reading_task(by=reader, item=uuid4())
    for doing in (readings_of_plan, export_readings, reading_plan):
        with pytest.raises(NotAllowed):
            doing(by=reader, plan=trial.plan)


def test_plans_of_another_site_are_not_there(trial, people) -> None:
    far = people(Role.RHEUMATOLOGIST, site="South", name="far")
    assert reading_plans(by=far) == ()
    for doing in (readings_of_plan, export_readings, reading_plan):
        with pytest.raises(NotAllowed):
            doing(by=far, plan=trial.plan)


def test_an_open_reading_is_gone_on_with_and_a_locked_one_never_changes(trial) -> None:
    reader = trial.readers[0]
    item = first_of(reader)
    take_reading_step(by=reader, item=item, step=Step(edit="accept", items=["1"]), seen=0)
    save_reading(by=reader, item=item, said=Said(remark="Half done"))
    task = reading_task(by=reader, item=item)
    assert (task.state, task.version, task.data["remark"]) == ("open", 1, "Half done")
    with pytest.raises(Conflict):
        save_reading(by=reader, item=item, said=Said())
    with pytest.raises(Conflict):
        take_reading_step(by=reader, item=item, step=Step(edit="accept", items=["2"]), seen=0)
    with pytest.raises(Invalid) as left:
        lock_reading(by=reader, item=item, said=Said(based_on=1, seen=1))
    assert [problem.field for problem in left.value.problems] == ["c-2", "c-3"]
    take_reading_step(by=reader, item=item, step=Step(edit="accept", items=["2"]), seen=1)
    take_reading_step(by=reader, item=item, step=Step(edit="reject", items=["3"]), seen=2)
    with pytest.raises(Refused, match="went on in another window"):
        lock_reading(by=reader, item=item, said=Said(based_on=1, seen=2))
    lock_reading(by=reader, item=item, said=Said(based_on=1, seen=3))
    task = reading_task(by=reader, item=item)
    assert (task.state, task.data["deposits"]) == ("locked", 2)
    assert "mass_mg" not in task.data, "the plan hides masses"
    assert Entry.unscoped.get(uid=reading_key(item), version=2).data["mass_mg"] == 150.0
    for doing in (save_reading, lock_reading):
        with pytest.raises(Refused, match="This reading is locked; nothing follows it."):
            doing(by=reader, item=item, said=Said(based_on=2, seen=3))


def test_a_locked_reading_takes_no_further_step(trial) -> None:
    """Neither by its own actions nor by those for any fact, nor by the clinic's review of the same scan."""
    reader = trial.readers[0]
    held = ReadingItem.unscoped.get(pk=first_of(reader))
    read_one(reader, held.pk)
    with pytest.raises(Refused, match="This reading is locked; nothing follows it."):
        take_reading_step(by=reader, item=held.pk, step=Step(edit="reject", items=["1"]), seen=1)
    with pytest.raises(Refused, match="This reading is locked; nothing follows it."):
        undo_reading_step(by=reader, item=held.pk, seen=1)
    step = {"measurement": str(held.measurement), "reading": str(held.pk), "step": 2, "edit": "reject", "items": ["1"]}
    with pytest.raises(NotAllowed, match="own screen"):
        record_entries(by=trial.doctor, patient=held.patient_id, sayings=[Saying(noun="reading_edit", data=step)])
    before = steps_of(held)
    take_step(
        by=trial.doctor,
        patient=held.patient_id,
        measurement=held.measurement,
        step=Step(edit="reject", items=["1"]),
        seen=0,
    )
    assert steps_of(held) == before and len(before) == 1


def test_a_reader_splits_merges_adds_and_undoes_and_the_reading_weighs_so(trial) -> None:
    one, two = trial.readers
    item = first_of(one)
    taken = partial(take_reading_step, by=one, item=item)
    assert taken(step=Step(edit="split", items=["1"], made=[part(60), part(41)]), seen=0) == ("1a", "1b")
    assert taken(step=Step(edit="merge", items=["1b", "2"], made=[part(91)]), seen=1) == ("M1",)
    assert taken(step=Step(edit="add", made=[part(5, x_mm=90.0)], seeds=[[90, 0, 0]]), seen=2) == ("A1",)
    assert undo_reading_step(by=one, item=item, seen=3) == "add"
    taken(step=Step(edit="add", made=[part(7, x_mm=91.0)], seeds=[[91, 0, 0]]), seen=4)
    taken(step=Step(edit="reject", items=["3"]), seen=5)
    lock_reading(by=one, item=item, said=Said(seen=6))
    held = ReadingItem.unscoped.get(pk=item)
    data = Entry.unscoped.get(uid=reading_key(item), version=1).data
    assert (data["deposits"], data["mass_mg"], data["steps"]) == (3, pytest.approx(60 + 91 + 7), 6)
    made = {row["item"]: row["of"] for row in data["made"]}
    assert made == {"1a": [1], "M1": [1, 2], "A1": []}
    result = result_of(data, measured([held])[held.measurement].data["candidates"])
    assert result.counted == {1, 2} and len(result.added) == 1
    assert "mass_mg" not in json.dumps(asdict(reading_task(by=one, item=item)), default=str)
    same = ReadingItem.unscoped.get(measurement=held.measurement, reader_id=two.membership_id, kind="first")
    assert reading_pixels(by=two, item=same.pk)[1] == (), "nobody sees the steps of another reader"


def test_no_other_action_touches_a_reading(trial) -> None:
    """Neither as a new version nor as entered in error, even by a physician who cares for the patient."""
    reader = trial.readers[0]
    held = ReadingItem.unscoped.get(pk=first_of(reader))
    read_one(reader, held.pk)
    uid = reading_key(held.pk)
    data = Entry.unscoped.get(uid=uid).data
    with pytest.raises(NotAllowed):
        saying = Saying(noun="reading", data={**data, "mass_mg": 1.0}, uid=uid, based_on=1)
        record_entries(by=trial.doctor, patient=held.patient_id, sayings=[saying])
    with pytest.raises(NotAllowed):
        take_back_entry(by=trial.doctor, patient=held.patient_id, uid=uid, based_on=1, reason="It was wrong after all")
    assert Entry.unscoped.filter(uid=uid).count() == 1


def test_who_treats_the_patient_does_not_learn_what_was_read(trial) -> None:
    held = ReadingItem.unscoped.get(pk=first_of(trial.readers[0]))
    read_one(trial.readers[0], held.pk)
    facts = patient_page(by=trial.doctor, patient=held.patient_id).facts
    assert "imaging_measurement" in {fact.noun for fact in facts}
    assert "reading" not in {fact.noun for fact in facts}


def test_a_scan_that_cannot_be_read_says_why(trial) -> None:
    reader = trial.readers[0]
    with pytest.raises(Invalid):
        lock_reading(by=reader, item=first_of(reader), said=Said(quality="not_evaluable"))
    lock_reading(by=reader, item=first_of(reader), said=Said(quality="not_evaluable", remark="Moved throughout"))
    held = Entry.unscoped.get(uid=reading_key(first_of(reader)))
    assert held.data["quality"] == "not_evaluable" and "mass_mg" not in held.data


def test_two_who_agree_ask_nobody(trial) -> None:
    assert [read_all(reader) for reader in trial.readers] == [0, 0]
    assert worklist(by=trial.third).listed == []
    found = readings_of_plan(by=trial.doctor, plan=trial.plan)
    assert found.complete
    assert len(found.readings) == 12
    accepted = [one for one in found.readings if one.accepted]
    assert {one.reader for one in accepted} == {1} and len(accepted) == 4


def test_two_who_differ_ask_a_third_whose_choice_and_reason_stay(trial) -> None:
    one, two = trial.readers
    assert read_all(one) == 0
    assert read_all(two, 1) == 4  # 83.3 mg for 183.3
    listed = worklist(by=trial.third).listed
    assert len(listed) == 4 and all(found.asks_third for found in listed)
    task = reading_task(by=trial.third, item=listed[0].item)
    assert {other.name for other in task.others} == {"A", "B"}
    assert task.because == ["the burdens lie further apart than the plan allows"]
    assert not any(reader.membership_id in map(str, [other.data for other in task.others]) for reader in trial.readers)
    chosen = next(other for other in task.others if other.data["deposits"] == 2)
    for said in (
        Said(),
        Said(chosen=str(uuid4()), reason="Because of that"),
        Said(chosen=chosen.key),
        Said(chosen="own"),
    ):
        with pytest.raises(Invalid):
            lock_reading(by=trial.third, item=task.item, said=said)
    lock_reading(by=trial.third, item=task.item, said=Said(chosen=chosen.key, reason="Number 1 is the patella's rim"))
    lock_reading(
        by=trial.third,
        item=listed[1].item,
        said=Said(chosen="own", reason="Neither saw that two is a vein", seen=decide(trial.third, listed[1].item, 2)),
    )
    found = readings_of_plan(by=trial.doctor, plan=trial.plan)
    third = [reading for reading in found.readings if reading.reader == 3]
    assert sorted(reading.data["mass_mg"] for reading in third) == pytest.approx([250.0 / 3, 400.0 / 3])
    assert all(reading.accepted and reading.data["reason"] for reading in third)
    assert sum(reading.accepted for reading in found.readings) == 2  # the other two wait for their third reader


def test_events_that_differ_ask_a_third_even_where_burdens_agree(people, doctor) -> None:
    """Number 3 of 33 mg lies below the limit of burden, but for one reader it is new."""
    trial = made_trial(people, doctor, limit_mg=50.0, repeat_percent=0)
    one, two = trial.readers
    read_all(one)
    later = {scans[1] for scans in trial.scans.values()}
    asked = 0
    for listed in worklist(by=two).listed:
        item = ReadingItem.unscoped.get(pk=listed.item)
        rejected = () if item.measurement in later else (3,)
        asked += read_one(two, item.pk, *rejected)
    assert asked == 2
    items = [ReadingItem.unscoped.get(pk=found.item) for found in worklist(by=trial.third).listed]
    assert {item.measurement for item in items} == later
    assert all(item.because == ["events"] for item in items)


def test_one_who_cannot_read_a_scan_asks_a_third(people, doctor) -> None:
    trial = made_trial(people, doctor, repeat_percent=0)
    one, two = trial.readers
    item = ReadingItem.unscoped.get(pk=first_of(one))
    lock_reading(by=one, item=item.pk, said=Said(quality="not_evaluable", remark="Moved throughout"))
    same = ReadingItem.unscoped.get(measurement=item.measurement, reader_id=two.membership_id)
    assert read_one(two, same.pk)
    (asked,) = worklist(by=trial.third).listed
    assert reading_task(by=trial.third, item=asked.item).because == ["one of them could not read the scan"]


def test_a_repeat_opens_after_its_washout_under_another_label(people, doctor, monkeypatch) -> None:
    trial = made_trial(people, doctor, washout_days=14)
    reader = trial.readers[0]
    read_all(reader)
    found = worklist(by=reader)
    assert (len(found.listed), found.later, found.following) == (4, 2, None)
    repeat = ReadingItem.unscoped.filter(reader_id=reader.membership_id, kind="repeat")[0]
    with pytest.raises(NotAllowed):
        reading_task(by=reader, item=repeat.pk)
    with pytest.raises(Refused, match="later"):
        lock_reading(by=reader, item=repeat.pk, said=Said())
    later = timezone.now() + timedelta(days=15)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    found = worklist(by=reader)
    assert (len(found.listed), found.later) == (6, 0)
    task = reading_task(by=reader, item=repeat.pk)
    first = ReadingItem.unscoped.get(reader_id=reader.membership_id, kind="first", measurement=repeat.measurement)
    assert task.label != first.label and task.data == {} and not task.others


def test_a_reader_with_another_role_learns_nothing_before_the_end(trial, people) -> None:
    """The same person as a physician of the site is refused what others read until all is locked."""
    from calciscope.record.actor import Actor
    from calciscope.record.models.membership import Membership

    reader = trial.readers[0]
    seat = Membership.objects.create(user_id=reader.user_id, site_id=reader.site_id, role=Role.RADIOLOGIST)
    as_physician = Actor.of(seat)
    reading_plan(by=as_physician, plan=trial.plan)
    for doing in (readings_of_plan, export_readings):
        with pytest.raises(Refused, match="once every reading is locked"):
            doing(by=as_physician, plan=trial.plan)
    for one in trial.readers:
        read_all(one)
    assert readings_of_plan(by=as_physician, plan=trial.plan).complete


def test_who_knows_a_patient_or_the_order_cannot_be_a_reader(people, doctor) -> None:
    from calciscope.record.models.membership import Membership

    one, two, three = readers_of(people)
    patients, _ = subjects(doctor)

    def drawn(*readers, adjudicator=three.membership_id, **changed):
        said = {"study": STUDY, "title": TITLE, "subjects": patients, "rules": Rules()} | changed
        return draw_reading_plan(by=doctor, readers=readers, adjudicator=adjudicator, **said)

    def refused(*readers, **changed) -> str:
        with pytest.raises(Invalid) as wrong:
            drawn(*readers, **changed)
        return str(wrong.value)

    pair = (one.membership_id, two.membership_id)
    assert "third" in refused(one.membership_id)
    assert "third" in refused(*pair, adjudicator=None)
    assert "Three different" in refused(one.membership_id, one.membership_id)
    assert "Three different" in refused(one.membership_id, doctor.membership_id)
    assert "this site" in refused(one.membership_id, people(Role.READER, site="South").membership_id)
    assert "title" in refused(*pair, title=" ")
    assert "subjects" in refused(*pair, subjects={})
    own = Membership.objects.create(user_id=doctor.user_id, site_id=doctor.site_id, role=Role.READER)
    assert "knows the order" in refused(one.membership_id, own.pk)
    seat = Membership.objects.create(user_id=two.user_id, site_id=two.site_id, role=Role.NURSE)
    join_team(by=doctor, patient=next(iter(patients)), membership=seat.pk)
    assert "would know whom" in refused(*pair)
    four = people(Role.READER, name="reader-d")
    drawn(one.membership_id, four.membership_id)
    assert "already" in refused(one.membership_id, four.membership_id)


def test_a_patient_without_a_scan_or_of_others_is_not_planned(people, doctor) -> None:
    one, two, three = readers_of(people)
    bare = register_patient(by=doctor, person=person("H-1"))
    far = register_patient(by=people(name="other"), person=person("H-2"))
    for patient, error in ((bare, Refused), (far, NotAllowed)):
        with pytest.raises(error):
            draw_reading_plan(
                by=doctor, study=STUDY, title=TITLE, subjects={patient: "001"}, rules=Rules(),
                readers=(one.membership_id, two.membership_id), adjudicator=three.membership_id,
            )  # fmt: skip


def test_who_may_be_chosen_is_listed(people, doctor, trial) -> None:
    assert [seat.name for seat in readers_of_site(by=doctor)] == [
        "reader-a reader",
        "reader-b reader",
        "reader-c reader",
    ]
    assert [(one.banner.family_name, one.scans) for one in patients_with_scans(by=doctor)] == [
        ("Hiddenname", 2), ("Secretname", 2),
    ]  # fmt: skip
    assert patients_with_scans(by=people(name="other")) == ()


def test_reading_and_export_leave_lines_that_hold_no_finding(trial) -> None:
    read_all(trial.readers[0])
    export_readings(by=trial.doctor, plan=trial.plan)
    lines = AuditEvent.unscoped.filter(name__in=["lock_reading", "export_readings", "reading_task"])
    assert {line.name for line in lines} == {"lock_reading", "export_readings", "reading_task"}
    told = json.dumps([line.detail for line in lines])
    assert "mass" not in told and "Secretname" not in told
    export = lines.get(name="export_readings")
    assert export.detail["subjects"] == 2 and export.user_id == trial.doctor.user_id
