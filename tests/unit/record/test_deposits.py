"""D01, D02... live through visits; a wrong link is taken back, never deleted."""

from __future__ import annotations

from datetime import date

import pytest

from calciscope.record.actions.deposits import confirm_unchanged, record_new_deposit
from calciscope.record.actions.entries import Saying, record_entries, take_back_entry
from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.visits import open_visit
from calciscope.record.queries.patients import patient_page
from calciscope.record.queries.visits import visit_sheet
from calciscope.record.refusals import Invalid
from calciscope.record.stories import Story, stories
from calciscope.record.vocabulary import terms
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import person

FINDING = {"region": "elbow", "side": "left", "longest_mm": 14, "second_mm": 9, "size_method": "caliper", "pain": 0}
PRESENT = {"event": "present", "on": "2026-11-02"}


def new(doctor, patient, visit, **changed):
    return record_new_deposit(by=doctor, patient=patient, visit=visit, finding=FINDING | changed, event=PRESENT)


def told(doctor, patient) -> tuple[Story, ...]:
    page = patient_page(by=doctor, patient=patient)
    return stories(page.facts, page.deposits)


def event(doctor, patient, visit, deposit, **data):
    saying = Saying(noun="deposit_event", data=data, deposit=deposit)
    return record_entries(by=doctor, patient=patient, visit=visit, sayings=[saying])[0]


def test_numbers_go_up_per_patient(doctor, patient, visit) -> None:
    for _ in range(3):
        new(doctor, patient, visit)
    other = register_patient(by=doctor, person=person("H-2"))
    theirs = open_visit(by=doctor, patient=other, details={"held_on": "2026-11-02", "kind": "first"})
    new(doctor, other, theirs)
    assert [story.label for story in told(doctor, patient)] == ["D01", "D02", "D03"]
    assert [story.label for story in told(doctor, other)] == ["D01"]


def test_unchanged_deposits_are_confirmed_at_once(doctor, patient, visit) -> None:
    keys = [new(doctor, patient, visit) for _ in range(10)]
    later = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-20", "kind": "planned"})
    assert len([due for due in visit_sheet(by=doctor, patient=patient, visit=later).due if due.of]) == 10
    confirm_unchanged(by=doctor, patient=patient, visit=later, deposits=keys)
    story = told(doctor, patient)[0]
    assert story.newest.data["longest_mm"] == 14
    assert story.newest.data["unchanged_from"] == str(story.findings[0].uid)
    with pytest.raises(Refused, match="D01"):
        confirm_unchanged(by=doctor, patient=patient, visit=later, deposits=keys[:1])
    assert len(told(doctor, patient)[0].findings) == 2


def test_the_state_is_the_newest_event_that_stands(doctor, patient, visit) -> None:
    key = new(doctor, patient, visit)
    wrong = event(doctor, patient, visit, key, event="excised", on="2026-11-10")
    assert told(doctor, patient)[0].state == "excised"
    assert told(doctor, patient)[0].ended
    take_back_entry(by=doctor, patient=patient, uid=wrong, based_on=1, reason="It was the other elbow")
    assert told(doctor, patient)[0].state == "present"
    event(doctor, patient, visit, key, event="growing", on="2026-11-12")
    event(doctor, patient, visit, key, event="inflamed", on="2026-11-05")
    assert told(doctor, patient)[0].state == "growing"


@pytest.mark.parametrize("word", terms("deposit_events"))
def test_every_event_of_the_vocabulary_can_be_recorded(doctor, patient, visit, word) -> None:
    key, other = new(doctor, patient, visit), new(doctor, patient, visit)
    data = {"event": word, "on": "2026-11-02"}
    if word.startswith("infection"):
        with pytest.raises(Invalid):
            event(doctor, patient, visit, key, **data)
        data["basis"] = "culture"
    if word in {"merged_into", "split_from"}:
        with pytest.raises(Invalid):
            event(doctor, patient, visit, key, **data)
        data["other_deposit"] = str(other)
    event(doctor, patient, visit, key, **data)
    assert told(doctor, patient)[0].state == word


def test_merging_with_a_deposit_of_another_patient_is_refused(doctor, patient, visit) -> None:
    other = register_patient(by=doctor, person=person("H-2"))
    theirs = open_visit(by=doctor, patient=other, details={"held_on": "2026-11-02", "kind": "first"})
    foreign = new(doctor, other, theirs)
    key = new(doctor, patient, visit)
    with pytest.raises(Invalid) as refused:
        event(doctor, patient, visit, key, event="merged_into", on="2026-11-02", other_deposit=str(foreign))
    assert refused.value.problems[0].field == "other_deposit"
    with pytest.raises(NotAllowed):
        confirm_unchanged(by=doctor, patient=patient, visit=visit, deposits=[foreign])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"side": "midline"}, "side"),
        ({"second_mm": 20}, "longest_mm"),
        ({"longest_mm": 5000}, "longest_mm"),
        ({"map_x": 0.5}, "map_x"),
        ({"region": "tail"}, "region"),
        ({"pain": 11}, "pain"),
    ],
)
def test_impossible_findings_are_refused_at_the_field(doctor, patient, visit, changed, field) -> None:
    with pytest.raises(Invalid) as refused:
        new(doctor, patient, visit, **changed)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert told(doctor, patient) == ()


def test_a_deposit_whose_every_entry_was_taken_back_is_none(doctor, patient, visit) -> None:
    new(doctor, patient, visit)
    for fact in told(doctor, patient)[0].findings + told(doctor, patient)[0].events:
        take_back_entry(by=doctor, patient=patient, uid=fact.uid, based_on=1, reason="Entered for someone else")
    (story,) = told(doctor, patient)
    assert not story.stands
    assert [due for due in visit_sheet(by=doctor, patient=patient, visit=visit).due if due.of] == []


def test_dates_of_events_order_them(doctor, patient, visit) -> None:
    key = new(doctor, patient, visit)
    event(doctor, patient, visit, key, event="suspected", on="2019")
    assert told(doctor, patient)[0].events[0].effective_on == date(2019, 1, 1)
