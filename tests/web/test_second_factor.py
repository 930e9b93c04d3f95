"""A role that needs a second factor cannot be taken with a password alone, nor lose its last factor."""

from __future__ import annotations

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from calciscope.record.permissions import Role
from calciscope.terms.errors import WrongUsage
from calciscope.web.settings.second_factor import roles_that_need_one
from tests.web.test_visit_without_a_script import text_of


@pytest.fixture
def needed(settings) -> None:
    settings.SECOND_FACTOR_ROLES = frozenset({"rheumatologist"})


def app_of(actor) -> Authenticator:
    return Authenticator.objects.create(user_id=actor.user_id, type=Authenticator.Type.TOTP, data={"secret": "x"})


def test_without_one_every_screen_leads_to_setting_it_up(needed, web, patient) -> None:
    for name, arguments in (("patients", []), ("patient", [patient])):
        answer = web.get(reverse(name, args=arguments))
        assert answer["Location"] == reverse("mfa_index")
    assert "set up a second factor" in text_of(web.get(reverse("mfa_index")))


def test_with_one_the_screens_open_and_are_asked_once(needed, web, doctor, patient) -> None:
    app_of(doctor)
    assert web.get(reverse("patient", args=[patient])).status_code == 200
    assert web.session["second_factor"] is True


def test_a_role_that_needs_none_is_not_asked(needed, people, client_of) -> None:
    assert client_of(people(Role.NURSE)).get(reverse("patients")).status_code == 200


@pytest.mark.parametrize(("trusted", "status"), [(True, 200), (False, 302)])
def test_the_hospitals_own_log_in_counts_where_it_asks_itself(
    needed, settings, web: Client, doctor, trusted, status
) -> None:
    settings.HOSPITAL_ASKS_SECOND_FACTOR = trusted
    session = web.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": 1.0}]
    session["account_authentication_methods_user"] = str(doctor.user_id)
    session.save()
    assert web.get(reverse("patients")).status_code == status


def test_the_last_factor_of_such_a_role_stays(needed, people, doctor) -> None:
    nurse = people(Role.NURSE)
    first = app_of(doctor)
    codes = Authenticator.objects.create(user_id=doctor.user_id, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not get_adapter().can_delete_authenticator(first)
    assert get_adapter().can_delete_authenticator(codes)
    assert get_adapter().can_delete_authenticator(app_of(nurse))
    Authenticator.objects.create(user_id=doctor.user_id, type=Authenticator.Type.WEBAUTHN, data={})
    assert get_adapter().can_delete_authenticator(first)


def test_the_environment_names_the_roles() -> None:
    assert roles_that_need_one({}) == {role.value for role in Role}
    assert roles_that_need_one({"CALCISCOPE_SECOND_FACTOR": "nobody"}) == frozenset()
    assert roles_that_need_one({"CALCISCOPE_SECOND_FACTOR": "nurse, surgeon"}) == {"nurse", "surgeon"}
    with pytest.raises(WrongUsage, match="plumber"):
        roles_that_need_one({"CALCISCOPE_SECOND_FACTOR": "plumber"})
