"""The order of thought: where each therapy stands for this patient, why, and for which deposits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from calciscope.advise.situations import Met
from calciscope.knowledge.model import OF_DEPOSITS, Place, Situation, Therapy
from calciscope.terms.advice import Card, Line

NOTHING_SPEAKS_FOR_IT = "No finding recorded so far speaks for it."
URGENT_FIRST = "Something urgent has to be reviewed before this is discussed."
WHILE_STOPPED = "Not an option while this holds: {because}"
ORDER = list(Line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A therapy's line, the reasons, and the indices of the deposits it suits."""

    line: Line
    why: tuple[str, ...]
    suits: tuple[int, ...]


def consider(therapy: Therapy, met: Mapping[Situation, Met], *, urgent: bool, stops: tuple[Card, ...]) -> Considered:
    """The soonest line whose situations hold. A stop sets the line to not suited, and says why it would have come up."""
    holding = [one for one in therapy.places if _holds(one, met)]
    line = min((one.line for one in holding), key=ORDER.index, default=Line.NOT_SUITED)
    speaking = [one for one in holding if one.line is line]
    why = [one.why for one in speaking] or [NOTHING_SPEAKS_FOR_IT, *_open_questions(therapy, met)]
    if urgent and line is Line.NOW and not any(one.in_urgency for one in speaking):
        line = Line.NEXT
        why.append(URGENT_FIRST)
    if stops:
        line = Line.NOT_SUITED
        why += [WHILE_STOPPED.format(because=card.because) for card in stops]
    return Considered(line=line, why=tuple(dict.fromkeys(why)), suits=_suits(holding, met))


def _holds(place: Place, met: Mapping[Situation, Met]) -> bool:
    """All situations, and those that deposits meet at one and the same deposit."""
    return all(met[one].holds for one in place.situations) and (not _at(place) or bool(_deposits(place, met)))


def _at(place: Place) -> list[Situation]:
    return [one for one in place.situations if one in OF_DEPOSITS]


def _deposits(place: Place, met: Mapping[Situation, Met]) -> set[int]:
    sets = [set(met[one].deposits) for one in _at(place)]
    return set.intersection(*sets) if sets else set()


def _suits(holding: list[Place], met: Mapping[Situation, Met]) -> tuple[int, ...]:
    """Deposits of all places that hold."""
    return tuple(sorted(set().union(*(_deposits(one, met) for one in holding))))


def _open_questions(therapy: Therapy, met: Mapping[Situation, Met]) -> list[str]:
    open_ones = sorted({each for place in therapy.places for each in place.situations if met[each].holds is None})
    return [f"Not known yet: {', '.join(one.replace('_', ' ') for one in open_ones)}."] if open_ones else []
