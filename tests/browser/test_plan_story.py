"""From the assessment to a plan that two have signed, as the team would do it: with the mouse, and with the keyboard alone."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow

FIRST = re.compile("Invented-00001")
LEAST_PX = 44


def open_patient(page, hands, name: re.Pattern[str]) -> None:
    hands.press(page.get_by_role("link", name="Patients", exact=True))
    hands.press(page.get_by_role("link", name=name).first)


def log_out(page, hands) -> None:
    hands.press(page.get_by_role("button", name="Log out"))


def test_from_the_assessment_to_a_plan_in_force(page, accessible, log_in, hands) -> None:
    name = re.compile("Invented-00004") if hands.keyboard else FIRST
    log_in("doctor", hands)
    open_patient(page, hands, name)
    hands.press(page.get_by_role("link", name="Assessment and options"))
    accessible()
    option = page.locator("#option-thiosulfate_topical > summary")
    hands.press(option, stays=True)
    assert page.locator("#option-thiosulfate_topical").get_attribute("open") is not None
    accessible()
    hands.press(
        page.locator("#option-thiosulfate_topical").get_by_role("link", name=re.compile("^Choose or set aside"))
    )
    accessible()
    hands.fill(page.get_by_label("Goals, in the patient's own words"), "To hold a pen without pain")
    hands.check(page.get_by_role("group", name="Decision").first.get_by_label("chosen"))
    hands.fill(page.locator("#f-o0-reason"), "Small deposits near the skin")
    hands.check(page.get_by_role("group", name="Consent recorded").first.get_by_label("yes"))
    hands.press(page.get_by_role("button", name="Save as a draft"))
    accessible()
    hands.press(page.get_by_role("button", name="Present to the team"))
    hands.press(page.get_by_role("button", name="Sign", exact=True))
    assert page.get_by_text("Two people have to sign it").is_visible()
    accessible()
    log_out(page, hands)
    log_in("nurse", hands)
    open_patient(page, hands, name)
    hands.press(page.get_by_role("link", name="Plan", exact=True))
    hands.press(page.get_by_role("button", name="Record dissent"))
    assert page.get_by_text("Say what you would do otherwise").first.is_visible()
    accessible()
    hands.press(page.get_by_role("button", name="Sign", exact=True))
    assert page.get_by_role("button", name="Put in force").count() == 0
    log_out(page, hands)
    log_in("doctor", hands)
    open_patient(page, hands, name)
    hands.press(page.get_by_role("link", name="To the plan"))
    hands.press(page.get_by_role("button", name="Put in force"))
    assert page.get_by_text("The plan is in force.").is_visible()
    accessible()
    open_patient(page, hands, name)
    assert page.get_by_text("To hold a pen without pain").is_visible()
    accessible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_scrolls_sideways_and_targets_are_large(page, accessible, log_in, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    log_in("doctor")
    page.goto("/patients/")
    page.get_by_role("link", name=re.compile("Invented-00003")).first.click()
    page.get_by_role("link", name="Assessment and options").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    heights = page.evaluate("[...document.querySelectorAll('main summary, main .button')].map(one => one.offsetHeight)")
    assert min(height for height in heights if height) >= LEAST_PX
    accessible()
