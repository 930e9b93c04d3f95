"""When what is no laboratory result was last looked at: organs, pregnancy, vaccinations, infections that are screened for."""

from __future__ import annotations

from datetime import date

from calciscope.record.fact import Fact
from calciscope.record.picture.held import Held, flag, value
from calciscope.terms.picture import Screening

TOLD_BY = ("organ_screening", "reproduction", "history_item", "condition")
"""Nouns that tell of it."""
INFECTIONS = {
    "tuberculosis_latent": Screening.TUBERCULOSIS,
    "tuberculosis_active": Screening.TUBERCULOSIS,
    "hepatitis_b": Screening.HEPATITIS_B,
    "hepatitis_b_core_antibody": Screening.HEPATITIS_B,
    "hepatitis_c": Screening.HEPATITIS_C,
}
ANSWERED = {"present", "past", "ruled_out"}


def screened(held: Held) -> tuple[tuple[Screening, date], ...]:
    """The newest day of each; what was never looked at is not there."""
    newest: dict[Screening, date] = {}
    for fact in held.facts:
        what = _what(fact)
        if what is not None:
            day = fact.effective_on or fact.at.date()
            newest[what] = max(day, newest.get(what, day))
    return tuple((one, newest[one]) for one in Screening if one in newest)


def _what(fact: Fact) -> Screening | None:
    if fact.noun == "organ_screening":
        system = value(fact, "system")
        return Screening(system) if system in set(Screening) and value(fact, "finding") is not None else None
    if fact.noun == "reproduction":
        return Screening.PREGNANCY if flag(fact, "pregnant") is not None else None
    if fact.noun == "history_item":
        given = fact.data["topic"] == "vaccination" and value(fact, "answer") == "present"
        return Screening.VACCINATION if given else None
    if fact.noun == "condition" and value(fact, "answer") in ANSWERED:
        return INFECTIONS.get(str(value(fact, "condition")))
    return None
