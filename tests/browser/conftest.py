"""Debian's chromium on `calciscope serve --demo` in a folder of its own, and axe beside every screen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.hands import Hands
from tests.cli.test_serve import free_port, printed_until_served
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WAIT_MS = 25_000
ASKED_FOR = (
    "422",
    "409",
    "404",
    "401",
    "ERR_INTERNET_DISCONNECTED",
)  # what a story asks for; chromium names it in its console


@dataclass(frozen=True)
class Clinic:
    """A served demonstration."""

    address: str
    password: str
    home: Path


@pytest.fixture(scope="module")
def clinic(tmp_path_factory) -> Iterator[Clinic]:
    """The real server, with its twelve invented patients."""
    if CHROMIUM is None:
        pytest.skip("needs Debian's chromium (apt-get install chromium)")
    port, home = free_port(), tmp_path_factory.mktemp("home")
    environment = os.environ | places(home) | {"PYTHONUNBUFFERED": "1"}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "calciscope.cli.main", "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as served:
        try:
            found = re.search(r"doctor@demo\.example +(\S+)", printed_until_served(served))
            assert found
            yield Clinic(address=f"http://127.0.0.1:{port}", password=found[1], home=home)
        finally:
            served.terminate()


@pytest.fixture
def page(clinic: Clinic) -> Iterator[Page]:
    """A page of the clinic; whatever the browser's console complains of fails the test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_context(base_url=clinic.address, viewport={"width": 1280, "height": 900}).new_page()
        opened.set_default_timeout(WAIT_MS)
        complaints: list[str] = []
        opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        browser.close()
    assert [text for text in complaints if not any(code in text for code in ASKED_FOR)] == []


@pytest.fixture(params=["mouse", "keyboard"])
def hands(page: Page, request: pytest.FixtureRequest) -> Hands:
    """Every story is told twice: with the mouse, and with the keyboard alone."""
    return Hands(page=page, keyboard=request.param == "keyboard")


@pytest.fixture
def log_in(page: Page, clinic: Clinic):
    """Log in as doctor, skin, nurse, officer or admin."""

    def go(who: str, hands: Hands | None = None) -> None:
        person = hands or Hands(page=page, keyboard=False)
        page.goto("/accounts/login/")
        person.fill(page.locator("[name=login]"), f"{who}@demo.example")
        person.fill(page.locator("[name=password]"), clinic.password)
        person.press(page.get_by_role("button", name="Log in", exact=True))

    return go


def places(home: Path) -> dict[str, str]:
    """Where the demonstration keeps its files, and the folder that it may take old studies from."""
    roots = home / "old"
    roots.mkdir(exist_ok=True)
    return {"CALCISCOPE_HOME": str(home), "CALCISCOPE_SCAN_ROOTS": str(roots)}


def furnished(home: Path, *words: str) -> dict[str, str]:
    """What `tests.browser.furnish` made in the demonstration of a folder."""
    environment = os.environ | places(home)
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.browser.furnish", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout))


@pytest.fixture
def accessible(page: Page):
    """Ask axe: no violation, neither of WCAG 2.2 A and AA nor of its best practices."""

    def check() -> None:
        assert violations(page) == [], page.url

    return check


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
