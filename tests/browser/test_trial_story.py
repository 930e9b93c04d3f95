"""A trial from plan to tables: two read blinded, a third decides where they differ, agreement is shown, tables are taken out."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from tests.browser.conftest import furnished

pytestmark = pytest.mark.slow

SHOTS = os.environ.get("CALCISCOPE_SHOTS")  # a folder for pictures of each page, for a person to look at


@pytest.fixture
def shot(page):
    def take(name: str) -> None:
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)

    return take


@pytest.fixture
def as_person(page, log_in):
    def go(who: str) -> None:
        page.context.clear_cookies()
        log_in(who)

    return go


def read_everything(page, accessible, shot, *, nothing: tuple[int, ...] = (), name: str) -> int:
    """Lock every scan of the list; with the keyboard alone from the first choice to the lock."""
    page.get_by_role("link", name="Read the next").click()
    count = 0
    while True:
        page.get_by_role("heading", name="3 of 3 to review").wait_for()
        if count == 0:
            accessible()
            shot(f"{name}-read")
        for number in nothing:
            page.locator(f"[data-item='{number}']").wait_for()
            page.keyboard.press("r")
            page.locator(f"#step-form [name=seen][value='{number}']").wait_for(state="attached")
        page.get_by_role("button", name="The rest is calcinosis").wait_for()
        page.keyboard.press("c")
        page.get_by_role("heading", name="All 3 reviewed").wait_for()
        text = page.locator("main").inner_text()
        assert not any(word in text for word in ("Secretname", "Hiddenname", "2025", "2026", " mg")), text
        page.get_by_role("button", name="Lock this reading").focus()
        page.keyboard.press("Enter")
        page.get_by_text("is locked.").wait_for()
        count += 1
        if page.url.endswith("/reading/"):
            return count


def test_two_read_a_third_decides_and_tables_leave(page, accessible, as_person, clinic, shot, tmp_path) -> None:
    furnished(clinic.home, "trial")
    as_person("doctor")
    page.get_by_role("link", name="Trials", exact=True).click()
    page.get_by_text("No reading plan has been drawn").wait_for()
    accessible()
    page.get_by_role("link", name="Draw a reading plan").click()
    page.get_by_role("button", name="Draw the plan").click()
    page.get_by_text("This could not be saved yet").wait_for()
    accessible()
    page.get_by_label("Study", exact=True).fill("CALC-01")
    page.get_by_label("Title", exact=True).fill("Calcinosis under a new drug")
    page.get_by_label("Reader 1").select_option(label="Dr Reader")
    page.get_by_label("Reader 2").select_option(label="Dr Reader B")
    page.get_by_label("Third reader, where they differ").select_option(label="Dr Reader C")
    page.get_by_label("Read again by the same reader").fill("100")
    page.get_by_label("Not again before").fill("0")
    for name in ("Secretname Ada", "Hiddenname Ada"):
        page.get_by_label(f"{name}: include").check()
    shot("new-plan")
    page.get_by_role("button", name="Draw the plan").click()
    page.get_by_text("The plan is drawn").wait_for()
    accessible()

    as_person("reader")
    page.get_by_role("heading", name="Scans to read").wait_for()
    accessible()
    shot("worklist")
    assert read_everything(page, accessible, shot, name="reader-1") == 8
    as_person("reader-b")
    assert read_everything(page, accessible, shot, nothing=(1,), name="reader-2") == 8

    as_person("reader-c")
    page.get_by_role("link", name="Read the next").click()
    page.get_by_text("You decide as the third reader").wait_for()
    accessible()
    shot("third")
    page.get_by_role("button", name="Lock this reading").click()
    page.get_by_text("This could not be saved yet").wait_for()
    accessible()
    for place in range(4):
        page.get_by_label("Reading A:").check()
        page.get_by_label("Why this one").fill("Number 1 lies within the tendon and moves with it")
        page.get_by_role("button", name="Lock this reading").click()
        page.get_by_text("is locked.").wait_for()
        assert page.url.endswith("/reading/") == (place == 3)
    shot("worklist-done")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_text("Nothing follows a locked reading").wait_for()
    accessible()
    shot("locked")

    as_person("doctor")
    page.get_by_role("link", name="Trials", exact=True).click()
    accessible()
    page.get_by_role("link", name="CALC-01").click()
    page.get_by_text("complete").first.wait_for()
    accessible()
    shot("progress")
    page.get_by_role("link", name="Agreement", exact=True).click()
    page.get_by_text("4 of 4 scans read twice went to the third reader").wait_for()
    accessible()
    shot("agreement")
    page.go_back()
    with page.expect_download() as taken:
        page.get_by_role("link", name="SDTM tables").click()
    taken.value.save_as(tmp_path / "sdtm.zip")
    with zipfile.ZipFile(tmp_path / "sdtm.zip") as opened:
        told = opened.read("tr.csv").decode()
    assert "ADJUDICATOR" in told and "CALC-01-001" in told and "Secretname" not in told
