"""Numbers, dates and names as a reader sees them."""

from __future__ import annotations

import math
from datetime import date

from calciscope.terms.deposits import Layer, Region, Side

NARROW_SPACE = "\u202f"
DASH = "\u2013"
NOT_EVALUABLE = "not evaluable"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | None) -> str:
    """Scan of 07 Mar 2026, whatever the computer's language."""
    return (
        "Scan date not recorded" if value is None else f"Scan of {value.day:02d} {MONTHS[value.month - 1]} {value.year}"
    )


def amount(value: float | None, digits: int = 3) -> str:
    """``digits`` significant digits, thousands apart; a dash where not evaluable."""
    if value is None:
        return DASH
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{round(value, decimals):,.{min(decimals, 4)}f}".replace(",", NARROW_SPACE)


def fixed(value: float | None, decimals: int) -> str:
    """A fixed number of decimals; a dash where not evaluable."""
    return DASH if value is None else f"{value + 0.0:,.{decimals}f}".replace(",", NARROW_SPACE)


def interval(low: float | None, high: float | None) -> str:
    """``low`` to ``high`` with the same number of decimals, that of the larger's third digit."""
    if low is None or high is None:
        return DASH
    largest = max(abs(low), abs(high))
    decimals = 0 if largest == 0 else min(4, max(0, 2 - math.floor(math.log10(largest))))
    return f"{fixed(low, decimals)}{DASH}{fixed(high, decimals)}"


def plain(word: str) -> str:
    """lower_leg to lower leg."""
    return word.replace("_", " ")


def site(region: Region, side: Side | str) -> str:
    """left thigh; chest, midline; region unknown, left; side unknown left out."""
    if region is Region.UNKNOWN:
        told = (str(Side.LEFT), str(Side.RIGHT), str(Side.MIDLINE))
        return f"region unknown, {side}" if str(side) in told else "region unknown"
    name = plain(str(region))
    if str(side) in (str(Side.LEFT), str(Side.RIGHT)):
        return f"{side} {name}"
    return f"{name}, midline" if str(side) == str(Side.MIDLINE) else name


def layers(layer: Layer, also: tuple[Layer, ...]) -> str:
    """The layer, with the others touched after a plus."""
    return " + ".join([plain(str(layer)), *(plain(str(other)) for other in also)])


def printable(text: str | None) -> str:
    """Free text from a file, limited to what the report's font can show; control characters are dropped."""
    if not text:
        return ""
    return "".join(one if " " <= one <= "~" or "\u00a0" <= one <= "\u017f" else "?" for one in " ".join(text.split()))
