"""What an error becomes: a page with a reference and no data, for faults of our own as well."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.urls import reverse

from tests.web.test_visit_without_a_script import text_of


def test_our_own_fault_gives_a_reference_and_nothing_of_the_patient(web, patient, monkeypatch, caplog) -> None:
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError("Example")

    monkeypatch.setattr("calciscope.web.patient.views.headline", broken)
    web.raise_request_exception = False
    answer = web.get(reverse("patient", args=[patient]))
    assert answer.status_code == 500
    assert "Report this reference" in text_of(answer)
    assert "Example" not in text_of(answer)
    assert answer["Cache-Control"] == "no-store"
    reference = text_of(answer).split("this reference: ", 1)[1][:32]
    assert reference in caplog.text


def test_a_database_that_does_not_answer_is_said(web, patient, monkeypatch) -> None:
    def away(*_args, **_kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("calciscope.web.patient.views.patient_page", away)
    answer = web.get(reverse("patient", args=[patient]))
    assert answer.status_code == 503
    assert "server closed" not in text_of(answer)


def test_a_database_that_ends_when_a_step_is_done_asks_to_look_first(web, patient, monkeypatch) -> None:
    def away(self, *_args, **_kwargs):
        raise UpdateError

    monkeypatch.setattr(SessionStore, "save", away)
    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.modified", True, raising=False)
    answer = web.get(reverse("patient", args=[patient]))
    assert answer.status_code == 503
    assert "Look whether it was saved" in text_of(answer)


@pytest.mark.parametrize("path", ["/nothing/", "/patients/no-key/", "/admin/"])
def test_what_is_not_there_is_answered_in_our_frame(web, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert "Research use only" in text_of(answer)
