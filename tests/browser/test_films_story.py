"""From two radiographs on one's own computer to areas of one deposit in the course: by mouse, and by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.unit.measure.films.drawn import drawn
from tests.unit.read.film_maker import picture, radiograph

pytestmark = pytest.mark.slow

SHADES, _, _ = drawn(20, size=240)
NOBODY = {"PatientName": None, "PatientID": None, "PatientBirthDate": None}


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("films")
    whole = [
        radiograph(
            np.roll(SHADES, k, axis=1) / 65_535, StudyDate=f"202{k}0307", SOPInstanceUID=f"1.2.{k + 1}", **NOBODY
        )
        for k in range(2)
    ]
    paths = [folder / f"Jane_Doe_{k}.dcm" for k in range(2)]
    for path, one in zip(paths, whole, strict=True):
        path.write_bytes(one)
    return paths


def mark_the_middle(page, hands) -> None:
    """Click on the middle of the picture, or press Enter where the cross begins."""
    shown = page.locator(".film-image")
    if hands.keyboard:
        shown.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    else:
        box = shown.bounding_box()
        with page.expect_navigation():
            shown.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    page.get_by_role("heading", name="Measured").wait_for()


def test_two_radiographs_are_worked_through(page, accessible, log_in, hands, films, tmp_path) -> None:
    log_in("doctor", hands)
    hands.press(page.get_by_role("link", name="New patient"))
    hands.fill(page.get_by_label("Family name"), "Film")
    hands.fill(page.get_by_label("Date of birth"), "01 Sep 2016")
    hands.fill(page.get_by_label("Hospital number"), f"H-88-{'keys' if hands.keyboard else 'mouse'}")
    hands.press(page.get_by_role("button", name="Register"))
    hands.press(page.get_by_role("link", name="Films", exact=True))
    accessible()
    hands.press(page.get_by_role("link", name="Add films"))
    accessible()
    page.get_by_label("Radiographs or ultrasound images").set_input_files(films)
    hands.press(page.get_by_role("button", name="Add the films"))
    page.get_by_role("heading", name="Radiograph of the left forearm").wait_for()
    assert page.get_by_text("0 of 2 looked at").is_visible()
    accessible()
    mark_the_middle(page, hands)
    accessible()
    if hands.keyboard:
        before = page.locator(".film-answer").inner_text()
        page.locator(".film-image").focus()
        with page.expect_navigation():
            page.keyboard.press("+")
        assert page.locator(".film-answer").inner_text() != before
    hands.select(page.get_by_label("Deposit", exact=True), "a new deposit")
    hands.press(page.get_by_role("button", name="Record, next film"))
    page.get_by_text("1 of 2 looked at").wait_for()
    mark_the_middle(page, hands)
    hands.select(page.get_by_label("Deposit", exact=True), "D01 left forearm")
    hands.press(page.get_by_role("button", name="Record", exact=True))
    page.get_by_text("2 of 2 looked at").wait_for()
    accessible()
    hands.press(page.get_by_role("link", name="Course", exact=True))
    page.get_by_text("Projected area, D01").first.wait_for()
    accessible()


def test_a_picture_gets_its_scale_from_a_ruler(page, accessible, log_in, tmp_path) -> None:
    film = tmp_path / "film.png"
    film.write_bytes(picture(SHADES / 65_535))
    log_in("doctor")
    page.get_by_role("link", name="New patient").click()
    page.get_by_label("Family name").fill("Ruler")
    page.get_by_label("Hospital number").fill("H-88-ruler")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("link", name="Films", exact=True).click()
    page.get_by_role("link", name="Add films").click()
    page.get_by_label("Radiographs or ultrasound images").set_input_files(film)
    page.get_by_role("button", name="Add the films").click()
    page.locator("#error-summary").wait_for()
    accessible()
    page.get_by_label("Radiographs or ultrasound images").set_input_files(film)
    page.get_by_label("radiograph", exact=True).check()
    page.get_by_label("Taken on").fill("02 Nov 2025")
    page.get_by_label("Part of the body").select_option("knee")
    page.get_by_label("Side").select_option("right")
    page.get_by_role("button", name="Add the films").click()
    page.get_by_role("link", name="Draw a ruler").first.click()
    for across in (0.1, 0.9):
        shown = page.locator(".film-image")
        box = shown.bounding_box()
        with page.expect_navigation():
            shown.click(position={"x": box["width"] * across, "y": box["height"] * 0.9})
    accessible()
    page.get_by_label("Length between them").fill("40")
    page.get_by_label("beside the deposit").check()
    page.get_by_role("button", name="Save the ruler").click()
    page.get_by_text("ruler drawn").wait_for()
    accessible()
