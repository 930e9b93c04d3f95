"""Which core set measures are known, and the most abnormal muscle enzyme."""

from __future__ import annotations

from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Instrument
from calciscope.instruments.scored import Scored

ENZYMES = ("ck", "aldolase", "ast", "alt", "ldh")
SINGLE = ("physician_global", "patient_global", "mmt8", "extramuscular_global")
DAMAGE = ("physician_damage", "patient_damage", "mdi_severity", "mmt8")


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Counts of known measures; function counts by HAQ or CMAS, the laboratory from two enzymes on."""
    fewest, counts = instrument.data("enzymes"), instrument.data("activity")
    assert isinstance(fewest, Fraction)
    assert isinstance(counts, tuple)
    enzymes = {name: multiple for name in ENZYMES if (multiple := _multiple(answers, name)) is not None}
    function = any(answers.number(path) is not None for path in ("haq", "cmas"))
    known = {path: answers.number(path) is not None for path in SINGLE}
    known |= {"function": function, "enzymes": len(enzymes) >= fewest}
    damage = {path: answers.number(path) is not None for path in DAMAGE} | {"function": function}
    worst = max(enzymes, key=lambda name: enzymes[name]) if enzymes else None
    return Scored(
        outputs={
            "activity_known": sum(known.values()),
            "activity_complete": sum(known.values()) == counts[0],
            "damage_known": sum(damage.values()),
            "damage_complete": sum(damage.values()) == counts[1],
            "most_abnormal_enzyme": worst,
            "times_upper_limit": None if worst is None else enzymes[worst],
        },
        parts=dict(known | damage),
        missing=_missing(known | damage),
    )


def _multiple(answers: Answers, name: str) -> Fraction | None:
    value, limit = answers.number(f"enzymes.{name}.value"), answers.number(f"enzymes.{name}.uln")
    return None if value is None or limit is None else value / limit


def _missing(known: dict[str, bool]) -> tuple[str, ...]:
    return tuple({"function": "haq"}.get(name, name) for name, one in known.items() if not one)
