"""A visit is open, then signed and locked; after that there are amendments with reasons."""

from __future__ import annotations

from datetime import date

import pytest

from calciscope.record.actions.drafts import drop_draft, keep_draft
from calciscope.record.actions.entries import Saying, amend_entries, record_entries, take_back_entry
from calciscope.record.actions.visits import cancel_visit, open_visit, sign_visit
from calciscope.record.fields import NOT_ASSESSED
from calciscope.record.models.entry import Entry
from calciscope.record.noun import nouns
from calciscope.record.queries.history import versions_of
from calciscope.record.queries.visits import visit_as_signed, visit_sheet, visits_on
from calciscope.record.refusals import Conflict, Invalid
from calciscope.terms.errors import NotAllowed, Refused

NONE_FOUND = {"extent": "whole_body", "outcome": "none_found"}
REASON = "The left elbow was meant"


def examine(doctor, patient, visit, **changed) -> object:
    (uid,) = record_entries(
        by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="examination", data=NONE_FOUND | changed)]
    )
    return uid


def test_a_signed_visit_is_locked(doctor, patient, visit) -> None:
    uid = examine(doctor, patient, visit)
    sign_visit(by=doctor, patient=patient, visit=visit)
    assert visit_sheet(by=doctor, patient=patient, visit=visit).state.state == "signed"
    with pytest.raises(Refused, match="signed"):
        record_entries(
            by=doctor,
            patient=patient,
            visit=visit,
            sayings=[Saying(noun="examination", data=NONE_FOUND, uid=uid, based_on=1)],
        )
    with pytest.raises(Refused):
        sign_visit(by=doctor, patient=patient, visit=visit)
    with pytest.raises(Refused):
        cancel_visit(by=doctor, patient=patient, visit=visit, reason=REASON)


def test_an_amendment_needs_a_reason_and_keeps_what_was_signed(doctor, patient, visit) -> None:
    uid = examine(doctor, patient, visit)
    sign_visit(by=doctor, patient=patient, visit=visit)
    changed = Saying(noun="examination", data=NONE_FOUND | {"remark": "all"}, uid=uid, based_on=1)
    with pytest.raises(Invalid):
        amend_entries(by=doctor, patient=patient, visit=visit, sayings=[changed], reason="oops")
    amend_entries(by=doctor, patient=patient, visit=visit, sayings=[changed], reason=REASON)
    first, second = versions_of(by=doctor, patient=patient, uid=uid)
    assert (first.status, second.status, second.reason) == ("final", "amended", REASON)
    assert "remark" not in first.data


def test_what_was_signed_is_read_as_it_was(doctor, patient, visit) -> None:
    uid = examine(doctor, patient, visit)
    with pytest.raises(Refused):
        visit_as_signed(by=doctor, patient=patient, visit=visit)
    examine_again = Saying(noun="examination", data=NONE_FOUND | {"remark": "before"}, uid=uid, based_on=1)
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[examine_again])
    sign_visit(by=doctor, patient=patient, visit=visit)
    later = Saying(noun="examination", data=NONE_FOUND | {"remark": "after"}, uid=uid, based_on=2)
    added = Saying(noun="anchor_questions", data={"change": "same"})
    amend_entries(by=doctor, patient=patient, visit=visit, sayings=[later, added], reason=REASON)
    signed = {fact.noun: fact.data.get("remark") for fact in visit_as_signed(by=doctor, patient=patient, visit=visit)}
    assert signed == {"visit_details": None, "examination": "before"}


def test_an_open_visit_is_changed_not_amended(doctor, patient, visit) -> None:
    with pytest.raises(Refused):
        amend_entries(by=doctor, patient=patient, visit=visit, sayings=[], reason=REASON)


def test_taking_back_is_a_new_version(doctor, patient, visit) -> None:
    uid = examine(doctor, patient, visit)
    take_back_entry(by=doctor, patient=patient, uid=uid, based_on=1, reason=REASON)
    first, second = versions_of(by=doctor, patient=patient, uid=uid)
    assert second.status == "entered_in_error" and second.data == first.data
    assert not second.holds
    with pytest.raises(Conflict):
        take_back_entry(by=doctor, patient=patient, uid=uid, based_on=1, reason=REASON)


