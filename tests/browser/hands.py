"""A person's hands on a page: with the mouse, or with the keyboard alone. They count what they do and how long a person takes.

Times are those of the keystroke-level model (Card, Moran and Newell 1980, Commun ACM 23:396; memory): a key of an average typist,
pointing, pressing or releasing a button, moving a hand between mouse and keys, making up one's mind.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

KEY_S, POINT_S, PRESS_S, HOME_S, DECIDE_S = 0.28, 1.1, 0.2, 0.4, 1.35
MOST_TABS = 400
ACTIVE = "one => document.activeElement === one"
BEHIND = "one => Boolean(document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING)"
AT_THE_TOP = "() => document.activeElement === document.body"
BEHIND_THE_SKIP = "one => Boolean(document.querySelector(document.querySelector('.skip').hash)?.contains(one))"
SAME_GROUP = (
    "one => one === document.activeElement || one.type === 'radio' && document.activeElement.type === 'radio'"
    " && one.name === document.activeElement.name && one.form === document.activeElement.form"
)


@dataclass(slots=True, kw_only=True)
class Hands:
    """``actions``: clicks, and commands by key; filling one field is one action, walking to it by Tab is none."""

    page: Page
    keyboard: bool
    actions: int = 0
    tabs: int = 0
    person_s: float = 0.0  # what the person takes
    waited_s: float = 0.0  # what the pages take
    on_mouse: bool = field(default=False)

    def press(self, target: Locator, *, stays: bool = False) -> None:
        """Follow a link, press a button; ``stays`` where no other page comes of it."""
        self._decide()
        if self.keyboard:
            self._reach(target)
        else:
            self._point()
        started = time.perf_counter()
        with nullcontext() if stays else self.page.expect_navigation():
            if self.keyboard:
                self.page.keyboard.press("Enter")
            else:
                target.click()
        self.waited_s += time.perf_counter() - started
        self._count()

    def key(self, key: str) -> None:
        """A key that is a command by itself."""
        self._to_keys()
        self.page.keyboard.press(key)
        self._count()

    def check(self, target: Locator) -> None:
        """Tick a box or choose one of several."""
        self._decide()
        if self.keyboard:
            self._reach(target, SAME_GROUP)
            for _ in range(MOST_TABS):
                if target.is_checked():
                    break
                alone = target.evaluate(ACTIVE)
                self.page.keyboard.press("Space" if alone else "ArrowDown")
                self.person_s += KEY_S
            assert target.is_checked(), f"{target} is not chosen by keys"
        else:
            self._point()
            target.check()
        self._count()

    def fill(self, target: Locator, text: str) -> None:
        """Type into a field, in place of what stands there."""
        self._decide()
        if self.keyboard:
            self._reach(target)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(text)
        else:
            self._point()
            target.click()
            target.fill(text)
        self._to_keys()
        self.person_s += KEY_S * len(text)
        self._count()

    def select(self, target: Locator, label: str) -> None:
        """Choose from a list."""
        self._decide()
        if self.keyboard:
            self._reach(target)
            self.page.keyboard.press("Home")
            for _ in range(MOST_TABS):
                if target.evaluate("one => one.selectedOptions[0].label.trim()") == label:
                    break
                self.page.keyboard.press("ArrowDown")
                self.person_s += KEY_S
        else:
            self._point()
            self.person_s += POINT_S + PRESS_S
            target.select_option(label=label)
        assert target.evaluate("one => one.selectedOptions[0].label.trim()") == label
        self._count()

    def file(self, target: Locator, path: Path) -> None:
        """Choose a file in the system's own window: two actions more than opening it."""
        self._decide()
        with self.page.expect_file_chooser() as opened:
            if self.keyboard:
                self._reach(target)
                self.page.keyboard.press("Enter")
            else:
                self._point()
                target.click()
        opened.value.set_files(str(path))
        self._count(3)
        self.person_s += 2 * (DECIDE_S + POINT_S + PRESS_S)

    def focus(self, target: Locator) -> None:
        """Walk to a field by keys, to do something with what is in it."""
        self._decide()
        self._reach(target)

    def look(self, seconds: float) -> None:
        """Read a page, look at a part of the body."""
        self.person_s += seconds

    def _reach(self, target: Locator, there: str = ACTIVE) -> None:
        target.wait_for(state="attached")
        if self.page.evaluate(AT_THE_TOP) and target.evaluate(BEHIND_THE_SKIP):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
            self.tabs += 1
            self.person_s += 2 * KEY_S
        for _ in range(MOST_TABS):
            if target.evaluate(there):
                return
            self.page.keyboard.press("Shift+Tab" if target.evaluate(BEHIND) else "Tab")
            self.tabs += 1
            self.person_s += KEY_S
        raise AssertionError(f"{target} is not reached by Tab on {self.page.url}")

    def _decide(self) -> None:
        self.person_s += DECIDE_S

    def _point(self) -> None:
        self.person_s += POINT_S + PRESS_S + (0.0 if self.on_mouse else HOME_S)
        self.on_mouse = True

    def _to_keys(self) -> None:
        self.person_s += KEY_S + (HOME_S if self.on_mouse else 0.0)
        self.on_mouse = False

    def _count(self, more: int = 1) -> None:
        self.actions += more
