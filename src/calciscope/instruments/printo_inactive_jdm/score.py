"""Three of four criteria, as published, and its revision that needs the physician's global among them.

Every way to complete the missing criteria is tried: what is told holds in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Data, Instrument
from calciscope.instruments.scored import Scored

AT_MOST = ("ck", "physician_global")  # the others must reach their limit


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Inactive or not by both versions, and which criteria are met."""
    limits = _limits(instrument.data("limits"))
    enough, essential = instrument.data("enough"), instrument.data("essential")
    assert isinstance(enough, Fraction)
    met = {key: _met(key, answers.number(key), limit) for key, limit in limits.items()}
    cases = [
        dict(zip(met, case, strict=True))
        for case in product(*((False, True) if one is None else (one,) for one in met.values()))
    ]
    inactive = _same([sum(case.values()) >= enough for case in cases])
    revised = _same([sum(case.values()) >= enough and case[str(essential)] for case in cases])
    clear = answers.yes("skin_clear")
    despite = None if clear is None or (inactive is None and not clear) else bool(inactive) and not clear
    return Scored(
        outputs={
            "inactive": inactive,
            "inactive_revised": revised,
            "criteria_met": tuple(key for key, one in met.items() if one),
            "criteria_met_count": sum(one is True for one in met.values()),
            "criteria_met_count_range": (
                min(sum(case.values()) for case in cases),
                max(sum(case.values()) for case in cases),
            ),
            "skin_active_despite_criteria": despite,
        },
        parts=dict(met),
        notes=_notes(inactive, revised, clear),
    )


def _met(key: str, value: Fraction | None, limit: Fraction) -> bool | None:
    if value is None:
        return None
    return value <= limit if key in AT_MOST else value >= limit


def _same(cases: list[bool]) -> bool | None:
    return cases[0] if len(set(cases)) == 1 else None


def _notes(inactive: bool | None, revised: bool | None, clear: bool | None) -> tuple[str, ...]:
    notes = []
    if inactive and clear is False:
        notes.append(
            "Inactive by the criteria of 2013, but the skin is not clear: this is not inactive disease as a whole."
        )
    if inactive and clear is None:
        notes.append("The skin was not assessed; the criteria can be met while it is active.")
    if inactive and revised is False:
        notes.append("Not inactive by the revision of 2015: the physician's global is above its limit.")
    return tuple(notes)


def _limits(data: Data) -> dict[str, Fraction]:
    assert isinstance(data, Mapping)
    return {key: limit for key, limit in data.items() if isinstance(limit, Fraction)}
