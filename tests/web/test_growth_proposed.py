"""Growth that tracking found is proposed, confirmed by a clinician, and never recorded by itself."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from calciscope.record.actions.candidates import Decision, decide_candidates
from calciscope.record.actions.growth import confirm_growth
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from calciscope.record.refusals import Invalid
from calciscope.record.stories import stories
from calciscope.terms.errors import NotAllowed
from tests.unit.record.scans.made import FAMILIES, compared_scan, measured_scan
from tests.web.test_visit_without_a_script import text_of

GROWN = {
    **FAMILIES[0], "event": "grown", "followup_mass_mg": 527.0, "change_mg": 115.0, "change_percent": 27.9,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(files) -> None:
    """Scans go to a folder of the test's own."""


@pytest.fixture
def scans(doctor, patient) -> tuple[UUID, UUID]:
    return measured_scan(doctor, patient, done_on="2025-03-10"), measured_scan(doctor, patient, done_on="2026-03-10")


def linked(doctor, patient, scan, *numbers: int) -> list[UUID]:
    decisions = [Decision(candidate=number, decision="accept", new=True) for number in numbers]
    return list(decide_candidates(by=doctor, patient=patient, measurement=scan, decisions=decisions))


def states(doctor, patient) -> list[str]:
    page = patient_page(by=doctor, patient=patient)
    return [story.state for story in stories(page.facts, page.deposits)]


def test_grown_beyond_error_is_proposed_and_confirmed(web, doctor, patient, scans) -> None:
    deposit, _ = linked(doctor, patient, scans[0], 1, 2)
    compared_scan(doctor, patient, *scans, families=[GROWN, *FAMILIES[1:]])
    address = reverse("measured", args=[patient, scans[1]])
    said = text_of(web.get(address))
    assert "Grown beyond error: confirm?" in said and "412 to 527 mg (+28 %, beyond measurement error)" in said
    assert said.count("Record the ticked ones as growing") == 1 and "D02" not in said.partition("confirm?")[2][:600]
    assert states(doctor, patient) == ["present", "present"], "nothing is recorded silently"
    confirm = reverse("confirm_growth", args=[patient, scans[1]])
    nothing = web.post(confirm, {}, follow=True)
    assert "Tick the deposits that you confirm." in text_of(nothing)
    done = web.post(confirm, {"deposit": str(deposit)}, follow=True)
    assert "1 deposit is recorded as growing." in text_of(done) and "confirm?" not in text_of(done)
    assert states(doctor, patient) == ["growing", "present"]
    (event,) = [one for one in patient_page(by=doctor, patient=patient).facts if one.data.get("event") == "growing"]
    assert (event.data["on"], event.data["basis"], event.by) == ("2026-03-10", "imaging", "one rheumatologist")


def test_what_did_not_grow_or_is_nobodys_deposit_is_not_proposed(web, doctor, patient, scans) -> None:
    within = {**GROWN, "significant": False}
    linked(doctor, patient, scans[0], 1)
    compared_scan(doctor, patient, *scans, families=[within, *FAMILIES[1:]])
    assert "confirm?" not in text_of(web.get(reverse("measured", args=[patient, scans[1]])))
    with pytest.raises(Invalid):
        confirm_growth(by=doctor, patient=patient, measurement=scans[1], deposits=[uuid4()])


def test_who_may_not_decide_confirms_nothing(doctor, patient, scans, people, client_of) -> None:
    (deposit,) = linked(doctor, patient, scans[0], 1)
    compared_scan(doctor, patient, *scans, families=[GROWN])
    for by in (people(Role.NURSE), people(Role.RHEUMATOLOGIST, site="South", name="far")):
        with pytest.raises(NotAllowed):
            confirm_growth(by=by, patient=patient, measurement=scans[1], deposits=[deposit])
