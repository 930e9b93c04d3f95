"""What a candidate is: one rule a file, asked in the order of their ORDER; the first that speaks decides."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Protocol

from calciscope.measure.segment.view import Finding, Scan, View
from calciscope.terms.errors import Broken


class Rule(Protocol):
    """A module with ``ORDER`` (lower is asked first) and ``judge``."""

    ORDER: int

    def judge(self, view: View, scan: Scan) -> Finding | None:
        """The finding, or None when the rule has nothing to say."""
        ...


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule in this folder, in the order of asking."""
    found = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return tuple(sorted(found, key=lambda rule: (rule.ORDER, rule.__name__)))


def judge(view: View, scan: Scan) -> Finding:
    """Ask the rules in turn; the last one, calcinosis, always answers."""
    for rule in rules():
        finding = rule.judge(view, scan)
        if finding is not None:
            return finding
    raise Broken("No rule told what a candidate is; the rule 'calcinosis' answers always.")
