"""Acquisition checks, one a file: the file's name is the check's id, its `check(series)` gives the outcome.

Add a check by adding a file here; nothing else lists them.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from calciscope.terms.checks import Check
from calciscope.terms.series import Series


def run_checks(series: Series) -> tuple[Check, ...]:
    """Every check of this folder on the series, by id; passed ones say so too."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").check(series) for name in names)
