"""Every named number of the measuring room, as it stands while a scan is measured: part of each result's recipe."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from numbers import Real

import calciscope.measure

TRACKING = "track"


@cache
def named_constants(*, tracking: bool = False) -> dict[str, object]:
    """``module.NAME`` to value for all numbers, and tuples of them, that modules of ``measure`` name in capitals.

    Those of comparing scans are listed alone, with ``tracking``: they take no part in measuring one. A number that
    several modules share is listed where it is defined and where it is imported; both say the same.
    """
    prefix = calciscope.measure.__name__ + "."
    found: dict[str, object] = {}
    for module in pkgutil.walk_packages(calciscope.measure.__path__, prefix):
        place = module.name.removeprefix(prefix)
        if (place.partition(".")[0] == TRACKING) is not tracking:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.isupper() and _is_number(value):
                found[f"{place}.{name}"] = value
    return dict(sorted(found.items()))


def _is_number(value: object) -> bool:
    """A number, or a tuple of numbers and of such tuples."""
    if isinstance(value, tuple):
        return bool(value) and all(_is_number(part) for part in value)
    return isinstance(value, Real)
