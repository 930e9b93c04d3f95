"""What every answer carries, whatever address is asked, and what no answer may do."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from calciscope.record.models.contribution import Contribution
from calciscope.record.models.entry import Entry
from calciscope.record.permissions import Role
from calciscope.web.gate.log_in_screens import LOGGED_IN, OPEN
from tests.web.furnished import POST_ALONE, arguments, furnish, ours
from tests.web.test_visit_without_a_script import text_of

PEOPLE = (Role.RHEUMATOLOGIST, Role.OFFICER, Role.ADMINISTRATOR)
FROM_ELSEWHERE = {"HTTP_ORIGIN": "https://elsewhere.example", "HTTP_SEC_FETCH_SITE": "cross-site"}


@pytest.fixture
def given(doctor, patient, visit, files) -> dict[str, UUID]:
    return furnish(doctor, patient, visit)


@pytest.fixture
def answers(given, people, client_of):
    """(name, answer) of every address of ours, asked by each kind of person, and of those of log-in without one."""

    def ask(**heads: str):
        for role in PEOPLE:
            client = client_of(people(role), **heads)
            for name in ours():
                yield name, client.get(reverse(name, kwargs=arguments(name, given)))
        for name in sorted(OPEN | LOGGED_IN):
            if not {"key", "provider_id", "pk"} & set(_converters(name)):
                yield name, Client(**heads).get(reverse(name))

    return ask


def _converters(name: str) -> tuple[str, ...]:
    named = {"account_reset_password_from_key": ("key",), "mfa_edit_webauthn": ("pk",), "mfa_remove_webauthn": ("pk",)}
    return named.get(name, ("provider_id",) if name.startswith("openid_connect") else ())


def test_every_answer_carries_the_headers(answers) -> None:
    for name, answer in answers():
        policy = answer["Content-Security-Policy"]
        for part in (
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert part in policy, name
        assert "unsafe" not in policy and "*" not in policy, name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["Referrer-Policy"] == "same-origin", name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["Cache-Control"] == "no-store", name


def test_every_answer_names_its_kind(answers) -> None:
    known = {
        "text/html; charset=utf-8",
        "text/csv; charset=utf-8",
        "application/json",
        "image/jpeg",
        "image/png",
        "application/pdf",
        "application/gzip",
    }
    for name, answer in answers():
        if answer.status_code not in (301, 302, 405):
            assert answer["Content-Type"] in known | {"text/plain"}, name


def test_no_other_origin_is_let_in(answers) -> None:
    for name, answer in answers(**FROM_ELSEWHERE):
        assert not [head for head in answer.headers if head.lower().startswith("access-control-")], name


def test_asking_for_a_page_changes_nothing_of_the_record(given, people, client_of) -> None:
    before = Entry.unscoped.aggregate(Max("pk")), Contribution.unscoped.count()
    for role in PEOPLE:
        client = client_of(people(role))
        for name in ours():
            client.get(reverse(name, kwargs=arguments(name, given)))
            client.head(reverse(name, kwargs=arguments(name, given)))
    assert before == (Entry.unscoped.aggregate(Max("pk")), Contribution.unscoped.count())


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT"])
def test_other_methods_are_refused(web, method: str) -> None:
    answer = web.generic(method, reverse("patients"), HTTP_X_SECRET="echo me")
    assert answer.status_code == 405
    assert b"echo me" not in answer.content


def test_every_form_needs_its_token(given, doctor, client_of) -> None:
    """Each address refuses a form without the token of our own page, before it does anything."""
    client = client_of(doctor, enforce_csrf_checks=True)
    before = Contribution.unscoped.count()
    for name in ours():
        answer = client.post(reverse(name, kwargs=arguments(name, given)), {"family_name": "Planted"})
        assert answer.status_code == 403, name
        assert "out of date" in text_of(answer), name
    assert Contribution.unscoped.count() == before


def test_every_form_that_is_sent_carries_a_token(given, people, client_of) -> None:
    for role in PEOPLE:
        client = client_of(people(role))
        for name in sorted(set(ours()) - POST_ALONE):
            page = client.get(reverse(name, kwargs=arguments(name, given)), follow=True).content.decode("latin-1")
            for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.DOTALL):
                assert "csrfmiddlewaretoken" in form, name
            assert "javascript:" not in page, name


def test_files_are_given_under_names_of_our_own(answers) -> None:
    for name, answer in answers():
        if answer.status_code == 200 and not answer["Content-Type"].startswith(("text/html", "application/json")):
            assert re.fullmatch(
                r'(attachment|inline); filename="?[\w-]+(\.nii)?\.\w+"?', answer["Content-Disposition"]
            ), name


@pytest.mark.parametrize(
    "path",
    ["/files/", "/media/", "/static/../", "/.git/config", "/demonstration.sqlite3", "/static/", "/docs", "/admin/"],
)
def test_no_address_leads_to_the_files(web, path: str) -> None:
    assert web.get(path).status_code == 404


def test_static_files_are_not_guessed_at(client, settings, tmp_path) -> None:
    """Whitenoise serves them after the security headers were set."""
    names = [name.rsplit(".", 1)[1] for name in settings.MIDDLEWARE]
    assert names.index("SecurityMiddleware") < names.index("WhiteNoiseMiddleware")
    assert settings.SECURE_CONTENT_TYPE_NOSNIFF
    assert not settings.DEBUG


def test_answers_name_no_version_of_what_serves_them(answers) -> None:
    for name, answer in answers():
        assert not {"Server", "X-Powered-By", "Via"} & set(answer.headers), name
