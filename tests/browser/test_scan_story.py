"""From a scan on one's own computer to deposits that a clinician accepted: the connection breaks on the way, the server measures."""

from __future__ import annotations

import re

import nibabel
import numpy as np
import pytest

from tests.cli.conftest import SPACING_MM, legs_with_two_balls

pytestmark = pytest.mark.slow

MEASURED_WITHIN_MS = 240_000


@pytest.fixture(scope="module")
def scan(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("scan") / "Jane_Doe.nii.gz"
    affine = np.diag([-SPACING_MM[2], -SPACING_MM[1], SPACING_MM[0], 1.0])
    nibabel.save(nibabel.Nifti1Image(legs_with_two_balls().transpose(2, 1, 0), affine), path)
    return str(path)


def test_upload_scan_to_accepted_deposits(page, accessible, log_in, scan) -> None:
    page.on("dialog", lambda asked: asked.accept())  # "leave this page?", since the sending is not over
    log_in("doctor")
    page.get_by_role("link", name="New patient").click()
    page.get_by_label("Family name").fill("Scan")
    page.get_by_label("Date of birth").fill("01 Sep 2016")
    page.get_by_label("Hospital number").fill("H-77")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("link", name="Imaging", exact=True).click()
    page.get_by_role("heading", name="Imaging", exact=True).wait_for()
    accessible()
    page.get_by_role("link", name="Add a CT scan").click()
    page.get_by_role("heading", name="Add a CT scan").wait_for()
    accessible()
    page.get_by_role("button", name="Send the scan").click()
    page.get_by_text("say what this scan would change").first.wait_for()
    accessible()
    page.get_by_label("Scan: a zip, or its files").set_input_files(scan)
    page.get_by_role("button", name="Send the scan").click()
    page.locator(".error.from-script").wait_for()
    accessible()
    page.get_by_label("What would this scan change?").fill("Whether the nodule of the thigh is cut out")
    page.get_by_label("Date of the scan").fill("10 Mar 2026")
    page.route("**/part/", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Send the scan").click()
    page.get_by_text("No connection. It goes on when the connection is back.").wait_for()
    accessible()
    page.unroute("**/part/")
    page.reload()
    page.get_by_role("heading", name="Go on sending").wait_for()
    accessible()
    page.get_by_label("The same zip or files").set_input_files(scan)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("link", name="To the result").wait_for(timeout=MEASURED_WITHIN_MS)
    accessible()
    page.get_by_role("link", name="To the result").click()
    page.get_by_text("2 to decide").wait_for()
    accessible()
    assert page.get_by_role("link", name="Report as PDF").get_attribute("href").endswith("/report.pdf")
    assert page.locator(".picture img").evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 500
    page.get_by_label("Fill in the first suggestions").select_option("new")
    page.get_by_role("combobox", name="Number 2: decision").select_option("kind:physiological")
    page.get_by_role("textbox", name="Number 2: remark").fill("A phlebolith")
    page.get_by_role("button", name="Fill in").click()
    page.wait_for_url("**/decide/")
    page.get_by_role("button", name="Save the decisions").first.click()
    page.get_by_text("2 decisions are recorded").wait_for()
    page.get_by_text("Accepted as D01").wait_for()
    page.get_by_text("It is physiological").wait_for()
    accessible()
    page.get_by_role("link", name="Undo the decision on number 2").click()
    page.get_by_role("button", name="Take back").wait_for()
    accessible()
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("the decision is taken back").wait_for()
    page.get_by_role("link", name="Overview", exact=True).click()
    page.get_by_text("Calcium mass on CT").first.wait_for()
    assert page.get_by_role("heading", name=re.compile("^D01")).first.is_visible()
    accessible()


def test_keyboard_alone_decides(page, accessible, log_in, scan) -> None:
    """A choice is made by letters, Enter in a field saves and does not fill anything in."""
    log_in("doctor")
    page.goto("/?search=H-77")
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
