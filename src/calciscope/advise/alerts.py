"""What is put before the team's eyes first: at most three alerts beside red flags; all others stay, one step further in.

Who is shown many alerts reads none. Cards of one drug become one alert under its gravest card, an interaction seen from both of its
drugs becomes one, and nothing is dropped: what is folded is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from calciscope.terms.advice import Advice, Card
from calciscope.terms.scores import Verification

MOST_SHOWN = 3


class AlertKind(StrEnum):
    """What a card says, the gravest first."""

    STOP = "stop"
    FINDING = "finding"
    INTERACTION = "interaction"
    CAUTION = "caution"


GRAVE = list(AlertKind)
SURE = list(Verification)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One card of a drug that is taken, or of the patient (``drugs`` empty)."""

    kind: AlertKind
    card: Card
    drugs: tuple[str, ...]  # titles


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The gravest card of a drug or of the patient, with what else is said of the same drug."""

    first: Said
    further: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """All alerts outside red flags, by rank; the first of them are shown at once."""

    shown: tuple[Alert, ...]
    folded: tuple[Alert, ...]

    @property
    def folded_counts(self) -> tuple[tuple[str, int], ...]:
        """How many cards of each kind are not shown at once, the gravest kind first."""
        hidden = [said for one in self.shown for said in one.further]
        hidden += [said for one in self.folded for said in (one.first, *one.further)]
        counts = {kind: sum(said.kind is kind for said in hidden) for kind in AlertKind}
        return tuple((kind.value, count) for kind, count in counts.items() if count)


def alerts(advice: Advice) -> Alerts:
    """Findings of the patient, and what is said of the drugs that are taken; red flags stand before all of these."""
    ranked = sorted(_merged(advice), key=_rank)
    found: list[Alert] = []
    while ranked:
        first, *left = ranked
        further = [said for said in left if first.drugs and set(said.drugs) & set(first.drugs[:1])]
        found.append(Alert(first=first, further=tuple(further)))
        ranked = [said for said in left if said not in further]
    return Alerts(shown=tuple(found[:MOST_SHOWN]), folded=tuple(found[MOST_SHOWN:]))


def _merged(advice: Advice) -> list[Said]:
    """Each rule once, with every drug it speaks of."""
    held: dict[str, Said] = {}
    for said in _every(advice):
        known = held.get(said.card.rule)
        if known is None:
            held[said.card.rule] = said
        else:
            kind = min(known.kind, said.kind, key=GRAVE.index)
            inputs = tuple(dict.fromkeys((*known.card.inputs, *said.card.inputs)))
            card = Card(
                rule=known.card.rule,
                because=known.card.because,
                inputs=inputs,
                source=known.card.source,
                verification=known.card.verification,
            )
            held[said.card.rule] = Said(kind=kind, card=card, drugs=tuple(dict.fromkeys((*known.drugs, *said.drugs))))
    return list(held.values())


def _every(advice: Advice) -> Iterator[Said]:
    for card in advice.findings:
        yield Said(kind=AlertKind.FINDING, card=card, drugs=())
    for drug in advice.current:
        for kind, cards in (
            (AlertKind.STOP, drug.stops),
            (AlertKind.INTERACTION, drug.interactions),
            (AlertKind.CAUTION, drug.cautions),
        ):
            for card in cards:
                yield Said(kind=kind, card=card, drugs=(drug.title,))


def _rank(said: Said) -> tuple[int, int, str]:
    return GRAVE.index(said.kind), SURE.index(said.card.verification), said.card.rule
