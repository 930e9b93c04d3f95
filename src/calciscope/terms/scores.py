"""Scores of a patient, and how well each value behind them was verified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verification(StrEnum):
    """How a published value was checked before it entered the project, strongest first."""

    SEEN = "seen"  # read in the publication, or on the page of the body that issued it
    SECONDARY = "secondary"  # read, but only in a source that quotes it
    JUDGEMENT = "judgement"  # chosen by the project, with the reason beside it
    MEMORY = "memory"  # general knowledge, not looked up: not established until someone has


def weakest(marks: Iterable[Verification]) -> Verification:
    """The mark a result has that rests on values with ``marks``; `seen` where there are none."""
    order = list(Verification)
    return max(marks, key=order.index, default=Verification.SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a publication says of a value in some range."""

    of: str  # name of the output it reads
    says: str
    source: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What an instrument says of one set of answers; all values are plain JSON values."""

    instrument: str
    title: str
    outputs: dict[str, object]  # in the order of the definition; None where it cannot be told
    parts: dict[str, object]  # what each item contributed; None where not assessed
    missing: tuple[str, ...]  # answers not assessed, as dotted paths
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]  # about these answers
    cautions: tuple[str, ...]  # about the instrument, always
    source: str
    verification: Verification  # of the weakest value that took part
    verification_of: dict[str, Verification]  # output -> mark
    rights: str
    answers: dict[str, object]  # the assessed ones, as understood: dotted path -> value
