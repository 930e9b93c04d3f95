"""Calcium mass over time: scans of the same parts of the body form one line, since those of others cannot be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from calciscope.web.design.course import Course
from calciscope.web.imaging.words import part_words

MASSES = ("mass_mg", "mass_lower_mg", "mass_upper_mg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mass:
    """As measured on one scan, with its 95 % interval."""

    on: date
    mass_mg: float
    lower_mg: float
    upper_mg: float


def masses_on_ct(course: Course) -> dict[str, list[Mass]]:
    """Parts of the body in words -> masses, the oldest first; of a series that was measured twice the newer result counts."""
    studies = {str(fact.uid): fact for fact in course.of_noun("imaging_study")}
    newest: dict[tuple[str, str], tuple[str, Mass]] = {}
    for fact in course.of_noun("imaging_measurement"):
        study = studies.get(str(fact.data.get("study")))
        numbers = [float(value) for name in MASSES if isinstance(value := fact.data.get(name), int | float)]
        if study is None or len(numbers) < len(MASSES):
            continue
        mass = Mass(on=course.when(study), mass_mg=numbers[0], lower_mg=numbers[1], upper_mg=numbers[2])
        newest[str(study.uid), str(fact.data.get("series_uid", fact.uid))] = (part_words(study), mass)
    by_parts: dict[str, list[Mass]] = {}
    for parts, mass in sorted(newest.values(), key=lambda pair: pair[1].on):
        by_parts.setdefault(parts, []).append(mass)
    return by_parts
