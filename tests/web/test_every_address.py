"""Every address there is, from the URL configuration itself: declared, closed to strangers, audited, and with the headers."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.record.actions.patients import register_patient
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.permissions import Role, may
from calciscope.web.gate.log_in_screens import LOGGED_IN, OPEN, rule_of_log_in
from calciscope.web.gate.screen import Needs, rule_of
from tests.unit.record.conftest import person
from tests.web.furnished import KEYS, POST_ALONE, PRIVATE, arguments, furnish, ours, patterns

SECRETS = [b"Example,", b"02 Mar 2014", b"H-0001", b"elbow", PRIVATE.encode()]


OURS = sorted(ours())
OF_A_PATIENT = sorted(name for name, found in ours().items() if "patient" in found.pattern.converters)


def test_every_screen_declares_what_it_needs() -> None:
    """What comes from elsewhere and declares nothing is refused by the gate, so only our own are asked."""
    assert [name for name in OURS if rule_of(ours()[name].callback) is None] == []
    assert len(OURS) > 20
    assert len(OF_A_PATIENT) > 15


def test_screens_of_log_in_are_served_by_name_only() -> None:
    names = {str(found.name) for found in patterns() if found.callback.__module__.startswith("allauth.")}
    assert OPEN | LOGGED_IN <= names
    assert {name for name in names if rule_of_log_in(name)} == OPEN | LOGGED_IN
    assert "account_signup" in names


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "3rdparty/", "3rdparty/signup/"])
def test_nobody_signs_up(db, path: str) -> None:
    assert Client().get(f"/accounts/{path}").status_code == 404


def test_without_log_in_nothing_is_shown(db) -> None:
    given = {key: uuid4() for key in ("patient", *KEYS)}
    for name in OURS:
        rule = rule_of(ours()[name].callback)
        assert rule is not None
        if rule.needs is Needs.NOTHING:
            continue
        for method in ("get", "post"):
            answer = getattr(Client(), method)(reverse(name, kwargs=arguments(name, given)))
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/accounts/login/"), name


@pytest.fixture
def given(doctor, patient, visit, files) -> dict[str, UUID]:
    return furnish(doctor, patient, visit)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("site", ["North", "South"])
def test_a_foreign_patient_is_not_there(people, client_of, given, role: Role, site: str) -> None:
    """Each address with each role of a stranger at each site: 404 or 403, a denied line, and not one byte of data."""
    actor = people(role, site=site, name="stranger")
    client = client_of(actor)
    for name in OF_A_PATIENT:
        rule = rule_of(ours()[name].callback)
        assert rule is not None
        allowed = rule.permission is not None and may(role, rule.permission)
        for method in ("get", "post"):
            lines = AuditEvent.unscoped.count()
            answer = getattr(client, method)(reverse(name, kwargs=arguments(name, given)))
            assert answer.status_code == (404 if allowed else 403), (name, method)
            assert [secret for secret in SECRETS if secret in answer.content] == [], (name, method)
            if method == "get" and name in POST_ALONE and allowed:
                continue
            line = AuditEvent.unscoped.order_by("-number")[0]
            assert AuditEvent.unscoped.count() > lines, (name, method)
            told = (line.outcome, line.user_id, line.patient_id)
            assert told == ("denied", actor.user_id, given["patient"]), (name, method)


def test_the_own_patient_is_shown_but_never_kept(web, given) -> None:
    for name in OF_A_PATIENT:
        if name in POST_ALONE:
            continue
        answer = web.get(reverse(name, kwargs=arguments(name, given)))
        assert answer.status_code == 200, name
        assert answer["Cache-Control"] == "no-store", name
        assert "unsafe" not in answer["Content-Security-Policy"], name
        if answer["Content-Type"].startswith("text/html"):
            text = answer.content.decode()
            assert "Research use only" in text, name
            assert [found for found in (" style=", "<script>", " onclick=") if found in text] == [], name


def test_a_key_of_another_patient_of_the_same_doctor_does_not_fit(doctor, web, given) -> None:
    """Visit, deposit and fact must be of the patient in the address."""
    other = register_patient(by=doctor, person=person("H-2", family_name="Other", given_name="Zoe"))
    for name in OF_A_PATIENT:
        if not set(ours()[name].pattern.converters) & set(KEYS):
            continue
        address = reverse(name, kwargs=arguments(name, given | {"patient": other}))
        for answer in (web.get(address), web.post(address)):
            assert answer.status_code == 404, name
            assert PRIVATE.encode() not in answer.content


@pytest.mark.parametrize("role", Role)
def test_other_screens_ask_for_their_permission(people, client_of, given, role: Role) -> None:
    actor = people(role, site="South", name="stranger")
    client = client_of(actor)
    for name in sorted(set(OURS) - set(OF_A_PATIENT)):
        answer = client.get(reverse(name, kwargs=arguments(name, given)))
        rule = rule_of(ours()[name].callback)
        assert rule is not None
        if rule.permission is not None and not may(role, rule.permission):
            assert answer.status_code == 403, name
            line = AuditEvent.unscoped.order_by("-number")[0]
            assert (line.outcome, line.user_id) == ("denied", actor.user_id), name
        else:
            keyed = bool(set(ours()[name].pattern.converters) & set(KEYS))
            assert answer.status_code in ((404,) if keyed else (200, 302, 404)), name
        assert [secret for secret in SECRETS if secret in answer.content] == [], name


def test_addresses_name_no_patient() -> None:
    """Whatever stands in an address is an opaque key, a number of a notice, or a word of ours."""
    kinds = {
        (key, type(converter).__name__)
        for found in ours().values()
        for key, converter in found.pattern.converters.items()
    }
    assert {kind for _, kind in kinds} <= {"UUIDConverter", "SlugConverter", "IntConverter"}
