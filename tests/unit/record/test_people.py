"""Identity is corrected and erased alone; members come and go through the administrator."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from calciscope.record.actions.identity import correct_identity, erase_identity
from calciscope.record.actions.members import end_membership, take_on
from calciscope.record.actions.patients import register_patient
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.entry import Entry
from calciscope.record.models.identity import HospitalNumber, Identity
from calciscope.record.models.membership import Membership
from calciscope.record.permissions import Role
from calciscope.record.queries.access import seats
from calciscope.record.queries.members import care_team, members
from calciscope.record.queries.patients import list_patients, patient_page
from calciscope.record.refusals import Conflict, Invalid
from calciscope.record.verify import verify_record
from calciscope.terms.errors import NotAllowed, Refused
from tests.unit.record.conftest import person


def test_search_by_beginning_of_name_and_number(doctor, patient) -> None:
    register_patient(by=doctor, person=person("X-9", family_name="Öztürk", given_name="Ece"))
    assert [banner.family_name for banner in list_patients(by=doctor)] == ["Example", "Öztürk"]
    assert [banner.family_name for banner in list_patients(by=doctor, search="ada exa")] == ["Example"]
    assert [banner.family_name for banner in list_patients(by=doctor, search="X-9")] == ["Öztürk"]
    assert list_patients(by=doctor, search="example öz") == ()
    assert len(list_patients(by=doctor, limit=1)) == 1


def test_the_same_number_twice_at_a_site_is_refused(doctor, people, patient) -> None:
    with pytest.raises(Invalid) as refused:
        register_patient(by=doctor, person=person())
    assert refused.value.problems[0].field == "hospital_number"
    register_patient(by=people(site="South"), person=person())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"born_on": date(2999, 1, 1)}, "born_on"),
        ({"born_on": date(1850, 1, 1)}, "born_on"),
        ({"family_name": "  "}, "family_name"),
        ({"family_name": "x" * 101}, "family_name"),
    ],
)
def test_impossible_people_are_refused(doctor, changed, field) -> None:
    with pytest.raises(Invalid) as refused:
        register_patient(by=doctor, person=person(**changed))
    assert [problem.field for problem in refused.value.problems] == [field]


def test_identity_is_corrected_by_whoever_saw_it_last(doctor, patient) -> None:
    assert correct_identity(by=doctor, patient=patient, person=person("H-5", given_name="Ada Maria"), based_on=1) == 2
    banner = patient_page(by=doctor, patient=patient).banner
    assert (banner.given_name, banner.numbers, banner.identity_version) == ("Ada Maria", ("H-5",), 2)
    with pytest.raises(Conflict) as met:
        correct_identity(by=doctor, patient=patient, person=person("H-5", given_name="Eva"), based_on=1)
    assert met.value.theirs.data["given_name"] == "Ada Maria"
    line = AuditEvent.unscoped.filter(name="correct_identity").order_by("number")[0]
    assert line.detail["changed"] == ["given_name", "hospital_number"]


def test_identity_is_erased_and_facts_stay(doctor, people, patient, visit) -> None:
    facts = Entry.unscoped.count()
    with pytest.raises(NotAllowed):
        erase_identity(by=doctor, patient=patient, reason="The patient asked for it")
    with pytest.raises(NotAllowed):
        erase_identity(by=people(Role.OFFICER, site="South"), patient=patient, reason="The patient asked for it")
    erase_identity(by=people(Role.OFFICER), patient=patient, reason="The patient asked for it")
    assert (Identity.unscoped.count(), HospitalNumber.unscoped.count(), Entry.unscoped.count()) == (0, 0, facts)
    page = patient_page(by=doctor, patient=patient)
    assert page.banner.family_name == "" and page.facts
    with pytest.raises(Refused):
        correct_identity(by=doctor, patient=patient, person=person(), based_on=1)
    assert verify_record().whole


def test_members_come_and_go(people) -> None:
    administrator = people(Role.ADMINISTRATOR)
    key = take_on(by=administrator, email=" New@Example.org", name="New Nurse", role=Role.NURSE)
    assert [(member.name, member.role) for member in members(by=administrator, in_care_only=True)] == [
        ("New Nurse", "nurse")
    ]
    user = Membership.objects.get(pk=key).user
    assert user.email == "new@example.org" and not user.has_usable_password()
    with pytest.raises(Refused):
        take_on(by=administrator, email="new@example.org", name="New Nurse", role=Role.NURSE)
    with pytest.raises(Invalid):
        take_on(by=administrator, email="nowhere", name="New Nurse", role=Role.NURSE)
    with pytest.raises(NotAllowed):
        end_membership(by=people(Role.ADMINISTRATOR, site="South"), membership=key)
    end_membership(by=administrator, membership=key)
    assert seats(user=user.pk) == ()
    with pytest.raises(Refused):
        end_membership(by=administrator, membership=administrator.membership_id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_only_administrators_take_people_on(people, role) -> None:
    with pytest.raises(NotAllowed):
        take_on(by=people(role), email="new@example.org", name="New", role=Role.ADMINISTRATOR)


def test_the_team_is_listed(doctor, patient) -> None:
    assert [member.role for member in care_team(by=doctor, patient=patient)] == ["rheumatologist"]


def test_the_first_people_of_a_site(db) -> None:
    words = {"site": "North", "email": "First@example.org", "name": "First Person"}
    call_command("set_up_site", **words)
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["administrator", "officer"]
    assert AuditEvent.unscoped.get().name == "set_up_site"
    with pytest.raises(CommandError, match="site of this name"):
        call_command("set_up_site", **words)
