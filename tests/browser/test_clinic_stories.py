"""What a clinic does in a browser, as its people would tell it; axe finds nothing on any screen that they see."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow


def test_from_a_new_patient_to_a_signed_visit(page, accessible, log_in) -> None:
    page.goto("/accounts/login/")
    accessible()
    log_in("doctor")
    accessible()
    page.get_by_role("link", name="New patient").click()
    accessible()
    page.get_by_label("Family name").fill("Story")
    page.get_by_label("Given name").fill("Stella")
    page.get_by_label("Date of birth").fill("07 Mar 2014")
    page.get_by_label("Hospital number").fill("H-900")
    page.get_by_role("button", name="Register").click()
    accessible()
    page.get_by_role("link", name="Open a visit").click()
    accessible()
    page.get_by_role("button", name="Open").click()
    accessible()
    page.get_by_role("link", name="Begin the examination").click()
    accessible()
    page.get_by_role("link", name="Add a deposit").click()
    accessible()
    page.locator('[data-body-map$=".front"] a[data-words="Left knee"]').first.click()
    assert page.locator("#f-region").input_value() == "knee"
    assert page.locator("#f-side").input_value() == "left"
    page.get_by_role("group", name="Layer").get_by_label("subcutaneous").check()
    page.get_by_role("group", name="Form").get_by_label("nodule").check()
    page.locator("#f-longest_mm").fill("12")
    page.get_by_role("group", name="Measured by").get_by_label("caliper").check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Left knee").first.is_visible()
    page.get_by_role("group", name="What was examined").get_by_label("whole body").check()
    page.get_by_role("group", name="Outcome").get_by_label("deposits found").check()
    page.get_by_role("button", name="Save and go on").click()
    accessible()
    page.get_by_role("group", name="Pain").get_by_label("3", exact=True).check()
    page.get_by_role("button", name="The rest was asked: 0").click()
    page.get_by_role("button", name="Save and go on").click()
    accessible()
    page.get_by_role("button", name="The rest was not assessed").click()
    page.get_by_role("button", name="Save and go on").click()
    accessible()
    page.get_by_role("group", name=re.compile("^Disease")).get_by_label("active", exact=True).check()
    page.get_by_role("button", name="Save and go on").click()
    accessible()
    page.get_by_role("textbox", name="Creatine kinase, value").fill("820")
    page.get_by_role("button", name="Save the results").click()
    page.get_by_role("link", name="Go on to medication").click()
    accessible()
    page.get_by_role("link", name=re.compile("Notes")).click()
    accessible()
    page.get_by_label("Text").fill("Calm, no new complaint.")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("link", name="Review and sign").click()
    accessible()
    page.get_by_role("button", name="Sign and lock").click()
    accessible()
    text = page.locator("#text").input_value()
    assert "D01: left knee, 12 mm (caliper)" in text
    assert "Signed by Dr Demonstration" in text
    assert "Stella" not in text
    assert "H-900" not in text


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
    page.get_by_role("button", name="Open").click()
    page.get_by_role("link", name="Begin the examination").click()
    return page.url


def test_ten_unchanged_deposits_one_key_each(page, accessible, visit_with_deposits) -> None:
    """n goes to the next deposit, u confirms it: the card changes in place, and stays so when the page is opened anew."""
    to_confirm = [card for card in page.get_by_role("article").all() if card.get_by_role("button").count()]
    names = [card.get_attribute("aria-label") for card in to_confirm][:10]
    assert len(names) == 10
    page.get_by_role("article", name=names[0], exact=True).focus()
    for name in names:
        page.keyboard.press("u")
        page.get_by_role("article", name=name, exact=True).get_by_text("unchanged today").wait_for()
        page.keyboard.press("n")
    accessible()
    page.goto(visit_with_deposits)
    assert page.get_by_text("unchanged today").count() == 10
    page.get_by_role("link", name="Undo the finding").first.click()
    accessible()
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("taken back").wait_for()
    page.goto(visit_with_deposits)
    assert page.get_by_text("unchanged today").count() == 9
    for place in ("../../../", "../../../background/", "../../../team/", "../before/"):
        page.goto(visit_with_deposits + place)
        accessible()


def test_what_is_typed_is_kept_while_typing(page, accessible, visit_with_deposits) -> None:
    """Ten seconds after the last key the server has it, and a page opened anew shows it."""
    address = visit_with_deposits + "../part/notes/"
    page.goto(address)
    page.get_by_label("Text").fill("Half a sentence that nobody sav")
    page.get_by_text("Kept as a draft").wait_for()
    page.goto(address)
    assert page.get_by_label("Text").input_value() == "Half a sentence that nobody sav"
    accessible()


def test_break_glass_and_the_officer(page, accessible, log_in) -> None:
    """A patient whom the doctor has taken in alone is opened by a colleague in an emergency."""
    log_in("doctor")
    page.get_by_role("link", name="New patient").click()
    page.get_by_label("Family name").fill("Glass")
    page.get_by_label("Hospital number").fill("H-10")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("button", name="Log out").click()
    log_in("skin")
    page.get_by_role("link", name="Emergency access").first.click()
    accessible()
    page.get_by_label("Hospital number").fill("H-10")
    page.get_by_label("Reason").fill("Brought in unconscious, needs her drug list")
    page.get_by_role("button", name="Open for 60 minutes").click()
    page.get_by_text("Emergency access until").wait_for()
    accessible()
    page.get_by_role("button", name="Log out").click()
    log_in("officer")
    page.get_by_text("Brought in unconscious").wait_for()
    accessible()


def test_import_a_list(page, accessible, log_in, tmp_path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("MRN,Surname,First name,DOB\nA-1,Alpha,Ann,2014-03-07\nA-2,,Bob,2014-03-08\n")
    log_in("nurse")
    page.get_by_role("link", name="Import").click()
    accessible()
    page.get_by_label("List", exact=True).set_input_files(str(path))
    page.get_by_role("button", name="Show the rows").click()
    accessible()
    page.get_by_role("button", name="Take 1 patient in").click()
    page.get_by_text("1 taken in, 1 refused").wait_for()
    accessible()


def test_the_administrator_and_security(page, accessible, log_in) -> None:
    log_in("admin")
    page.get_by_role("heading", name="People of this site").wait_for()
    accessible()
    page.get_by_role("link", name="Security").click()
    accessible()
