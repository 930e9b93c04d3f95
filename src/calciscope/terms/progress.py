"""How long work tells where it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the step's plain name and the fraction (0..1) of that step that is done."""

    def __call__(self, step: str, fraction: float) -> None:
        """Report progress."""
        ...


def silent(step: str, fraction: float) -> None:
    """Report nothing."""
