"""Lines of the course, one kind of measure a file: each says its PLACE from the top and gives ``panels`` of its own.

A further kind is one more file. Measures of different kinds never share a panel: an area on a radiograph is no mass.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

from calciscope.web.course.looked import Looked
from calciscope.web.design.charts.course_chart import Panel

Line = Callable[[Looked], Iterator[Panel]]


@cache
def members() -> tuple[tuple[str, Line], ...]:
    """(file's name, its panels), from the top."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    ordered = sorted(modules, key=lambda module: (module.PLACE, module.__name__))
    return tuple((module.__name__.rpartition(".")[2], module.panels) for module in ordered)


def all_panels(looked: Looked) -> list[Panel]:
    """Panels of every kind that has something to show."""
    return [panel for _, panels in members() for panel in panels(looked)]
