"""From a measured scan to an accepted result of forty proposals in a browser: actions, minutes, and how soon the pictures stand."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.bench_visit import _log_in
from benchmarks.report import Goal, Options, Report, Table
from benchmarks.review_on_phantoms import Share, on_phantoms
from benchmarks.served_record import HOST, Served, served
from tests.browser.conftest import CHROMIUM, furnished
from tests.browser.hands import DECIDE_S, KEY_S, POINT_S, PRESS_S, Hands
from tests.browser.whole_review import DRAWN, DRAWN_MS, LOOK_S, SOFTWARE_GL, open_review, review_forty, undo_all

MOST_ACTIONS, LONGEST_MIN, OPENS_S, LEAST_UNEDITED = 60, 5.0, 3.0, 0.9
PEER_MIN = 4.0  # one pair of hands by SCTC on radiographs (facts: imaging, secondary)
CORES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Seconds until this scan's slices stood, and processor seconds of browser and server for it."""

    wall_s: float
    processor_s: float


def run(options: Options) -> Report:
    """Each hand once on the same record; opening as often as asked."""
    hands: dict[str, Hands] = {}
    opened: list[Opened] = []
    with tempfile.TemporaryDirectory(prefix="calciscope-bench-") as place, sync_playwright() as started:
        home = Path(place)
        with served(home, f"sqlite:///{home}/demonstration.sqlite3") as running:
            keys = furnished(home, "review")
            browser = started.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_GL)
            for name in ("mouse", "keyboard"):
                page = _page(browser, running)
                hands[name] = Hands(page=page, keyboard=name == "keyboard")
                open_review(page, hands[name], keys["patient"])
                review_forty(page, hands[name])
                undo_all(page)
            browser.close()
            for _ in range(options.repeats or (1 if options.quick else 3)):
                opened.append(
                    _opened(started.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_GL), running, keys)
                )
    return _report(hands, opened, on_phantoms(quick=options.quick))


def _page(browser: Browser, running: Served) -> Page:
    page = browser.new_context(
        base_url=f"http://{HOST}:{running.port}", viewport={"width": 1440, "height": 950}
    ).new_page()
    page.set_default_timeout(DRAWN_MS)
    _log_in(page, running.password)
    return page


def _opened(browser: Browser, running: Served, keys: dict[str, str]) -> Opened:
    """A browser that has never drawn before opens the review; another page of the clinic has been open in it."""
    page = _page(browser, running)
    page.goto(f"/patients/{keys['patient']}/imaging/")
    before, since = _processor_s(running), time.perf_counter()
    page.goto(f"/patients/{keys['patient']}/imaging/measurements/{keys['measurement']}/review/")
    page.locator(DRAWN).wait_for()
    found = Opened(wall_s=time.perf_counter() - since, processor_s=_processor_s(running) - before)
    browser.close()
    return found


def _processor_s(running: Served) -> float:
    """Of the server and of this process's browser."""
    processes = [psutil.Process(running.pid), *psutil.Process().children(recursive=True)]
    total = 0.0
    for one in {process.pid: process for process in processes}.values():
        try:
            total += sum(one.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


def _report(hands: dict[str, Hands], opened: list[Opened], shares: list[Share]) -> Report:
    wall = sorted(one.wall_s for one in opened)[len(opened) // 2]
    processor = sorted(one.processor_s for one in opened)[len(opened) // 2]
    proposals, unedited = sum(one.proposals for one in shares), sum(one.unedited for one in shares)
    goals = []
    for name, one in hands.items():
        minutes = (one.person_s + one.waited_s) / 60
        within = one.actions <= MOST_ACTIONS
        goals += [
            Goal(what=f"{name}: actions", ours=one.actions, target=f"<= {MOST_ACTIONS}", met=within),
            Goal(
                what=f"{name}: time",
                unit="min",
                ours=round(minutes, 1),
                peer=PEER_MIN,
                target=f"<= {LONGEST_MIN:.0f}",
                met=minutes <= LONGEST_MIN,
            ),
        ]
    share = unedited / proposals if proposals else 0.0
    goals += [
        Goal(
            what="proposals on phantoms that truth accepts unedited",
            ours=round(share, 3),
            target=f">= {LEAST_UNEDITED}",
            met=share >= LEAST_UNEDITED if proposals else None,
        ),
        Goal(
            what="review opens, processor time over two cores",
            unit="s",
            ours=round(processor / CORES, 1),
            target=f"< {OPENS_S:.0f}",
            met=processor / CORES < OPENS_S,
        ),
        Goal(
            what="review opens, by the clock",
            unit="s",
            ours=round(wall, 1),
            target=f"< {OPENS_S:.0f}",
            met=wall < OPENS_S,
        ),
    ]
    rows = tuple((name, one.actions, one.tabs, round(one.person_s), round(one.waited_s)) for name, one in hands.items())
    return Report(
        id="review",
        title="The review of a scan with forty proposals, from the list of scans to the accepted result",
        conditions=(
            "a limb of 41 balls of mineral, two of which touch and are one proposal that is split; an earlier scan beside it; each "
            f"other proposal is looked at for {LOOK_S:.0f} s (judgement) and accepted by one key or click; measuring is not counted",
            f"a person's time by the keystroke-level model: key {KEY_S} s, pointing {POINT_S} s, pressing {PRESS_S} s, deciding "
            f"{DECIDE_S} s before each click (Card, Moran and Newell 1980, memory); pages as they were served",
            "opening: Debian's chromium without a graphics card (SwiftShader), a fresh browser in which another page was open; until "
            "the slices of this scan stand; the page loads a crop, so the number of slices does not matter",
            "phantoms: a proposal is accepted unedited where it is calcinosis in truth; parts of one cluster are accepted each",
        ),
        goals=tuple(goals),
        tables=(
            Table(caption="Where the time goes", columns=("hand", "actions", "Tabs", "person s", "pages s"), rows=rows),
            Table(
                caption="Proposals on phantoms",
                columns=("phantom", "proposals", "accepted unedited"),
                rows=tuple((one.name, one.proposals, one.unedited) for one in shares),
            ),
        ),
        notes=("The same review is a test: tests/browser/test_review_story.py.",),
    )
