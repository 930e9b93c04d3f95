"""Exact numbers as JSON holds them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

DIGITS = 10  # significant digits; beyond what any instrument resolves, and the same on every machine


def plain(value: object) -> object:
    """Fractions become whole numbers where they are whole, else decimals; tuples become lists."""
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int | Fraction) and value == int(value):
        return int(value)
    if isinstance(value, Fraction | float):
        return float(f"{float(value):.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)
