"""Log-in by e-mail address and password, the second factor, and what a wrong try learns."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.record.permissions import Role
from calciscope.record.set_up import add_person
from calciscope.web.gate.log_in_screens import LOGGED_IN
from tests.web.test_visit_without_a_script import text_of

EMAIL, PASSWORD = "doctor@example.org", "a long enough word for a test"
WITH_A_KEY = {"mfa_edit_webauthn", "mfa_remove_webauthn"}


@pytest.fixture
def logged_in(db) -> Client:
    add_person(site="North", email=EMAIL, name="Dr Test", role=Role.RHEUMATOLOGIST, password=PASSWORD)
    client = Client()
    answer = client.post(reverse("account_login"), {"login": EMAIL.upper(), "password": PASSWORD}, follow=True)
    assert "Patients in your care" in text_of(answer)
    return client


def test_a_wrong_word_and_an_unknown_address_are_answered_alike(logged_in) -> None:
    said = []
    for email in (EMAIL, "nobody@example.org"):
        answer = Client().post(reverse("account_login"), {"login": email, "password": "wrong"})
        said.append(text_of(answer).split('role="alert"', 1)[1].split("</div>")[0])
    assert said[0] == said[1]


def test_log_out_takes_a_click_and_ends_it(logged_in) -> None:
    assert logged_in.get(reverse("account_logout")).status_code == 200
    assert logged_in.get(reverse("patients")).status_code == 200
    logged_in.post(reverse("account_logout"))
    assert logged_in.get(reverse("patients")).status_code == 302


@pytest.mark.parametrize("name", sorted(LOGGED_IN - WITH_A_KEY))
def test_every_screen_of_the_account_opens_in_our_frame(logged_in, name: str) -> None:
    answer = logged_in.get(reverse(name), follow=True)
    assert answer.status_code in (200, 404), name
    if answer["Content-Type"].startswith("text/html"):
        assert "Research use only" in text_of(answer)


def test_a_second_factor_is_offered_after_the_password_again(logged_in) -> None:
    address = reverse("mfa_activate_totp")
    again = logged_in.get(address)
    if again.status_code == 302:
        logged_in.post(again["Location"], {"password": PASSWORD})
    page = text_of(logged_in.get(address))
    assert "data:image/svg" in page
    assert "data:" in logged_in.get(address)["Content-Security-Policy"]


def test_a_session_is_listed(logged_in) -> None:
    assert "127.0.0.1" in text_of(logged_in.get(reverse("usersessions_list")))


def test_the_cookie_is_kept_from_scripts(logged_in) -> None:
    morsel = logged_in.cookies["sessionid"]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
