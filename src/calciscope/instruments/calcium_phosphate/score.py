"""Corrected calcium, product, zone for adults, and each result against the laboratory's range or one for the age."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Data, Instrument
from calciscope.instruments.scored import Scored

ZONES = ("below_55", "55_to_70", "above_70")
ANALYTES = {"calcium": "calcium_mg_dl", "phosphate": "phosphate_mg_dl", "albumin": "albumin_g_dl"}
Limits = tuple[Fraction, Fraction]


def score(instrument: Instrument, answers: Answers) -> Scored:
    """All outputs; None where an input is not assessed, and no zone below adult age."""
    calcium, phosphate = answers.number("calcium_mg_dl"), answers.number("phosphate_mg_dl")
    age = answers.number("age_years")
    corrected = _corrected(instrument, calcium, answers.number("albumin_g_dl"))
    product = None if calcium is None or phosphate is None else calcium * phosphate
    product_corrected = None if corrected is None or phosphate is None else corrected * phosphate
    zone, zone_corrected = (_zone(instrument, one, age) for one in (product, product_corrected))
    against = {name: _against(instrument, answers, name, answers.number(key)) for name, key in ANALYTES.items()}
    against["corrected_calcium"] = _against(instrument, answers, "calcium", corrected)
    return Scored(
        outputs={
            "corrected_calcium_mg_dl": corrected,
            "product_mg2_dl2": product,
            "product_corrected_mg2_dl2": product_corrected,
            "zone": zone,
            "zone_corrected": zone_corrected,
            "compared": against,
        },
        parts={
            "calcium_mg_dl": calcium,
            "phosphate_mg_dl": phosphate,
            "albumin_correction_mg_dl": None if corrected is None or calcium is None else corrected - calcium,
        },
        notes=_notes(instrument, age, zone, zone_corrected),
    )


def _corrected(instrument: Instrument, calcium: Fraction | None, albumin: Fraction | None) -> Fraction | None:
    """Calcium + slope x (4.0 - albumin); mg/dL and g/dL."""
    correction = _numbers(instrument.data("correction"))
    if calcium is None or albumin is None:
        return None
    return calcium + correction["slope"] * (correction["albumin"] - albumin)


def _zone(instrument: Instrument, product: Fraction | None, age: Fraction | None) -> str | None:
    adult = instrument.data("adult")
    assert isinstance(adult, Fraction)
    if product is None or age is None or age < adult:
        return None
    undesirable, marked = _pair(instrument.data("zones"))
    return ZONES[(product >= undesirable) + (product > marked)]


def _against(instrument: Instrument, answers: Answers, name: str, value: Fraction | None) -> dict[str, object] | None:
    own = answers.interval(f"ranges.{name}") or answers.interval(f"ranges.{ANALYTES[name]}")
    limits = own or _for_age(instrument, name, answers.number("age_years"))
    if value is None or limits is None:
        return None
    low, high = limits
    state = "low" if value < low else "high" if value > high else "within"
    return {"state": state, "low": low, "high": high, "range_of": "laboratory" if own else "age"}


def _for_age(instrument: Instrument, name: str, age: Fraction | None) -> Limits | None:
    """A range to fall back on; None where none was found in print."""
    adult = instrument.data("adult")
    if age is None or not isinstance(adult, Fraction):
        return None
    if name == "phosphate" and age >= adult:
        return _pair(instrument.data("phosphate_range"))
    if name == "calcium":
        rows = instrument.data("calcium_ranges")
        assert isinstance(rows, tuple)
        for row in rows:
            assert isinstance(row, tuple)
            first, last, low, high = (one for one in row if isinstance(one, Fraction))
            if first <= age < last:
                return low, high
    return None


def _notes(
    instrument: Instrument, age: Fraction | None, zone: str | None, zone_corrected: str | None
) -> tuple[str, ...]:
    adult = instrument.data("adult")
    notes = []
    if age is not None and isinstance(adult, Fraction) and age < adult:
        notes.append("No zone: the zones are those of adults, and phosphate is higher by nature in a growing child.")
    if zone is not None and zone_corrected is not None and zone != zone_corrected:
        notes.append(f"With calcium corrected for albumin the product lies in another zone ({zone_corrected}).")
    return tuple(notes)


def _pair(data: Data) -> Limits:
    assert isinstance(data, tuple)
    low, high = (one for one in data if isinstance(one, Fraction))
    return low, high


def _numbers(data: Data) -> dict[str, Fraction]:
    assert isinstance(data, Mapping)
    return {name: one for name, one in data.items() if isinstance(one, Fraction)}
