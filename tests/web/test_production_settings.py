"""A clinic's own server, with its hosts named: cookies, https, the database's line, logs. Asked in a process of its own."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError

from calciscope.record.queries.patients import patient_page
from calciscope.web.settings.database import options
from calciscope.web.settings.logs import OneLine, logging_of
from tests.conftest import ROOT

ASKED = """
import json, django
django.setup()
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from django.test import Client
from calciscope.record.permissions import Role
from calciscope.record.set_up import add_person
add_person(site="North", email="one@example.org", name="One", role=Role.NURSE, password="vexing otter parade")
far = dict(HTTP_HOST="record.clinic.example")
plain = Client(**far).get("/accounts/login/")
safe = Client(HTTP_X_FORWARDED_PROTO="https", **far)
page = safe.get("/accounts/login/")
inside = safe.post("/accounts/login/", {"login": "one@example.org", "password": "vexing otter parade"})
style = safe.get("/static/design/calciscope.css")
wrong = Client(HTTP_HOST="other.example", HTTP_X_FORWARDED_PROTO="https").get("/accounts/login/")
kept = ("secure", "httponly", "samesite", "domain", "path")
cookies = {name: {key: morsel[key] for key in kept} for name, morsel in safe.cookies.items()}
print(json.dumps({
    "plain": [plain.status_code, plain["Location"]],
    "hsts": [page["Strict-Transport-Security"], style.get("Strict-Transport-Security", "")],
    "style": [style.status_code, style.get("Content-Type", ""), style.get("X-Content-Type-Options", "")],
    "cookies": cookies,
    "wrong_host": wrong.status_code,
    "debug": settings.DEBUG,
    "inside": inside.status_code,
    "after": safe.get("/patients/").headers.get("Location", ""),
    "warnings": [one.id for one in run_checks(include_deployment_checks=True)],
    "apps": settings.INSTALLED_APPS,
    "mail_tls": settings.EMAIL_USE_TLS,
    "key_mode": oct((settings.HOME / "secret_key").stat().st_mode & 0o777),
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict[str, object]:
    names = {"DATABASE_URL", "CALCISCOPE_SECRET_KEY"}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    given = {
        "DJANGO_SETTINGS_MODULE": "calciscope.web.settings.production",
        "CALCISCOPE_HOME": str(tmp_path_factory.mktemp("home")),
        "CALCISCOPE_HOSTS": "record.clinic.example",
        "CALCISCOPE_EMAIL_HOST": "mail.clinic.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env=kept | given, capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_plain_http_is_sent_to_https(told) -> None:
    assert told["plain"] == [301, "https://record.clinic.example/accounts/login/"]


def test_answers_over_https_demand_https(told) -> None:
    for head in told["hsts"]:
        assert "includeSubDomains" in head
        assert int(head.split("max-age=")[1].split(";")[0]) >= 31_536_000


def test_cookies_are_bound_to_the_host_and_to_https(told) -> None:
    assert set(told["cookies"]) == {"__Host-session", "__Host-form"}
    for name, morsel in told["cookies"].items():
        assert morsel["secure"] and morsel["httponly"] and morsel["path"] == "/" and not morsel["domain"], name
        assert morsel["samesite"] == "Lax", name


def test_static_files_come_with_their_kind(told) -> None:
    assert told["style"] == [200, 'text/css; charset="utf-8"', "nosniff"]


def test_another_host_is_refused(told) -> None:
    assert told["wrong_host"] == 400


def test_a_second_factor_is_asked_of_everybody(told) -> None:
    assert told["inside"] == 302
    assert told["after"] == "/accounts/2fa/"


def test_nothing_for_development_is_there(told) -> None:
    assert told["debug"] is False
    assert told["warnings"] == []
    assert not [app for app in told["apps"] if "debug" in app or app.endswith((".admin", ".admindocs"))]


def test_mail_to_another_computer_is_encrypted(told) -> None:
    assert told["mail_tls"] is True


def test_the_secret_key_is_read_by_its_owner_alone(told) -> None:
    assert told["key_mode"] == "0o600"


def test_a_database_elsewhere_is_reached_by_proven_tls() -> None:
    assert options("db.clinic.example", {}) == {"sslmode": "verify-full", "sslrootcert": "system"}
    assert options("", {"host": "db.clinic.example"})["sslmode"] == "verify-full"
    assert options("db.clinic.example", {"sslmode": "verify-ca"}) == {"sslmode": "verify-ca"}
    assert options("localhost", {}) == {} == options("", {})
    assert options("", {"host": "/run/postgresql"}) == {"host": "/run/postgresql"}


def test_a_line_of_the_log_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord("x", logging.ERROR, "", 1, "typed %s", ('a\nERROR forged "line"\r\x1b[31m',), None)
    line = OneLine().format(record)
    assert "\n" not in line and "\r" not in line and "\x1b" not in line
    told = json.loads(line)
    assert told["message"].startswith("typed a\nERROR forged")
    assert told["at"].endswith("Z") and told["level"] == "ERROR"


def test_logs_and_the_audit_go_to_the_service_that_collects_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "service" not in logging_of({})["handlers"]
    made = logging_of({"CALCISCOPE_SYSLOG": "/dev/log"})
    assert made["handlers"]["service"]["address"] == "/dev/log"
    assert made["loggers"]["calciscope.audit"] == {"level": "INFO", "handlers": ["service"], "propagate": False}
    assert "service" in made["root"]["handlers"]


def test_each_line_of_the_audit_is_copied_to_the_log_without_contents(
    doctor, patient, caplog, django_capture_on_commit_callbacks
) -> None:
    logger = logging.getLogger("calciscope.audit")
    logger.addHandler(caplog.handler)
    logger.setLevel(logging.INFO)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            patient_page(by=doctor, patient=patient)
    finally:
        logger.removeHandler(caplog.handler)
        logger.setLevel(logging.WARNING)
    line = json.loads(caplog.messages[-1])
    assert line["name"] == "patient_page" and line["patient_id"] == str(patient) and line["hash"]
    assert "Example" not in caplog.messages[-1]


@pytest.mark.parametrize(
    "heads",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: gzip",
        "Content-Length: +5",
    ],
)
def test_a_message_with_two_lengths_is_refused(heads: str) -> None:
    parser = HTTPRequestParser(Adjustments())
    try:
        parser.received(f"POST / HTTP/1.1\r\nHost: x\r\n{heads}\r\n\r\n0\r\n\r\n".encode())
    except ParsingError:
        return
    if parser.error is None:  # both heads: the length is ignored and the connection closed, as RFC 9112 demands
        assert parser.chunked and parser.content_length == 0
