"""Activity: a sum, but for Gottron's hands, whose erythema counts twice when there are papules.

Damage and the number of sites with calcinosis are plain sums (see the definition).
"""

from __future__ import annotations

from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.definition import Instrument, matching
from calciscope.instruments.scored import Scored
from calciscope.instruments.sums import Range, points, share

SUMMED = {
    "erythema": "sites.*.erythema",
    "scale": "sites.*.scale",
    "erosion": "sites.*.erosion",
    "gottron_hands_ulceration": "gottron_hands.ulceration",
    "periungual": "periungual",
    "alopecia": "alopecia",
}
DAMAGE = {
    "poikiloderma": "sites.*.poikiloderma",
    "calcinosis": "sites.*.calcinosis",
    "gottron_hands_damage": "gottron_hands.damage",
}


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Activity with its range, and the subtotal of each kind of finding (of the sites assessed)."""
    doubling = instrument.data("doubling")
    assert isinstance(doubling, Fraction)
    ranges = [share(answers, path) for pattern in SUMMED.values() for path in matching(answers.items, pattern)]
    gottron = _gottron_erythema(answers, doubling)
    ranges.append(gottron)
    low = sum((low for low, _ in ranges), Fraction(0))
    high = sum((high for _, high in ranges), Fraction(0))
    parts: dict[str, object] = {name: _subtotal(answers, pattern) for name, pattern in (SUMMED | DAMAGE).items()}
    return Scored(
        outputs={"activity": low, "activity_range": (low, high)},
        parts=parts | {"gottron_hands_erythema": gottron[0] if gottron[0] == gottron[1] else None},
    )


def _gottron_erythema(answers: Answers, doubling: Fraction) -> Range:
    low, high = share(answers, "gottron_hands.erythema")
    papules = answers.yes("gottron_hands.papules")
    return low * (doubling if papules else 1), high * (1 if papules is False else doubling)


def _subtotal(answers: Answers, pattern: str) -> Fraction | None:
    """Sum over the assessed; None where none was."""
    assessed = [one for path in matching(answers.items, pattern) if (one := points(answers, path)) is not None]
    return sum(assessed, Fraction(0)) if assessed else None
