"""Calcium mass on CT, in what neighbouring scans both show, with what measurement error alone may make of it."""

from __future__ import annotations

from collections.abc import Iterator

from calciscope.record.scans.chain import Chain
from calciscope.web.course.looked import Looked
from calciscope.web.course.told import masses_of, number
from calciscope.web.design.charts.course_chart import Corridor, Panel, Series

PLACE = 10
NOTE = "Band: what measurement error alone may make of the mass before it, 95 %."


def panels(looked: Looked) -> Iterator[Panel]:
    """One panel of the scans that are looked at."""
    if looked.chain is None:
        return
    points, apart = mass_points(looked.chain)
    if points:
        corridors = tuple(error_bands(looked.chain))
        series = Series(title="mass on CT", points=points, corridors=corridors, apart=frozenset(apart))
        note = NOTE if corridors else ""
        yield Panel(title="Calcium mass on CT", unit="mg", series=[series], note=note, tall=1.8)


def mass_points(chain: Chain) -> tuple[list, list]:  # type: ignore[type-arg]
    """((day, mg), days that no line reaches): as compared where that was possible, else as measured by itself."""
    found = {}
    apart = []
    for scan in chain.scans:
        if scan.effective_on and (mass := number(scan.data, "mass_mg")) is not None:
            found[scan.effective_on] = mass
    for step in chain.steps:
        then, now = masses_of(step)
        first, last = step.earlier.effective_on, step.later.effective_on
        if first is None or last is None:
            continue
        if then is None or now is None:
            apart.append(last)
            continue
        if step is chain.steps[0]:
            found[first] = then
        found[last] = now
    return sorted(found.items()), apart


def error_bands(chain: Chain) -> Iterator[Corridor]:
    """From each scan to the next: the mass before, less and more the limit of real change."""
    for step in chain.steps:
        then, limit = masses_of(step)[0], number(step.burden, "limit_mg")
        first, last = step.earlier.effective_on, step.later.effective_on
        if then is not None and limit is not None and first and last:
            lower, upper = max(0.0, then - limit), then + limit
            says = f"measurement error alone: {lower:,.0f} to {upper:,.0f} mg"
            yield Corridor(first=first, last=last, lower=lower, upper=upper, says=says)
