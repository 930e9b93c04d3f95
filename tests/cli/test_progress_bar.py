"""The bar shows only to a person at a terminal, and goes away."""

from __future__ import annotations

import io

from calciscope.cli.progress_bar import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_bar_names_the_step_and_is_removed() -> None:
    screen = Terminal()
    with progress_bar(quiet=False, stream=screen) as progress:
        progress("Reading", 0.25)
        progress("Reading", 0.26)  # too soon to draw again
        progress("Measuring", 1.0)
    drawn = screen.getvalue()
    assert "Reading" in drawn
    assert "25%" in drawn
    assert "26%" not in drawn
    assert "100%" in drawn
    assert drawn.endswith("\r\x1b[2K")
    assert "\n" not in drawn


def test_nothing_is_drawn_when_quiet_or_into_a_file() -> None:
    for quiet, screen in ((True, Terminal()), (False, io.StringIO())):
        with progress_bar(quiet=quiet, stream=screen) as progress:
            progress("Reading", 0.5)
        assert screen.getvalue() == ""


def test_bar_is_removed_when_the_work_fails() -> None:
    screen = Terminal()
    try:
        with progress_bar(quiet=False, stream=screen) as progress:
            progress("Reading", 0.5)
            raise OSError
    except OSError:
        assert screen.getvalue().endswith("\x1b[2K")
