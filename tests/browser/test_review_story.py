"""A radiologist reviews a measured scan: forty proposals, one of them two that touch, in a few minutes and by one key each."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.browser.conftest import CHROMIUM, WAIT_MS, furnished
from tests.browser.whole_review import DRAWN, DRAWN_MS, SOFTWARE_GL, open_review, review_forty, undo_all

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

MOST_ACTIONS, MOST_PERSON_S = 60, 300.0


@pytest.fixture(scope="module")
def keys(clinic) -> dict[str, str]:
    return furnished(clinic.home, "review")


@pytest.fixture
def page(clinic) -> Iterator[Page]:
    """A browser that draws WebGL without a graphics card; what its console complains of fails the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_GL)
        opened = browser.new_context(base_url=clinic.address, viewport={"width": 1440, "height": 950}).new_page()
        opened.set_default_timeout(4 * WAIT_MS)
        complaints: list[str] = []
        opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        browser.close()
    assert complaints == []


def colours(picture: bytes) -> int:
    """How many colours a picture holds: one where nothing is drawn."""
    return len(Image.open(BytesIO(picture)).convert("RGB").getcolors(1_000_000) or ())


def needs_viewer(page: Page) -> None:
    if not page.locator("script[src*='niivue']").count():
        pytest.skip("needs the 3-D viewer (make install fetches it)")


def test_forty_proposals_become_an_accepted_result(page, accessible, log_in, hands, keys) -> None:
    log_in("doctor", hands)
    open_review(page, hands, keys["patient"])
    needs_viewer(page)
    undo_all(page)  # what another pair of hands has done before
    accessible()
    page.locator("#stage[data-sides='2']").wait_for(timeout=DRAWN_MS)
    for side in ("now", "then"):
        assert colours(page.locator(f"[data-side={side}] canvas").screenshot()) > 100, side
    page.goto(page.url.partition("?")[0])
    page.locator(DRAWN).wait_for(timeout=DRAWN_MS)
    review_forty(page, hands)
    page.get_by_role("heading", name="All 41 reviewed").wait_for()
    page.get_by_text("39 as measured, 2 edited").wait_for()
    accessible()
    assert hands.actions <= MOST_ACTIONS
    assert hands.person_s <= MOST_PERSON_S


def test_list_and_picture_select_each_other_and_every_view_is_drawn(page, accessible, log_in, keys) -> None:
    log_in("doctor")
    page.goto(f"/patients/{keys['patient']}/imaging/measurements/{keys['measurement']}/review/?item=5")
    needs_viewer(page)
    page.locator("#stage[data-drawn='5 slices']").wait_for(timeout=DRAWN_MS)
    page.keyboard.press("j")
    page.locator("#stage[data-drawn='6 slices']").wait_for(timeout=DRAWN_MS)
    assert page.locator(".line-here .line-number").inner_text() == "6"
    other = page.evaluate("() => window.calciscopeReview.viewers.now.what.marks_are.find(one => one[0] !== 6)")
    page.evaluate(
        "at => { const one = window.calciscopeReview.viewers.now; one.told.clicked(at[0], at.slice(5)); }", other
    )
    page.locator(f"#stage[data-drawn='{other[0]} slices']").wait_for(timeout=DRAWN_MS)
    assert page.locator(".line-here .line-number").inner_text() == str(other[0])
    for key, view in (("d", "solid"), ("w", "whole")):
        page.keyboard.press(key)
        page.locator(f"#stage[data-drawn='{other[0]} {view}']").wait_for(timeout=DRAWN_MS)
        assert colours(page.locator("[data-side=now] canvas").screenshot()) > 20, view
        accessible()
