"""A letter is written, looked at and issued as a clinician does it: with the mouse, and with the keyboard alone."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow

LEAST_PX = 44


def open_letters(page, hands, name: str) -> None:
    hands.press(page.get_by_role("link", name="Patients", exact=True))
    hands.press(page.get_by_role("link", name=re.compile(name)).first)
    hands.press(page.get_by_role("link", name="Letters", exact=True))


def test_a_second_opinion_is_asked_for(page, accessible, log_in, hands) -> None:
    log_in("doctor", hands)
    open_letters(page, hands, "Invented-00006" if hands.keyboard else "Invented-00001")
    assert page.get_by_text("No letter has been issued.").is_visible()
    accessible()
    hands.press(page.get_by_role("link", name="Referral for a second opinion"))
    accessible()
    hands.press(page.get_by_role("button", name="Issue as PDF"))
    assert page.get_by_text("This is needed for this letter.").first.is_visible()
    accessible()
    hands.fill(page.get_by_label("Name and address"), "Dr Ada Fictitious")
    hands.fill(page.get_by_label("Your question"), "Should the largest deposit be taken out?")
    hands.fill(page.get_by_label("What you would like done"), "Your opinion within four weeks.")
    hands.press(page.get_by_role("button", name="Look at the letter"))
    letter = page.locator(".letter")
    assert letter.get_by_text("Should the largest deposit be taken out?").is_visible()
    assert letter.get_by_role("img", name=re.compile("Body map")).count() >= 2
    hands.press(page.get_by_role("button", name="Issue as PDF"))
    assert page.get_by_text("Referral for a second opinion: issued.").is_visible()
    accessible()
    link = page.get_by_role("link", name=re.compile(r"Referral for a second opinion.*\(PDF\)"))
    address = str(link.get_attribute("href"))
    first, second = (page.context.request.get(address) for _ in range(2))
    assert first.body().startswith(b"%PDF-")
    assert first.body() == second.body()


def test_what_was_changed_after_the_look_is_looked_at_again(page, accessible, log_in, hands) -> None:
    log_in("nurse", hands)
    open_letters(page, hands, "Invented-00007" if hands.keyboard else "Invented-00003")
    hands.press(page.get_by_role("link", name="Page for the family"))
    hands.fill(page.get_by_label("Opening, in your own words"), "It was good to see you.")
    hands.press(page.get_by_role("button", name="Issue as PDF"))
    assert page.get_by_text("differs from what you looked at").is_visible()
    assert page.locator(".letter").get_by_text("It was good to see you.").is_visible()
    accessible()
    hands.press(page.get_by_role("button", name="Issue as PDF"))
    assert page.get_by_text("Page for the family: issued.").is_visible()


@pytest.mark.parametrize("kind", ["assessment-and-plan", "second-opinion", "family"])
def test_nothing_scrolls_sideways_and_targets_are_large(page, accessible, log_in, kind: str) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    log_in("doctor")
    page.goto("/patients/")
    page.get_by_role("link", name=re.compile("Invented-00001")).first.click()
    page.goto(f"{page.url}letters/write/{kind}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    heights = page.evaluate("[...document.querySelectorAll('main .button')].map(one => one.offsetHeight)")
    assert min(heights) >= LEAST_PX
    accessible()