def test_a_cancelled_visit_takes_nothing_more(doctor, patient, visit) -> None:
    with pytest.raises(Invalid):
        cancel_visit(by=doctor, patient=patient, visit=visit, reason="")
    cancel_visit(by=doctor, patient=patient, visit=visit, reason="The patient did not come")
    with pytest.raises(Refused):
        examine(doctor, patient, visit)


def test_a_visit_of_another_patient_is_not_there(doctor, patient, visit) -> None:
    from calciscope.record.actions.patients import register_patient
    from tests.unit.record.conftest import person

    other = register_patient(by=doctor, person=person("H-2"))
    with pytest.raises(NotAllowed):
        visit_sheet(by=doctor, patient=other, visit=visit)
    with pytest.raises(NotAllowed):
        sign_visit(by=doctor, patient=other, visit=visit)


def test_what_is_due_is_what_was_not_asked(doctor, patient, visit) -> None:
    due = visit_sheet(by=doctor, patient=patient, visit=visit).due
    expected = {name for name, noun in nouns().items() if noun.expected} - {"visit_details"}
    assert {item.noun for item in due} == expected
    answers = {"change": NOT_ASSESSED}
    record_entries(by=doctor, patient=patient, visit=visit, sayings=[Saying(noun="anchor_questions", data=answers)])
    (item,) = [
        item for item in visit_sheet(by=doctor, patient=patient, visit=visit).due if item.noun == "anchor_questions"
    ]
    assert item.fields == ("acceptable",)


def test_bad_fields_are_named_and_nothing_is_saved(doctor, patient, visit) -> None:
    before = Entry.unscoped.count()
    good = Saying(noun="examination", data=NONE_FOUND)
    bad = Saying(noun="skin_effects", data={"pain": 11, "warmth": "warm", "itch": 2})
    with pytest.raises(Invalid) as refused:
        record_entries(by=doctor, patient=patient, visit=visit, sayings=[good, bad])
    assert {problem.field for problem in refused.value.problems} == {"pain", "warmth", "itch"}
    assert Entry.unscoped.count() == before


def test_visits_of_a_day(doctor, people, patient, visit) -> None:
    open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-03", "kind": "urgent"})
    (found,) = visits_on(by=doctor, on=date(2026, 11, 2))
    assert (found.visit, found.kind) == (visit, "planned")
    assert visits_on(by=people(name="stranger"), on=date(2026, 11, 2)) == ()


def test_a_draft_is_kept_need_not_hold_and_meets_another_window(doctor, people, patient, visit) -> None:
    first = keep_draft(by=doctor, patient=patient, visit=visit, form="examination", data={"x": "half a wo"}, revision=0)
    again = keep_draft(
        by=doctor, patient=patient, visit=visit, form="examination", data={"x": "half a word"}, revision=first
    )
    assert again == first + 1
    with pytest.raises(Conflict) as met:
        keep_draft(by=doctor, patient=patient, visit=visit, form="examination", data={"x": "other"}, revision=first)
    assert (met.value.theirs.data, met.value.mine) == ({"x": "half a word"}, {"x": "other"})
    (kept,) = visit_sheet(by=doctor, patient=patient, visit=visit).drafts
    assert kept.data == {"x": "half a word"}
    with pytest.raises(NotAllowed):
        keep_draft(by=people(name="stranger"), patient=patient, visit=visit, form="examination", data={}, revision=0)
    drop_draft(by=doctor, patient=patient, visit=visit, form="examination")
    assert visit_sheet(by=doctor, patient=patient, visit=visit).drafts == ()


def test_a_draft_of_no_visit_is_kept_once(doctor, patient) -> None:
    first = keep_draft(by=doctor, patient=patient, form="history", data={"x": "1"}, revision=0)
    assert keep_draft(by=doctor, patient=patient, form="history", data={"x": "2"}, revision=first) == 2


def test_an_over_long_draft_is_refused(doctor, patient) -> None:
    with pytest.raises(Invalid):
        keep_draft(by=doctor, patient=patient, form="history", data={"x": "y" * 300_000}, revision=0)
