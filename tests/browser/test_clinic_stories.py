"""What a clinic does in a browser, as its people would tell it: once with the mouse, once with the keyboard alone; axe at each step."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow

LONGEST_S = 180  # ten unchanged deposits, at the pace of a person
LOOK_S = 5.0  # judgement: a known deposit is looked at and felt


def test_from_a_new_patient_to_a_signed_visit(page, accessible, log_in, hands) -> None:
    page.goto("/accounts/login/")
    accessible()
    log_in("doctor", hands)
    accessible()
    hands.press(page.get_by_role("link", name="New patient"))
    accessible()
    hands.fill(page.get_by_label("Family name"), "Story")
    hands.fill(page.get_by_label("Given name"), "Stella")
    hands.fill(page.get_by_label("Date of birth"), "07 Mar 2014")
    hands.fill(page.get_by_label("Hospital number"), "H-900" if hands.keyboard else "H-901")
    hands.press(page.get_by_role("button", name="Register"))
    accessible()
    hands.press(page.get_by_role("link", name="Open a visit"))
    accessible()
    hands.press(page.get_by_role("button", name="Open", exact=True))
    accessible()
    hands.press(page.get_by_role("link", name="Begin the examination"))
    accessible()
    hands.press(page.get_by_role("link", name="Add a deposit"))
    accessible()
    hands.press(page.locator('[data-body-map$=".front"] a[data-words="Left knee"]').first, stays=True)
    assert page.locator("#f-region").input_value() == "knee"
    assert page.locator("#f-side").input_value() == "left"
    hands.check(page.get_by_role("group", name="Layer").get_by_label("subcutaneous"))
    hands.check(page.get_by_role("group", name="Form").get_by_label("nodule"))
    hands.fill(page.locator("#f-longest_mm"), "12")
    hands.check(page.get_by_role("group", name="Measured by").get_by_label("caliper"))
    hands.press(page.get_by_role("button", name="Save", exact=True))
    assert page.get_by_text("Left knee").first.is_visible()
    hands.check(page.get_by_role("group", name="What was examined").get_by_label("whole body"))
    hands.check(page.get_by_role("group", name="Outcome").get_by_label("deposits found"))
    hands.press(page.get_by_role("button", name="Save and go on"))
    accessible()
    hands.check(page.get_by_role("group", name="Pain").get_by_label("3", exact=True))
    hands.press(page.get_by_role("button", name="The rest was asked: 0"))
    hands.press(page.get_by_role("button", name="Save and go on"))
    accessible()
    hands.press(page.get_by_role("button", name="The rest was not assessed"))
    hands.press(page.get_by_role("button", name="Save and go on"))
    accessible()
    hands.check(page.get_by_role("group", name=re.compile("^Disease")).get_by_label("active", exact=True))
    hands.press(page.get_by_role("button", name="Save and go on"))
    accessible()
    hands.fill(page.get_by_role("textbox", name="Creatine kinase, value"), "820")
    hands.press(page.get_by_role("button", name="Save the results"))
    hands.press(page.get_by_role("link", name="Go on to the scores"))
    accessible()
    hands.press(page.get_by_role("link", name=re.compile("Notes")))
    accessible()
    hands.fill(page.get_by_label("Text"), "Calm, no new complaint.")
    hands.press(page.get_by_role("button", name="Save and go on"))
    hands.press(page.get_by_role("link", name="Review and sign"))
    accessible()
    hands.press(page.get_by_role("button", name="Sign and lock"))
    accessible()
    text = page.locator("#text").input_value()
    assert "D01: left knee, 12 mm (caliper)" in text
    assert "Signed by Dr Demonstration" in text
    assert "Stella" not in text
    assert "H-90" not in text


@pytest.fixture
def visit_with_deposits(page, log_in) -> str:
    """A new visit of an invented patient who has more than ten deposits; the address of its examination."""
    log_in("doctor")
    counts = {
        row.get_by_role("link").first.get_attribute("href"): row.get_by_role("cell").nth(5).inner_text()
        for row in page.get_by_role("row").all()[1:]
    }
    page.goto(next(href for href, count in counts.items() if int((re.findall(r"\d+", count) or ["0"])[0]) > 11))
    page.get_by_role("link", name="Open a visit").click()
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_role("link", name="Begin the examination").click()
    return page.url


def test_ten_unchanged_deposits(page, accessible, visit_with_deposits, hands) -> None:
    """By keys: n goes to the next deposit, u confirms it. The card changes in place, and stays so when the page is opened anew."""
    to_confirm = [card for card in page.get_by_role("article").all() if card.get_by_role("button").count()]
    names = [card.get_attribute("aria-label") for card in to_confirm][:10]
    assert len(names) == 10
    for name in names:
        card = page.get_by_role("article", name=name, exact=True)
        hands.look(LOOK_S)
        if hands.keyboard:
            while not card.evaluate("one => one === document.activeElement"):
                hands.key("n")
            hands.key("u")
        else:
            hands.press(card.get_by_role("button", name="Unchanged"), stays=True)
        card.get_by_text("unchanged today").wait_for()
    print(
        f"ten unchanged deposits: {hands.actions} actions, {hands.person_s + hands.waited_s:.0f} s at a person's pace"
    )
    assert hands.actions <= 2 * len(names) + (len(page.get_by_role("article").all()) if hands.keyboard else 0)
    assert hands.person_s + hands.waited_s < LONGEST_S
    accessible()
    page.goto(visit_with_deposits)
    assert page.get_by_text("unchanged today").count() == 10
    hands.press(page.get_by_role("link", name="Undo the finding").first)
    accessible()
    hands.press(page.get_by_role("button", name="Take back"))
    page.get_by_text("taken back").wait_for()
    page.goto(visit_with_deposits)
    assert page.get_by_text("unchanged today").count() == 9


def test_what_is_typed_is_kept_while_typing(page, accessible, visit_with_deposits) -> None:
    """Ten seconds after the last key the server has it, and a page opened anew shows it."""
    address = visit_with_deposits + "../part/notes/"
    page.goto(address)
    page.get_by_label("Text").fill("Half a sentence that nobody sav")
    page.get_by_text("Kept as a draft").wait_for()
    page.goto(address)
    assert page.get_by_label("Text").input_value() == "Half a sentence that nobody sav"
    accessible()


def test_break_glass_and_the_officer(page, accessible, log_in, hands) -> None:
    """A patient whom the doctor has taken in alone is opened by a colleague in an emergency."""
    number, why = ("H-10", "drug list") if hands.keyboard else ("H-11", "allergies")
    log_in("doctor", hands)
    hands.press(page.get_by_role("link", name="New patient"))
    hands.fill(page.get_by_label("Family name"), "Glass")
    hands.fill(page.get_by_label("Hospital number"), number)
    hands.press(page.get_by_role("button", name="Register"))
    hands.press(page.get_by_role("button", name="Log out"))
    log_in("skin", hands)
    hands.press(page.get_by_role("link", name="Emergency access").first)
    accessible()
    hands.fill(page.get_by_label("Hospital number"), number)
    hands.fill(page.get_by_label("Reason"), f"Brought in unconscious, needs her {why}")
    hands.press(page.get_by_role("button", name="Open for 60 minutes"))
    page.get_by_text("Emergency access until").wait_for()
    accessible()
    hands.press(page.get_by_role("button", name="Log out"))
    log_in("officer", hands)
    page.get_by_text(f"needs her {why}").wait_for()
    accessible()


def test_import_a_list(page, accessible, log_in, hands, tmp_path) -> None:
    path, number = tmp_path / "list.csv", "A-1" if hands.keyboard else "A-2"
    path.write_text(f"MRN,Surname,First name,DOB\n{number},Alpha,Ann,2014-03-07\nA-3,,Bob,2014-03-08\n")
    log_in("nurse", hands)
    hands.press(page.get_by_role("link", name="Import"))
    accessible()
    hands.file(page.get_by_label("List", exact=True), path)
    hands.press(page.get_by_role("button", name="Show the rows"))
    accessible()
    hands.press(page.get_by_role("button", name="Take 1 patient in"))
    page.get_by_text("1 taken in, 1 refused").wait_for()
    accessible()


def test_the_administrator_and_security(page, accessible, log_in) -> None:
    log_in("admin")
    page.get_by_role("heading", name="People of this site").wait_for()
    accessible()
    page.get_by_role("link", name="Security").click()
    accessible()
