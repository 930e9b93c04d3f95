"""The muscle enzyme that counts: the most abnormal one at baseline, as a multiple of its upper limit of normal."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from calciscope.instruments.answers import Answers
from calciscope.instruments.tis_2016.change import Change, Part, change

NO_LIMIT_PERCENT = Fraction(-100)  # any worsening: all of them have no points
NOTHING_KNOWN = Part(measure="enzymes", missing=("baseline.enzymes", "followup.enzymes"))


def enzyme_change(answers: Answers, scales: Mapping[str, Fraction]) -> Part:
    """How the enzyme most abnormal at baseline moved, over ``scales`` (multiples of the upper limit) of each enzyme.

    Each visit is read in its own laboratory's limits; a limit given at one visit only serves both. An enzyme that is
    known at one visit, and not the other, leaves the change open; so does one at baseline without any upper limit, because
    it might be the most abnormal.
    """
    without_limit = tuple(f"baseline.enzymes.{name}.uln" for name in scales if _lacks_limit(answers, name))
    if without_limit:
        return Part(measure="enzymes", missing=without_limit)
    baseline = {name: multiple for name in scales if (multiple := _multiple(answers, "baseline", name)) is not None}
    if not baseline:
        return _without_baseline(answers, scales)
    worst = max(baseline, key=lambda name: baseline[name])  # the first in the table where equal
    later = _multiple(answers, "followup", worst)
    if later is None:  # an enzyme can rise beyond its scale, so nothing bounds a worsening
        best = change(baseline[worst], Fraction(0), scale=scales[worst]).greatest
        return Part(
            measure="enzymes",
            change=Change(least=NO_LIMIT_PERCENT, greatest=best),
            missing=(f"followup.enzymes.{worst}",),
        )
    return Part(measure="enzymes", change=change(baseline[worst], later, scale=scales[worst]))


def _without_baseline(answers: Answers, scales: Mapping[str, Fraction]) -> Part:
    """Which enzyme would count is then not known either."""
    later = any(_multiple(answers, "followup", name) is not None for name in scales)
    return Part(measure="enzymes", missing=("baseline.enzymes",)) if later else NOTHING_KNOWN


def _lacks_limit(answers: Answers, name: str) -> bool:
    known = answers.number(f"baseline.enzymes.{name}.value") is not None
    return known and _multiple(answers, "baseline", name) is None


def _multiple(answers: Answers, visit: str, name: str) -> Fraction | None:
    """An enzyme in multiples of its upper limit of normal."""
    value = answers.number(f"{visit}.enzymes.{name}.value")
    limits = (answers.number(f"{at}.enzymes.{name}.uln") for at in (visit, "baseline", "followup"))
    limit = next((one for one in limits if one is not None), None)
    return None if value is None or limit is None else value / limit
