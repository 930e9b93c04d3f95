"""A colleague is shown the course: with the mouse and with the keyboard alone, on a desk and on a telephone."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import furnished

pytestmark = pytest.mark.slow

LEAST_PX = 44
DECODED = "pictures => Promise.all(pictures.map(one => one.decode().then(() => one.naturalWidth)))"


@pytest.fixture(scope="module")
def given(clinic) -> dict[str, str]:
    return furnished(clinic.home)


def test_the_course_is_shown_to_a_colleague(page, accessible, log_in, given, hands) -> None:
    log_in("doctor", hands)
    page.goto(f"/patients/{given['patient']}/")
    hands.press(page.get_by_role("link", name="Course", exact=True))
    page.get_by_text("beyond measurement error (48 mg)").first.wait_for()
    assert page.get_by_text("loss: cause not recorded").is_visible()
    accessible()
    assert all(width > 0 for width in page.locator(".map-panel img").evaluate_all(DECODED))
    assert page.locator(".chart-wide").is_visible() and not page.locator(".chart-narrow").is_visible()
    hands.press(page.get_by_role("link", name="The same as a table").first, stays=True)
    assert page.locator("#course-table").is_visible()
    for name in ("One page (PDF)", "For the family (PDF)", "For a child (PDF)"):
        link = page.get_by_role("link", name=name)
        assert link.bounding_box()["height"] >= LEAST_PX
        answer = page.request.get(link.get_attribute("href"))
        assert answer.headers["content-type"] == "application/pdf" and answer.body().startswith(b"%PDF")


def test_on_a_telephone_nothing_runs_off_the_page(page, accessible, log_in, given) -> None:
    log_in("doctor")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/patients/{given['patient']}/course/")
    page.get_by_text(re.compile("beyond measurement error")).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".chart-narrow").is_visible() and not page.locator(".chart-wide").is_visible()
    accessible()
