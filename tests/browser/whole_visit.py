"""A visit of a patient with ten deposits, from the list of patients to the text in the clipboard, as a doctor goes through it.

Nine deposits are as they were, one has grown; two photographs; effects, symptoms, disease, the patient's answers, one result, a note.
The same steps are a test (two hands) and a benchmark (`python -m benchmarks visit`), which prints actions and time.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from tests.browser.hands import Hands

if TYPE_CHECKING:
    from playwright.sync_api import Locator

READ_S = 3.0  # judgement: a page of a known kind is looked over
LOOK_S = 5.0  # judgement: a known deposit is looked at and felt
MEASURE_S = 15.0  # judgement: a deposit is measured with a caliper
CAMERA_S = 20.0  # judgement: a photograph is taken and is on the computer
GROWN_MM = "18"
NOTE = "Elbow nodule larger, tender when leaning on it. No fever, no discharge."


def pictures(folder: Path) -> list[Path]:
    """Two photographs of a telephone's size."""
    found = []
    for name, colour in (("elbow", (196, 150, 130)), ("knee", (188, 140, 120))):
        path = folder / f"{name}.jpg"
        Image.new("RGB", (3000, 2000), colour).save(path, "JPEG")
        found.append(path)
    return found


def whole_visit(hands: Hands, photographs: list[Path]) -> str:
    """Begin on the list of patients, logged in; returns the visit's text."""
    page = hands.page
    hands.press(page.get_by_role("link", name="Ten, Tina", exact=True))
    hands.look(2 * READ_S)
    hands.press(page.get_by_role("link", name="Open a visit"))
    hands.press(page.get_by_role("button", name="Open", exact=True))
    hands.look(2 * READ_S)
    hands.press(page.get_by_role("link", name="Begin the examination"))
    _deposits(hands)
    _photographs(hands, photographs)
    _answers(hands)
    hands.press(page.get_by_role("link", name="Review and sign"))
    hands.look(3 * READ_S)
    hands.press(page.get_by_role("button", name="Sign and lock"))
    return _text(hands)


def _deposits(hands: Hands) -> None:
    page = hands.page
    cards = [card.get_attribute("aria-label") or "" for card in page.get_by_role("article").all()]
    assert len(cards) == 10
    for name in cards[1:]:
        card = page.get_by_role("article", name=name, exact=True)
        hands.look(LOOK_S)
        if hands.keyboard:
            while not card.evaluate("one => one === document.activeElement"):
                hands.key("n")
            hands.key("u")
        else:
            hands.press(card.get_by_role("button", name="Unchanged"), stays=True)
        card.get_by_text("unchanged today").wait_for()
    first = page.get_by_role("article", name=cards[0], exact=True)
    hands.look(LOOK_S + MEASURE_S)
    hands.press(first.get_by_role("link", name="Examine"))
    hands.fill(page.locator("#f-longest_mm"), GROWN_MM)
    hands.check(page.get_by_role("group", name="Measured by").get_by_label("caliper"))
    hands.check(page.get_by_label("growing", exact=True))
    hands.press(page.get_by_role("button", name="Save", exact=True))
    hands.check(page.get_by_role("group", name="What was examined").get_by_label("whole body"))
    hands.check(page.get_by_role("group", name="Outcome").get_by_label("deposits found"))
    hands.press(page.get_by_role("button", name="Save and go on"))
    hands.look(READ_S)


def _photographs(hands: Hands, photographs: list[Path]) -> None:
    page = hands.page
    _to(hands, "Photographs")
    for path in photographs:
        hands.look(CAMERA_S)
        hands.file(page.get_by_label("Picture"), path)
        hands.select(page.locator("#f-region"), path.stem)
        hands.select(page.locator("#f-side"), "left")
        hands.select(page.locator("#f-pose"), "flexed")
        hands.press(page.get_by_role("button", name="Save the photograph"))


def _answers(hands: Hands) -> None:
    page = hands.page
    _to(hands, "Effects of calcinosis")
    hands.check(page.get_by_role("group", name="Pain").get_by_label("3", exact=True))
    hands.press(page.get_by_role("button", name="The rest was asked: 0"))
    hands.press(page.get_by_role("button", name="Save and go on"))
    hands.look(READ_S)
    hands.press(page.get_by_role("button", name="The rest was not assessed"))
    hands.press(page.get_by_role("button", name="Save and go on"))
    hands.look(READ_S)
    hands.check(page.get_by_role("group", name=re.compile("^Disease")).get_by_label("active", exact=True))
    hands.check(page.get_by_label("same", exact=True).first)
    hands.press(page.get_by_role("button", name="Save and go on"))
    hands.look(READ_S)
    hands.fill(page.get_by_role("textbox", name="Creatine kinase, value"), "820")
    hands.press(page.get_by_role("button", name="Save the results"))
    _to(hands, "Notes")
    hands.fill(page.get_by_label("Text"), NOTE)
    hands.press(page.get_by_role("button", name="Save and go on"))


def _to(hands: Hands, title: str) -> None:
    hands.press(_parts(hands).get_by_role("link", name=re.compile(f"^{title}")))
    hands.look(READ_S)


def _parts(hands: Hands) -> Locator:
    return hands.page.get_by_role("navigation", name="Parts of the visit")


def _text(hands: Hands) -> str:
    text = hands.page.locator("#text")
    text.wait_for()
    hands.look(READ_S)
    if hands.keyboard:
        hands.focus(text)
    else:
        hands.press(text, stays=True)
    hands.key("Control+a")
    hands.key("Control+c")
    return str(text.input_value())
