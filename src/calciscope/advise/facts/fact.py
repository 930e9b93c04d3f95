"""One fact of a patient as rules see it: its value if known, what to show for it, and how far it may be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calciscope.advise.facts.table import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A value, or None where it is not known; yes and no are 1 and 0.

    ``warns_only`` says why the value may raise an alarm but not lower one: it is old, or the method is not reliable here.
    ``ask`` is what would make the fact known.
    """

    value: float | None
    told: str = ""
    low: float | None = None
    high: float | None = None
    warns_only: str = ""
    ask: str = ""


Derived = Callable[["Facts"], Fact]
DERIVED: dict[str, Derived] = {}


def derived(function: Derived) -> Derived:
    """Register the function as the way to know the fact of its name (a word in knowledge/vocabulary/facts.toml)."""
    DERIVED[function.__name__] = function
    return function


def unknown(ask: str = "") -> Fact:
    """Not known; ``ask`` says what to find out, where that is not the fact itself."""
    return Fact(value=None, ask=ask)


def yes_no(value: bool | None, told: str = "", *, ask: str = "") -> Fact:
    """A yes-or-no fact."""
    return Fact(value=None if value is None else float(value), told=told, ask=ask)


def any_of(values: list[bool | None]) -> bool | None:
    """True where one is true, else unknown where one is unknown, else false."""
    return True if True in values else None if None in values else False


def spoken(day: date) -> str:
    """A date as it is written everywhere: 07 Mar 2026."""
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def plain(number: float) -> str:
    """A number with the digits a reader needs."""
    return f"{number:.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.3g}"
