"""Sessions and factors: how long they last, what ends them, what is asked again, and what the audit says of it."""

from __future__ import annotations

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.models.user import User
from calciscope.record.permissions import Role
from calciscope.record.queries.audit_lines import audit_lines
from calciscope.record.set_up import add_person
from calciscope.terms.errors import Broken
from calciscope.web.accounts.sealing import opened, sealed
from calciscope.web.gate.lifetime import IDLE_S, LONGEST_S
from tests.web.test_log_in import EMAIL, PASSWORD, logged_in
from tests.web.test_visit_without_a_script import text_of

__all__ = ["logged_in"]
NEW = "vexing otter parade"


def enter(client: Client, password: str = PASSWORD):
    return client.post(reverse("account_login"), {"login": EMAIL, "password": password})


def lines(name: str) -> list[AuditEvent]:
    return list(AuditEvent.unscoped.filter(name=name).order_by("number"))


@pytest.mark.parametrize(("key", "seconds"), [("seen_at", IDLE_S), ("began_at", LONGEST_S)])
def test_a_session_ends_unused_and_after_a_working_day(logged_in, key: str, seconds: int) -> None:
    for late, status in ((-60, 200), (+60, 302)):
        session = logged_in.session
        session["seen_at"] = session["began_at"] = int(time.time())
        session[key] = int(time.time()) - seconds - late
        session.save()
        assert logged_in.get(reverse("patients")).status_code == status


def test_use_does_not_make_a_session_last_longer_than_a_working_day(logged_in) -> None:
    began = logged_in.session["began_at"]
    session = logged_in.session
    session["seen_at"] = session["seen_at"] - 600
    session.save()
    logged_in.get(reverse("patients"))
    assert logged_in.session["began_at"] == began
    assert logged_in.session["seen_at"] > session["seen_at"]


def test_log_in_makes_a_new_session_and_log_out_forgets_it(db) -> None:
    add_person(site="North", email=EMAIL, name="Dr Test", role=Role.RHEUMATOLOGIST, password=PASSWORD)
    client = Client()
    session = client.session
    session["before"] = "log-in"
    session.save()
    planted = client.cookies["sessionid"] = session.session_key
    enter(client)
    taken = client.cookies["sessionid"].value
    assert taken != planted and not Session.objects.filter(pk=planted).exists()
    assert len(taken) >= 32
    answer = client.post(reverse("account_logout"))
    assert not Session.objects.filter(pk=taken).exists()
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["sessionid"] = taken
    assert client.get(reverse("patients")).status_code == 302


def test_a_session_that_the_server_did_not_give_opens_nothing(db) -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    assert client.get(reverse("patients"))["Location"].startswith("/accounts/login/")


def test_sessions_are_kept_as_json(settings) -> None:
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_who_is_switched_off_is_out_at_once(logged_in) -> None:
    User.objects.filter(email=EMAIL).update(is_active=False)
    assert logged_in.get(reverse("patients")).status_code == 302
    client = Client()
    enter(client)
    assert client.get(reverse("patients")).status_code == 302


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(logged_in) -> None:
    other = Client()
    enter(other)
    address = reverse("account_change_password")
    sent = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert logged_in.post(address, sent).status_code == 200
    assert other.get(reverse("patients")).status_code == 200
    assert logged_in.post(address, sent | {"oldpassword": PASSWORD}).status_code == 302
    assert logged_in.get(reverse("patients")).status_code == 200
    assert other.get(reverse("patients")).status_code == 302
    assert [line.outcome for line in lines("account_change_password")] == ["denied", "done"]


def test_fields_for_passwords_hide_and_let_managers_help(db) -> None:
    page = text_of(Client().get(reverse("account_login")))
    field = (
        page.split('name="password"', 1)[0].rsplit("<input", 1)[1] + page.split('name="password"', 1)[1].split(">")[0]
    )
    assert 'type="password"' in field
    assert 'autocomplete="off"' not in field and "onpaste" not in page


