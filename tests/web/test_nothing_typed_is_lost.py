"""Two who write at once, two windows, a log-in that ends while typing: every text is shown again, none overwrites another."""

from __future__ import annotations

import time
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.team import join_team
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from tests.unit.record.conftest import person
from tests.web.test_visit_without_a_script import facts, hidden, text_of


@pytest.fixture
def address(patient, visit) -> str:
    return reverse("visit_part", args=[patient, visit, "activity"])


def test_a_conflict_shows_both_texts_and_saves_after_a_look(web, doctor, people, patient, visit, address) -> None:
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    form = text_of(web.get(address))
    theirs = {"state": "inactive", "physician_global": 1.5}
    record_entries(by=nurse, patient=patient, visit=visit, sayings=[Saying(noun="activity", data=theirs)])
    mine = {"activity-state": "active", "activity-physician_global": "7.5"}
    answer = web.post(address, hidden(form) | mine)
    page = text_of(answer)
    assert answer.status_code == 409
    both = page.split("both texts", 1)[1].split("</section>")[0]
    assert "1.5" in both
    assert "7.5" in both
    assert 'value="7.5"' in page
    (found,) = facts(doctor, patient, "activity")
    assert found.data == theirs
    assert web.post(address, hidden(page) | mine).status_code == 302
    (found,) = facts(doctor, patient, "activity")
    assert (found.version, found.data["physician_global"]) == (2, 7.5)


def test_drafts_are_kept_and_come_back(web, patient, visit, address) -> None:
    keep = reverse("visit_draft", args=[patient, visit, "activity"])
    typed = {"activity-state": "active", "activity-physician_global": "half typ", "draft_revision": "0"}
    answer = web.post(keep, typed, headers={"X-Requested-With": "calciscope"})
    assert answer.json() == {"revision": 1}
    page = text_of(web.get(address))
    assert 'value="half typ"' in page
    assert "did not save" in page
    second = web.post(keep, typed | {"activity-physician_global": "other window"})
    assert second.status_code == 409
    assert 'value="half typ"' in text_of(web.get(address))
    web.post(keep, {"drop": "1", "back": address})
    assert "half typ" not in text_of(web.get(address))


def test_a_draft_back_does_not_leave_the_site(web, patient, visit) -> None:
    keep = reverse("visit_draft", args=[patient, visit, "activity"])
    assert web.post(keep, {"drop": "1", "back": "https://elsewhere.example/"})["Location"] == "/"


def ended(client: Client) -> None:
    """As after half an hour without a click."""
    session = client.session
    session["seen_at"] = int(time.time()) - 3600
    session.save()


def test_text_sent_after_the_log_in_ended_waits_for_its_author(doctor, client_of, patient, visit, address) -> None:
    web = client_of(doctor, enforce_csrf_checks=True)
    form = web.get(address)
    sent = hidden_of(form.content.decode()) | {"activity-state": "active", "activity-physician_global": "6.5"}
    ended(web)
    answer = web.post(address, sent)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert "What you typed is kept" in text_of(web.get(answer["Location"]))
    assert facts(doctor, patient, "activity") == []
    again(web, doctor)
    assert 'value="6.5"' in text_of(web.get(address))


def test_nobody_else_sees_it(doctor, people, client_of, patient, visit, address) -> None:
    web = client_of(doctor)
    form = web.get(address)
    ended(web)
    web.post(address, hidden_of(form.content.decode()) | {"activity-physician_global": "6.5"})
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    again(web, nurse)
    assert 'value="6.5"' not in text_of(web.get(address))


def test_a_script_is_told_that_the_log_in_ended(web, patient, visit) -> None:
    web.get(reverse("patients"))
    ended(web)
    keep = reverse("visit_draft", args=[patient, visit, "activity"])
    answer = web.post(keep, {"activity-state": "active"}, headers={"X-Requested-With": "calciscope"})
    assert answer.status_code == 401


def test_a_form_from_elsewhere_is_refused(doctor, client_of, patient, visit, address) -> None:
    web = client_of(doctor, enforce_csrf_checks=True)
    assert web.post(address, {"activity-state": "active"}).status_code == 403
    assert facts(doctor, patient, "activity") == []


def hidden_of(page: str) -> dict[str, str]:
    import re

    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def again(client: Client, actor) -> None:
    from calciscope.record.models.user import User

    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_a_new_patient_typed_wrong_keeps_every_field(web, doctor, patient) -> None:
    sent = {"family_name": "Twice", "hospital_number": "H-0001", "born_on": "30 Feb 2014", "address": "Long street"}
    answer = web.post(reverse("new_patient"), sent)
    assert answer.status_code == 422
    for typed in sent.values():
        assert f'value="{typed}"' in text_of(answer)
    answer = web.post(reverse("new_patient"), sent | {"born_on": "2014-02-03"})
    assert "A patient with this number is in the record already." in text_of(answer)
    assert patient_page(by=doctor, patient=patient).banner.family_name == person().family_name


def test_typing_goes_on_after_a_page_came_back_with_errors(web, patient, visit, address) -> None:
    """The page that says what is wrong carries the draft's own revision, so that the next ten seconds are kept as well."""
    page = text_of(web.post(address, {"activity-physician_global": "abc"}))
    keep = reverse("visit_draft", args=[patient, visit, "activity"])
    sent = hidden(page) | {"activity-physician_global": "abcd"}
    assert web.post(keep, sent, headers={"X-Requested-With": "calciscope"}).status_code == 200
    assert 'value="abcd"' in text_of(web.get(address))
