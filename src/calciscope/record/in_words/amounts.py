"""Measured amounts in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def number(value: Any, digits: int = 3) -> str:
    """A number to so many significant digits; nothing for what is not known."""
    if not isinstance(value, int | float):
        return ""
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


def mass_words(data: Mapping[str, Any]) -> str:
    """Such as "812 mg (640 to 990)"."""
    if not isinstance(data.get("mass_mg"), int | float):
        return "not evaluable"
    lower, upper = number(data.get("mass_lower_mg")), number(data.get("mass_upper_mg"))
    return f"{number(data['mass_mg'])} mg" + (f" ({lower} to {upper})" if lower and upper else "")
