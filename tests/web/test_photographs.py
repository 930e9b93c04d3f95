"""Photographs by forms alone: taken, taken again in the same pose, compared, measured, and served to the team only."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from calciscope.record.actions.visits import open_visit, sign_visit
from calciscope.record.queries.history import versions_of
from calciscope.record.queries.patients import patient_page
from tests.web.test_visit_without_a_script import hidden, text_of

SAID = {"taken_on": "02 Nov 2026", "region": "knee", "side": "right", "pose": "extended"}
MARKS = {
    "x1": "100",
    "y1": "500",
    "x2": "600",
    "y2": "500",
    "ruler_mm": "50",
    "outline": "200 200\n300 200\n300 300\n200 300\n",
}


def sent(colour: str = "red", name: str = "DSC_Jane_Doe.jpg") -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(held, "JPEG")
    return SimpleUploadedFile(name, held.getvalue(), content_type="image/jpeg")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def recorded(doctor, patient):
    return [fact for fact in patient_page(by=doctor, patient=patient).facts if fact.noun == "photograph" and fact.holds]


def test_a_photograph_is_taken_and_taken_again_in_its_pose(web, doctor, patient, visit) -> None:
    page = text_of(
        web.post(reverse("visit_photographs", args=[patient, visit]), SAID | {"picture": sent()}, follow=True)
    )
    assert "Right knee, extended" in page
    assert "Jane_Doe" not in page
    (first,) = recorded(doctor, patient)
    second_visit = open_visit(by=doctor, patient=patient, details={"held_on": "2026-11-20", "kind": "planned"})
    address = reverse("visit_photographs", args=[patient, second_visit])
    assert f"?as={first.uid}" in text_of(web.get(address))
    page = text_of(web.get(address, {"as": str(first.uid)}))
    assert '<option value="knee" selected>' in page
    assert reverse("photograph_picture", args=[patient, first.uid]) in page
    again = SAID | {"taken_on": "20 Nov 2026", "as": str(first.uid), "picture": sent("blue")}
    assert web.post(address, again).status_code == 302
    _, second = recorded(doctor, patient)
    assert second.data["same_pose_as"] == str(first.uid)
    page = text_of(web.get(reverse("photograph", args=[patient, second.uid])))
    assert "Earlier: 02 Nov 2026" in page
    assert page.count("picture.jpg") >= 2


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(web, doctor, patient, visit) -> None:
    address = reverse("visit_photographs", args=[patient, visit])
    broken = SimpleUploadedFile("a.jpg", b"no picture at all", content_type="image/jpeg")
    answer = web.post(address, SAID | {"remark": "wound edge pale", "picture": broken})
    assert answer.status_code == 422
    page = text_of(answer)
    assert 'href="#f-picture"' in page and "neither a JPEG nor a PNG" in page
    assert "wound edge pale" in page
    answer = web.post(address, {"taken_on": "31 Feb 2026"})
    assert answer.status_code == 422
    assert 'href="#f-region"' in text_of(answer) and 'href="#f-picture"' in text_of(answer)
    assert recorded(doctor, patient) == []


def test_the_picture_comes_without_being_kept_by_the_browser(web, patient, photograph) -> None:
    answer = web.get(reverse("photograph_picture", args=[patient, photograph]))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    small = web.get(reverse("photograph_picture", args=[patient, photograph]), {"small": "1"})
    with Image.open(io.BytesIO(small.content)) as opened:
        assert opened.size == (480, 360)


def test_an_ulcer_is_measured_and_every_measuring_stays(web, doctor, patient, photograph) -> None:
    address = reverse("photograph_area", args=[patient, photograph])
    page = text_of(web.get(address))
    answer = web.post(address, hidden(page) | MARKS, follow=True)
    assert "1.00 cm²" in text_of(answer)
    (fact,) = recorded(doctor, patient)
    assert fact.data["ulcer_area_mm2"] == 100.0
    assert fact.data["mm_per_pixel"] == 0.1
    page = text_of(web.get(address))
    assert "200 200\n300 200" in page
    bigger = MARKS | {"outline": "200 200\n400 200\n400 400\n200 400"}
    assert web.post(address, hidden(page) | bigger).status_code == 302
    kept = versions_of(by=doctor, patient=patient, uid=photograph)
    assert [version.data.get("ulcer_area_mm2") for version in kept] == [None, 100.0, 400.0]
    flow = text_of(web.get(reverse("flowsheet_csv", args=[patient])))
    assert '"Left elbow, flexed: area of the ulcer",cm2,4.00 (' in flow
    stale = web.post(address, hidden(page) | MARKS)
    assert stale.status_code == 422
    assert "since you opened it" in text_of(stale)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"x1": ""}, "four numbers"),
        ({"ruler_mm": "five"}, "how many millimetres"),
        ({"outline": "1 2 3"}, "Each line holds two numbers"),
        ({"outline": "200 200\n300 300\n300 200\n200 300"}, "crosses itself"),
        ({"outline": "200 200\n9000 200\n300 300"}, "outside the picture"),
    ],
)
def test_marks_that_do_not_hold_are_refused_and_kept_in_the_form(
    web, doctor, patient, photograph, changed, says
) -> None:
    answer = web.post(reverse("photograph_area", args=[patient, photograph]), MARKS | changed)
    assert answer.status_code == 422
    page = text_of(answer)
    assert says in page
    assert (changed.get("outline") or MARKS["outline"].strip()) in page
    assert "ulcer_area_mm2" not in recorded(doctor, patient)[0].data


def test_a_signed_visit_takes_a_photograph_and_its_area_with_a_reason_only(
    web, doctor, patient, visit, photograph
) -> None:
    sign_visit(by=doctor, patient=patient, visit=visit)
    address = reverse("visit_photographs", args=[patient, visit])
    assert web.post(address, SAID | {"picture": sent()}).status_code == 422
    assert web.post(address, SAID | {"picture": sent(), "reason": "Sent by the parents later"}).status_code == 302
    measure = reverse("photograph_area", args=[patient, photograph])
    assert web.post(measure, MARKS).status_code == 422
    assert web.post(measure, MARKS | {"reason": "Measured after signing"}).status_code == 302
    assert {fact.status for fact in recorded(doctor, patient)} == {"amended"}
