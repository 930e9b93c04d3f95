"""Calcium mass over time: scans of one course form one line, since those of other parts of the body cannot be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from calciscope.record.fact import Fact
from calciscope.record.scans.chain import chains
from calciscope.record.vocabulary import REGIONS
from calciscope.web.design.course import Course

MASSES = ("mass_mg", "mass_lower_mg", "mass_upper_mg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mass:
    """As measured on one scan, with its 95 % interval."""

    on: date
    mass_mg: float
    lower_mg: float
    upper_mg: float


def masses_on_ct(course: Course) -> dict[str, list[Mass]]:
    """Parts of the body in words -> masses, the oldest first; of a series that was measured twice the newer result counts.

    Scans that were compared, or that show a part in common, form one line, named by all the parts that they show.
    """
    by_parts: dict[str, list[Mass]] = {}
    for chain in reversed(chains(course.facts)):
        found = [mass for scan in chain.scans if (mass := _mass(scan)) is not None]
        if found:
            words = ", ".join(words for region, words in REGIONS.items() if region in chain.regions)
            by_parts.setdefault(words, []).extend(found)
    return {words: sorted(found, key=lambda one: one.on) for words, found in by_parts.items()}


def _mass(scan: Fact) -> Mass | None:
    numbers = [float(value) for name in MASSES if isinstance(value := scan.data.get(name), int | float)]
    if len(numbers) < len(MASSES) or scan.effective_on is None:
        return None
    return Mass(on=scan.effective_on, mass_mg=numbers[0], lower_mg=numbers[1], upper_mg=numbers[2])
