"""A review of forty proposals as a person does it: the story of tests/browser and the benchmark walk the same way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.browser.hands import Hands
from tests.unit.flows.forty_balls import forty_balls

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOFTWARE_GL = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
"""WebGL without a graphics card."""
LOOK_S = 2.0  # at one deposit in slices beside the earlier scan (judgement)
DRAWN_MS = 200_000
DRAWN = "#stage[data-drawn]"


def open_review(page: Page, hands: Hands, patient: str) -> None:
    """From the list of scans to the pictures of the first deposit."""
    page.goto(f"/patients/{patient}/imaging/")
    hands.press(page.get_by_role("link", name="Review the scan of 10 Mar 2026"))
    page.locator(DRAWN).wait_for(timeout=DRAWN_MS)


def review_forty(page: Page, hands: Hands) -> None:
    """Number 1 is two that touch and is split; every other deposit is looked at and accepted by one key or click."""
    split(page, hands)
    while page.locator(".line-open").count():
        hands.look(LOOK_S)
        step(page, hands, "a", "Accept A")


def step(page: Page, hands: Hands, key: str, button: str) -> None:
    """Take a step by its key or its button, and wait until it is recorded."""
    before = page.locator("#step-form [name=seen]").input_value()
    if hands.keyboard:
        hands.key(key)
    else:
        hands.press(page.get_by_role("button", name=button).first, stays=True)
    stepped(page, before)


def split(page: Page, hands: Hands) -> None:
    """A point on each of the two: the cross is brought there, as by clicks or arrow keys, and Enter sets it."""
    if hands.keyboard:
        hands.key("s")
    else:
        hands.press(page.get_by_role("button", name="Split S"), stays=True)
    balls = list(forty_balls())
    for point in (balls[7], balls[40]):
        page.evaluate(
            "at => { const one = window.calciscopeReview.viewers.now; one.go([-at[0], -at[1], at[2]]); one.canvas.focus(); }",
            list(point),
        )
        hands.key("Enter")
    assert len(json.loads(page.locator("[name=seeds]").input_value())) == 2
    before = page.locator("#step-form [name=seen]").input_value()
    hands.press(page.get_by_role("button", name="Split at these points"), stays=True)
    stepped(page, before)


def undo_all(page: Page) -> None:
    """Back to the automatic result, step by step."""
    while page.get_by_role("button", name="Undo U").is_enabled():
        before = page.locator("#step-form [name=seen]").input_value()
        page.keyboard.press("u")
        stepped(page, before)


def stepped(page: Page, before: str) -> None:
    """Wait until the desk shows another number of steps."""
    page.wait_for_selector(f"#step-form [name=seen]:not([value='{before}'])", state="attached")
