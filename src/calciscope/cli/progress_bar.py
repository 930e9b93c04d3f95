"""A one-line progress bar on standard error, only where a person watches it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from calciscope.terms.progress import Progress, silent

BAR_CHARACTERS = 28
STEP_CHARACTERS = 34
REDRAW_AFTER_S = 0.1  # drawing more often than a person can see only costs time


@contextmanager
def progress_bar(*, quiet: bool, stream: TextIO | None = None) -> Iterator[Progress]:
    """A reporter that draws a bar while the block runs, then removes it; silent if quiet or not a terminal."""
    stream = sys.stderr if stream is None else stream
    if quiet or not stream.isatty():
        yield silent
        return
    bar = _Bar(stream)
    try:
        yield bar
    finally:
        bar.clear()


class _Bar:
    """Draws `step  [=====     ]  42 %  3 s` on one line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started_s = time.monotonic()
        self._drawn_s = -REDRAW_AFTER_S
        self._step = ""

    def __call__(self, step: str, fraction: float) -> None:
        now_s = time.monotonic()
        if step == self._step and now_s - self._drawn_s < REDRAW_AFTER_S and fraction < 1.0:
            return
        self._step, self._drawn_s = step, now_s
        share = min(max(fraction, 0.0), 1.0)
        filled = round(share * BAR_CHARACTERS)
        name = step[:STEP_CHARACTERS].ljust(STEP_CHARACTERS)
        bar = "=" * filled + " " * (BAR_CHARACTERS - filled)
        self._stream.write(f"\r{name} [{bar}] {share:4.0%}  {now_s - self._started_s:.0f} s ")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        self._stream.write("\r\x1b[2K")
        self._stream.flush()