def test_guessing_a_password_is_slowed(logged_in, settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    guesser = Client()
    said = [enter(guesser, f"guess {number}") for number in range(7)]
    assert "Too many failed" in text_of(said[-1])
    assert "Too many failed" in text_of(enter(guesser))
    cache.clear()
    assert enter(guesser).status_code == 302


def test_a_forgotten_password_is_set_by_a_link_that_is_asked_for_and_used_once(logged_in) -> None:
    Authenticator.objects.create(user=User.objects.get(email=EMAIL), type="totp", data={"secret": sealed("A" * 32)})
    client = Client()
    for address in (EMAIL, "nobody@example.org"):
        assert client.post(reverse("account_reset_password"), {"email": address})["Location"] == reverse(
            "account_reset_password_done"
        )
    (letter,) = [one for one in mail.outbox if "/password/reset/key/" in one.body]
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    path = "/accounts/" + link.split("/accounts/", 1)[1]
    form = client.get(path)["Location"]
    assert client.post(form, {"password1": "short", "password2": "short"}).status_code == 200
    client.post(form, {"password1": NEW, "password2": NEW})
    assert not client.get(reverse("patients")).status_code == 200, "the link alone logs nobody in"
    assert enter(client, NEW)["Location"] == reverse("mfa_authenticate"), "the second factor is asked for as before"
    assert "no longer" in text_of(Client().get(path)).lower() or "invalid" in text_of(Client().get(path)).lower()


def test_a_link_for_a_new_password_lasts_an_hour(settings) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT <= 3600


@pytest.fixture
def secret(logged_in) -> str:
    made = generate_totp_secret()
    TOTP.activate(User.objects.get(email=EMAIL), made)
    return made


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def test_a_code_opens_once_and_only_now(secret) -> None:
    cache.clear()
    first, second = Client(), Client()
    assert enter(first)["Location"] == enter(second)["Location"] == reverse("mfa_authenticate")
    assert first.get(reverse("patients")).status_code == 302
    used = code(secret)
    assert first.post(reverse("mfa_authenticate"), {"code": code(secret, -3)}).status_code == 200
    assert first.post(reverse("mfa_authenticate"), {"code": used}).status_code == 302
    assert first.get(reverse("patients")).status_code == 200
    assert second.post(reverse("mfa_authenticate"), {"code": used}).status_code == 200
    assert second.get(reverse("patients")).status_code == 302
    assert [line.outcome for line in lines("mfa_authenticate")] == ["denied", "done", "denied"]
    assert "totp" in lines("mfa_authenticate")[1].detail["ways"]


def test_a_recovery_code_opens_once(secret) -> None:
    codes = RecoveryCodes.activate(User.objects.get(email=EMAIL))
    one = codes.generate_codes()[0]
    assert len(one) >= 8
    for status in (302, 200):
        client = Client()
        enter(client)
        assert client.post(reverse("mfa_authenticate"), {"code": one}).status_code == status


def test_secrets_of_factors_are_sealed_with_a_key_outside_the_database(secret, settings) -> None:
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept and opened(kept) == secret
    assert sealed(secret) != sealed(secret)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key of this installation"
    assert opened(kept) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Broken, match="has changed"):
        opened(kept)


def test_factors_and_sessions_are_changed_after_proving_again_who_one_is(logged_in) -> None:
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"):
        assert reverse("account_reauthenticate") in logged_in.get(reverse(name)).headers.get("Location", ""), name
    ended = logged_in.post(reverse("usersessions_list"))
    assert ended["Location"].startswith(reverse("account_reauthenticate"))


def test_one_ends_ones_other_sessions(logged_in) -> None:
    other = Client()
    enter(other)
    other.get(reverse("patients"))
    assert logged_in.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    logged_in.post(reverse("usersessions_list"))
    assert other.get(reverse("patients")).status_code == 302


def test_an_administrator_logs_a_person_out_everywhere(logged_in, people, client_of) -> None:
    admin = client_of(people(Role.ADMINISTRATOR))
    member = User.objects.get(email=EMAIL).memberships.get().pk
    stranger = client_of(people(Role.ADMINISTRATOR, site="South", name="far"))
    assert stranger.post(reverse("site_members"), {"log_out": str(member)}).status_code == 404
    assert logged_in.get(reverse("patients")).status_code == 200
    told = admin.post(reverse("site_members"), {"log_out": str(member)}, follow=True)
    assert "Logged out everywhere" in text_of(told)
    assert logged_in.get(reverse("patients")).status_code == 302
    assert admin.get(reverse("site_members")).status_code == 200


def test_who_has_lost_every_factor_begins_anew_after_a_check(secret, logged_in) -> None:
    call_command("take_second_factors", email=EMAIL, checked_by="Head of the clinic")
    assert not Authenticator.objects.exists()
    assert logged_in.get(reverse("patients")).status_code == 302
    (line,) = lines("take_second_factors")
    assert line.detail == {"count": 1, "checked_by": "Head of the clinic"}
    with pytest.raises(CommandError, match="address"):
        call_command("take_second_factors", email="nobody@example.org", checked_by="x")


def test_every_try_to_log_in_leaves_a_line_that_the_officer_reads(logged_in, people) -> None:
    enter(Client(), "wrong password, seen by nobody")
    Client().post(reverse("account_login"), {"login": "nobody@example.org", "password": "x"})
    logged_in.post(reverse("account_logout"))
    user = User.objects.get(email=EMAIL).pk
    assert [(line.outcome, line.user_id) for line in lines("account_login")] == [
        ("done", user),
        ("denied", user),
        ("denied", None),
    ]
    assert [(line.outcome, line.user_id) for line in lines("account_logout")] == [("done", user)]
    assert "password" in lines("account_login")[0].detail["ways"]
    assert all("wrong" not in str(line.detail) for line in AuditEvent.unscoped.all())
    read = audit_lines(by=people(Role.OFFICER))
    assert {("account_login", "denied"), ("account_logout", "done")} <= {(line.what, line.outcome) for line in read}
    assert not any(line.what == "account_login" for line in audit_lines(by=people(Role.OFFICER, site="South")))


def test_nobody_is_there_from_the_start(db) -> None:
    assert not User.objects.exists() and not EmailAddress.objects.exists()


def test_log_out_stands_on_every_page(logged_in) -> None:
    for name in ("patients", "today", "new_patient", "seats", "mfa_index", "account_change_password"):
        assert f'action="{reverse("account_logout")}"' in text_of(logged_in.get(reverse(name))), name
