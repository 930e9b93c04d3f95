"""From a scan on one's own computer to deposits that a clinician accepted: the connection breaks on the way, the server measures."""

from __future__ import annotations

import re
from pathlib import Path

import nibabel
import numpy as np
import pytest

from tests.cli.conftest import SPACING_MM, legs_with_two_balls

pytestmark = pytest.mark.slow

MEASURED_WITHIN_MS = 240_000


@pytest.fixture(scope="module")
def scan(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("scan") / "Jane_Doe.nii.gz"
    affine = np.diag([-SPACING_MM[2], -SPACING_MM[1], SPACING_MM[0], 1.0])
    nibabel.save(nibabel.Nifti1Image(legs_with_two_balls().transpose(2, 1, 0), affine), path)
    return path


def test_upload_scan_to_accepted_deposits(page, accessible, log_in, hands, scan) -> None:
    number = f"H-77-{'keys' if hands.keyboard else 'mouse'}"
    page.on("dialog", lambda asked: asked.accept())  # "leave this page?", since the sending is not over
    log_in("doctor", hands)
    hands.press(page.get_by_role("link", name="New patient"))
    hands.fill(page.get_by_label("Family name"), "Scan")
    hands.fill(page.get_by_label("Date of birth"), "01 Sep 2016")
    hands.fill(page.get_by_label("Hospital number"), number)
    hands.press(page.get_by_role("button", name="Register"))
    hands.press(page.get_by_role("link", name="Imaging", exact=True))
    page.get_by_role("heading", name="Imaging", exact=True).wait_for()
    accessible()
    hands.press(page.get_by_role("link", name="Add a CT scan"))
    page.get_by_role("heading", name="Add a CT scan").wait_for()
    accessible()
    send = page.get_by_role("button", name="Send the scan")
    hands.press(send)
    page.get_by_text("say what this scan would change").first.wait_for()
    accessible()
    hands.file(page.get_by_label("Scan: a zip, or its files"), scan)
    hands.press(send, stays=True)
    page.locator(".error.from-script").wait_for()
    accessible()
    hands.fill(page.get_by_label("What would this scan change?"), "Whether the nodule of the thigh is cut out")
    hands.fill(page.get_by_label("Date of the scan"), "10 Mar 2026")
    page.route("**/part/", lambda route: route.abort("internetdisconnected"))
    hands.press(send, stays=True)
    page.get_by_text("No connection. It goes on when the connection is back.").wait_for()
    accessible()
    page.unroute("**/part/")
    page.reload()
    page.get_by_role("heading", name="Go on sending").wait_for()
    accessible()
    hands.file(page.get_by_label("The same zip or files"), scan)
    hands.press(page.get_by_role("button", name="Go on"), stays=True)
    page.get_by_role("link", name="To the result").wait_for(timeout=MEASURED_WITHIN_MS)
    accessible()
    hands.press(page.get_by_role("link", name="To the result"))
    page.get_by_text("2 to decide").wait_for()
    accessible()
    assert page.get_by_role("link", name="Report as PDF").get_attribute("href").endswith("/report.pdf")
    assert page.locator(".picture img").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 500
    hands.select(page.get_by_label("Fill in the first suggestions"), "a new deposit each")
    hands.select(page.get_by_role("combobox", name="Number 2: decision"), "physiological")
    hands.fill(page.get_by_role("textbox", name="Number 2: remark"), "A phlebolith")
    hands.press(page.get_by_role("button", name="Fill in"))
    page.wait_for_url("**/decide/")
    hands.press(page.get_by_role("button", name="Save the decisions").first)
    page.get_by_text("2 decisions are recorded").wait_for()
    page.get_by_text("Accepted as D01").wait_for()
    page.get_by_text("It is physiological").wait_for()
    accessible()
    hands.press(page.get_by_role("link", name="Undo the decision on number 2"))
    page.get_by_role("button", name="Take back").wait_for()
    accessible()
    hands.press(page.get_by_role("button", name="Take back"))
    page.get_by_text("the decision is taken back").wait_for()
    hands.press(page.get_by_role("link", name="Overview", exact=True))
    page.get_by_text("Calcium mass on CT").first.wait_for()
    assert page.get_by_role("heading", name=re.compile("^D01")).first.is_visible()
    accessible()


def test_keyboard_alone_decides(page, accessible, log_in, scan) -> None:
    """A choice is made by letters, Enter in a field saves and does not fill anything in."""
    log_in("doctor")
    page.goto("/?search=H-77-keys")
    page.get_by_role("link", name=re.compile("^Scan")).first.click()
    page.get_by_role("link", name="Imaging", exact=True).click()
    page.get_by_role("link", name="10 Mar 2026", exact=True).click()
    page.get_by_role("combobox", name="Number 2: decision").focus()
    page.keyboard.type("nothing")
    assert page.get_by_role("combobox", name="Number 2: decision").input_value() == "reject"
    page.get_by_role("textbox", name="Number 2: remark").focus()
    page.keyboard.type("A phlebolith")
    page.keyboard.press("Enter")
    page.get_by_text("1 decision is recorded").wait_for()
    accessible()
