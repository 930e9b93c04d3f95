"""What a review has decided is decided on every other screen as well."""

from __future__ import annotations

import pytest
from django.urls import reverse

from calciscope.record.actions.readings import take_step
from calciscope.record.scans.log import Step
from tests.unit.record.scans.made import compared_scan, measured_scan
from tests.web.test_visit_without_a_script import text_of


@pytest.fixture(autouse=True)
def _folder(files) -> None:
    """Scans go to a folder of the test's own."""


def test_accepted_in_the_review_is_no_longer_to_decide(web, doctor, patient) -> None:
    scan = measured_scan(doctor, patient)
    imaging, overview = reverse("imaging", args=[patient]), reverse("patient", args=[patient])
    assert all("3 to decide" in text_of(web.get(page)) for page in (imaging, overview))
    for seen, (edit, items) in enumerate((("accept", ["1", "2"]), ("reject", ["3"]))):
        take_step(by=doctor, patient=patient, measurement=scan, step=Step(edit=edit, items=items), seen=seen)
    pages = [text_of(web.get(page)) for page in (imaging, overview, reverse("measured", args=[patient, scan]))]
    assert not any("to decide" in page for page in pages)
    assert pages[2].count("Accepted in the review by one rheumatologist") == 2
    assert "Rejected in the review by one rheumatologist" in pages[2]
    assert "No deposit of the map fits" in pages[2], "to follow it on the map is still offered"


def test_scans_of_one_course_are_one_line_of_mass_though_they_show_different_parts(web, doctor, patient) -> None:
    first = measured_scan(doctor, patient, done_on="2025-03-10", regions=("thigh", "knee"))
    second = measured_scan(doctor, patient, done_on="2026-03-10", regions=("knee", "lower_leg"))
    compared_scan(doctor, patient, first, second)
    said = text_of(web.get(reverse("patient", args=[patient])))
    assert "Calcium mass on CT, thigh, knee, lower leg (whole scan, 95 % interval)" in said
    assert said.count("(whole scan, 95 % interval)") == 1


def test_a_comparison_on_its_way_is_said_on_the_scan(web, doctor, patient) -> None:
    first = measured_scan(doctor, patient, done_on="2025-03-10")
    second = measured_scan(doctor, patient, done_on="2026-03-10")
    page = reverse("measured", args=[patient, second])
    assert "Not compared with the CT of 10 Mar 2025 yet" in text_of(web.get(page))
    assert "Not compared with" not in text_of(web.get(reverse("measured", args=[patient, first])))
    compared_scan(doctor, patient, first, second)
    assert "Not compared with" not in text_of(web.get(page))
