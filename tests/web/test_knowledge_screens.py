"""How current the knowledge is stands on a page, and so does for whom in one's care a new version says something else."""

from __future__ import annotations

import shutil
from datetime import date
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from calciscope.flows.kept_knowledge import KEPT_ON, keep_knowledge, kept_below, kept_versions
from calciscope.knowledge import knowledge
from calciscope.record.actions.advice import set_advice
from calciscope.record.actions.entries import Saying, record_entries
from calciscope.record.actions.patients import register_patient
from calciscope.record.actor import Actor
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.permissions import Role
from calciscope.web.knowledge import views
from tests.unit.record.conftest import person

TODAY = date.today()
STOP = "methotrexate-breastfeeding"


@pytest.fixture
def on(people) -> None:
    set_advice(by=people(Role.ADMINISTRATOR), on=True)


@pytest.fixture
def kept(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return kept_below(tmp_path)


@pytest.fixture
def earlier(kept: Path) -> str:
    """An earlier version, in which a stop was not there yet."""
    keep_knowledge(kept, on=date(2026, 3, 7))
    place = kept / "earlier"
    shutil.copytree(kept / knowledge().version, place)
    (place / "rules" / f"{STOP}.toml").unlink()
    return "earlier"


def text(answer) -> str:
    return unescape(answer.content.decode())


def breastfeeds(by: Actor, patient: UUID) -> None:
    asked = {"asked_on": TODAY.isoformat(), "breastfeeding": True}
    record_entries(by=by, patient=patient, sayings=[Saying(noun="reproduction", data=asked)])


def test_each_therapy_says_when_it_was_checked_and_what_is_overdue(web: Client) -> None:
    page = text(web.get(reverse("knowledge")))
    assert knowledge().version in page
    assert "Methotrexate" in page
    assert "23 Nov 2026" in page
    assert "trials/NCT03582800" in page  # seen last in 2022
    assert "nobody yet" in page


def test_a_version_is_kept_once_and_whole(kept: Path) -> None:
    assert keep_knowledge(kept, on=date(2026, 3, 7)) == keep_knowledge(kept, on=date(2026, 4, 7)) == knowledge().version
    (only,) = kept.iterdir()
    assert (only / KEPT_ON).read_text() == "2026-03-07"
    assert kept_versions(kept) == ()  # the one that is installed is no earlier one


def test_without_an_earlier_version_there_is_nothing_to_compare(web: Client, on, kept: Path) -> None:
    assert "No earlier version is kept here" in text(web.get(reverse("knowledge_changes")))


def test_who_would_be_advised_differently(doctor: Actor, web: Client, patient: UUID, on, earlier: str) -> None:
    other = register_patient(by=doctor, person=person("H-2", family_name="Same", given_name="Zoe"))
    breastfeeds(doctor, patient)
    page = text(web.get(reverse("knowledge_changes"), {"against": earlier}))
    assert f"rules/{STOP}" in page
    assert "patients 1 to 2 of 2" in page
    assert "Example, Ada" in page
    assert reverse("assessment", args=[patient]) in page
    assert knowledge().rules[STOP].because in page
    assert "not suited" in page
    assert reverse("assessment", args=[other]) not in page


def test_only_those_in_care_and_each_look_is_in_the_audit(
    doctor: Actor, patient: UUID, on, earlier: str, people, client_of
) -> None:
    breastfeeds(doctor, patient)
    stranger = people(Role.RHEUMATOLOGIST, name="stranger")
    page = text(client_of(stranger).get(reverse("knowledge_changes"), {"against": earlier}))
    assert "Nobody is in your care" in page
    assert "Example" not in page
    client_of(doctor).get(reverse("knowledge_changes"), {"against": earlier})
    line = AuditEvent.unscoped.filter(name="clinic_pictures").order_by("-number")[0]
    assert (line.user_id, line.outcome, line.detail["patients"]) == (doctor.user_id, "done", [str(patient)])


def test_patients_are_gone_through_in_parts(
    doctor: Actor, web: Client, patient: UUID, on, earlier: str, monkeypatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 1)
    other = register_patient(by=doctor, person=person("H-2", family_name="Zebra", given_name="Zoe"))
    breastfeeds(doctor, other)
    first = text(web.get(reverse("knowledge_changes"), {"against": earlier}))
    assert "patients 1 to 1 of 2" in first
    assert "None of these" in first
    assert "against=earlier&offset=1" in first
    second = text(web.get(reverse("knowledge_changes"), {"against": earlier, "offset": "1"}))
    assert "Zebra, Zoe" in second
    assert "offset=2" not in second


@pytest.mark.parametrize("version", ["../..", "not-kept"])
def test_another_version_is_refused_in_a_sentence(web: Client, on, earlier: str, version: str) -> None:
    answer = web.get(reverse("knowledge_changes"), {"against": version})
    assert answer.status_code == 422
    assert "is not kept here" in text(answer)


def test_a_version_that_cannot_be_read_any_more_is_refused_with_its_file(
    web: Client, on, earlier: str, kept: Path
) -> None:
    (kept / earlier / "rules" / "jak-bowel.toml").write_text("level = 1\n")
    answer = web.get(reverse("knowledge_changes"), {"against": earlier})
    assert answer.status_code == 422
    assert "rules/jak-bowel.toml, line 1" in text(answer)


def test_with_advice_off_nobody_is_gone_through(web: Client, patient: UUID, earlier: str) -> None:
    page = text(web.get(reverse("knowledge_changes"), {"against": earlier}))
    assert "Advice on options is off" in page
    assert "Example" not in page


@pytest.mark.parametrize(("role", "status"), [(Role.NURSE, 403), (Role.RESEARCHER, 403), (Role.SURGEON, 200)])
def test_physicians_alone_compare(people, client_of, on, kept: Path, role: Role, status: int) -> None:
    client = client_of(people(role, name="other"))
    assert client.get(reverse("knowledge_changes")).status_code == status
