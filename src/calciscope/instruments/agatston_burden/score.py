"""Agatston's sum over areas that someone else outlined; `measure` finds the areas itself."""

from __future__ import annotations

from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Instrument
from calciscope.instruments.scored import Scored


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Sum of area times weight, scaled to slices at 3 mm; None without areas or slice distance."""
    areas, distance_mm = answers.entries("areas"), answers.number("slice_distance_mm")
    steps, least, made_for_mm = (instrument.data(name) for name in ("weights", "least_area", "slice"))
    assert isinstance(steps, tuple)
    assert isinstance(least, Fraction)
    assert isinstance(made_for_mm, Fraction)
    weighted = [
        _area(entry) * (1 + sum(_peak(entry) >= step for step in steps if isinstance(step, Fraction)))
        for entry in areas or ()
        if _area(entry) >= least
    ]
    total = sum(weighted, Fraction(0))
    told = None if areas is None or distance_mm is None else total * distance_mm / made_for_mm
    return Scored(outputs={"score": told}, parts={"areas_counted": None if areas is None else len(weighted)})


def _area(entry: Answers) -> Fraction:
    return entry.number("area_mm2") or Fraction(0)


def _peak(entry: Answers) -> Fraction:
    return entry.number("peak_hu") or Fraction(0)
