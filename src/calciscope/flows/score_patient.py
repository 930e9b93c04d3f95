"""Instruments for the patient's record: which there are, and the document of a score that is then kept as a fact."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from calciscope import __version__
from calciscope.instruments import instrument, instruments, score
from calciscope.instruments.definition import Instrument
from calciscope.share.score_json import score_document
from calciscope.terms.errors import Refused, WrongUsage


def scorable() -> dict[str, Instrument]:
    """Id -> instrument; slots are among them and say why they cannot be scored yet."""
    return instruments()


def scored_document(instrument_id: str, answers: Mapping[str, object]) -> dict[str, Any]:
    """The document of a score (as `calciscope score` prints it). Raises Refused for answers that cannot be used."""
    try:
        asked = instrument(instrument_id)
    except WrongUsage as unknown:
        raise Refused(str(unknown)) from None
    return score_document(score(asked, answers), version=__version__)


def number_as_typed(text: str) -> Decimal | int | str:
    """A typed number, exact; text that is none is given back, for the instrument to refuse by its key."""
    trimmed = text.strip().replace(",", ".")
    try:
        number = Decimal(trimmed)
    except ArithmeticError:
        return text
    if not number.is_finite():
        return text
    return int(number) if number == number.to_integral_value() and "." not in trimmed else number
