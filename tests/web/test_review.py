"""The review of a scan without a script: forms, still pictures, and what may be seen by whom."""

from __future__ import annotations

import gzip
import io
import json

import nibabel
import numpy as np
import pytest
from django.urls import reverse
from PIL import Image

from calciscope.record.actions.team import join_team
from calciscope.record.models.audit_event import AuditEvent
from calciscope.record.permissions import Role
from calciscope.record.queries.patients import patient_page
from calciscope.record.scans.review import reviewed
from tests.unit.flows.kept_limb import GRAIN, TWINS, limb
from tests.unit.record.scans.made import candidate, measured_scan
from tests.web.furnished import keep_pixels


@pytest.fixture
def measured(doctor, patient, files):
    made = limb().data("x")
    measurement = measured_scan(doctor, patient, candidates=made["candidates"], recipe=made["recipe"])
    keep_pixels(doctor, patient, measurement)
    return measurement


@pytest.fixture
def page(patient, measured):
    return reverse("review", args=[patient, measured])


@pytest.fixture
def post(web, patient, measured):
    def go(**said):
        return web.post(reverse("review_step", args=[patient, measured]), said, follow=True)

    return go


@pytest.fixture
def now(doctor, patient, measured):
    def read():
        facts = patient_page(by=doctor, patient=patient).facts
        return reviewed(next(fact for fact in facts if fact.uid == measured), facts)

    return read


def nifti(answer):
    return nibabel.Nifti1Image.from_bytes(gzip.decompress(answer.content))


def test_the_page_works_without_a_script(web, page) -> None:
    text = web.get(page).content.decode()
    assert "2 of 2 to review" in text
    assert "cuts.png" in text and 'value="accept"' in text and 'value="reject"' in text and 'name="kind"' in text
    assert "Burden now" in text and "provisional" in text


def test_accept_goes_on_to_the_next_and_undo_takes_it_back(post, now) -> None:
    answer = post(edit="accept", item="1", seen="0")
    assert answer.redirect_chain[-1][0].endswith("?item=2")
    assert "Number 1 accepted." in answer.content.decode()
    assert now().item("1").unedited
    answer = post(edit="undo", item="2", seen="1")
    assert "Undone: accepted Number 1." in answer.content.decode()
    assert now().item("1").state == "open"


def test_all_that_is_clear_is_one_step(post, now) -> None:
    assert "2 deposits accepted." in post(edit="accept_clear", item="1", seen="0").content.decode()
    assert not now().asked and now().steps == 1
    said = post(edit="accept_clear", item="1", seen="1").content.decode()
    assert "Nothing is left that is clear" in said


def test_relabel_asks_what_and_why(post, now) -> None:
    answer = post(edit="relabel", item="2", seen="0")
    assert answer.status_code == 422 and "Say what it is instead, and why." in answer.content.decode()
    post(edit="relabel", item="2", seen="0", kind="vascular", reason="it follows the artery")
    assert (now().item("2").kind, now().counted[0].id) == ("vascular", "1")


def test_split_merge_and_add_are_measured_from_the_pixels(post, now) -> None:
    before = now().burden.mass_mg
    answer = post(edit="split", item="1", seen="0", seeds=json.dumps(TWINS))
    assert "The parts weigh" in answer.content.decode()
    assert [one.id for one in now().standing] == ["2", "1a", "1b"]
    post(edit="merge", item="1a", seen="1", **{"with": ["1b"]})
    assert [one.id for one in now().standing] == ["2", "M1"]
    assert now().burden.mass_mg == pytest.approx(before, rel=0.12)  # bodies that touch are each read low
    post(edit="add", item="2", seen="2", seeds=json.dumps([GRAIN]))
    assert now().item("A1").row["mass_mg"] == pytest.approx(1.14, rel=0.1)


@pytest.mark.parametrize(
    "seeds", ["", "[]", "nonsense", "[[1,2]]", '[["a","b","c"]]', "[[NaN,0,0],[1,1,1]]", "[" * 5000]
)
def test_what_is_no_point_is_said(post, now, seeds) -> None:
    answer = post(edit="split", item="1", seen="0", seeds=seeds)
    assert answer.status_code == 422
    assert "Click on" in answer.content.decode()
    assert now().steps == 0


