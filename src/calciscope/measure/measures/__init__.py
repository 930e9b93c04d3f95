"""The measures of a deposit, one a file, found by walking this folder (docs/how-to/add-a-measure.md).

A measure is a module with ``COLUMNS``, the columns it fills, and ``compute(subject)``, which returns a value for each.
``None`` means "not evaluable". Its file name is its id.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from calciscope.measure.neighbourhood import Neighbourhood, Quantity
from calciscope.measure.scene import Scene
from calciscope.measure.subject import Subject

Value = object
"""float, int, an enumeration of ``terms.deposits``, a tuple of them, or None."""


class Measure(Protocol):
    """What every module of this folder offers."""

    COLUMNS: tuple[str, ...]

    def compute(self, subject: Subject) -> dict[str, Value]:
        """The value of every column for one candidate."""
        ...


@cache
def measures() -> dict[str, Measure]:
    """Every measure by id, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: cast(Measure, import_module(f"{__name__}.{name}")) for name in names}


def describe(scene: Scene, neighbourhood: Neighbourhood, quantity: Quantity) -> dict[str, Value]:
    """All columns of all measures for one candidate."""
    subject = Subject(scene=scene, neighbourhood=neighbourhood, quantity=quantity)
    row: dict[str, Value] = {}
    for measure in measures().values():
        row.update(measure.compute(subject))
    return row
