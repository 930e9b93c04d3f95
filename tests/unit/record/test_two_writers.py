"""Whoever is second is told, and gets both texts; nothing is lost."""

from __future__ import annotations

import pytest

from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.models.entry import Entry
from calciscope.record.refusals import Conflict

MINE = {"extent": "whole_body", "outcome": "none_found", "remark": "mine"}
THEIRS = MINE | {"remark": "theirs"}


def test_second_of_two_new_ones_of_a_single_noun_meets_the_first(doctor, people, patient, visit) -> None:
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="examination", data=THEIRS)])
    with pytest.raises(Conflict) as met:
        record_entries(by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="examination", data=MINE)])
    assert met.value.theirs.data["remark"] == "theirs"
    assert met.value.theirs.by == "one rheumatologist"
    assert met.value.mine["remark"] == "mine"


def test_second_change_meets_the_first_and_can_follow_it(doctor, patient, visit) -> None:
    (uid,) = record_entries(by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="examination", data=MINE)])
    changed = Saying(noun="examination", data=THEIRS, uid=uid, based_on=1)
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[changed])
    with pytest.raises(Conflict) as met:
        record_entries(by=doctor, patient=patient, visit=visit, sayings=[changed])
    again = Saying(noun="examination", data=MINE, uid=uid, based_on=met.value.theirs.version)
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[again])
    assert list(Entry.unscoped.filter(uid=uid).order_by("version").values_list("version", flat=True)) == [1, 2, 3]


def test_a_conflict_in_one_of_several_saves_none(doctor, patient, visit) -> None:
    (uid,) = record_entries(by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="examination", data=MINE)])
    before = Entry.unscoped.count()
    details = Entry.unscoped.get(noun="visit_details", visit=visit)
    sayings = [
        Saying(noun="visit_details", data=details.data | {"reason": "pain"}, uid=details.uid, based_on=1),
        Saying(noun="examination", data=THEIRS, uid=uid, based_on=0),
    ]
    with pytest.raises(Conflict):
        record_entries(by=doctor, patient=patient, visit=visit, sayings=sayings)
    assert Entry.unscoped.count() == before
