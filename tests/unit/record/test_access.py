"""Deny by default: a patient is reached through the team or a broken glass, and every attempt leaves a line."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from calciscope.record.actions.break_glass import break_glass
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.patients import register_patient
from calciscope.record.actions.team import join_team, leave_team
from calciscope.record.actions.visits import sign_visit
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.break_glass import BreakGlass
from calciscope.record.models.membership import Membership
from calciscope.record.models.notice import Notice
from calciscope.record.models.user import User
from calciscope.record.permissions import ROLE_MAY, Permission, Role, may
from calciscope.record.queries.access import seats, take_seat
from calciscope.record.queries.patients import list_patients, patient_page
from calciscope.record.refusals import Invalid
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import person

REASON = "Brought in unconscious, needs her drug list"


def last_line() -> AuditEvent:
    return AuditEvent.unscoped.order_by("-number")[0]


def test_the_team_sees_its_patient(doctor, patient) -> None:
    assert patient_page(by=doctor, patient=patient).banner.family_name == "Example"
    assert (last_line().kind, last_line().outcome, last_line().patient_id) == ("read", "done", patient)
    assert [banner.id for banner in list_patients(by=doctor)] == [patient]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("site", ["North", "South"])
def test_nobody_else_does(people, patient, role, site) -> None:
    stranger = people(role, site=site, name="stranger")
    with pytest.raises(NotAllowed):
        patient_page(by=stranger, patient=patient)
    line = last_line()
    assert (line.name, line.outcome, line.patient_id, line.user_id) == (
        "patient_page",
        "denied",
        patient,
        stranger.user_id,
    )
    if may(role, Permission.LIST_PATIENTS):
        assert list_patients(by=stranger) == ()


def test_absent_and_foreign_are_answered_alike(people, patient) -> None:
    stranger = people(name="stranger")
    said = []
    for key in (patient, uuid4()):
        with pytest.raises(NotAllowed) as answer:
            patient_page(by=stranger, patient=key)
        said.append(str(answer.value))
    assert said[0] == said[1]


def test_a_role_that_ended_sees_nothing_more(doctor, patient) -> None:
    Membership.objects.filter(pk=doctor.membership_id).update(ended_at=timezone.now())
    with pytest.raises(NotAllowed):
        patient_page(by=doctor, patient=patient)
    with pytest.raises(NotAllowed):
        take_seat(user=doctor.user_id, membership=doctor.membership_id)
    assert seats(user=doctor.user_id) == ()


def test_an_inactive_person_sees_nothing(doctor, patient) -> None:
    User.objects.filter(pk=doctor.user_id).update(is_active=False)
    with pytest.raises(NotAllowed):
        patient_page(by=doctor, patient=patient)


def test_a_seat_of_somebody_else_is_not_taken(doctor, people) -> None:
    with pytest.raises(NotAllowed):
        take_seat(user=people(name="two").user_id, membership=doctor.membership_id)


def test_a_role_made_up_for_a_membership_does_not_run(people, doctor, patient) -> None:
    from dataclasses import replace

    nurse = people(Role.NURSE)
    with pytest.raises(NotAllowed):
        patient_page(by=replace(nurse, role=Role.RHEUMATOLOGIST), patient=patient)
    with pytest.raises(NotAllowed):
        patient_page(by=replace(doctor, user_id=nurse.user_id), patient=patient)


def test_joining_a_team_opens_and_leaving_closes(doctor, people, patient) -> None:
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    assert patient_page(by=nurse, patient=patient).banner.id == patient
    with pytest.raises(Refused):
        join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    leave_team(by=doctor, patient=patient, membership=nurse.membership_id)
    with pytest.raises(NotAllowed):
        patient_page(by=nurse, patient=patient)


def test_the_last_of_a_team_stays(doctor, patient) -> None:
    with pytest.raises(Refused):
        leave_team(by=doctor, patient=patient, membership=doctor.membership_id)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OFFICER, Role.RESEARCHER, Role.PATIENT])
def test_roles_without_care_join_no_team(doctor, people, patient, role) -> None:
    with pytest.raises(Refused):
        join_team(by=doctor, patient=patient, membership=people(role).membership_id)


def test_a_nurse_may_not_sign(doctor, people, patient, visit) -> None:
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    with pytest.raises(NotAllowed):
        sign_visit(by=nurse, patient=patient, visit=visit)
    assert (last_line().name, last_line().outcome) == ("sign_visit", "denied")


def test_a_broken_glass_opens_for_an_hour_and_tells_the_officer(people, patient) -> None:
    other = people(Role.SURGEON)
    until = break_glass(by=other, patient=patient, reason=REASON)
    assert timedelta(minutes=59) < until - timezone.now() <= timedelta(minutes=60)
    page = patient_page(by=other, patient=patient)
    assert page.glass_until == until
    assert last_line().detail["glass"] == str(BreakGlass.unscoped.get().pk)
    notice = Notice.unscoped.get()
    assert (notice.role, notice.kind, notice.subject_id) == ("officer", "glass_broken", BreakGlass.unscoped.get().pk)
    with pytest.raises(NotAllowed):
        join_team(by=other, patient=patient, membership=other.membership_id)


def test_a_glass_closes_by_itself(people, patient, monkeypatch) -> None:
    other = people(Role.SURGEON)
    until = break_glass(by=other, patient=patient, reason=REASON)
    monkeypatch.setattr("calciscope.record.scope.timezone.now", lambda: until + timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        patient_page(by=other, patient=patient)


def test_a_glass_needs_a_reason_and_the_own_site(people, patient) -> None:
    with pytest.raises(Invalid):
        break_glass(by=people(Role.SURGEON), patient=patient, reason="  urgent ")
    with pytest.raises(NotAllowed):
        break_glass(by=people(Role.SURGEON, site="South"), patient=patient, reason=REASON)
    with pytest.raises(NotAllowed):
        break_glass(by=people(Role.ADMINISTRATOR), patient=patient, reason=REASON)


def test_another_clinics_glass_opens_one_patient_only(doctor, people, patient) -> None:
    second = register_patient(by=doctor, person=person("H-2"))
    other = people(Role.SURGEON)
    break_glass(by=other, patient=patient, reason=REASON)
    with pytest.raises(NotAllowed):
        patient_page(by=other, patient=second)


def test_strangers_write_nothing(people, patient, visit) -> None:
    saying = Saying(noun="examination", data={"extent": "whole_body", "outcome": "none_found"})
    with pytest.raises(NotAllowed):
        record_entries(by=people(name="stranger"), patient=patient, visit=visit, sayings=[saying])


def test_every_role_is_in_the_table() -> None:
    assert set(ROLE_MAY) == set(Role)
