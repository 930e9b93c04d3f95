"""A visit of a patient with ten deposits in a browser, at the pace of a person: actions and minutes, by mouse and by keys alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Goal, Options, Report, Table
from benchmarks.served_record import DOCTOR, HOST, Served, served
from tests.browser.conftest import CHROMIUM, furnished
from tests.browser.hands import DECIDE_S, HOME_S, KEY_S, POINT_S, PRESS_S, Hands
from tests.browser.whole_visit import CAMERA_S, LOOK_S, MEASURE_S, READ_S, pictures, whole_visit

MOST_ACTIONS, LONGEST_MIN = 120, 8.0
WAIT_MS = 60_000


def run(options: Options) -> Report:
    """Each hand on a demonstration of its own."""
    done: dict[str, Hands] = {}
    for name in ("mouse", "keyboard"):
        with tempfile.TemporaryDirectory(prefix="calciscope-bench-") as place:
            home = Path(place) / "home"
            home.mkdir()
            with served(home, f"sqlite:///{home}/demonstration.sqlite3") as running:
                furnished(home, "ten")
                done[name] = _visit(running, keyboard=name == "keyboard", folder=Path(place))
    return _report(done)


def _visit(running: Served, *, keyboard: bool, folder: Path) -> Hands:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(base_url=f"http://{HOST}:{running.port}").new_page()
        page.set_default_timeout(WAIT_MS)
        _log_in(page, running.password)
        hands = Hands(page=page, keyboard=keyboard)
        if "Signed by" not in whole_visit(hands, pictures(folder)):
            raise RuntimeError("The visit was not signed.")
        browser.close()
    return hands


def _log_in(page: Page, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(DOCTOR)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/patients/")


def _report(done: dict[str, Hands]) -> Report:
    goals = []
    for name, hands in done.items():
        minutes = (hands.person_s + hands.waited_s) / 60
        goals += [
            Goal(
                what=f"{name}: actions",
                ours=hands.actions,
                target=f"<= {MOST_ACTIONS}",
                met=hands.actions <= MOST_ACTIONS,
            ),
            Goal(
                what=f"{name}: time",
                unit="min",
                ours=round(minutes, 1),
                target=f"<= {LONGEST_MIN:.0f}",
                met=minutes <= LONGEST_MIN,
            ),
        ]
    rows = tuple(
        (name, hands.actions, hands.tabs, round(hands.person_s), round(hands.waited_s)) for name, hands in done.items()
    )
    return Report(
        id="visit",
        title="A visit with ten deposits, from the list of patients to the text in the clipboard",
        conditions=(
            "nine deposits unchanged, one measured anew and growing, two photographs, effects, symptoms, disease, the patient's "
            "answer, one result, a note, signature, text copied; Debian's chromium on the served record",
            f"a person's time by the keystroke-level model: key {KEY_S} s, pointing {POINT_S} s, pressing {PRESS_S} s, hand to the "
            f"other device {HOME_S} s, deciding {DECIDE_S} s before each action (Card, Moran and Newell 1980, memory)",
            f"looking: a page {READ_S:.0f} s, a deposit {LOOK_S:.0f} s, measuring one {MEASURE_S:.0f} s, taking a photograph "
            f"{CAMERA_S:.0f} s (judgement); pages as they were served, on a computer with other work",
            "an action is a click, a command by key, a field filled in; a file takes three; walking by Tab takes time and is no action",
        ),
        goals=tuple(goals),
        tables=(
            Table(caption="Where the time goes", columns=("hand", "actions", "Tabs", "person s", "pages s"), rows=rows),
        ),
        notes=("The same visit is a test: tests/browser/test_whole_visit.py.",),
    )