@pytest.mark.parametrize(
    "said", [{"edit": "accept", "item": "77"}, {"edit": "nothing"}, {}, {"edit": "merge", "item": "1"}]
)
def test_what_cannot_be_done_is_said_and_not_saved(post, now, said) -> None:
    assert post(**{"seen": "0", **said}).status_code == 422
    assert now().steps == 0


def test_who_looked_before_another_stepped_is_told(post, now) -> None:
    post(edit="accept", item="1", seen="0")
    answer = post(edit="reject", item="2", seen="0")
    assert answer.status_code == 422
    assert "took a step since you looked" in answer.content.decode()
    assert now().item("2").state == "open"


def test_crops_hold_the_deposit_and_its_mark(web, patient, measured, post) -> None:
    post(edit="split", item="1", seen="0", seeds=json.dumps(TWINS))
    addresses = {name: reverse(f"review_{name}", args=[patient, measured, "1a"]) for name in ("scan", "marks", "cuts")}
    scan, marks = nifti(web.get(addresses["scan"])), nifti(web.get(addresses["marks"]))
    np.testing.assert_allclose(scan.affine, marks.affine)
    found = np.asarray(marks.dataobj)
    assert {2, 60_000, 60_001} >= set(np.unique(found)) - {0} and (found == 60_000).any() and not (found == 1).any()
    assert np.asarray(scan.dataobj)[found == 60_000].mean() > 300
    assert Image.open(io.BytesIO(web.get(addresses["cuts"]).content)).size == (1096, 360)
    whole = nifti(web.get(reverse("review_whole", args=[patient, measured])))
    assert whole.shape == nifti(web.get(reverse("review_whole_marks", args=[patient, measured]))).shape


def test_a_part_is_still_drawn_after_a_step_on_it_was_undone(web, patient, measured, post) -> None:
    post(edit="split", item="1", seen="0", seeds=json.dumps(TWINS))
    post(edit="accept", item="1a", seen="1")
    post(edit="undo", item="1a", seen="2")
    marks = web.get(reverse("review_marks", args=[patient, measured, "1a"]))
    assert (np.asarray(nifti(marks).dataobj) == 60_000).any()


def test_a_place_of_the_scan_is_shown_or_refused_in_words(web, patient, measured) -> None:
    address = reverse("review_scan", args=[patient, measured, "place"])
    assert nifti(web.get(address + "?x=0&y=0&z=0")).shape
    for query in ("", "?x=1", "?x=a&y=1&z=1", "?x=nan&y=1&z=1"):
        answer = web.get(address + query)
        assert answer.status_code == 422 and "x, y and z" in answer.content.decode()


def test_pixels_leave_a_line_in_the_audit(web, patient, measured) -> None:
    web.get(reverse("review_scan", args=[patient, measured, "1"]))
    line = AuditEvent.unscoped.filter(name="kept_pixels").order_by("-number")[0]
    assert (line.patient_id, line.outcome, line.detail["pixels"]) == (patient, "done", "crop 1")


def test_who_may_only_see_sees_and_does_not_step(doctor, people, patient, measured, client_of, page) -> None:
    nurse = people(Role.NURSE)
    join_team(by=doctor, patient=patient, membership=nurse.membership_id)
    client = client_of(nurse)
    text = client.get(page).content.decode()
    assert "to review" in text and 'value="accept"' not in text
    assert (
        client.post(reverse("review_step", args=[patient, measured]), {"edit": "accept", "item": "1"}).status_code
        == 403
    )


def test_a_scan_without_pixels_is_reviewed_without_pictures(doctor, web, patient, files) -> None:
    measured = measured_scan(doctor, patient, candidates=[candidate(1), candidate(2, kind="uncertain", confidence=0.5)])
    text = web.get(reverse("review", args=[patient, measured])).content.decode()
    assert "pixels of this scan are not kept" in text and "cuts.png" not in text and 'value="split"' not in text
    assert web.get(reverse("review_scan", args=[patient, measured, "1"])).status_code == 422
    web.post(reverse("review_step", args=[patient, measured]), {"edit": "accept", "item": "1", "seen": "0"})
    said = web.post(
        reverse("review_step", args=[patient, measured]),
        {"edit": "split", "item": "1", "seen": "1", "seeds": "[[0,0,0],[5,5,5]]"},
    )
    assert said.status_code == 422 and "are not kept on this server" in said.content.decode()
