"""Every address of the record that shows a page is opened in chromium and axe finds nothing; an address that is not opened fails."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.urls import Resolver404, resolve, reverse

from calciscope.record.permissions import Role, may
from calciscope.web.gate.log_in_screens import LOGGED_IN, OPEN
from calciscope.web.gate.screen import Needs, rule_of
from tests.browser.conftest import Clinic, furnished, violations
from tests.web.furnished import POST_ALONE, arguments, ours

pytestmark = pytest.mark.slow

PEOPLE = {
    "doctor": Role.RHEUMATOLOGIST,
    "nurse": Role.NURSE,
    "officer": Role.OFFICER,
    "admin": Role.ADMINISTRATOR,
    "reader": Role.READER,
}
NO_PAGE = POST_ALONE | {
    "course_family", "course_sheet",
    "home", "photograph_picture", "measured_overview", "measured_report", "scan_part", "flowsheet_csv", "audit_export", "read_notice",
    "mfa_download_recovery_codes", "course_csv", "course_deposits_csv", "course_picture", "course_difference", "course_report",
    "letter_pdf", "film_picture", "review_whole", "review_whole_marks", "review_scan", "review_marks", "review_cuts",
    "reading_picture", "reading_cuts", "reading_whole", "reading_whole_marks", "reading_scan", "reading_marks", "reading_step",
    "trial_sdtm", "trial_readings_csv",
}  # fmt: skip
"""Redirects, pictures, tables to save, and what is only sent to."""
NOT_WITHOUT = {
    "mfa_deactivate_totp": "a second factor that is switched on",
    "mfa_view_recovery_codes": "a second factor that is switched on",
    "mfa_generate_recovery_codes": "a second factor that is switched on",
    "mfa_edit_webauthn": "a passkey",
    "mfa_remove_webauthn": "a passkey",
    "mfa_authenticate": "a log-in that waits for its second factor",
    "mfa_reauthenticate": "a second factor that is switched on",
    "mfa_reauthenticate_webauthn": "a passkey",
    "mfa_login_webauthn": "a script that asks for it",
    "account_set_password": "an account without a password",
    "openid_connect_login": "a hospital's own log-in",
    "openid_connect_callback": "a hospital's own log-in",
}
"""Screens of log-in that come only with what is named; those of second factors and passkeys are opened in `test_second_factor.py`."""
REFUSED_PAGES = {"socialaccount_login_error": 401}
SEND_EMPTY = """() => {
  const form = [...document.querySelectorAll("main form[method=post]")].find((one) => one.querySelector(".field"));
  form.noValidate = true;
  form.requestSubmit();
}"""
SENT_EMPTY = ("new_patient", "new_deposit", "visit_photographs", "visit_deposits", "emergency", "open_visit", "new_trial")


def person_of(name: str) -> str:
    """Who may open a screen; nobody where it needs no log-in."""
    rule = rule_of(ours()[name].callback)
    assert rule is not None
    if rule.needs is not Needs.SEAT:
        return "" if rule.needs is Needs.NOTHING else "doctor"
    return next(who for who, role in PEOPLE.items() if rule.permission is None or may(role, rule.permission))


def addresses(given: dict[str, UUID]) -> dict[str, list[tuple[str, str]]]:
    """Person -> names and addresses that they open."""
    found: dict[str, list[tuple[str, str]]] = {who: [] for who in ("", *PEOPLE)}
    for name in sorted(set(ours()) - NO_PAGE):
        keys = given | {"scan": given["old_study"]} if name == "assign_study" else given
        found[person_of(name)].append((name, reverse(name, kwargs=arguments(name, keys))))
    for name in sorted(OPEN - set(NOT_WITHOUT) - NO_PAGE):
        wrong = {"uidb36": "1", "key": "no-such"} if name == "account_reset_password_from_key" else {}
        found["doctor" if name == "account_logout" else ""].append((name, reverse(name, kwargs=wrong)))
    for name in sorted(LOGGED_IN - set(NOT_WITHOUT) - NO_PAGE):
        found["doctor"].append((name, reverse(name)))
    return found


@pytest.fixture
def given(clinic: Clinic) -> dict[str, UUID]:
    return {name: UUID(key) for name, key in furnished(clinic.home).items()}


def test_axe_finds_nothing_on_any_page(page, log_in, clinic, given) -> None:
    wrong: dict[str, object] = {}
    for who, listed in addresses(given).items():
        page.context.clear_cookies()
        if who:
            log_in(who)
        for name, address in listed:
            status, there = _opened(page, address, clinic.password)
            if status not in (200, REFUSED_PAGES.get(name)) or there != name:
                wrong[name] = f"answered {status} at {there}: no page of its own was seen"
            elif found := violations(page):
                wrong[name] = found
            elif name in SENT_EMPTY:
                with page.expect_navigation():
                    page.evaluate(SEND_EMPTY)
                if found := violations(page):
                    wrong[f"{name}, sent empty"] = found
    page.goto("/no-such-page/")
    if found := violations(page):
        wrong["what is not there"] = found
    assert wrong == {}


def _opened(page, address: str, password: str) -> tuple[int, str]:
    """Status and name of the page that comes; where the password is asked for again, it is given."""
    answer = page.goto(address)
    if _name_of(page.url) == "account_reauthenticate" != _name_of(address):
        page.locator("[name=password]").fill(password)
        with page.expect_navigation() as gone:
            page.locator("[name=password]").press("Enter")
        answer = gone.value
    assert answer is not None
    return answer.status, _name_of(page.url)


def _name_of(url: str) -> str:
    path = urlsplit(url).path
    try:
        return str(resolve(path).url_name)
    except Resolver404:
        return ""


def test_lists_of_exceptions_name_addresses_that_are_there() -> None:
    known = set(ours()) | OPEN | LOGGED_IN
    assert (NO_PAGE | set(NOT_WITHOUT) | set(SENT_EMPTY)) - known == set()
